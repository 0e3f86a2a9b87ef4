"""The reading side: rows of the read models with the content that they point at in the log."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg_pool import ConnectionPool

from api.adapters.contents import ContentReader, Contents
from api.views import GenerationView, ResumeDetail, ResumeView
from events.document_text import DocumentText
from events.generation import PostedJob
from events.resume import (
    EditedContent,
    ParsedContent,
    Status,
    TailoredContent,
    TailoringTask,
    UploadedFile,
)
from events.tailoring import JobAnalysis
from projections import generations, resumes
from projections.resumes import ResumeRow


class ResumeLibrary:
    """Answers what an organization asks about its resumes."""

    def __init__(self, pool: ConnectionPool[Connection[Any]], contents: ContentReader) -> None:
        self._pool = pool
        self._contents = contents.read

    def master_of(self, organization_id: UUID) -> UUID | None:
        """Return the id of the organization's master resume."""
        with self._pool.connection() as connection:
            return resumes.master_of(connection, organization_id)

    def newest_result_of(self, organization_id: UUID, source_id: UUID) -> UUID | None:
        """Return the id of the newest resume tailored from the source."""
        with self._pool.connection() as connection:
            return resumes.newest_result_of(connection, organization_id, source_id)

    def failed_attempts_on(self, organization_id: UUID, source_id: UUID) -> Sequence[UUID]:
        """Return the ids of tailorings of the source that failed."""
        with self._pool.connection() as connection:
            return generations.failed_attempts_on(connection, organization_id, source_id)

    def list(
        self, organization_id: UUID, *, include_master: bool, limit: int, offset: int
    ) -> Sequence[ResumeView]:
        """Return the organization's resumes, last changed first."""
        with self._pool.connection() as connection:
            rows = resumes.resumes_of(
                connection,
                organization_id,
                include_master=include_master,
                limit=limit,
                offset=offset,
            )
        contents = self._contents(
            (row.id, version)
            for row in rows
            for version in (row.filename_at, row.title_at, row.job_at, row.analysis_at)
        )
        return [_view(row, contents) for row in rows]

    def status_of(self, organization_id: UUID, resume_id: UUID) -> Status | None:
        """Return where a resume stands; None when the organization has no such one."""
        with self._pool.connection() as connection:
            row = resumes.resume_of(connection, organization_id, resume_id)
        return row.status if row else None

    def detail(self, organization_id: UUID, resume_id: UUID) -> ResumeDetail | None:
        """Return one resume whole; None when the organization has no such one."""
        with self._pool.connection() as connection:
            row = resumes.resume_of(connection, organization_id, resume_id)
        if row is None:
            return None
        contents = self._contents(
            (row.id, version)
            for version in (
                row.filename_at,
                row.title_at,
                row.job_at,
                row.analysis_at,
                row.text_at,
                row.data_at,
            )
        )
        text = contents.get((row.id, row.text_at))
        data = contents.get((row.id, row.data_at))
        return ResumeDetail(
            view=_view(row, contents),
            markdown=text.plain
            if isinstance(text, DocumentText)
            else text.markdown
            if isinstance(text, TailoredContent)
            else "",
            data=data.data
            if isinstance(data, (ParsedContent, EditedContent, TailoredContent))
            else None,
        )

    def generation(self, organization_id: UUID, result_id: UUID) -> GenerationView | None:
        """Return one tailoring with its edits; None when the organization has no such one."""
        with self._pool.connection() as connection:
            row = generations.generation_of(connection, organization_id, result_id)
        if row is None:
            return None
        content = self._contents([(row.id, row.content_at)]).get((row.id, row.content_at))
        return GenerationView(row, content if isinstance(content, TailoredContent) else None)


def _view(row: ResumeRow, contents: Contents) -> ResumeView:
    named = contents.get((row.id, row.filename_at))
    titled = contents.get((row.id, row.title_at))
    task = contents.get((row.id, row.job_at))
    analysis = contents.get((row.id, row.analysis_at))
    return ResumeView(
        row=row,
        filename=named.filename or ""
        if isinstance(named, (UploadedFile, TailoringTask, EditedContent))
        else "",
        title=(titled.title or None) if isinstance(titled, (JobAnalysis, EditedContent)) else None,
        job_description=_posting(task),
        job_keywords=analysis.keywords if isinstance(analysis, JobAnalysis) else None,
    )


def _posting(told: object) -> str | None:
    match told:
        case TailoringTask():
            return told.job_description
        case PostedJob():
            return told.text
        case _:
            return None
