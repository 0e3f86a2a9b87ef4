"""What holds for every request: an id, a limit on its body, safe headers."""

import re
import time
from collections.abc import MutableMapping
from typing import Any, Final
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.admissions import Allowance
from api.http.problems import Problem, failure

FORM_OVERHEAD_BYTES: Final = 64 * 1024
REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")

SAFE_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
}


def limits_of(allowance: Allowance | None) -> dict[str, str]:
    """Return the headers that tell how many requests are left, in both usual spellings.

    `RateLimit` as draft-ietf-httpapi-ratelimit-headers-10 has it.
    """
    if allowance is None:
        return {}
    left_s = max(0, allowance.resets_at - int(time.time()))
    told = {
        "x-ratelimit-limit": str(allowance.quota),
        "x-ratelimit-remaining": str(allowance.left),
        "x-ratelimit-reset": str(allowance.resets_at),
        "ratelimit-policy": f'"plan";q={allowance.quota};w=60',
        "ratelimit": f'"plan";r={allowance.left};t={left_s}',
    }
    if allowance.retry_after_s:
        told["retry-after"] = str(allowance.retry_after_s)
    return told


class RequestIds:
    """Gives each request an id, its own if it brought a sane one, and answers with it.

    The answer also tells how much room is left for more, and what else a route has told.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else f"req_{uuid4().hex}"
        state: MutableMapping[str, Any] = scope.setdefault("state", {})
        state["request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                for name, value in SAFE_HEADERS.items():
                    headers.setdefault(name, value)
                told = {**limits_of(state.get("allowance")), **state.get("told", {})}
                for name, value in told.items():
                    headers[name] = value
            await send(message)

        await self.app(scope, receive, send_with_id)


class BodyLimit:
    """Refuses bodies over a limit without taking them in: 413, by declared or by real length."""

    def __init__(self, app: ASGIApp, *, max_document_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_document_bytes + FORM_OVERHEAD_BYTES
        self.detail = f"File size exceeds the {max_document_bytes // 2**20} MB limit"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdigit() and int(declared) > self.max_bytes:
            response = failure(413, "PAYLOAD_TOO_LARGE", self.detail)
            await response(scope, receive, send)
            return
        taken = 0

        async def receive_some() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.max_bytes:
                raise Problem(413, "PAYLOAD_TOO_LARGE", self.detail)
            return message

        await self.app(scope, receive_some, send)


class HeadAsGet:
    """Answers HEAD on every GET route, without the body; routes see `state.head_only`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, as a GET if it was a HEAD."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        head_only = scope["method"] == "HEAD"
        scope.setdefault("state", {})["head_only"] = head_only

        async def send_headers(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {"type": "http.response.body", "body": b"", "more_body": False}
            await send(message)

        if head_only:
            await self.app({**scope, "method": "GET"}, receive, send_headers)
        else:
            await self.app(scope, receive, send)
