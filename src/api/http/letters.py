"""Cover letters and outreach messages: one set of routes, at two places."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel

from api.http.conditions import Expected, Stamped
from api.http.envelope import Data, Instant
from api.http.guard import COVER_LETTERS, SCHEMES, Caller, KeyHolder, KeyRoute, Running, needs
from api.http.models import Deleted, JobBody
from api.http.params import NOBODYS, Page, ResumeId
from api.http.problems import REFUSED, WorkFailed
from api.http.respond_async import Preferred, accepted
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
    _add_regeneration(router, surface)
    return router


NOTHING: Final = JobBody()


async def _deadline(running: Running) -> float:
    """Return when writing takes too long, on the clock of the event loop."""
    return asyncio.get_running_loop().time() + running.settings.tailor_timeout_s


@dataclass(frozen=True, slots=True)
class Desk:
    """What it takes to have a letter written and to answer: about which resume, for whom, how."""

    resume_id: ResumeId
    caller: KeyHolder
    running: Running
    expected: Expected
    preferred: Preferred
    stamp: Stamped
    response: Response
    deadline: Annotated[float, Depends(_deadline)]

    async def engine(self) -> str:
        """Return the engine that the organization's letters are written by."""
        settings = await run_in_threadpool(
            self.running.llm_settings_of, self.caller.organization_id
        )
        return settings.engine


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

    @router.post(
        "",
        status_code=201,
        openapi_extra=asked,
        summary=f"Write {surface.noun}",
        response_model=Data[LetterRecord],
    )
    async def write(
        desk: Annotated[Desk, Depends()], body: JobBody = NOTHING
    ) -> Data[LetterRecord] | Response:
        """Write to the posting that is given, or else to the one the resume was tailored to."""
        return await _written(surface, desk, body)


def _letter_id_of(surface: Surface) -> Callable[[str], UUID]:
    def letter_id_in(
        letter_id: Annotated[str, Path(description=f"Id of {surface.noun}")],
    ) -> UUID:
        return from_wire(LETTERS[surface.kind], letter_id) or NOBODYS

    return letter_id_in


def _add_members(router: APIRouter, surface: Surface) -> None:
    LetterId = Annotated[UUID, Depends(_letter_id_of(surface))]  # noqa: N806 a type

    @router.get("/{letter_id}", openapi_extra=needs("read"), summary=f"Read {surface.noun}")
    def get_letter(
        resume_id: ResumeId,
        letter_id: LetterId,
        caller: KeyHolder,
        running: Running,
        stamp: Stamped,
    ) -> Data[LetterRecord]:
        """Read one."""
        view = _found(surface, resume_id, letter_id, caller, running)
        stamp.at(view.row.version)
        return Data(data=record_of(view))

    @router.delete("/{letter_id}", openapi_extra=needs("write"), summary=f"Erase {surface.noun}")
    def delete_letter(
        resume_id: ResumeId,
        letter_id: LetterId,
        caller: KeyHolder,
        running: Running,
        expected: Expected,
    ) -> Data[Deleted]:
        """Erase one for good. What was charged for it stays in the usage history."""
        command = DeleteLetter(letter_id, surface.kind, resume_id, expected)
        caller.apply(running.writing.delete, command)
        return Data(data=Deleted())


def _add_regeneration(router: APIRouter, surface: Surface) -> None:
    LetterId = Annotated[UUID, Depends(_letter_id_of(surface))]  # noqa: N806 a type

    @router.post(
        "/{letter_id}/regenerate",
        openapi_extra=needs("generate", surface.plan),
        summary=f"Write {surface.noun} anew",
        response_model=Data[LetterRecord],
    )
    async def regenerate(
        letter_id: LetterId, desk: Annotated[Desk, Depends()], body: JobBody = NOTHING
    ) -> Data[LetterRecord] | Response:
        """Replace the text; the id stays. Until then, or if it fails, the old one stands."""
        return await _rewritten(surface, letter_id, desk, body)


def _listed(
    surface: Surface, resume_id: UUID, page: Page, caller: Caller, running: Runtime
) -> Data[list[LetterRecord]]:
    organization_id = caller.organization_id
    if running.library.status_of(organization_id, resume_id) is None:
        raise ResumeNotFound
    views = running.letters.list(
        organization_id, resume_id, surface.kind, limit=page.limit, offset=page.offset
    )
    page.link(len(views))
    return Data(data=[record_of(view) for view in views])


def _found(
    surface: Surface, resume_id: UUID, letter_id: UUID, caller: Caller, running: Runtime
) -> LetterView:
    view = running.letters.letter(caller.organization_id, letter_id)
    asked = (surface.kind, resume_id)
    if view is None or view.text is None or (view.row.kind, view.row.resume_id) != asked:
        raise LetterNotFound
    return view


async def _written(surface: Surface, desk: Desk, body: JobBody) -> Data[LetterRecord] | Response:
    try:
        await await_parsing(desk.resume_id, desk.caller, desk.running, desk.deadline)
    except ResumeNotFound:
        raise SubjectNotFound from None
    letter_id = desk.caller.id_for(desk.running.new_id)
    command = RequestLetter(
        letter_id, surface.kind, desk.resume_id, body.job_description, await desk.engine()
    )
    await run_in_threadpool(desk.caller.apply, desk.running.writing.request, command)
    return await _outcome(surface, letter_id, desk)


async def _rewritten(
    surface: Surface, letter_id: UUID, desk: Desk, body: JobBody
) -> Data[LetterRecord] | Response:
    command = RegenerateLetter(
        letter_id,
        surface.kind,
        desk.resume_id,
        body.job_description,
        await desk.engine(),
        desk.expected,
    )
    await run_in_threadpool(desk.caller.apply, desk.running.writing.regenerate, command)
    return await _outcome(surface, letter_id, desk)


async def _outcome(surface: Surface, letter_id: UUID, desk: Desk) -> Data[LetterRecord] | Response:
    running, caller = desk.running, desk.caller
    if await desk.preferred.is_met(letter_id, running):
        return accepted(letter_id, surface.kind, running)
    left_s = max(0.0, desk.deadline - asyncio.get_running_loop().time())
    if not await running.outcomes.settled(letter_id, timeout_s=left_s):
        command = AbandonLetter(letter_id, "TIMEOUT", TOO_LATE)
        await run_in_threadpool(running.writing.abandon, command, caller.origin)
    view = await run_in_threadpool(running.letters.letter, caller.organization_id, letter_id)
    if view is None:
        raise SubjectNotFound
    if view.row.failure_code is not None:
        raise failure_of(view.row.failure_code)
    desk.response.headers["location"] = path_of(view)
    desk.stamp.at(view.row.version)
    return Data(data=record_of(view))


def failure_of(code: str) -> WorkFailed:
    """Return how a letter that failed with this code is answered."""
    return WorkFailed(STATUS.get(code, 500), code, TOO_LATE if code == "TIMEOUT" else FAILED)


def path_of(view: LetterView) -> str:
    """Return where clients find a letter."""
    row = view.row
    surface = next(surface for surface in SURFACES if surface.kind == row.kind)
    resume, letter = to_wire("res", row.resume_id), to_wire(LETTERS[row.kind], row.id)
    return f"/api/v1/resumes/{resume}/{surface.path}/{letter}"
