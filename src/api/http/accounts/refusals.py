"""How refusals under `/api/auth` look: a message for people, a code for programs."""

from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from api.account_views import TooManyTries
from api.http import problems
from api.http.problems import FRAMEWORK, Problem, validation_failure
from commands.accounts import refusals as no
from commands.errors import DomainError
from commands.ports import Conflict

STATUS: Final[dict[type[no.AccountRefusal], int]] = {
    no.UserExists: 422,
    no.SignUpClosed: 400,
    no.PasswordTooShort: 400,
    no.PasswordTooLong: 400,
    no.PasswordTooCommon: 400,
    no.WrongCredentials: 401,
    no.WrongPassword: 400,
    no.UserNotFound: 404,
    no.TokenInvalid: 400,
    no.CodeInvalid: 401,
    no.BackupCodeInvalid: 401,
    no.TwoFactorNotEnabled: 400,
    no.NoActiveOrganization: 400,
    no.SlugTaken: 400,
    no.NotAMember: 403,
    no.OnlyAdminsUpdate: 403,
    no.OnlyAdminsDelete: 403,
    no.OnlyAdminsInvite: 403,
    no.OnlyAdminsCancel: 403,
    no.OnlyAdminsChangeRoles: 403,
    no.OnlyAdminsRemove: 401,
    no.OnlyAdminsManageKeys: 403,
    no.MemberNotFound: 400,
    no.LastAdminStays: 400,
    no.TooManyMembers: 403,
    no.TooManyInvitations: 403,
    no.AlreadyMember: 400,
    no.AlreadyInvited: 400,
    no.InvitationNotFound: 400,
    no.NotTheRecipient: 403,
    no.EmailNotVerified: 403,
}

REFUSALS: Final = (
    DomainError,
    HTTPException,
    RequestValidationError,
    TooManyTries,
    Conflict,
)
"""What a route about accounts answers for itself."""


class Refusal(BaseModel):
    """An unsuccessful answer: a sentence that helps and a code to branch on."""

    message: str = Field(examples=["The e-mail address or the password is wrong."])
    code: str = Field(examples=["INVALID_EMAIL_OR_PASSWORD"])


REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    "default": {"model": Refusal, "description": "Refused, with a code and the reason"}
}
"""What the API documentation says about refusals."""


def told(error: Exception) -> tuple[int, str, str, dict[str, str]]:
    """Return status, code, message and headers for one of `REFUSALS`."""
    match error:
        case no.AccountRefusal():
            return STATUS[type(error)], error.code, error.detail, {}
        case DomainError():
            return problems.STATUS[type(error)], error.code, error.detail, {}
        case RequestValidationError():
            _, code, message = validation_failure(error.errors())
            return 400, code, message, {}
        case TooManyTries():
            seconds = str(error.retry_after_s)
            message = "Too many requests. Please try again later."
            headers = {"X-Retry-After": seconds, "Retry-After": seconds}
            return 429, "TOO_MANY_REQUESTS", message, headers
        case Problem():
            return error.status_code, error.code, error.detail, dict(error.headers or {})
        case HTTPException():
            code = FRAMEWORK.get(error.status_code, "FAILED")
            return error.status_code, code, error.detail, dict(error.headers or {})
        case _:
            return 409, "CONFLICT", "Somebody changed it at the same time; try again.", {}


def answer(error: Exception) -> JSONResponse:
    """Return the answer to one of `REFUSALS`."""
    status, code, message, headers = told(error)
    return JSONResponse({"message": message, "code": code}, status, headers)
