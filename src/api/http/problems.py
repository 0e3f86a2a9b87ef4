"""Where errors of every kind become the documented answer."""

from collections.abc import Sequence
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from commands.errors import (
    DomainError,
    KeyNotFound,
    NoMasterResume,
    OrganizationNotFound,
    ParsingNotRetryable,
    ResumeNotFound,
    ResumeNotParsed,
    ResumeNotRendered,
    SourceTextMissing,
    VersionNotFound,
)
from commands.ports import Conflict, RenderingFailed
from render.reading.errors import UnreadableDocument, UnsupportedDocument

log = structlog.get_logger()

STATUS: Final[dict[type[DomainError], int]] = {
    ResumeNotFound: 404,
    OrganizationNotFound: 404,
    KeyNotFound: 404,
    NoMasterResume: 400,
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


class Problem(HTTPException):
    """A refusal at the edge, with its code."""

    def __init__(self, status: int, code: str, detail: str | None = None) -> None:
        super().__init__(status, detail or "")
        self.code = code


def failure(
    status: int, code: str, detail: str | None = None, headers: dict[str, str] | None = None
) -> JSONResponse:
    """Return the error envelope; without a detail it has one member."""
    body = {"error": code, "detail": detail} if detail else {"error": code}
    return JSONResponse(body, status, headers)


def install(app: FastAPI) -> None:
    """Have *app* answer every error in the envelope."""

    @app.exception_handler(DomainError)
    def refused(_: Request, refusal: DomainError) -> JSONResponse:
        return failure(STATUS[type(refusal)], refusal.code, refusal.detail)

    @app.exception_handler(HTTPException)
    def refused_by_framework(_: Request, error: HTTPException) -> JSONResponse:
        code = error.code if isinstance(error, Problem) else FRAMEWORK.get(error.status_code)
        headers = dict(error.headers) if error.headers else None
        return failure(error.status_code, code or "INTERNAL_ERROR", error.detail, headers)

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return failure(*validation_failure(error.errors()))

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

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> JSONResponse:
        log.error("unexpected error", path=request.url.path, kind=type(error).__name__)
        return failure(500, "INTERNAL_ERROR", "Something went wrong on our side.")


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


def _is_body(issue: Any) -> bool:
    return issue["type"] == "json_invalid" or tuple(issue["loc"]) == ("body",)


def _said(issue: Any) -> str:
    return str(issue["msg"]).removeprefix("Value error, ")
