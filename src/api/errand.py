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
from api.views import GenerationView
from api.worker import workshop
from commands.export_resume import ExportResume, export_resume
from commands.request_tailoring import RequestTailoring, request_tailoring
from commands.tailoring.built_in import BuiltInEngine
from commands.upload_resume import UploadResume, upload_resume
from events.recorded import Origin
from events.resume import Page
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
    generation: GenerationView
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
        ErrandFailed: the document cannot be read or parsed.
        DomainError: a step was refused.

    """
    origin = Origin(organization_id, "operator")
    with Sandbox() as sandbox, PdfPool(core.settings.home / "cache", workers=1) as pdfs:
        source_id = _upload(core, sandbox, errand, origin)
        result_id = _tailor(core, sandbox, source_id, errand, origin)
        document = export_resume(
            ExportResume(result_id, cast("Page", errand.page.upper()), "original"),
            origin,
            streams=core.streams,
            library=core.library,
            renderer=KeptDocuments(PooledRenderer(pdfs), core.pool, core.vault),
            plans=core.plans,
            clock=now,
        )
    generation = core.library.generation(organization_id, result_id)
    if generation is None:
        raise ErrandFailed("the result was deleted meanwhile")
    return Done(to_wire("res", result_id), generation, document.pdf)


def _upload(core: Core, sandbox: Sandbox, errand: Errand, origin: Origin) -> UUID:
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
    workshop(core, sandbox).parse(source_id, origin)
    return source_id


def _tailor(core: Core, sandbox: Sandbox, source_id: UUID, errand: Errand, origin: Origin) -> UUID:
    result_id = new_id()
    command = RequestTailoring(
        result_id=result_id,
        source_id=source_id,
        job_description=errand.job_description,
        strategy=cast("Strategy", errand.strategy.upper()),
        language="en",
        engine=BuiltInEngine().name,
    )
    request_tailoring(command, origin, streams=core.streams, clock=now)
    workshop(core, sandbox).tailor(result_id, origin)
    return result_id
