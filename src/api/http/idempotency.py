"""`Idempotency-Key`: a request that comes again is answered as it was the first time.

As draft-ietf-httpapi-idempotency-key-header-07 has it. A request that was refused leaves no trace;
one that failed is gone on with by the next under its key, so that nothing is done or charged
twice.
"""

import asyncio
import hashlib
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic_core import from_json
from starlette.exceptions import HTTPException
from starlette.types import Message

from api.account_views import TooManyTries
from api.http.problems import Problem, WorkFailed
from api.http.turns import Turn
from api.operations import (
    Answer,
    AnswerErased,
    Claim,
    Operation,
    OperationDiffers,
    OperationInFlight,
    Operations,
)
from api.runtime import Runtime
from commands.errors import DomainError
from commands.ports import Conflict
from render.reading.errors import UnreadableDocument, UnsupportedDocument

HEADER: Final = "idempotency-key"
RENEWED_AFTER_S: Final = 3.0
KEPT_HEADERS: Final = (
    "content-type",
    "content-disposition",
    "x-generation-id",
    "x-render-fallback",
    "location",
    "etag",
    "link",
    "preference-applied",
    "retry-after",
    "set-cookie",
)
REFUSALS: Final = (
    DomainError,
    RequestValidationError,
    Conflict,
    UnreadableDocument,
    UnsupportedDocument,
    TooManyTries,
)
"""What says no before anything is done."""

_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
_KEY: Final = re.compile(r"[\x20-\x7e]{1,255}")
_BOUNDARY: Final = re.compile(r'boundary="?([^";]+)', re.IGNORECASE)

Handle = Callable[[Request], Awaitable[Response]]
Slow = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A request that may come again: whose its key is, and for what its answer is sealed.

    The answer is sealed for what was recorded about; for `about` if nothing was, or if the
    request `erases` that. A body with a password is compared by a `slow` hash of it.
    """

    owner_id: UUID
    route: str
    about: UUID
    erases: bool = False
    slow: Slow | None = None


def key_in(header: str) -> str:
    """Return the key, written as a structured field's string or bare.

    Raises:
        Problem: it is not 1 to 255 printable ASCII characters.

    """
    quoted = _QUOTED.fullmatch(header.strip())
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else header.strip()
    if not _KEY.fullmatch(key):
        raise Problem(
            400, "VALIDATION_ERROR", "Idempotency-Key: must be 1 to 255 printable ASCII characters"
        )
    return key


async def once(
    request: Request,
    header: str,
    repeatable: Repeatable,
    begin: Callable[[Turn], None],
    handle: Handle,
) -> Response:
    """Handle a request unless that was done before; then answer the same again.

    *begin* is told by which claim before *handle* is called.

    Raises:
        Problem: the key is malformed (400), its request is under way (409), it was used for
            another request (422), or what was made then has been erased (404).

    """
    running: Runtime = request.app.state.running
    body = await request.body()
    operation = Operation(
        owner_id=repeatable.owner_id,
        route=f"{request.method} {repeatable.route}",
        key=key_in(header),
        fingerprint=await run_in_threadpool(fingerprint, request, body, repeatable.slow),
    )
    claim = await run_in_threadpool(_claimed, running, operation)
    if isinstance(claim, Answer):
        headers = {**claim.headers, "idempotent-replayed": "true"}
        return Response(claim.body, claim.status, headers)
    begin(Turn(claim))
    async with _held(running.operations, claim, running.new_id):
        response = await handle(Request(request.scope, _receiving(body)))
    kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    answer = Answer(response.status_code, kept, bytes(response.body))
    keep = partial(running.operations.finish, erased=repeatable.erases)
    await run_in_threadpool(keep, claim, answer, repeatable.about)
    return response


def fingerprint(request: Request, body: bytes, slow: Slow | None = None) -> bytes:
    """Return what tells a request from another: JSON by value, forms but for their boundary."""
    kind = request.headers.get("content-type", "")
    boundary = _BOUNDARY.search(kind)
    if kind.lower().startswith("multipart/") and boundary:
        body = body.replace(boundary[1].encode("latin-1"), b"")
    elif body:
        with suppress(ValueError):  # what is no JSON will be refused, and forgotten
            body = json.dumps(from_json(body), sort_keys=True).encode()
    condition = request.headers.get("if-match", "")
    name = f"{request.method}\0{request.url.path}\0{request.url.query}\0{condition}\0"
    digest = hashlib.sha256(name.encode() + body).digest()
    return slow(digest) if slow else digest


def _claimed(running: Runtime, operation: Operation) -> Claim | Answer:
    try:
        return running.operations.claim(operation, running.new_id())
    except OperationInFlight:
        detail = "The same request is being worked on; ask again in a moment."
        raise Problem(409, "CONFLICT", detail, {"retry-after": "1"}) from None
    except OperationDiffers:
        detail = "The Idempotency-Key was used for another request; use a new one."
        raise Problem(422, "UNPROCESSABLE", detail) from None
    except AnswerErased:
        raise _erased() from None


def _erased() -> Problem:
    detail = "This request was done before; what it made has been erased."
    return Problem(404, "NOT_FOUND", detail)


@asynccontextmanager
async def _held(
    operations: Operations, claim: Claim, new_id: Callable[[], UUID]
) -> AsyncIterator[None]:
    """Hold the claim meanwhile; after a failure leave it to the next request."""
    renewing = asyncio.create_task(_renew(operations, claim))
    try:
        yield
    except WorkFailed:
        await run_in_threadpool(operations.begin_anew, claim, new_id())
        raise
    except AnswerErased:
        await run_in_threadpool(operations.release, claim)
        raise _erased() from None
    except REFUSALS:
        await run_in_threadpool(operations.withdraw, claim)
        raise
    except HTTPException as error:
        leave = operations.withdraw if error.status_code < 500 else operations.release
        await run_in_threadpool(leave, claim)
        raise
    except Exception:
        await run_in_threadpool(operations.release, claim)
        raise
    finally:
        renewing.cancel()


async def _renew(operations: Operations, claim: Claim) -> None:
    while True:
        await asyncio.sleep(RENEWED_AFTER_S)
        await run_in_threadpool(operations.renew, claim)


def _receiving(body: bytes) -> Callable[[], Awaitable[Message]]:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
