"""Tailoring a resume to a posting."""

import asyncio
from functools import partial
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool

from api.http.conditions import Expected
from api.http.envelope import Data
from api.http.guard import SCHEMES, Caller, KeyHolder, KeyRoute, Running, needs
from api.http.models import TailorBody, Tailored
from api.http.params import ResumeId
from api.http.problems import REFUSED, Problem, WorkFailed
from api.http.respond_async import Preferred, accepted
from api.ids import LETTERS, to_wire
from api.runtime import Runtime
from api.views import GenerationView
from commands.configure_llm import LlmSettings
from commands.errors import ResumeNotFound
from commands.export_resume import ExportResume
from commands.ports import RenderingFailed
from commands.request_tailoring import AbandonTailoring, RequestTailoring
from events.letter import LetterKind
from events.tailoring import TailoringWarning

router = APIRouter(
    prefix="/api/v1/resumes",
    tags=["Tailoring"],
    route_class=KeyRoute,
    dependencies=SCHEMES,
    responses=REFUSED,
)

UNFINISHED: Final = ("PENDING", "PROCESSING")
FAILURES: Final = {"TIMEOUT": 504, "NOT_FOUND": 404, "APPLY_CONFLICT": 409}
"""The statuses of failed tailorings by code; every other code is a 500."""
UNWRITTEN: Final = "It could not be written; ask for it by itself. Nothing was charged for it."
UNFINISHED_LETTER: Final = "It is still being written; list the resume's letters in a while."
CHANGED: Final = "The resume was changed while it was tailored; nothing was charged."
TOO_LATE: Final = "The tailoring took too long and was given up; nothing was charged."


@router.post(
    "/{resume_id}/tailor",
    status_code=201,
    openapi_extra=needs("generate", "STARTER"),
    response_model=Data[Tailored],
)
async def tailor(
    resume_id: ResumeId,
    body: TailorBody,
    caller: KeyHolder,
    running: Running,
    response: Response,
    expected: Expected,
    preferred: Preferred,
) -> Data[Tailored] | Response:
    """Tailor a resume to a job description. The result is a new resume; the source stays."""
    job_description = body.posting
    deadline = asyncio.get_running_loop().time() + running.settings.tailor_timeout_s
    await await_parsing(resume_id, caller, running, deadline)
    result_id = caller.id_for(running.new_id)
    settings = await run_in_threadpool(running.llm_settings_of, caller.organization_id)
    command = RequestTailoring(
        result_id=result_id,
        source_id=resume_id,
        job_description=job_description,
        strategy=body.strategy or settings.default_strategy,
        language=body.output_language or settings.content_language,
        engine=settings.engine,
        letters=_wanted(body, settings),
        expected=expected,
    )
    await run_in_threadpool(caller.apply, running.request_tailoring, command)
    if await preferred.is_met(result_id, running):
        return accepted(result_id, "tailor", running)
    await _settled(result_id, caller, running, deadline)
    await _letters_settled(result_id, caller, running, deadline)
    tailored = await run_in_threadpool(
        partial(tailored_of, result_id, caller, running, with_pdf=body.generate_pdf)
    )
    response.headers["location"] = f"/api/v1/resumes/{tailored.resume_id}"
    return Data(data=tailored)


async def await_parsing(
    source_id: UUID, caller: Caller, running: Runtime, deadline: float
) -> None:
    """Wait for a parsing that is under way, until *deadline* on the clock of the event loop.

    Raises:
        ResumeNotFound: the organization has no such resume.
        Problem: the parsing takes longer.

    """
    status = await run_in_threadpool(running.library.status_of, caller.organization_id, source_id)
    if status is None:
        raise ResumeNotFound
    if status in UNFINISHED and not await running.outcomes.settled(
        source_id, timeout_s=_left(deadline)
    ):
        raise Problem(504, "TIMEOUT", "The resume is still being parsed; try again later.")


