"""Where errors of every kind become the documented answer."""

import traceback
from collections.abc import Sequence
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.envelope import Failure
from commands.errors import (
    DomainError,
    InsufficientCredits,
    KeyAlreadyReplaced,
    KeyNameInvalid,
    KeyNotFound,
    LetterNotFound,
    LetterUnderWay,
    LlmSettingsInvalid,
    NoJobDescription,
    NoMasterResume,
    OrganizationNotFound,
    ParsingNotRetryable,
    ResumeNotFound,
    ResumeNotParsed,
    ResumeNotRendered,
    SourceTextMissing,
    SubjectNotFound,
    TooManyWebhooks,
    VersionMismatch,
    VersionNotFound,
    WebhookAddressInvalid,
    WebhookNotFound,
)
from commands.ports import Conflict, RenderingFailed
from render.reading.errors import UnreadableDocument, UnsupportedDocument

log = structlog.get_logger()

STATUS: Final[dict[type[DomainError], int]] = {
    ResumeNotFound: 404,
    SubjectNotFound: 404,
    LetterNotFound: 404,
    VersionMismatch: 412,
    WebhookNotFound: 404,
    TooManyWebhooks: 422,
    WebhookAddressInvalid: 422,
    LetterUnderWay: 409,
    NoJobDescription: 400,
    OrganizationNotFound: 404,
    KeyNotFound: 404,
    KeyNameInvalid: 422,
    KeyAlreadyReplaced: 409,
    LlmSettingsInvalid: 422,
    NoMasterResume: 400,
    InsufficientCredits: 402,
    ResumeNotParsed: 400,
    SourceTextMissing: 400,
    ParsingNotRetryable: 409,
    ResumeNotRendered: 422,
    VersionNotFound: 422,
}

FRAMEWORK: Final[dict[int, str]] = {
    400: "VALIDATION_ERROR",
    404: "NOT_FOUND",
    405: "VALIDATION_ERROR",
    413: "PAYLOAD_TOO_LARGE",
}
"""The codes of what the framework refuses by itself."""
UNFIT_BODIES: Final = "/v1/"
"""Below here a body that is missing is answered like one of the wrong shape: 422."""
NOTHING_HERE: Final = "There is nothing at this path; /docs shows every route."

IN_JSON: Final = {
    "tuple_type": "Input should be a valid array",
    "model_type": "Input should be a valid object",
    "model_attributes_type": "Input should be a valid object",
    "dict_type": "Input should be a valid object",
}
"""How to say in the words of JSON what the validator says in those of Python."""

REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    "default": {"model": Failure, "description": "Refused, with a code and the reason"}
}
"""What the API documentation says about refusals."""


