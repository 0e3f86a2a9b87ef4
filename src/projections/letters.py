"""The letters of an organization: about which resume, and where each one's text is."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from events.letter import (
    LetterDeleted,
    LetterFailed,
    LetterKind,
    LetterRequested,
    LetterWritten,
)
from events.recorded import Recorded
from projections.read_model import ReadModel

TABLE: Final = """
CREATE TABLE letters (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    kind text NOT NULL,
    resume_id uuid NOT NULL,
    pending text,
    failure_code text,
    content_at integer,
    version integer NOT NULL,
    asked_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
"""
INDEXES: Final = """
CREATE INDEX letters_newest ON letters (resume_id, kind, updated_at DESC, id DESC);
CREATE INDEX letters_pending ON letters (asked_at) WHERE pending IS NOT NULL;
"""


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One letter. Times are UTC.

    `pending` is the work that was asked for and has no outcome; `failure_code` tells how the last
    request failed, None if it did not. `content_at` is the version of the event that holds the
    text, None until there is one.
    """

    id: UUID
    organization_id: UUID
    kind: LetterKind
    resume_id: UUID
    pending: Literal["write"] | None
    failure_code: str | None
    content_at: int | None
    version: int
    asked_at: datetime
    created_at: datetime
    updated_at: datetime


def evolve(row: LetterRow | None, fact: Recorded) -> LetterRow | None:
    """Move one row by one fact; facts of no interest leave it as it was."""
    match fact.event, row:
        case LetterRequested() as event, None:
            return LetterRow(
                id=event.originator_id,
                organization_id=fact.origin.organization_id,
                kind=event.kind,
                resume_id=event.resume_id,
                pending="write",
                failure_code=None,
                content_at=None,
                version=event.originator_version,
                asked_at=event.timestamp,
                created_at=event.timestamp,
                updated_at=event.timestamp,
            )
        case LetterRequested() as event, LetterRow():
            return replace(row, pending="write", failure_code=None, asked_at=event.timestamp)
        case LetterWritten() as event, LetterRow():
            return replace(
                row,
                pending=None,
                content_at=event.originator_version,
                version=event.originator_version,
                created_at=row.created_at if row.content_at else event.timestamp,
                updated_at=event.timestamp,
            )
        case LetterFailed() as event, LetterRow():
            return replace(row, pending=None, failure_code=event.code)
        case LetterDeleted(), _:
            return None
        case _:
            return row


def _key(fact: Recorded) -> UUID | None:
    interesting = (LetterRequested, LetterWritten, LetterFailed, LetterDeleted)
    return fact.originator_id if isinstance(fact.event, interesting) else None


LETTERS: Final = ReadModel(
    table="letters", ddl=TABLE, indexes=INDEXES, row=LetterRow, key=_key, evolve=evolve
)

_COLUMNS: Final = """
    id, organization_id, kind, resume_id, pending, failure_code, content_at, version, asked_at,
    created_at, updated_at
"""


def letters_of(
    connection: Connection[Any],
    organization_id: UUID,
    resume_id: UUID,
    kind: LetterKind,
    *,
    limit: int,
    offset: int,
) -> list[LetterRow]:
    """Return the written letters of one kind about one resume, last changed first."""
    with connection.cursor(row_factory=class_row(LetterRow)) as cursor:
        return cursor.execute(
            f"SELECT {_COLUMNS} FROM letters"
            """
             WHERE organization_id = %s
               AND resume_id = %s
               AND kind = %s
               AND content_at IS NOT NULL
             ORDER BY updated_at DESC, id DESC
             LIMIT %s OFFSET %s
            """,
            (organization_id, resume_id, kind, limit, offset),
        ).fetchall()


def letter_of(
    connection: Connection[Any], organization_id: UUID, letter_id: UUID
) -> LetterRow | None:
    """Return one letter, written or not; None when the organization has no such one."""
    with connection.cursor(row_factory=class_row(LetterRow)) as cursor:
        return cursor.execute(
            f"SELECT {_COLUMNS} FROM letters WHERE organization_id = %s AND id = %s",
            (organization_id, letter_id),
        ).fetchone()


def all_letters_on(
    connection: Connection[Any], organization_id: UUID, resume_id: UUID
) -> list[LetterRow]:
    """Return every letter about a resume, written or not, the first asked for first."""
    with connection.cursor(row_factory=class_row(LetterRow)) as cursor:
        return cursor.execute(
            f"SELECT {_COLUMNS} FROM letters"
            """
             WHERE organization_id = %s
               AND resume_id = %s
             ORDER BY asked_at, id
            """,
            (organization_id, resume_id),
        ).fetchall()
