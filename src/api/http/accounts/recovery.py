"""Ways back in: a new password by mail, and the proof that an e-mail address is one's own."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse

from api.http.accounts.fields import Email, Password
from api.http.accounts.guard import AccountRoute, Accounts, Anybody
from api.http.accounts.refusals import REFUSED
from api.http.accounts.returning import safe_return, with_query
from api.http.accounts.shapes import Done
from api.http.accounts.sign_in import MagicLinkBody
from api.http.accounts.tries import MAILS_TO_ONE
from api.http.bodies import Body
from api.http.guard import Running
from commands.accounts.credentials import ResetPassword
from commands.accounts.password_rules import check_new_password
from commands.accounts.profile import VerifyEmail
from commands.accounts.refusals import TokenInvalid

router = APIRouter(
    prefix="/api/auth", tags=["Accounts"], route_class=AccountRoute, responses=REFUSED
)

Callback = Annotated[str | None, Query(alias="callbackURL")]


class ResetRequestBody(Body):
    """Whose password to reset, and where the mailed link leads in the end."""

    email: Email
    redirectTo: str | None = None  # noqa: N815 as clients send it


class ResetBody(Body):
    """The new password, by right of a mailed token."""

    newPassword: Password  # noqa: N815 as clients send it
    token: str | None = None


class Asked(Done):
    """A mail is on its way, if there is somebody to get it."""

    message: str = "If there is an account with this address, a link was sent to it."


@router.post("/request-password-reset")
def request_password_reset(body: ResetRequestBody, running: Running, cases: Accounts) -> Asked:
    """Mail a link to choose a new password, if there is such an account; nobody is told."""
    return_to = safe_return(body.redirectTo or "/reset-password", running)
    counted = cases.digests.of_caller("mail", cases.digests.of_email(body.email))
    cases.throttle.spend(counted, MAILS_TO_ONE)
    cases.users.mail("reset-password", body.email, return_to)
    return Asked()


@router.get("/reset-password/{token}", status_code=302, response_class=RedirectResponse)
def follow_reset_link(
    token: str, running: Running, cases: Accounts, callback: Callback = None
) -> RedirectResponse:
    """Lead on to where the new password is typed; the token stays good until it is."""
    return_to = safe_return(callback or "/reset-password", running)
    good = cases.tokens.look("reset-password", token, now=running.clock())
    more = {"token": token} if good else {"error": "INVALID_TOKEN"}
    return RedirectResponse(with_query(return_to, **more), 302)


@router.post("/reset-password")
def reset_password(
    body: ResetBody,
    visitor: Anybody,
    running: Running,
    cases: Accounts,
    token: Annotated[str, Query(max_length=100)] = "",
) -> Done:
    """Set the new password and end every session; the link is good no more."""
    check_new_password(body.newPassword, email="")
    given, now = body.token or token, running.clock()
    user_id = cases.tokens.take("reset-password", given, now=now)
    if user_id is None:
        raise TokenInvalid
    command = ResetPassword(user_id, body.newPassword, "reset")
    cases.users.credentials.reset(command, visitor.acting(user_id))
    cases.sessions.end_all(user_id)
    cases.tokens.drop(user_id)
    return Done()


@router.post("/send-verification-email")
def send_verification_email(body: MagicLinkBody, running: Running, cases: Accounts) -> Done:
    """Mail a link that verifies the address, if there is such an account; nobody is told."""
    return_to = safe_return(body.callbackURL, running)
    counted = cases.digests.of_caller("mail", cases.digests.of_email(body.email))
    cases.throttle.spend(counted, MAILS_TO_ONE)
    cases.users.mail("verify-email", body.email, return_to)
    return Done()


@router.get("/verify-email", status_code=302, response_class=RedirectResponse)
def verify_email(
    visitor: Anybody,
    running: Running,
    cases: Accounts,
    token: Annotated[str, Query(max_length=100)] = "",
    callback: Callback = None,
) -> RedirectResponse:
    """Hold the address for verified; the link works once, within 24 hours."""
    return_to = safe_return(callback, running)
    user_id = cases.tokens.take("verify-email", token, now=running.clock())
    if user_id is None:
        return RedirectResponse(with_query(return_to, error="INVALID_TOKEN"), 302)
    cases.users.verify_email(VerifyEmail(user_id), visitor.acting(user_id))
    return RedirectResponse(return_to, 302)
