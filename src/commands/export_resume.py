"""Hand a resume out as a PDF, on record and charged once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from commands.again import again
from commands.charge_usage import charge
from commands.errors import ResumeNotRendered
from commands.finding import find_resume
from commands.ports import Clock, Library, Plans, Renderer, Streams
from commands.resume import Resume
from events.base import Event
from events.organization import Plan
from events.recorded import Origin
from events.resume import Page, ResumeExported
from events.tailoring import Language


@dataclass(frozen=True, slots=True)
class ExportResume:
    """Export this resume.

    `version`: "latest" is the newest resume tailored from it, or itself where there is none;
    "original" is itself; a number is itself as of that version of its stream.
    """

    resume_id: UUID
    page: Page = "A4"
    version: Literal["latest", "original"] | int = "latest"


@dataclass(frozen=True, slots=True)
class Document:
    """A rendered resume: whose data, as of which version, and what came of it.

    `digest` is the SHA-256 of the PDF.
    """

    resume_id: UUID
    filename: str
    data_version: int
    page: Page
    language: Language
    pdf: bytes
    digest: bytes


def preview_resume(
    command: ExportResume,
    origin: Origin,
    *,
    streams: Streams,
    library: Library,
    renderer: Renderer,
) -> Document:
    """Render without handing out: nothing is recorded, nothing charged.

    Raises:
        ResumeNotFound: the organization has no such resume.
        ResumeNotRendered: there is nothing to render yet.
        VersionNotFound: the numbered version does not exist or has no data.
        RenderingFailed: the document could not be made.

    """
    resume = _chosen(command, origin.organization_id, streams, library)
    if resume.data is None or resume.data.is_empty:
        raise ResumeNotRendered
    pdf = renderer.render(
        resume.id,
        resume.data,
        page=command.page,
        language=resume.language,
    )
    return Document(
        resume_id=resume.id,
        filename=resume.filename,
        data_version=resume.data_version,
        page=command.page,
        language=resume.language,
        pdf=pdf,
        digest=hashlib.sha256(pdf).digest(),
    )


def export_resume(
    command: ExportResume,
    origin: Origin,
    *,
    streams: Streams,
    library: Library,
    renderer: Renderer,
    plans: Plans,
    clock: Clock,
) -> Document:
    """Render, then record the export together with its charge.

    Raises:
        ResumeNotFound, ResumeNotRendered, VersionNotFound, RenderingFailed: as for a preview;
            nothing was recorded.

    """
    document = preview_resume(command, origin, streams=streams, library=library, renderer=renderer)

    def record() -> None:
        resume = find_resume(document.resume_id, origin.organization_id, streams)
        plan = plans.plan_of(origin.organization_id)
        events = _handed_out(document, renderer.name, resume.version, plan, clock())
        streams.append(events, origin)

    again(record)()
    return document


def _chosen(
    command: ExportResume, organization_id: UUID, streams: Streams, library: Library
) -> Resume:
    if isinstance(command.version, int):
        return find_resume(command.resume_id, organization_id, streams, version=command.version)
    asked = find_resume(command.resume_id, organization_id, streams)
    newest = (
        library.newest_result_of(organization_id, asked.id)
        if command.version == "latest"
        else None
    )
    return find_resume(newest, organization_id, streams) if newest else asked


def _handed_out(
    document: Document, renderer: str, version: int, plan: Plan, now: datetime
) -> list[Event]:
    return [
        ResumeExported(
            originator_id=document.resume_id,
            originator_version=version + 1,
            timestamp=now,
            export_format="pdf",
            page=document.page,
            language=document.language,
            renderer=renderer,
            data_version=document.data_version,
            digest=document.digest.hex(),
            size_bytes=len(document.pdf),
        ),
        charge("pdf_export", stream_id=document.resume_id, version=version + 2, at=now, plan=plan),
    ]
