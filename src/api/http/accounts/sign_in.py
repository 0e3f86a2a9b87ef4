"""Signing up, in and out."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from api.http.accounts.fields import Email, Password, PersonName
from api.http.accounts.guard import AccountRoute, Accounts, Anybody, cookies_of
from api.http.accounts.refusals import REFUSED
from api.http.accounts.repeating import repeatable
from api.http.accounts.returning import safe_return, with_query
from api.http.accounts.shapes import Done, Success
from api.http.accounts.signing_in import (
    SecondStep,
    Signed,
    ask_second_step,
    begin_session,
    needs_second_step,
    signed,
)
from api.http.accounts.tries import MAILS_TO_ONE, counted
from api.http.bodies import Body
from api.http.guard import Running
from commands.accounts.credentials import CheckCredentials
from commands.accounts.profile import VerifyEmail
from commands.accounts.refusals import UserExists
from commands.accounts.sign_up import SignUp

router = APIRouter(
    prefix="/api/auth", tags=["Accounts"], route_class=AccountRoute, responses=REFUSED
)


class SignUpBody(Body):
    """A new account."""

    name: PersonName
    email: Email
    password: Password


class SignInBody(Body):
    """What a person knows."""

    email: Email
    password: Password
    callbackURL: str | None = None  # noqa: N815 as clients send it
    rememberMe: bool = True  # noqa: N815 same


class MagicLinkBody(Body):
    """Where to send a link."""

    email: Email
    callbackURL: str | None = None  # noqa: N815 as clients send it


class Ok(BaseModel):
    """The server answers."""

    ok: bool = True


@router.get("/ok")
def is_ok() -> Ok:
    """Tell that the server answers."""
    return Ok()


@router.post("/sign-up/email", openapi_extra=repeatable("address"))
def sign_up(
    body: SignUpBody, visitor: Anybody, running: Running, cases: Accounts, response: Response
) -> Signed:
    """Open an account with an organization of its own, and sign in."""
    user_id, organization_id = visitor.turn.id_for(running.new_id), running.new_id()
    command = SignUp(
        user_id=user_id,
        email=body.email,
        email_digest=cases.digests.of_email(body.email),
        name=body.name,
        password=body.password,
        open=running.settings.sign_up_is_open,
    )
    origin = visitor.acting(user_id, organization_id)
    visitor.turn.apply(cases.users.sign_up, command, origin)
    user = cases.users.find(user_id)
    if user.second_factor is not None:  # one was set up since the request came first
        raise UserExists
    return signed(begin_session(visitor, user, running, response, remember=True), user)


@router.post("/sign-in/email")
def sign_in(
    body: SignInBody,
    request: Request,
    visitor: Anybody,
    running: Running,
    cases: Accounts,
    response: Response,
) -> Signed | SecondStep:
    """Sign in by password; with a second factor switched on, a code is asked for next."""
    safe_return(body.callbackURL, running)
    email_digest = cases.digests.of_email(body.email)
    with counted(cases, "password", email_digest):
        asked = CheckCredentials(email_digest, body.password)
        user = cases.users.credentials.check(asked, visitor.acting)
    if needs_second_step(request, user, running):
        return ask_second_step(user, running, response, remember=body.rememberMe)
    session = begin_session(visitor, user, running, response, remember=body.rememberMe)
    return signed(session, user)


@router.post("/sign-out")
def sign_out(visitor: Anybody, running: Running, cases: Accounts, response: Response) -> Success:
    """End the session; its cookie opens nothing from now on."""
    if visitor.session is not None:
        cases.sessions.end(visitor.session.user_id, visitor.session.id)
    cookies_of(running).forget(response, "session_token")
    return Success()


@router.post("/sign-in/magic-link")
def send_magic_link(body: MagicLinkBody, running: Running, cases: Accounts) -> Done:
    """Mail a link that signs in, if there is such an account; the answer doesn't tell."""
    return_to = safe_return(body.callbackURL, running)
    counted = cases.digests.of_caller("mail", cases.digests.of_email(body.email))
    cases.throttle.spend(counted, MAILS_TO_ONE)
    cases.users.mail("magic-link", body.email, return_to)
    return Done()


@router.get("/magic-link/verify", status_code=302, response_class=RedirectResponse)
def follow_magic_link(
    request: Request,
    visitor: Anybody,
    running: Running,
    cases: Accounts,
    token: Annotated[str, Query(max_length=100)] = "",
    callback: Annotated[str | None, Query(alias="callbackURL")] = None,
) -> RedirectResponse:
    """Sign in who followed the link; it works once, within 5 minutes."""
    return_to = safe_return(callback, running)
    user_id = cases.tokens.take("magic-link", token, now=running.clock())
    if user_id is None:
        return RedirectResponse(with_query(return_to, error="INVALID_TOKEN"), 302)
    cases.users.verify_email(VerifyEmail(user_id), visitor.acting(user_id))
    user = cases.users.find(user_id)
    if needs_second_step(request, user, running):
        answer = RedirectResponse(with_query("/sign-in/two-factor", to=return_to), 302)
        ask_second_step(user, running, answer, remember=True)
        return answer
    answer = RedirectResponse(return_to, 302)
    begin_session(visitor, user, running, answer, remember=True)
    return answer