class Problem(HTTPException):
    """A refusal at the edge, with its code."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail or "", headers)
        self.code = code


class WorkFailed(Problem):
    """The work that was asked for failed, and that is on record: to ask again is to begin anew."""


def failure(
    status: int, code: str, detail: str | None = None, headers: dict[str, str] | None = None
) -> JSONResponse:
    """Return the error envelope; without a detail it has one member."""
    body = {"error": code, "detail": detail} if detail else {"error": code}
    return JSONResponse(body, status, headers)


def install(app: FastAPI, *, unreachable: Sequence[type[Exception]] = ()) -> None:
    """Have *app* answer every error in the envelope; *unreachable* tell of a missing database."""

    def away(_: Request, __: Exception) -> JSONResponse:
        return failure(503, "INTERNAL_ERROR", "Database unreachable", {"Retry-After": "1"})

    for kind in unreachable:
        app.add_exception_handler(kind, away)

    @app.exception_handler(DomainError)
    def refused(_: Request, refusal: DomainError) -> JSONResponse:
        return failure(STATUS[type(refusal)], refusal.code, refusal.detail)

    @app.exception_handler(HTTPException)
    def refused_by_framework(request: Request, error: HTTPException) -> JSONResponse:
        code = error.code if isinstance(error, Problem) else FRAMEWORK.get(error.status_code)
        headers = dict(error.headers or {})
        detail = error.detail
        if error.status_code == 405:
            headers["Allow"] = methods_of(app, request.url.path) or headers["Allow"]
            detail = f"This path takes {headers['Allow']}."
        elif error.status_code == 404 and not isinstance(error, Problem):
            detail = NOTHING_HERE
        return failure(error.status_code, code or "INTERNAL_ERROR", detail, headers)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        request.state.issues = [_issue(found) for found in error.errors()]
        status, code, detail = validation_failure(error.errors())
        unfit = status == 400 and request.url.path.startswith(UNFIT_BODIES)
        return failure(422 if unfit else status, code, detail)

    _install_documents(app)


def _install_documents(app: FastAPI) -> None:
    """Answer for documents that come in or go out, and for changes that met."""

    @app.exception_handler(UnsupportedDocument)
    def not_supported(_: Request, error: UnsupportedDocument) -> JSONResponse:
        return failure(415, "FILE_NOT_SUPPORTED", str(error))

    @app.exception_handler(UnreadableDocument)
    def unreadable(_: Request, error: UnreadableDocument) -> JSONResponse:
        return failure(422, "UNPROCESSABLE", str(error))

    @app.exception_handler(RenderingFailed)
    def not_rendered(_: Request, error: RenderingFailed) -> JSONResponse:
        log.error("rendering failed", reason=str(error))
        return failure(503, "PDF_RENDER_FAILED", "The PDF could not be made; please try again.")

    @app.exception_handler(Conflict)
    def conflict(_: Request, __: Conflict) -> JSONResponse:
        return failure(409, "CONFLICT", "The resume was changed at the same time; try again.")

    app.add_middleware(LastResort)


def methods_of(app: FastAPI, path: str) -> str:
    """Return every method of a path; the framework names those of one route only."""
    methods = {
        method.upper()
        for template, operations in app.openapi()["paths"].items()
        if compile_path(template)[0].match(path)
        for method in operations
    }
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def validation_failure(issues: Sequence[Any]) -> tuple[int, str, str]:
    """Return status, code and detail for invalid input: all issues as `path: message`.

    A body that is no JSON is 400, anything else 422.
    """
    if any(issue["type"] in {"json_invalid", "missing"} and _is_body(issue) for issue in issues):
        return 400, "VALIDATION_ERROR", "Invalid JSON body"
    described = "; ".join(
        f"{'.'.join(str(part) for part in issue['loc'][1:])}: {_said(issue)}" for issue in issues
    )
    return 422, "VALIDATION_ERROR", described


def _issue(found: Any) -> dict[str, str]:
    """Return what is wrong and where: a JSON pointer into the body, or the name of a parameter."""
    place, *path = (str(part) for part in found["loc"])
    if place != "body":
        return {"parameter": ".".join(path), "detail": _said(found)}
    steps = (step.replace("~", "~0").replace("/", "~1") for step in path)
    return {"pointer": "".join(f"/{step}" for step in steps), "detail": _said(found)}


def _is_body(issue: Any) -> bool:
    return issue["type"] == "json_invalid" or tuple(issue["loc"]) == ("body",)


def _said(issue: Any) -> str:
    return IN_JSON.get(issue["type"]) or str(issue["msg"]).removeprefix("Value error, ")


class LastResort:
    """Answers what nobody foresaw with a bare 500, and logs where it came from."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        answering = False

        async def send_noting(message: Message) -> None:
            nonlocal answering
            answering = True
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        except Exception as error:
            if scope["type"] != "http" or answering:
                raise
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error(  # noqa: TRY400 the message may quote a resume
                "unexpected error",
                path=scope["path"],
                request=scope["state"]["request_id"],
                kind=type(error).__name__,
                where=where,
            )
            response = failure(500, "INTERNAL_ERROR", "Something went wrong on our side.")
            await response(scope, receive, send)
