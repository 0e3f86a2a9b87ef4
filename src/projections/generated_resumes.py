"""The history of generations: whose, from what, in which template, and what came of each."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from events.base import Event
from events.generation import (
    GenerationEvent,
    GenerationFailed,
    GenerationRequested,
    GenerationResumed,
    JobSource,
    ResumeGenerated,
    Template,
)
from events.recorded import Recorded
from events.resume import JobAnalysed, ResumeDeleted
from projections.read_model import ReadModel

TABLE: Final = """
CREATE TABLE generated_resumes (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    template text NOT NULL,
    source text NOT NULL,
    status text NOT NULL,
    failure_code text,
    failure_reason text,
    credits_id uuid,
    analysis_at integer,
    document_at integer,
    digest text,
    fallback text,
    requested_at timestamptz NOT NULL
);
"""
INDEXES: Final = """
CREATE INDEX generated_resumes_newest
    ON generated_resumes (organization_id, owner_id, requested_at DESC, id DESC);
"""

Status = Literal["processing", "completed", "failed"]


@dataclass(frozen=True, slots=True)
class GeneratedRow:
    """One generation; its id is that of the resume it made. Times are UTC.

    `owner_id` is the id of a profile. `analysis_at` and `document_at` are the versions of the
    events that know the job and the document; `digest` is SHA-256 of the PDF, in hex.
    """

    id: UUID
    organization_id: UUID
    owner_id: UUID
    template: Template
    source: JobSource
    status: Status
    failure_code: str | None
    failure_reason: str | None
    credits_id: UUID | None
    analysis_at: int | None
    document_at: int | None
    digest: str | None
    fallback: str | None
    requested_at: datetime


def evolve(row: GeneratedRow | None, fact: Recorded) -> GeneratedRow | None:
    """Move one row by one fact; facts of no interest leave it as it was."""
    match fact.event, row:
        case GenerationRequested() as event, None:
            return _requested(event, fact)
        case JobAnalysed() as event, GeneratedRow():
            return replace(row, analysis_at=event.originator_version)
        case ResumeDeleted(), _:
            return None
        case event, GeneratedRow():
            return _moved(row, event)
        case _:
            return row


def _moved(row: GeneratedRow, event: Event) -> GeneratedRow:
    match event:
        case ResumeGenerated():
            return replace(
                row,
                status="completed",
                document_at=event.originator_version,
                digest=event.digest,
                fallback=event.fallback,
            )
        case GenerationFailed():
            return replace(
                row, status="failed", failure_code=event.code, failure_reason=event.reason
            )
        case GenerationResumed():
            return replace(
                row,
                status="processing",
                failure_code=None,
                failure_reason=None,
                credits_id=event.credits_id,
            )
        case _:
            return row


def _requested(event: GenerationRequested, fact: Recorded) -> GeneratedRow:
    return GeneratedRow(
        id=event.originator_id,
        organization_id=fact.origin.organization_id,
        owner_id=event.owner_id,
        template=event.template,
        source=event.source,
        status="processing",
        failure_code=None,
        failure_reason=None,
        credits_id=event.credits_id,
        analysis_at=None,
        document_at=None,
        digest=None,
        fallback=None,
        requested_at=event.timestamp,
    )


def _key(fact: Recorded) -> UUID | None:
    interesting = GenerationEvent | JobAnalysed | ResumeDeleted
    return fact.originator_id if isinstance(fact.event, interesting) else None


GENERATED_RESUMES: Final = ReadModel(
    table="generated_resumes",
    ddl=TABLE,
    indexes=INDEXES,
    row=GeneratedRow,
    key=_key,
    evolve=evolve,
)

_COLUMNS: Final = """
    id, organization_id, owner_id, template, source, status, failure_code, failure_reason,
    credits_id, analysis_at, document_at, digest, fallback, requested_at
"""

Place = tuple[datetime, UUID]
"""Where a row stands in the history: when it was asked for, and its id."""


def history_of(
    connection: Connection[Any],
    organization_id: UUID,
    owner_id: UUID,
    *,
    limit: int,
    before: Place | None = None,
) -> list[GeneratedRow]:
    """Return an owner's generations, newest first: those that come after the place *before*."""
    older = "AND (requested_at, id) < (%s, %s)" if before else ""
    with connection.cursor(row_factory=class_row(GeneratedRow)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_COLUMNS}
              FROM generated_resumes
             WHERE organization_id = %s
               AND owner_id = %s
               {older}
             ORDER BY requested_at DESC, id DESC
             LIMIT %s
            """,
            (organization_id, owner_id, *(before or ()), limit),
        ).fetchall()


def generated_resume(
    connection: Connection[Any], organization_id: UUID, owner_id: UUID, generation_id: UUID
) -> GeneratedRow | None:
    """Return one generation; None when the owner has no such one."""
    with connection.cursor(row_factory=class_row(GeneratedRow)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_COLUMNS}
              FROM generated_resumes
             WHERE organization_id = %s
               AND owner_id = %s
               AND id = %s
            """,
            (organization_id, owner_id, generation_id),
        ).fetchone()
