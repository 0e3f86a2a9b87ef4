"""Generating a resume: from a profile and a job to a document."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.generation_cases import GeneratedView
from api.http.explanations import Explained, changes_of, texts_of
from api.http.generated.history import document_of
from api.http.generated.route import CountedRoute, owner_of
from api.http.generated.shapes import GenerateBody, GenerationRecord, download_url
from api.http.guard import SCHEMES, Caller, KeyHolder, Running, needs
from api.http.params import BaseUrl
from api.http.problems import REFUSED, Problem
from api.ids import to_wire
from api.runtime import Runtime
from commands.generating.request_generation import RequestGeneration
from commands.generating.settle_generation import FailGeneration, ResumeGeneration
from commands.tailoring.linkedin import NotALinkedInJob, job_id_in

router = APIRouter(
    prefix="/v1/resumes",
    tags=["Generations"],
    route_class=CountedRoute,
    dependencies=SCHEMES,
    responses=REFUSED,
)

FAILURES: Final = {
    "UNPROCESSABLE": 422,
    "NOT_FOUND": 404,
    "TIMEOUT": 504,
    "PDF_RENDER_FAILED": 500,
    "TAILORING_FAILED": 500,
}
"""The statuses of failed generations by code; every other code is a 500."""
AGAIN: Final = "Nothing was charged; send the request again with the same Idempotency-Key."
TOO_LATE: Final = "The generation took too long and was given up; nothing was charged."
STILL_AT_IT: Final = "The generation goes on; ask for it again with the same Idempotency-Key."


@router.post(
    "/generate",
    response_model=None,
    responses={
        200: {
            "model": GenerationRecord,
            "content": {"application/pdf": {}},
            "description": "The PDF; with `response_format` json how it came to be",
        }
    },
    openapi_extra=needs("generate"),
)
async def generate(
    body: GenerateBody, request: Request, caller: KeyHolder, running: Running, base: BaseUrl
) -> Response | GenerationRecord:
    """Generate a tailored resume from a job, as a PDF, for one credit."""
    command = await run_in_threadpool(_command, body, caller, running)
    await run_in_threadpool(_begin, command, caller, running)
    await _settled(command.generation_id, caller, running)
    view = await run_in_threadpool(_completed, command.generation_id, caller, running)
    request.state.charged = 0 if view.row.credits_id is None else 1
    if body.response_format == "json":
        return await run_in_threadpool(_record, view, running, base)
    return await run_in_threadpool(document_of, view, running)


def _command(body: GenerateBody, caller: Caller, running: Runtime) -> RequestGeneration:
    body.check()
    template = body.template
    try:
        job_id = None if body.url is None else job_id_in(body.url)
    except NotALinkedInJob as refusal:
        raise Problem(422, "VALIDATION_ERROR", f"linkedin_job_url: {refusal}") from None
    settings = running.llm_settings_of(caller.organization_id)
    return RequestGeneration(
        generation_id=caller.id_for(running.new_id),
        owner_id=caller.owner_id,
        linkedin_job_id=job_id,
        job_description=body.text,
        template=template,
        strategy=settings.default_strategy,
        language=settings.content_language,
        engine=settings.engine,
    )


def _begin(command: RequestGeneration, caller: Caller, running: Runtime) -> None:
    """Ask for the generation; if an earlier request did, see to it that it goes on."""
    if caller.turn.is_done:
        again = ResumeGeneration(command.generation_id)
        running.generating.resume(again, caller.turn.origin(caller.origin))
    else:
        caller.apply(running.generating.request, command)


async def _settled(generation_id: UUID, caller: Caller, running: Runtime) -> None:
    """Wait for the outcome; what nobody can ask for again is given up when it takes too long.

    Raises:
        Problem: it takes too long, but goes on.

    """
    timeout_s = running.settings.tailor_timeout_s
    if await running.outcomes.settled(generation_id, timeout_s=timeout_s):
        return
    if caller.turn.claim is not None:
        raise Problem(504, "TIMEOUT", STILL_AT_IT)
    given_up = FailGeneration(generation_id, "TIMEOUT", TOO_LATE)
    await run_in_threadpool(running.generating.fail, given_up, caller.origin)


def _completed(generation_id: UUID, caller: Caller, running: Runtime) -> GeneratedView:
    """Return the generation.

    Raises:
        Problem: nothing came of it.

    """
    view = running.generating.shelf.one(caller.organization_id, owner_of(caller), generation_id)
    if view is None:
        raise Problem(404, "NOT_FOUND", "The resume that the generation started from is gone.")
    if view.row.status != "completed":
        raise _failure_of(view)
    return view


def _failure_of(view: GeneratedView) -> Problem:
    code = view.row.failure_code or "TAILORING_FAILED"
    status = FAILURES.get(code, 500)
    if status == 500:
        what = (
            "PDF could not be made"
            if code == "PDF_RENDER_FAILED"
            else "resume could not be tailored"
        )
        return Problem(500, code, f"The {what}. {AGAIN}")
    return Problem(status, code, view.row.failure_reason)


def _record(view: GeneratedView, running: Runtime, base_url: str) -> GenerationRecord:
    row = view.row
    detail = running.library.detail(row.organization_id, row.id)
    generation = running.library.generation(row.organization_id, row.id)
    content = generation.content if generation else None
    if detail is None or detail.data is None or generation is None or content is None:
        raise Problem(404, "NOT_FOUND", "There is no such generation.")
    language = detail.view.row.language
    source = running.data_as_of(
        row.organization_id, generation.row.source_id, generation.row.source_version
    )
    told = changes_of(Explained(generation.row, content, texts_of(source)))
    return GenerationRecord(
        id=to_wire("gen", row.id),
        title=view.title,
        template_id=row.template,
        source_type=row.source,
        created_at=row.requested_at,
        latex=running.generating.latex_of(detail.data, row.template, language),
        resume=detail.data.model_dump(mode="json", by_alias=True),
        changes=told.changes,
        download_url=download_url(view, base_url),
    )
