"""What a tailoring did and why, how a resume answers a posting, whether a version is true."""

import asyncio
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.concurrency import run_in_threadpool

from api.http.envelope import Data
from api.http.explanations import (
    Changes,
    Checked,
    Explained,
    Match,
    changes_of,
    checked_of,
    match_before,
    match_of,
    texts_of,
)
from api.http.guard import SCHEMES, KeyHolder, KeyRoute, Running, needs
from api.http.models import CheckBody, PostingBody
from api.http.params import ResumeId
from api.http.problems import REFUSED
from api.http.tailoring import await_parsing
from api.ids import to_wire
from commands.errors import ResumeNotFound, ResumeNotParsed
from commands.tailoring.checking import violations
from commands.tailoring.posting import analyse_job
from commands.tailoring.score import coverage
from events.resume_data import ResumeData

router = APIRouter(
    prefix="/api/v1/resumes",
    tags=["Explanations"],
    route_class=KeyRoute,
    dependencies=SCHEMES,
    responses=REFUSED,
)


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed resume by the id that clients know."""

    wire_id: str
    data: ResumeData


def _explained(resume_id: ResumeId, caller: KeyHolder, running: Running) -> Explained:
    generation = running.library.generation(caller.organization_id, resume_id)
    if generation is None or generation.content is None:
        raise ResumeNotFound
    row = generation.row
    source = running.data_as_of(caller.organization_id, row.source_id, row.source_version)
    return Explained(row, generation.content, texts_of(source))


async def _source(resume_id: ResumeId, caller: KeyHolder, running: Running) -> Source:
    deadline = asyncio.get_running_loop().time() + running.settings.tailor_timeout_s
    await await_parsing(resume_id, caller, running, deadline)
    detail = await run_in_threadpool(running.library.detail, caller.organization_id, resume_id)
    if detail is None:
        raise ResumeNotFound
    if detail.data is None or detail.data.is_empty:
        raise ResumeNotParsed
    return Source(to_wire("res", resume_id), detail.data)


@router.get("/{resume_id}/changes", openapi_extra=needs("read"))
def changes(tailoring: Annotated[Explained, Depends(_explained)]) -> Data[Changes]:
    """Explain a tailored resume: every edit, its reason and evidence, coverage and gaps."""
    return Data(data=changes_of(tailoring))


@router.get("/{resume_id}/match", openapi_extra=needs("read"))
def match(tailoring: Annotated[Explained, Depends(_explained)]) -> Data[Match]:
    """Hold a tailored resume against its posting, before and after, keyword by keyword."""
    return Data(data=match_of(tailoring))


@router.post("/{resume_id}/match", openapi_extra=needs("read"))
def match_posting(source: Annotated[Source, Depends(_source)], body: PostingBody) -> Data[Match]:
    """Hold a resume as it is against a posting. Nothing is changed, stored or charged."""
    found = coverage(source.data, source.data, analyse_job(body.posting), body.posting)
    return Data(data=match_before(source.wire_id, source.data, found))


@router.post("/{resume_id}/check", openapi_extra=needs("read"))
def check(source: Annotated[Source, Depends(_source)], body: CheckBody) -> Data[Checked]:
    """Check somebody's tailored version of a resume. Nothing is changed, stored or charged."""
    found = violations(
        source.data,
        body.structured_data,
        strategy=body.strategy or "FULL",
        language=body.output_language,
        job_description=body.job_description or "",
    )
    return Data(data=checked_of(found))
