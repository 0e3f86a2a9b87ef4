"""Who may act for which organization."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from events.membership import MemberAdded, MemberRemoved, MemberRoleChanged, Role
from events.recorded import Recorded
from projections.read_model import ReadModel

TABLE: Final = """
CREATE TABLE members (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role text NOT NULL,
    created_at timestamptz NOT NULL
);
"""
INDEXES: Final = """
CREATE UNIQUE INDEX members_once ON members (organization_id, user_id);
CREATE INDEX members_of_user ON members (user_id, created_at, id);
"""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One user in one organization. Times are UTC."""

    id: UUID
    organization_id: UUID
    user_id: UUID
    role: Role
    created_at: datetime


def evolve(row: MemberRow | None, fact: Recorded) -> MemberRow | None:
    """Move one row by one fact; who was removed has no row."""
    match fact.event, row:
        case MemberAdded() as event, None:
            return MemberRow(
                id=event.member_id,
                organization_id=fact.origin.organization_id,
                user_id=event.user_id,
                role=event.role,
                created_at=event.timestamp,
            )
        case MemberRoleChanged() as event, MemberRow():
            return replace(row, role=event.role)
        case MemberRemoved(), _:
            return None
        case _:
            return row


def _key(fact: Recorded) -> UUID | None:
    interesting = MemberAdded | MemberRoleChanged | MemberRemoved
    return fact.event.member_id if isinstance(fact.event, interesting) else None


MEMBERS: Final = ReadModel(
    table="members", ddl=TABLE, indexes=INDEXES, row=MemberRow, key=_key, evolve=evolve
)


def memberships_of(connection: Connection[Any], user_id: UUID) -> list[MemberRow]:
    """Return where a user is a member, the oldest membership first."""
    with connection.cursor(row_factory=class_row(MemberRow)) as cursor:
        return cursor.execute(
            """
            SELECT id, organization_id, user_id, role, created_at
              FROM members
             WHERE user_id = %s
             ORDER BY created_at, id
            """,
            (user_id,),
        ).fetchall()