async def _settled(result_id: UUID, caller: Caller, running: Runtime, deadline: float) -> None:
    if not await running.outcomes.settled(result_id, timeout_s=_left(deadline)):
        command = AbandonTailoring(result_id, "TIMEOUT", TOO_LATE)
        await run_in_threadpool(running.abandon_tailoring, command, caller.origin)


async def _letters_settled(
    result_id: UUID, caller: Caller, running: Runtime, deadline: float
) -> None:
    rows = await run_in_threadpool(running.letters.all_on, caller.organization_id, result_id)
    for row in rows:
        await running.outcomes.settled(row.id, timeout_s=_left(deadline))


def _wanted(body: TailorBody, settings: LlmSettings) -> tuple[LetterKind, ...]:
    """Return the letters to write, by the request or else by the organization's settings."""
    asked: dict[LetterKind, bool] = {
        "cover_letter": settings.enable_cover_letter
        if body.generate_cover_letter is None
        else body.generate_cover_letter,
        "outreach": settings.enable_outreach_message
        if body.generate_outreach is None
        else body.generate_outreach,
    }
    return tuple(kind for kind, wanted in asked.items() if wanted)


def _letters(
    result_id: UUID, caller: Caller, running: Runtime, warnings: list[TailoringWarning]
) -> dict[LetterKind, str]:
    """Return the ids of the letters that were written; warn of the others."""
    found: dict[LetterKind, str] = {}
    for row in running.letters.all_on(caller.organization_id, result_id):
        if row.content_at is not None:
            found[row.kind] = to_wire(LETTERS[row.kind], row.id)
        else:
            detail = UNWRITTEN if row.failure_code else UNFINISHED_LETTER
            code = f"{row.kind.upper()}_FAILED"
            warnings.append(TailoringWarning(code=code, detail=detail, severity="warning"))
    return found


def _left(deadline: float) -> float:
    return max(0.0, deadline - asyncio.get_running_loop().time())


def tailored_of(
    result_id: UUID, caller: Caller, running: Runtime, *, with_pdf: bool = False
) -> Tailored:
    """Return what a finished tailoring is answered with; `with_pdf` also renders the result.

    Raises:
        WorkFailed: it failed.

    """
    generation = running.library.generation(caller.organization_id, result_id)
    detail = running.library.detail(caller.organization_id, result_id)
    if generation is None or generation.content is None or detail is None:
        raise failure_of(generation)
    warnings = list(generation.content.warnings)
    pdf_url = _pdf_url(result_id, caller, running, warnings) if with_pdf else None
    letters = _letters(result_id, caller, running, warnings)
    view = detail.view
    return Tailored(
        resume_id=to_wire("res", result_id),
        is_master=view.row.is_master,
        status=view.row.status,
        filename=view.filename,
        strategy=generation.row.strategy,
        job_keywords=view.job_keywords or {},
        parent_id=to_wire("res", generation.row.source_id),
        pdf_url=pdf_url,
        refinement_stats=generation.content.stats,
        warnings=warnings,
        title=view.title,
        cover_letter_id=letters.get("cover_letter"),
        outreach_id=letters.get("outreach"),
    )


def failure_of(generation: GenerationView | None) -> WorkFailed:
    """Return how a tailoring that failed is answered."""
    code = generation.row.failure_code if generation else None
    if code == "TIMEOUT":
        return WorkFailed(504, code, TOO_LATE)
    if code == "APPLY_CONFLICT":
        return WorkFailed(409, code, CHANGED)
    return WorkFailed(
        FAILURES.get(code or "", 500),
        code or "TAILORING_FAILED",
        "The resume could not be tailored; nothing was charged.",
    )


def _pdf_url(
    result_id: UUID, caller: Caller, running: Runtime, warnings: list[TailoringWarning]
) -> str | None:
    try:
        running.preview_resume(ExportResume(result_id, version="original"), caller.origin)
    except RenderingFailed:
        detail = "The PDF could not be made now; ask for it later."
        warnings.append(TailoringWarning(code="PDF_FAILED", detail=detail, severity="warning"))
        return None
    return f"/api/v1/resumes/{to_wire('res', result_id)}/pdf"
