"""What every way to sign in ends with: a second factor asked for, or a session begun."""

from typing import Literal

from fastapi import Request, Response

from api.account_views import Session
from api.http.accounts.cookies import TWO_FACTOR_S, seconds_until
from api.http.accounts.guard import Visitor, cookies_of
from api.http.accounts.shapes import Shape, UserShape, user_shape
from api.ids import to_wire
from api.runtime import Runtime
from commands.accounts.user import User


class Signed(Shape):
    """Somebody is signed in. The token names the session; what opens it is in the cookie."""

    redirect: bool = False
    token: str
    user: UserShape


class SecondStep(Shape):
    """The password was right; a code is asked for next."""

    two_factor_redirect: Literal[True] = True
    two_factor_methods: tuple[Literal["totp"]] = ("totp",)


def signed(session: Session, user: User) -> Signed:
    """Return what tells who is signed in."""
    return Signed(token=to_wire("ses", session.id), user=user_shape(user))


def begin_session(
    visitor: Visitor, user: User, running: Runtime, response: Response, *, remember: bool
) -> Session:
    """Begin a session under a new id, in the user's oldest organization."""
    cases, cookies, now = running.accounts, cookies_of(running), running.clock()
    memberships = cases.directory.memberships_of(user.id)
    if visitor.session is not None:
        cases.sessions.end(visitor.session.user_id, visitor.session.id)
    new = cases.sessions.open(
        user.id,
        memberships[0].organization_id if memberships else None,
        visitor.client,
        remembered=remember,
        now=now,
    )
    seconds = seconds_until(new.session.expires_at, now) if remember else None
    cookies.keep(response, "session_token", new.token, seconds=seconds)
    return new.session


def needs_second_step(request: Request, user: User, running: Runtime) -> bool:
    """Tell whether a code must be asked for: not on a device that the user trusts."""
    if user.second_factor is None:
        return False
    token = cookies_of(running).read(request, "trust_device")
    tokens, now = running.accounts.tokens, running.clock()
    return not token or tokens.look("trusted-device", token, now=now) != user.id


def ask_second_step(
    user: User, running: Runtime, response: Response, *, remember: bool
) -> SecondStep:
    """Have the browser keep for 10 minutes that the first step is done."""
    token = running.accounts.tokens.make("second-factor", user.id, now=running.clock())
    value = f"{token}.{int(remember)}"
    cookies_of(running).keep(response, "two_factor", value, seconds=TWO_FACTOR_S)
    return SecondStep()
