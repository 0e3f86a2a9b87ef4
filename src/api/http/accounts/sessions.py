"""The sessions of who is signed in."""

from typing import Any

from fastapi import APIRouter

from api.http.accounts.fields import known
from api.http.accounts.guard import (
    AccountRoute,
    Accounts,
    Anybody,
    Person,
    SignedIn,
    active_membership,
)
from api.http.accounts.refusals import REFUSED
from api.http.accounts.shapes import (
    Done,
    SessionShape,
    Shape,
    UserShape,
    session_shape,
    user_shape,
)
from api.http.accounts.subscription import SubscriptionShape, subscription_shape
from api.http.bodies import Body
from api.http.guard import Running
from api.ids import to_wire
from commands.accounts.refusals import UserNotFound

router = APIRouter(
    prefix="/api/auth", tags=["Accounts"], route_class=AccountRoute, responses=REFUSED
)


class UserInSession(UserShape):
    """The user with the role in the active organization."""

    role: str | None


class Current(Shape):
    """Who is signed in, and for which organization they act."""

    user: UserInSession
    session: SessionShape
    active_organization_id: str | None
    subscription: SubscriptionShape | None


class RevokeBody(Body):
    """Which session to end, by the `token` that lists show."""

    token: str


@router.get("/get-session")
def get_session(visitor: Anybody, running: Running, cases: Accounts) -> Current | None:
    """Tell who is signed in; null if nobody is."""
    if visitor.session is None:
        return None
    try:
        user = cases.users.find(visitor.session.user_id)
    except UserNotFound:
        return None
    membership = active_membership(Person(visitor, visitor.session), cases)
    active = membership.organization_id if membership else None
    session: dict[str, Any] = session_shape(visitor.session).model_dump()
    session["active_organization_id"] = to_wire("org", active) if active else None
    role = membership.role if membership else None
    return Current(
        user=UserInSession(**user_shape(user).model_dump(), role=role),
        session=SessionShape(**session),
        active_organization_id=session["active_organization_id"],
        subscription=subscription_shape(active, running) if active else None,
    )


@router.get("/list-sessions")
def list_sessions(me: SignedIn, running: Running, cases: Accounts) -> list[SessionShape]:
    """List where one is signed in, the oldest session first."""
    return [session_shape(s) for s in cases.sessions.of_user(me.id, now=running.clock())]


@router.post("/revoke-session")
def revoke_session(body: RevokeBody, me: SignedIn, cases: Accounts) -> Done:
    """End one session; its cookie opens nothing from the next request on."""
    cases.sessions.end(me.id, known("ses", body.token))
    return Done()


@router.post("/revoke-sessions")
def revoke_sessions(me: SignedIn, cases: Accounts) -> Done:
    """End every session, this one too."""
    cases.sessions.end_all(me.id)
    return Done()


@router.post("/revoke-other-sessions")
def revoke_other_sessions(me: SignedIn, cases: Accounts) -> Done:
    """End every session but this one."""
    cases.sessions.end_all(me.id, but=me.session.id)
    return Done()
