"""The history of tailorings: what was asked, of which source, and what came of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from events.generation import GenerationFailed, GenerationResumed
from events.recorded import Recorded
from events.resume import EditsProposed, ResumeTailored, TailoringFailed, TailoringRequested
from events.tailoring import Language, Strategy
from projections.read_model import ReadModel

TABLE: Final = """
CREATE TABLE generations (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    source_id uuid NOT NULL,
    source_version integer NOT NULL,
    strategy text NOT NULL,
    language text NOT NULL,
    engine text NOT NULL,
    outcome text NOT NULL,
    failure_code text,
    proposed integer,
    accepted integer,
    refused integer,
    coverage_before integer,
    coverage_after integer,
    coverage_ceiling integer,
    content_at integer,
    duration_ms integer,
    requested_at timestamptz NOT NULL,
    settled_at timestamptz,
    actor text NOT NULL
);
"""
INDEXES: Final = """
CREATE INDEX generations_newest ON generations (organization_id, requested_at DESC, id DESC);
CREATE INDEX generations_failed ON generations (source_id) WHERE outcome = 'failed';
"""

Outcome = Literal["requested", "tailored", "failed"]


@dataclass(frozen=True, slots=True)
class GenerationRow:
    """One tailoring; its id is that of the resume it produced. Times are UTC.

    Coverage is in percent. `content_at` is the version of the event that holds the edits.
    """

    id: UUID
    organization_id: UUID
    source_id: UUID
    source_version: int
    strategy: Strategy
    language: Language
    engine: str
    outcome: Outcome
    failure_code: str | None
    proposed: int | None
    accepted: int | None
    refused: int | None
    coverage_before: int | None
    coverage_after: int | None
    coverage_ceiling: int | None
    content_at: int | None
    duration_ms: int | None
    requested_at: datetime
    settled_at: datetime | None
    actor: str


def evolve(row: GenerationRow | None, fact: Recorded) -> GenerationRow | None:
    """Move one row by one fact; facts of no interest leave it as it was."""
    match fact.event, row:
        case TailoringRequested() as event, None:
            return _requested(event, fact)
        case EditsProposed() as event, GenerationRow():
            return replace(row, engine=event.engine, proposed=event.edit_count)
        case ResumeTailored() as event, GenerationRow():
            return replace(
                row,
                outcome="tailored",
                accepted=event.accepted,
                refused=event.refused,
                coverage_before=event.coverage_before,
                coverage_after=event.coverage_after,
                coverage_ceiling=event.coverage_ceiling,
                content_at=event.originator_version,
                duration_ms=event.duration_ms,
                settled_at=event.timestamp,
            )
        case GenerationResumed(), GenerationRow():
            return replace(row, outcome="requested", failure_code=None, settled_at=None)
        case (TailoringFailed() | GenerationFailed()) as event, GenerationRow():
            return replace(
                row, outcome="failed", failure_code=event.code, settled_at=event.timestamp
            )
        case _:
            return row


def _requested(event: TailoringRequested, fact: Recorded) -> GenerationRow:
    return GenerationRow(
        id=event.originator_id,
        organization_id=fact.origin.organization_id,
        source_id=event.source_id,
        source_version=event.source_version,
        strategy=event.strategy,
        language=event.language,
        engine=event.engine,
        outcome="requested",
        failure_code=None,
        proposed=None,
        accepted=None,
        refused=None,
        coverage_before=None,
        coverage_after=None,
        coverage_ceiling=None,
        content_at=None,
        duration_ms=None,
        requested_at=event.timestamp,
        settled_at=None,
        actor=fact.origin.actor,
    )


def _key(fact: Recorded) -> UUID | None:
    interesting = (
        TailoringRequested,
        EditsProposed,
        ResumeTailored,
        TailoringFailed,
        GenerationFailed,
        GenerationResumed,
    )
    return fact.originator_id if isinstance(fact.event, interesting) else None


GENERATIONS: Final = ReadModel(
    table="generations", ddl=TABLE, indexes=INDEXES, row=GenerationRow, key=_key, evolve=evolve
)


_COLUMNS: Final = """
    id, organization_id, source_id, source_version, strategy, language, engine, outcome,
    failure_code, proposed, accepted, refused, coverage_before, coverage_after, coverage_ceiling,
    content_at, duration_ms, requested_at, settled_at, actor
"""


def generations_of(
    connection: Connection[Any], organization_id: UUID, *, limit: int, offset: int = 0
) -> list[GenerationRow]:
    """Return the organization's tailorings, newest first."""
    with connection.cursor(row_factory=class_row(GenerationRow)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_COLUMNS}
              FROM generations
             WHERE organization_id = %s
             ORDER BY requested_at DESC, id DESC
             LIMIT %s OFFSET %s
            """,
            (organization_id, limit, offset),
        ).fetchall()


def generation_of(
    connection: Connection[Any], organization_id: UUID, result_id: UUID
) -> GenerationRow | None:
    """Return the tailoring that produced, or was to produce, this resume."""
    with connection.cursor(row_factory=class_row(GenerationRow)) as cursor:
        return cursor.execute(
            f"SELECT {_COLUMNS} FROM generations WHERE organization_id = %s AND id = %s",
            (organization_id, result_id),
        ).fetchone()


def failed_attempts_on(
    connection: Connection[Any], organization_id: UUID, source_id: UUID
) -> list[UUID]:
    """Return the ids of tailorings of the source that failed."""
    found = connection.execute(
        """
        SELECT id
          FROM generations
         WHERE organization_id = %s
           AND source_id = %s
           AND outcome = 'failed'
        """,
        (organization_id, source_id),
    ).fetchall()
    return [result_id for (result_id,) in found]
