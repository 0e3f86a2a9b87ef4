"""Who was invited where, found by invitation or by a digest of the e-mail address."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from events.membership import (
    InvitationAccepted,
    InvitationCanceled,
    InvitationRejected,
    InvitationRenewed,
    InvitationSent,
)
from events.recorded import Recorded
from projections.read_model import ReadModel

TABLE: Final = """
CREATE TABLE invitations (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    email_digest text NOT NULL,
    status text NOT NULL,
    expires_at timestamptz NOT NULL
);
"""
INDEXES: Final = """
CREATE INDEX invitations_by_email ON invitations (email_digest, expires_at, id)
 WHERE status = 'pending';
"""

InvitationStatus = Literal["pending", "accepted", "rejected", "canceled"]


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """One invitation; a pending one can have expired."""

    id: UUID
    organization_id: UUID
    email_digest: str
    status: InvitationStatus
    expires_at: datetime


def evolve(row: InvitationRow | None, fact: Recorded) -> InvitationRow | None:
    """Move one row by one fact; facts of no interest leave it as it was."""
    match fact.event, row:
        case InvitationSent() as event, None:
            return InvitationRow(
                id=event.invitation_id,
                organization_id=fact.origin.organization_id,
                email_digest=event.email_digest,
                status="pending",
                expires_at=event.expires_at,
            )
        case InvitationRenewed() as event, InvitationRow():
            return replace(row, expires_at=event.expires_at)
        case InvitationAccepted(), InvitationRow():
            return replace(row, status="accepted")
        case InvitationRejected(), InvitationRow():
            return replace(row, status="rejected")
        case InvitationCanceled(), InvitationRow():
            return replace(row, status="canceled")
        case _:
            return row


def _key(fact: Recorded) -> UUID | None:
    interesting = (
        InvitationSent
        | InvitationRenewed
        | InvitationAccepted
        | InvitationRejected
        | InvitationCanceled
    )
    return fact.event.invitation_id if isinstance(fact.event, interesting) else None


INVITATIONS: Final = ReadModel(
    table="invitations", ddl=TABLE, indexes=INDEXES, row=InvitationRow, key=_key, evolve=evolve
)


def invitation_with(connection: Connection[Any], invitation_id: UUID) -> InvitationRow | None:
    """Return the invitation of this id, whatever became of it."""
    with connection.cursor(row_factory=class_row(InvitationRow)) as cursor:
        return cursor.execute(
            "SELECT id, organization_id, email_digest, status, expires_at"
            "  FROM invitations WHERE id = %s",
            (invitation_id,),
        ).fetchone()


def open_invitations_to(
    connection: Connection[Any], email_digest: str, *, now: datetime
) -> list[InvitationRow]:
    """Return what an e-mail address can still accept."""
    with connection.cursor(row_factory=class_row(InvitationRow)) as cursor:
        return cursor.execute(
            """
            SELECT id, organization_id, email_digest, status, expires_at
              FROM invitations
             WHERE email_digest = %s
               AND status = 'pending'
               AND expires_at > %s
             ORDER BY expires_at, id
            """,
            (email_digest, now),
        ).fetchall()
