"""Looking after work that was taken in: what a waiting request would have been answered."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel

from api.http.envelope import Data
from api.http.guard import SCHEMES, Caller, KeyHolder, KeyRoute, Running, needs
from api.http.letters import failure_of as letter_failure_of
from api.http.letters import path_of, record_of
from api.http.params import NOBODYS
from api.http.problems import REFUSED, Problem
from api.http.respond_async import Job, JobFailure
from api.http.resumes import unparsed
from api.http.tailoring import failure_of as tailoring_failure_of
from api.http.tailoring import tailored_of
from api.ids import from_wire, to_wire
from api.runtime import Runtime

router = APIRouter(
    prefix="/api/v1/jobs",
    tags=["Jobs"],
    route_class=KeyRoute,
    dependencies=SCHEMES,
    responses=REFUSED,
)


@router.get("/{job_id}", openapi_extra=needs("read"))
def get_job(
    job_id: Annotated[str, Path(description="Id of a job")], caller: KeyHolder, running: Running
) -> Data[Job]:
    """Look how work is getting on that was asked for with `Prefer: respond-async`."""
    stream_id = from_wire("job", job_id) or NOBODYS
    for found in (_tailoring, _letter, _parsing):
        job = found(stream_id, caller, running)
        if job is not None:
            return Data(data=job)
    raise Problem(404, "NOT_FOUND", "There is no such job.")


def _tailoring(stream_id: UUID, caller: Caller, running: Runtime) -> Job | None:
    view = running.library.generation(caller.organization_id, stream_id)
    if view is None:
        return None
    row = view.row
    job = Job(
        id=to_wire("job", stream_id),
        kind="tailor",
        status="PROCESSING",
        url=None,
        result=None,
        error=None,
        created_at=row.requested_at,
        finished_at=None,
    )
    if row.outcome == "failed":
        return _failed(job, tailoring_failure_of(view), row.settled_at)
    letters = running.letters.all_on(caller.organization_id, stream_id)
    if row.outcome == "requested" or any(letter.pending for letter in letters):
        return job
    url = f"/api/v1/resumes/{to_wire('res', stream_id)}"
    return _done(job, url, tailored_of(stream_id, caller, running), row.settled_at)


def _letter(stream_id: UUID, caller: Caller, running: Runtime) -> Job | None:
    view = running.letters.letter(caller.organization_id, stream_id)
    if view is None:
        return None
    row = view.row
    job = Job(
        id=to_wire("job", stream_id),
        kind=row.kind,
        status="PROCESSING",
        url=None,
        result=None,
        error=None,
        created_at=row.asked_at,
        finished_at=None,
    )
    if row.pending:
        return job
    if row.failure_code:
        return _failed(job, letter_failure_of(row.failure_code), None)
    return _done(job, path_of(view), record_of(view), row.updated_at)


def _parsing(stream_id: UUID, caller: Caller, running: Runtime) -> Job | None:
    detail = running.library.detail(caller.organization_id, stream_id)
    if detail is None:
        return None
    row = detail.view.row
    job = Job(
        id=to_wire("job", stream_id),
        kind="parse",
        status="PROCESSING",
        url=None,
        result=None,
        error=None,
        created_at=row.created_at,
        finished_at=None,
    )
    if row.pending:
        return job
    if row.status == "FAILED":
        return _failed(job, unparsed(row.failure_code), row.updated_at)
    return _done(job, f"/api/v1/resumes/{to_wire('res', stream_id)}", None, row.updated_at)


def _failed(job: Job, problem: Problem, at: datetime | None) -> Job:
    error = JobFailure(error=problem.code, detail=problem.detail)
    return job.model_copy(update={"status": "FAILED", "error": error, "finished_at": at})


def _done(job: Job, url: str, result: BaseModel | None, at: datetime | None) -> Job:
    done = {"status": "READY", "url": url, "result": result, "finished_at": at}
    return job.model_copy(update=done)
