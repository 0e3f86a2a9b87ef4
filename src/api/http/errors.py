"""Errors for whoever wants more than a code: problem details (RFC 9457), and a page for each."""

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from jinja2 import Environment, Template
from markdown_it import MarkdownIt
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.accounts.faces import face_of
from api.http.accounts.pages import POLICY
from api.http.error_codes import CODES, ErrorCode
from api.http.problems import Problem

router = APIRouter(prefix="/errors", include_in_schema=False)

PROBLEM: Final = "application/problem+json"
_TYPE: Final = re.compile(r"\s*([\w.+*-]+/[\w.+*-]+)\s*(?:;[^,]*?q=([\d.]+))?[^,]*")


@router.get("", response_class=HTMLResponse)
def all_errors() -> HTMLResponse:
    """Show every code there is."""
    return _page("Errors", CODES)


@router.get("/{code}", response_class=HTMLResponse)
def one_error(code: str) -> HTMLResponse:
    """Show what a code means."""
    told = CODES.get(code.upper())
    if told is None:
        raise Problem(404, "NOT_FOUND", "There is no such error.")
    return _page(code.upper(), {code.upper(): told})


def _page(title: str, codes: dict[str, ErrorCode]) -> HTMLResponse:
    return HTMLResponse(_template().render(title=title, codes=codes.items()), headers=POLICY)


@cache
def _template() -> Template:
    source = (files("api.http") / "errors.html.j2").read_text("utf-8")
    environment = Environment(autoescape=True, trim_blocks=True)
    environment.filters["inline"] = MarkdownIt("commonmark", {"html": False}).renderInline
    return environment.from_string(source)


def prefers_details(accept: str) -> bool:
    """Tell whether an Accept header asks for problem details at least as much as for JSON."""
    wanted = {kind.lower(): float(quality or 1) for kind, quality in _TYPE.findall(accept)}
    details = wanted.get(PROBLEM, 0.0)
    return details > 0 and details >= wanted.get("application/json", 0.0)


class ProblemDetails:
    """Links every error to its page, and answers with problem details who asks for them.

    Everybody else gets the envelope with its two members; beside routes that show errors
    otherwise it is turned into what those show.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        detailed = prefers_details(Headers(scope=scope).get("accept", ""))
        begun: list[Message] = []

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_failure(message):
                begun.append(message)
                return
            if not begun:
                await send(message)
                return
            start, body = begun.pop(), message.get("body", b"")
            failure = _failure_in(body)
            if failure is not None:
                headers = MutableHeaders(scope=start)
                face = face_of(scope["path"])
                if face is not None:
                    body = json.dumps(face(failure), ensure_ascii=False).encode()
                else:
                    headers["link"] = f'</errors/{failure["error"]}>; rel="help"'
                if detailed and face is None:
                    body = _details(failure, start["status"], scope)
                    headers["content-type"] = PROBLEM
                headers["content-length"] = str(len(body))
            await send(start)
            await send({**message, "body": body})

        await self.app(scope, receive, send_told)


def _is_failure(message: Message) -> bool:
    kind = MutableHeaders(scope=message).get("content-type", "")
    return message["status"] >= 400 and kind.startswith("application/json")


def _failure_in(body: bytes) -> dict[str, Any] | None:
    """Return the envelope in a body; None for what has another shape already."""
    found = json.loads(body) if body else None
    return found if isinstance(found, dict) and found.get("error") in CODES else None


def _details(failure: dict[str, Any], status: int, scope: Scope) -> bytes:
    code = CODES[failure["error"]]
    state = scope.get("state", {})
    problem: dict[str, Any] = {
        "type": f"/errors/{failure['error']}",
        "title": code.title,
        "status": status,
        "detail": failure.get("detail", code.advice),
        "code": failure["error"],
        "retryable": code.again,
        "request_id": state.get("request_id"),
    }
    if issues := state.get("issues"):
        problem["errors"] = issues
    return json.dumps(problem, ensure_ascii=False).encode()
