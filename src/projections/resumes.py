"""The resumes that an organization can see: the list, and where each one's content is."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from events.base import Event
from events.generation import (
    GenerationFailed,
    GenerationRequested,
    GenerationResumed,
    JobResolved,
)
from events.recorded import Recorded
from events.resume import (
    JobAnalysed,
    MasterChosen,
    MasterReplaced,
    ParsingFailure,
    ParsingRequested,
    ResumeDeleted,
    ResumeEdited,
    ResumeParsed,
    ResumeParsingFailed,
    ResumeTailored,
    ResumeUploaded,
    Status,
    TailoringFailed,
    TailoringRequested,
    TextExtracted,
)
from events.tailoring import Language, Strategy
from projections.read_model import ReadModel

TABLE: Final = """
CREATE TABLE resumes (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    visible boolean NOT NULL,
    status text NOT NULL,
    pending text,
    failure_code text,
    is_master boolean NOT NULL,
    source_id uuid,
    strategy text,
    language text NOT NULL,
    version integer NOT NULL,
    filename_at integer NOT NULL,
    title_at integer,
    text_at integer,
    data_at integer,
    job_at integer,
    analysis_at integer,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
"""
INDEXES: Final = """
CREATE UNIQUE INDEX resumes_one_master ON resumes (organization_id) WHERE is_master;
CREATE INDEX resumes_newest ON resumes (organization_id, updated_at DESC, id DESC) WHERE visible;
CREATE INDEX resumes_results ON resumes (source_id, created_at DESC, id DESC) WHERE visible;
CREATE INDEX resumes_pending ON resumes (updated_at) WHERE pending IS NOT NULL;
"""


@dataclass(frozen=True, slots=True)
class ResumeRow:
    """One resume. Times are UTC.

    `pending` is the work that was asked for and has no outcome; `failure_code` tells how the last
    parsing failed. `version` is that of the last
    event that changed what a reader sees. The fields ending in `_at` that are not times are the
    versions of the events that hold the content.
    """

    id: UUID
    organization_id: UUID
    visible: bool
    status: Status
    pending: Literal["parse", "tailor", "generate"] | None
    failure_code: ParsingFailure | None
    is_master: bool
    source_id: UUID | None
    strategy: Strategy | None
    language: Language
    version: int
    filename_at: int
    title_at: int | None
    text_at: int | None
    data_at: int | None
    job_at: int | None
    analysis_at: int | None
    created_at: datetime
    updated_at: datetime


def evolve(row: ResumeRow | None, fact: Recorded) -> ResumeRow | None:
    """Move one row by one fact; facts of no interest leave it as it was."""
    event = fact.event
    if row is None:
        return _opened(event, fact.origin.organization_id)
    match event:
        case TextExtracted():
            return _moved(row, event, text_at=event.originator_version)
        case ParsingRequested():
            return _moved(row, event, status="PROCESSING", pending="parse", failure_code=None)
        case ResumeParsed():
            return _moved(
                row, event, status="READY", pending=None, data_at=event.originator_version
            )
        case ResumeParsingFailed():
            return _moved(row, event, status="FAILED", pending=None, failure_code=event.code)
        case ResumeEdited():
            return _edited(row, event)
        case MasterChosen() | MasterReplaced():
            return _moved(row, event, is_master=isinstance(event, MasterChosen))
        case JobAnalysed():
            at = event.originator_version
            return _moved(row, event, title_at=at, analysis_at=at)
        case ResumeTailored():
            at = event.originator_version
            tailored = _moved(row, event, status="READY", data_at=at, text_at=at)
            return replace(tailored, pending=None, visible=True, created_at=event.timestamp)
        case ResumeDeleted() | TailoringFailed():
            return None
        case _:
            return _generating(row, event)


def _generating(row: ResumeRow, event: Event) -> ResumeRow:
    match event:
        case GenerationRequested() | GenerationResumed():
            return _moved(row, event, status="PROCESSING", pending="generate")
        case GenerationFailed():
            return _moved(row, event, status="FAILED", pending=None)
        case JobResolved():
            return _moved(row, event, job_at=event.originator_version)
        case _:
            return row


def _opened(event: Event, organization_id: UUID) -> ResumeRow | None:
    if not isinstance(event, (ResumeUploaded, TailoringRequested)):
        return None
    tailoring = event if isinstance(event, TailoringRequested) else None
    return ResumeRow(
        id=event.originator_id,
        organization_id=organization_id,
        visible=tailoring is None,
        status="PROCESSING" if tailoring else "PENDING",
        pending="tailor" if tailoring else None,
        failure_code=None,
        is_master=False,
        source_id=tailoring.source_id if tailoring else None,
        strategy=tailoring.strategy if tailoring else None,
        language=tailoring.language if tailoring else "en",
        version=event.originator_version,
        filename_at=event.originator_version,
        title_at=None,
        text_at=None,
        data_at=None,
        job_at=event.originator_version if tailoring else None,
        analysis_at=None,
        created_at=event.timestamp,
        updated_at=event.timestamp,
    )


def _edited(row: ResumeRow, event: ResumeEdited) -> ResumeRow:
    at = event.originator_version
    settled = event.status is not None or "data" in event.changed
    return _moved(
        row,
        event,
        pending=None if settled else row.pending,
        title_at=at if "title" in event.changed else row.title_at,
        filename_at=at if "filename" in event.changed else row.filename_at,
        data_at=at if "data" in event.changed else row.data_at,
        status=event.status or ("READY" if "data" in event.changed else row.status),
    )


def _moved(row: ResumeRow, event: Event, **changes: Any) -> ResumeRow:
    return replace(row, version=event.originator_version, updated_at=event.timestamp, **changes)


RESUMES: Final = ReadModel(
    table="resumes",
    ddl=TABLE,
    indexes=INDEXES,
    row=ResumeRow,
    key=lambda fact: fact.originator_id,
    evolve=evolve,
)

_COLUMNS: Final = """
    r.id, r.organization_id, r.visible, r.status, r.pending, r.failure_code, r.is_master,
    p.id AS source_id, r.strategy, r.language, r.version, r.filename_at, r.title_at, r.text_at,
    r.data_at, r.job_at, r.analysis_at, r.created_at, r.updated_at
"""
_FROM: Final = "FROM resumes r LEFT JOIN resumes p ON p.id = r.source_id"


def resumes_of(
    connection: Connection[Any],
    organization_id: UUID,
    *,
    include_master: bool,
    limit: int,
    offset: int,
) -> list[ResumeRow]:
    """Return the organization's resumes, last changed first.

    `source_id` is None once the source is deleted.
    """
    with connection.cursor(row_factory=class_row(ResumeRow)) as cursor:
        return cursor.execute(
            f"SELECT {_COLUMNS} {_FROM}"
            """
             WHERE r.organization_id = %s
               AND r.visible
               AND (%s OR NOT r.is_master)
             ORDER BY r.updated_at DESC, r.id DESC
             LIMIT %s OFFSET %s
            """,
            (organization_id, include_master, limit, offset),
        ).fetchall()


def resume_of(
    connection: Connection[Any], organization_id: UUID, resume_id: UUID
) -> ResumeRow | None:
    """Return one resume of the organization; None when there is no such one to see."""
    with connection.cursor(row_factory=class_row(ResumeRow)) as cursor:
        return cursor.execute(
            f"SELECT {_COLUMNS} {_FROM} WHERE r.organization_id = %s AND r.id = %s AND r.visible",
            (organization_id, resume_id),
        ).fetchone()


def master_of(connection: Connection[Any], organization_id: UUID) -> UUID | None:
    """Return the id of the organization's master, None when it has none."""
    found = connection.execute(
        "SELECT id FROM resumes WHERE organization_id = %s AND is_master", (organization_id,)
    ).fetchone()
    return found[0] if found else None


def newest_result_of(
    connection: Connection[Any], organization_id: UUID, source_id: UUID
) -> UUID | None:
    """Return the id of the newest resume tailored from the source, None before the first."""
    found = connection.execute(
        """
        SELECT id
          FROM resumes
         WHERE organization_id = %s
           AND source_id = %s
           AND visible
         ORDER BY created_at DESC, id DESC
         LIMIT 1
        """,
        (organization_id, source_id),
    ).fetchone()
    return found[0] if found else None


def all_of(connection: Connection[Any], organization_id: UUID) -> list[UUID]:
    """Return the ids of all resumes of an organization, those too that nobody sees."""
    found = connection.execute(
        "SELECT id FROM resumes WHERE organization_id = %s", (organization_id,)
    ).fetchall()
    return [resume_id for (resume_id,) in found]
