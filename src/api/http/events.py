"""What happened in an organization: as a list to catch up with, and as it happens."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from api.happenings import Happening, Page, SubjectKind, topic_of, type_of
from api.http.envelope import Data
from api.http.guard import SCHEMES, Caller, KeyHolder, KeyRoute, Running, needs
from api.http.params import MAX_LIMIT, NOBODYS
from api.http.problems import REFUSED, Problem
from api.ids import from_wire
from api.runtime import Runtime
from events.catalogue import CATALOGUE

router = APIRouter(
    prefix="/api/v1/events",
    tags=["Events"],
    route_class=KeyRoute,
    dependencies=SCHEMES,
    responses=REFUSED,
)

HEARTBEAT_S: Final = 15.0
LOOK_S: Final = 1.0
"""How late the end of the server ends a stream."""
PAGE: Final = 100
MOST_STREAMS: Final = 20
"""So many may an organization have open at once at one process."""
LAST: Final = 2**62
KNOWN: Final = "|".join(sorted(type_of(topic).replace(".", r"\.") for topic in CATALOGUE))

STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Server-sent events, until the client ends them",
        "content": {
            "text/event-stream": {
                "example": 'id: 42\nevent: resume.tailored\ndata: {"type": "resume.tailored"}\n\n'
            }
        },
    }
}


class Subject(BaseModel):
    """What an event is about."""

    kind: SubjectKind
    id: str


class EventData(BaseModel):
    """Which event it is. `position` is its place in the log: larger is later."""

    id: str
    position: int
    subject: Subject
    version: int


class EventRecord(BaseModel):
    """One event, as webhooks and streams tell it, too."""

    type: str
    timestamp: str
    data: EventData


class Wanted:
    """Which events a request asks for."""

    def __init__(
        self,
        caller: KeyHolder,
        types: Annotated[
            str | None,
            Query(
                description="Only these types, by commas: `resume.tailored,…`",
                json_schema_extra={"pattern": f"^({KNOWN})(,({KNOWN}))*$"},
            ),
        ] = None,
        resume_id: Annotated[str | None, Query(description="Only about this resume")] = None,
    ) -> None:
        self.organization_id = caller.organization_id
        self.topics = None if types is None else [_known(name) for name in types.split(",")]
        self.stream_id: UUID | None = None
        if resume_id is not None:
            self.stream_id = from_wire("res", resume_id) or NOBODYS

    def page(self, running: Runtime, after: int, limit: int) -> Page:
        """Return what was asked for and comes after a position."""
        return running.feed.page(
            self.organization_id,
            after=after,
            limit=limit,
            topics=self.topics,
            stream_id=self.stream_id,
        )


def _known(name: str) -> str:
    topic = topic_of(name.strip())
    if topic not in CATALOGUE:
        some = ", ".join(sorted(type_of(topic) for topic in CATALOGUE)[:5])
        detail = f"types: {name.strip()!r} is no type of event; known are {some}, …"
        raise Problem(422, "VALIDATION_ERROR", detail)
    return topic


Asked = Annotated[Wanted, Depends()]


@router.get("", openapi_extra=needs("read"))
def list_events(
    request: Request,
    response: Response,
    running: Running,
    wanted: Asked,
    after: Annotated[int, Query(ge=0, le=LAST, description="Position to begin after")] = 0,
    limit: Annotated[int, Query(description="1 to 100")] = 50,
) -> Data[list[EventRecord]]:
    """List events, oldest first. `Link: rel="next"` leads on, also from an empty page."""
    page = wanted.page(running, after, min(max(limit, 1), MAX_LIMIT))
    if page.happenings or not page.at_end:
        url = request.url.include_query_params(after=page.looked_to)
        response.headers["link"] = f'<{url.path}?{url.query}>; rel="next"'
    return Data(data=[EventRecord(**happening.body()) for happening in page.happenings])


@router.get(
    "/stream", openapi_extra=needs("read"), responses=STREAM, response_class=StreamingResponse
)
async def stream_events(
    request: Request,
    caller: KeyHolder,
    running: Running,
    wanted: Asked,
    last_event_id: Annotated[
        int | None, Query(ge=0, le=LAST, description="As the header Last-Event-ID")
    ] = None,
) -> Response:
    """Tell events as they happen, from now on or after the one that `Last-Event-ID` names."""
    given = request.headers.get("last-event-id", "").strip()
    if given and not (given.isdecimal() and int(given) <= LAST):
        raise Problem(422, "VALIDATION_ERROR", "Last-Event-ID: must be the id of an event")
    after = int(given) if given else last_event_id
    if after is None:
        after = await run_in_threadpool(running.feed.head)
    open_streams: Counter[UUID] = request.app.state.open_streams
    if open_streams[caller.organization_id] >= MOST_STREAMS:
        detail = f"At most {MOST_STREAMS} streams can be open at once; close one."
        raise Problem(429, "RATE_LIMITED", detail, {"retry-after": "1"})
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    if request.state.head_only:
        return Response(headers=headers, media_type="text/event-stream")
    told = _told(request, caller, running, wanted, after)
    return StreamingResponse(told, headers=headers, media_type="text/event-stream")


async def _told(
    request: Request, caller: Caller, running: Runtime, wanted: Wanted, after: int
) -> AsyncIterator[bytes]:
    with _counted(request.app.state.open_streams, caller.organization_id):
        yield b"retry: 1000\n\n"
        silent_s = 0.0
        while not request.app.state.closing:
            read = partial(wanted.page, running, after, PAGE)
            page = await running.feed.next(read, timeout_s=LOOK_S)
            for happening in page.happenings:
                yield _line(happening)
            after = max(after, page.looked_to)
            silent_s = 0.0 if page.happenings else silent_s + LOOK_S
            if silent_s >= HEARTBEAT_S:
                silent_s = 0.0
                # The id alone moves what the client will name when it comes back.
                yield f": still here\nid: {after}\n\n".encode()
                now = running.clock()
                if not await run_in_threadpool(running.door.is_open, caller.key_id, now):
                    return


def _line(happening: Happening) -> bytes:
    body = json.dumps(happening.body(), separators=(",", ":"))
    return f"id: {happening.position}\nevent: {happening.type}\ndata: {body}\n\n".encode()


@contextmanager
def _counted(open_streams: Counter[UUID], organization_id: UUID) -> Iterator[None]:
    open_streams[organization_id] += 1
    try:
        yield
    finally:
        open_streams[organization_id] -= 1
        if not open_streams[organization_id]:
            del open_streams[organization_id]
