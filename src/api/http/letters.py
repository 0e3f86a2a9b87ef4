"""Cover letters and outreach messages: one set of routes, at two places."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel

from api.http.envelope import Data, Instant
from api.http.guard import COVER_LETTERS, SCHEMES, Caller, KeyHolder, KeyRoute, Running, needs
from api.http.models import Deleted, JobBody
from api.http.params import NOBODYS, Page, ResumeId
from api.http.problems import REFUSED, WorkFailed
from api.http.tailoring import await_parsing
from api.ids import LETTERS, from_wire, to_wire
from api.runtime import Runtime
from api.views import LetterView
from commands.delete_letter import DeleteLetter
from commands.errors import LetterNotFound, ResumeNotFound, SubjectNotFound
from commands.request_letter import RegenerateLetter, RequestLetter
from commands.write_letter import AbandonLetter
from events.letter import LetterKind


@dataclass(frozen=True, slots=True)
class Surface:
    """Where the letters of one kind are, and how they are called there."""

    kind: LetterKind
    path: str
    tag: str
    noun: str
    plan: str


SURFACES: Final = (
    Surface("cover_letter", "cover-letters", "Cover letters", "a cover letter", COVER_LETTERS),
    Surface("outreach", "outreach", "Outreach", "an outreach message", "STARTER"),
)

STATUS: Final = {"TIMEOUT": 504, "RESUME_NOT_FOUND": 404}
"""The statuses of failed letters by code; every other code is a 500."""
TOO_LATE: Final = "Writing took too long and was given up; nothing was charged."
FAILED: Final = "The text could not be written; nothing was charged."


class LetterRecord(BaseModel):
    """A cover letter or an outreach message."""

    id: str
    organization_id: str
    resume_id: str
    content: str | None
    created_at: Instant
    updated_at: Instant


def record_of(view: LetterView) -> LetterRecord:
    """Return a letter as clients see it."""
    row = view.row
    return LetterRecord(
        id=to_wire(LETTERS[row.kind], row.id),
        organization_id=to_wire("org", row.organization_id),
        resume_id=to_wire("res", row.resume_id),
        content=view.text,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def router_of(surface: Surface) -> APIRouter:
    """Return the routes of one kind of letter."""
    router = APIRouter(
        prefix=f"/api/v1/resumes/{{resume_id}}/{surface.path}",
        tags=[surface.tag],
        route_class=KeyRoute,
        dependencies=SCHEMES,
        responses=REFUSED,
    )
    _add_collection(router, surface)
    _add_members(router, surface)
    return router


NOTHING: Final = JobBody()


def _add_collection(router: APIRouter, surface: Surface) -> None:
    asked = needs("generate", surface.plan)

    @router.get(
        "", openapi_extra=needs("read"), summary=f"List what was written: {surface.tag.lower()}"
    )
    def list_letters(
        resume_id: ResumeId, page: Page, caller: KeyHolder, running: Running
    ) -> Data[list[LetterRecord]]:
        """Last written first."""
        return _listed(surface, resume_id, page, caller, running)

    @router.post("", status_code=201, openapi_extra=asked, summary=f"Write {surface.noun}")
    async def write(
        resume_id: ResumeId, caller: KeyHolder, running: Running, body: JobBody = NOTHING
    ) -> Data[LetterRecord]:
        """Write to the posting that is given, or else to the one the resume was tailored to."""
        return await _written(surface, resume_id, body, caller, running)


def _add_members(router: APIRouter, surface: Surface) -> None:
    asked = needs("generate", surface.plan)

    def letter_id_in(
        letter_id: Annotated[str, Path(description=f"Id of {surface.noun}")],
    ) -> UUID:
        return from_wire(LETTERS[surface.kind], letter_id) or NOBODYS

    LetterId = Annotated[UUID, Depends(letter_id_in)]  # noqa: N806 a type

    @router.get("/{letter_id}", openapi_extra=needs("read"), summary=f"Read {surface.noun}")
    def get_letter(
        resume_id: ResumeId, letter_id: LetterId, caller: KeyHolder, running: Running
    ) -> Data[LetterRecord]:
        """Read one."""
        return Data(data=record_of(_found(surface, resume_id, letter_id, caller, running)))

    @router.delete("/{letter_id}", openapi_extra=needs("write"), summary=f"Erase {surface.noun}")
    def delete_letter(
        resume_id: ResumeId, letter_id: LetterId, caller: KeyHolder, running: Running
    ) -> Data[Deleted]:
        """Erase one for good. What was charged for it stays in the usage history."""
        command = DeleteLetter(letter_id, surface.kind, resume_id)
        caller.apply(running.writing.delete, command)
        return Data(data=Deleted())

    @router.post(
        "/{letter_id}/regenerate", openapi_extra=asked, summary=f"Write {surface.noun} anew"
    )
    async def regenerate(
        resume_id: ResumeId,
        letter_id: LetterId,
        caller: KeyHolder,
        running: Running,
        body: JobBody = NOTHING,
    ) -> Data[LetterRecord]:
        """Replace the text; the id stays. Until then, or if it fails, the old one stands."""
        return await _rewritten(surface, resume_id, letter_id, body, caller, running)


def _listed(
    surface: Surface, resume_id: UUID, page: Page, caller: Caller, running: Runtime
) -> Data[list[LetterRecord]]:
    organization_id = caller.organization_id
    if running.library.status_of(organization_id, resume_id) is None:
        raise ResumeNotFound
    views = running.letters.list(
        organization_id, resume_id, surface.kind, limit=page.limit, offset=page.offset
    )
    return Data(data=[record_of(view) for view in views])


def _found(
    surface: Surface, resume_id: UUID, letter_id: UUID, caller: Caller, running: Runtime
) -> LetterView:
    view = running.letters.letter(caller.organization_id, letter_id)
    asked = (surface.kind, resume_id)
    if view is None or view.text is None or (view.row.kind, view.row.resume_id) != asked:
        raise LetterNotFound
    return view


async def _written(
    surface: Surface, resume_id: UUID, body: JobBody, caller: Caller, running: Runtime
) -> Data[LetterRecord]:
    deadline = asyncio.get_running_loop().time() + running.settings.tailor_timeout_s
    try:
        await await_parsing(resume_id, caller, running, deadline)
    except ResumeNotFound:
        raise SubjectNotFound from None
    letter_id = caller.id_for(running.new_id)
    settings = await run_in_threadpool(running.llm_settings_of, caller.organization_id)
    command = RequestLetter(
        letter_id, surface.kind, resume_id, body.job_description, settings.engine
    )
    await run_in_threadpool(caller.apply, running.writing.request, command)
    return await _outcome(letter_id, caller, running, deadline)


async def _rewritten(
    surface: Surface,
    resume_id: UUID,
    letter_id: UUID,
    body: JobBody,
    caller: Caller,
    running: Runtime,
) -> Data[LetterRecord]:
    deadline = asyncio.get_running_loop().time() + running.settings.tailor_timeout_s
    settings = await run_in_threadpool(running.llm_settings_of, caller.organization_id)
    command = RegenerateLetter(
        letter_id, surface.kind, resume_id, body.job_description, settings.engine
    )
    await run_in_threadpool(caller.apply, running.writing.regenerate, command)
    return await _outcome(letter_id, caller, running, deadline)


async def _outcome(
    letter_id: UUID, caller: Caller, running: Runtime, deadline: float
) -> Data[LetterRecord]:
    left_s = max(0.0, deadline - asyncio.get_running_loop().time())
    if not await running.outcomes.settled(letter_id, timeout_s=left_s):
        command = AbandonLetter(letter_id, "TIMEOUT", TOO_LATE)
        await run_in_threadpool(running.writing.abandon, command, caller.origin)
    view = await run_in_threadpool(running.letters.letter, caller.organization_id, letter_id)
    if view is None:
        raise SubjectNotFound
    code = view.row.failure_code
    if code is not None:
        raise WorkFailed(STATUS.get(code, 500), code, TOO_LATE if code == "TIMEOUT" else FAILED)
    return Data(data=record_of(view))
