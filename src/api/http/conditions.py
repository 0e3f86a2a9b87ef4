"""ETag, If-None-Match and If-Match (RFC 9110 §8.8.3, §13): versions as clients see them.

The tag of a resource that has a stream is `"<version>.<digest>"`: its version in the log, which
If-Match compares, and a digest of what was sent, since a representation also shows what other
streams tell, such as which resume is the master. Other resources have the digest alone.
"""

import hashlib
import re
from dataclasses import replace
from typing import Annotated, Final

from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from api.admissions import Admission
from api.http.problems import Problem
from api.runtime import Runtime
from commands.finding import Versions

_TAG: Final = re.compile(r'(W/)?"([^"]*)"')
_TAGS: Final = re.compile(r'(W/)?"[^"]*"(\s*,\s*(W/)?"[^"]*")*')
_VERSIONED: Final = re.compile(r"(\d{1,9})\.[0-9a-f]+")
TOLD_UNCHANGED: Final = ("etag", "cache-control", "link", "content-location")


class Stamp:
    """Tells which version of its stream an answer shows."""

    def __init__(self, request: Request) -> None:
        self._state = request.state

    def at(self, version: int) -> None:
        """Say that the answer shows this version."""
        self._state.version = version


Stamped = Annotated[Stamp, Depends()]


def _expected(request: Request) -> Versions | None:
    tags = tags_in(request.headers.get("if-match"))
    if tags is None:
        return None
    return frozenset(int(found[1]) for tag in tags if (found := _VERSIONED.fullmatch(tag)))


Expected = Annotated[Versions | None, Depends(_expected)]
"""The versions that If-Match names; None where it is missing or `*`."""


def tags_in(header: str | None) -> frozenset[str] | None:
    """Return the strong tags in If-Match without their quotes; None if any will do.

    Raises:
        Problem: the header is malformed.

    """
    if header is None or header.strip() == "*":
        return None
    if not _TAGS.fullmatch(header.strip()):
        raise Problem(400, "VALIDATION_ERROR", 'If-Match: must be * or tags such as "7.0f3c"')
    return frozenset(tag for weak, tag in _TAG.findall(header) if not weak)


def digest_of(content: bytes) -> str:
    """Return what tells a representation from others."""
    return hashlib.blake2b(content, digest_size=10).hexdigest()


def is_known(request: Request, tag: str) -> bool:
    """Tell whether If-None-Match names this tag, given without quotes, or any."""
    header = request.headers.get("if-none-match")
    if header is None:
        return False
    return header.strip() == "*" or tag in {known for _, known in _TAG.findall(header)}


async def answer(request: Request, admission: Admission, response: Response) -> Response:
    """Tag an answer, and send nothing that the client has; that costs it no request."""
    is_read = request.method == "GET"
    version: int | None = getattr(request.state, "version", None)
    streamed = isinstance(response, StreamingResponse)
    if response.status_code == 200 and not streamed and (is_read or version is not None):
        response = _tagged(request, response, version, is_read=is_read)
    if response.status_code == 304 and admission.allowance is not None:
        running: Runtime = request.app.state.running
        allowance = admission.allowance
        await run_in_threadpool(running.door.give_back, admission.organization_id, allowance)
        request.state.allowance = replace(allowance, left=allowance.left + 1)
    return response


def _tagged(
    request: Request, response: Response, version: int | None, *, is_read: bool
) -> Response:
    if "etag" not in response.headers:
        digest = digest_of(bytes(response.body))
        response.headers["etag"] = f'"{digest}"' if version is None else f'"{version}.{digest}"'
    response.headers.setdefault("cache-control", "private, no-cache")
    if is_read and is_known(request, response.headers["etag"].strip('"')):
        kept = {n: response.headers[n] for n in TOLD_UNCHANGED if n in response.headers}
        return Response(status_code=304, headers=kept)
    return response
