"""The users of the deployment: found by a digest of their e-mail address."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from events.recorded import Recorded
from events.user import (
    EmailVerified,
    ProfileUpdated,
    TwoFactorDisabled,
    TwoFactorEnabled,
    UserDeleted,
    UserEvent,
    UserSignedUp,
)
from projections.read_model import ReadModel

TABLE: Final = """
CREATE TABLE users (
    id uuid PRIMARY KEY,
    email_digest text NOT NULL,
    email_at integer NOT NULL,
    profile_at integer NOT NULL,
    email_verified boolean NOT NULL,
    two_factor boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
"""
INDEXES: Final = """
CREATE UNIQUE INDEX users_email ON users (email_digest);
"""


@dataclass(frozen=True, slots=True)
class UserRow:
    """One user. `email_at` and `profile_at` are versions of the stream that hold the content."""

    id: UUID
    email_digest: str
    email_at: int
    profile_at: int
    email_verified: bool
    two_factor: bool
    created_at: datetime
    updated_at: datetime


def evolve(row: UserRow | None, fact: Recorded) -> UserRow | None:
    """Move one row by one fact; an erased user has no row."""
    event = fact.event
    if isinstance(event, UserSignedUp):
        return UserRow(
            id=event.originator_id,
            email_digest=event.email_digest,
            email_at=event.originator_version,
            profile_at=event.originator_version,
            email_verified=False,
            two_factor=False,
            created_at=event.timestamp,
            updated_at=event.timestamp,
        )
    if row is None or isinstance(event, UserDeleted):
        return None
    moved = replace(row, updated_at=event.timestamp)
    match event:
        case EmailVerified():
            return replace(moved, email_verified=True)
        case ProfileUpdated():
            return replace(moved, profile_at=event.originator_version)
        case TwoFactorEnabled():
            return replace(moved, two_factor=True)
        case TwoFactorDisabled():
            return replace(moved, two_factor=False)
        case _:
            return moved


def _key(fact: Recorded) -> UUID | None:
    return fact.originator_id if isinstance(fact.event, UserEvent) else None


USERS: Final = ReadModel(
    table="users", ddl=TABLE, indexes=INDEXES, row=UserRow, key=_key, evolve=evolve
)

_COLUMNS: Final = """
    id, email_digest, email_at, profile_at, email_verified, two_factor, created_at, updated_at
"""


def user_with_email(connection: Connection[Any], email_digest: str) -> UserRow | None:
    """Return the user whose e-mail address has this digest."""
    with connection.cursor(row_factory=class_row(UserRow)) as cursor:
        return cursor.execute(
            f"SELECT {_COLUMNS} FROM users WHERE email_digest = %s", (email_digest,)
        ).fetchone()


def users_with_ids(connection: Connection[Any], user_ids: list[UUID]) -> list[UserRow]:
    """Return the users of these ids, in no order; erased ones are not among them."""
    with connection.cursor(row_factory=class_row(UserRow)) as cursor:
        return cursor.execute(
            f"SELECT {_COLUMNS} FROM users WHERE id = ANY(%s)", (user_ids,)
        ).fetchall()
