"""The whole main job in one process, without server or queue: upload, parse, tailor, export."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from uuid import UUID

from api.adapters.documents import KeptDocuments
from api.adapters.workshop import PooledRenderer
from api.core import Core, now
from api.ids import new_id, to_wire
from api.worker import Workshop, models_of, workshop
from commands.configure_llm import llm_settings_of
from commands.export_resume import ExportResume, export_resume
from commands.request_tailoring import RequestTailoring, request_tailoring
from commands.upload_resume import UploadResume, upload_resume
from events.recorded import Origin
from events.resume import Page, TailoredContent
from events.resume_data import ResumeData
from events.tailoring import Strategy
from render.pdf_pool import PdfPool
from render.sandbox import Sandbox, read_document


@dataclass(frozen=True, slots=True)
class Errand:
    """Tailor this document to this posting."""

    filename: str
    document: bytes
    job_description: str
    strategy: str
    page: str


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it."""

    resume_id: str
    source: ResumeData
    content: TailoredContent
    pdf: bytes


class ErrandFailed(OSError):
    """The job could not be done; the message says at which step and why."""


def read_posting(path: Path) -> str:
    """Return the posting in a text file.

    Raises:
        ErrandFailed: there is no text in it.

    """
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ErrandFailed(f"{path} is not text in UTF-8") from error
    if not text.strip():
        raise ErrandFailed(f"{path} is empty; it should hold the posting")
    return text


def run_errand(core: Core, organization_id: UUID, errand: Errand) -> Done:
    """Do it, every step recorded as if it had come over HTTP, with actor `operator`.

    Raises:
        ErrandFailed: the document cannot be read or parsed, or the engine gave no answer.
        DomainError: a step was refused.

    """
    origin = Origin(organization_id, "operator")
    with (
        Sandbox() as sandbox,
        models_of(core, sandbox) as models,
        PdfPool(core.settings.home / "cache", workers=1) as pdfs,
    ):
        shop = workshop(core, models)
        source_id = _upload(core, shop, sandbox, errand, origin)
        result_id = _tailor(core, shop, source_id, errand, origin)
        source, content = _succeeded(core, organization_id, source_id, result_id)
        document = export_resume(
            ExportResume(result_id, cast("Page", errand.page.upper()), "original"),
            origin,
            streams=core.streams,
            library=core.library,
            renderer=KeptDocuments(PooledRenderer(pdfs), core.pool, core.vault),
            plans=core.plans,
            clock=now,
        )
    return Done(to_wire("res", result_id), source, content, document.pdf)


def _succeeded(
    core: Core, organization_id: UUID, source_id: UUID, result_id: UUID
) -> tuple[ResumeData, TailoredContent]:
    source = core.library.detail(organization_id, source_id)
    generation = core.library.generation(organization_id, result_id)
    if not (source and source.data and generation and generation.content):
        wire_id = to_wire("res", result_id)
        raise ErrandFailed(f"the tailoring failed; `refolio history {wire_id}` tells why")
    return source.data, generation.content


def _upload(core: Core, shop: Workshop, sandbox: Sandbox, errand: Errand, origin: Origin) -> UUID:
    source_id = new_id()
    command = UploadResume(
        resume_id=source_id,
        filename=errand.filename,
        size_bytes=len(errand.document),
        digest=hashlib.sha256(errand.document).hexdigest(),
        text=read_document(sandbox, errand.document),
        set_as_master=False,
    )
    upload_resume(command, origin, streams=core.streams, library=core.library, clock=now)
    shop.parse(source_id, origin)
    return source_id


def _tailor(core: Core, shop: Workshop, source_id: UUID, errand: Errand, origin: Origin) -> UUID:
    result_id = new_id()
    settings = llm_settings_of(origin.organization_id, streams=core.streams)
    command = RequestTailoring(
        result_id=result_id,
        source_id=source_id,
        job_description=errand.job_description,
        strategy=cast("Strategy", errand.strategy.upper()),
        language=settings.content_language,
        engine=settings.engine,
    )
    request_tailoring(command, origin, streams=core.streams, clock=now)
    shop.tailor(result_id, origin)
    return result_id
