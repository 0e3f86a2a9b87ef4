"""Listing, reading, editing, deleting and re-parsing resumes."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.concurrency import run_in_threadpool

from api.http.conditions import Expected, Stamp, Stamped
from api.http.envelope import Data
from api.http.guard import SCHEMES, KeyHolder, KeyRoute, Running, needs
from api.http.models import Deleted, EditBody, ResumeItem, ResumeRecord, item_of, record_of
from api.http.params import BaseUrl, Page, ResumeId
from api.http.problems import REFUSED, Problem, WorkFailed
from api.http.respond_async import Preferred, accepted
from api.runtime import Runtime
from api.views import ResumeDetail
from commands.delete_resume import DeleteResume
from commands.edit_resume import EditResume
from commands.errors import ResumeNotFound
from commands.parse_resume import RetryParsing
from events.recorded import Origin
from events.resume import ParsingFailure

router = APIRouter(
    prefix="/api/v1/resumes",
    tags=["Resumes"],
    route_class=KeyRoute,
    dependencies=SCHEMES,
    responses=REFUSED,
)

HIDING: Final = {"", "0", "false"}
UNPARSED: Final = "The text could not be turned into a resume."
BROKE_DOWN: Final = "Parsing broke down on our side; please try again."
STILL_AT_IT: Final = "The resume is still being parsed; read its status in a while."


@router.get("", openapi_extra=needs("read"))
def list_resumes(
    caller: KeyHolder,
    running: Running,
    page: Page,
    base: BaseUrl,
    include_master: Annotated[str, Query(description="`true` lists the master too")] = "",
) -> Data[list[ResumeItem]]:
    """List resumes, last changed first. The master is left out unless asked for."""
    views = running.library.list(
        caller.organization_id,
        include_master=include_master.lower() not in HIDING,
        limit=page.limit,
        offset=page.offset,
    )
    page.link(len(views))
    return Data(data=[ResumeItem(**item_of(view, base)) for view in views])


@router.get("/{resume_id}", openapi_extra=needs("read"))
def get_resume(
    resume_id: ResumeId, caller: KeyHolder, running: Running, base: BaseUrl, stamp: Stamped
) -> Data[ResumeRecord]:
    """Read one resume whole."""
    return _record(resume_id, caller.origin, running, base, stamp)


@router.patch("/{resume_id}", openapi_extra=needs("write"))
def edit_resume(
    resume_id: ResumeId,
    body: EditBody,
    caller: KeyHolder,
    running: Running,
    base: BaseUrl,
    stamp: Stamped,
    expected: Expected,
    *,
    merge: Annotated[
        bool, Query(description="Replace only those members of `structured_data` that are sent")
    ] = False,
) -> Data[ResumeRecord]:
    """Replace fields of a resume; `structured_data` is replaced whole unless told to merge."""
    command = EditResume(
        resume_id=resume_id,
        title=body.title,
        filename=body.filename,
        data=body.structured_data,
        status=body.status,
        merge=merge,
        expected=expected,
    )
    caller.apply(running.edit_resume, command)
    return _record(resume_id, caller.origin, running, base, stamp)


@router.delete("/{resume_id}", openapi_extra=needs("write"))
def delete_resume(
    resume_id: ResumeId, caller: KeyHolder, running: Running, expected: Expected
) -> Data[Deleted]:
    """Erase a resume for good. What was charged for it stays in the usage history."""
    caller.apply(running.delete_resume, DeleteResume(resume_id, expected))
    return Data(data=Deleted())


@router.post("/{resume_id}/retry", openapi_extra=needs("write"), response_model=Data[ResumeRecord])
async def retry(
    resume_id: ResumeId,
    caller: KeyHolder,
    running: Running,
    base: BaseUrl,
    stamp: Stamped,
    expected: Expected,
    preferred: Preferred,
) -> Data[ResumeRecord] | Response:
    """Parse the stored text again and wait for the outcome."""
    command = RetryParsing(resume_id, expected)
    await run_in_threadpool(caller.apply, running.retry_parsing, command)
    if await preferred.is_met(resume_id, running):
        return accepted(resume_id, "parse", running)
    timeout_s = running.settings.tailor_timeout_s
    if not await running.outcomes.settled(resume_id, timeout_s=timeout_s):
        raise Problem(500, "RETRY_FAILED", STILL_AT_IT)
    return await run_in_threadpool(_parsed, resume_id, caller.origin, running, base, stamp)


def unparsed(code: ParsingFailure | None) -> WorkFailed:
    """Return how a parsing that failed with this code is answered."""
    if code == "RETRY_FAILED":
        return WorkFailed(500, code, BROKE_DOWN)
    return WorkFailed(500, "LLM_PARSING_FAILED", UNPARSED)


def _parsed(
    resume_id: UUID, origin: Origin, running: Runtime, base: str, stamp: Stamp
) -> Data[ResumeRecord]:
    detail = _detail(resume_id, origin, running)
    if detail.view.row.status != "READY":
        raise unparsed(detail.view.row.failure_code)
    return _shown(detail, running, base, stamp)


def _record(
    resume_id: UUID, origin: Origin, running: Runtime, base: str, stamp: Stamp
) -> Data[ResumeRecord]:
    return _shown(_detail(resume_id, origin, running), running, base, stamp)


def _detail(resume_id: UUID, origin: Origin, running: Runtime) -> ResumeDetail:
    detail = running.library.detail(origin.organization_id, resume_id)
    if detail is None:
        raise ResumeNotFound
    return detail


def _shown(detail: ResumeDetail, running: Runtime, base: str, stamp: Stamp) -> Data[ResumeRecord]:
    stamp.at(detail.view.row.version)
    return Data(data=record_of(detail, running.render_html(detail), base))
