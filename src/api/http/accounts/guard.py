"""Who is signed in, and whether the request is one that this site's own pages would send."""

import ipaddress
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Depends, Request, Response, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from fastapi.security import APIKeyCookie

from api.account_cases import AccountCases
from api.account_views import Client, Limit, Session
from api.http.accounts import repeating
from api.http.accounts.cookies import Cookies, seconds_until
from api.http.accounts.fields import known
from api.http.accounts.refusals import REFUSALS, answer
from api.http.bodies import JsonRequest
from api.http.problems import Problem
from api.http.turns import UNCLAIMED, CommandT, ResultT, Turn
from api.ids import to_wire
from api.runtime import Runtime
from commands.accounts.ports import Membership
from commands.accounts.refusals import NoActiveOrganization
from events.recorded import Origin
from events.user import ACCOUNTS

SCHEME: Final = Security(APIKeyCookie(name="refolio.session_token", auto_error=False))
"""What the API documentation says about sessions; `AccountRoute` enforces it."""

EVERYTHING: Final = Limit(100, 10)
LIMITS: Final = {
    "/api/auth/sign-in": Limit(3, 10),
    "/api/auth/sign-up": Limit(3, 10),
    "/api/auth/change-password": Limit(3, 10),
    "/api/auth/request-password-reset": Limit(3, 60),
    "/api/auth/reset-password": Limit(3, 60),
    "/api/auth/send-verification-email": Limit(3, 60),
    "/api/auth/two-factor": Limit(3, 10),
    "/api/auth/sign-in/magic-link": Limit(5, 60),
}
"""How often one address may post what costs a hash or a mail, by the longest prefix."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sent a request: an address, and a session if it is somebody's who is signed in.

    The request may be one that comes again; `turn` knows.
    """

    client: Client
    request_id: str
    session: Session | None = None
    turn: Turn = UNCLAIMED

    def acting(self, user_id: UUID, organization_id: UUID = ACCOUNTS) -> Origin:
        """Return on whose behalf things are done: a user's, within an organization."""
        return Origin(organization_id, f"user:{to_wire('usr', user_id)}", self.request_id)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in."""

    visitor: Visitor
    session: Session

    @property
    def id(self) -> UUID:
        """The user."""
        return self.session.user_id

    @property
    def turn(self) -> Turn:
        """Which of several comings of the request this is."""
        return self.visitor.turn

    def origin(self, organization_id: UUID = ACCOUNTS) -> Origin:
        """Return on whose behalf things are done."""
        return self.visitor.acting(self.id, organization_id)

    def apply(
        self,
        use_case: Callable[[CommandT, Origin], ResultT],
        command: CommandT,
        organization_id: UUID = ACCOUNTS,
    ) -> ResultT | None:
        """Do what the request asks for; None when the request that it repeats did."""
        return self.turn.apply(use_case, command, self.origin(organization_id))


class AccountRoute(APIRoute):
    """A route that knows its visitor before it reads the body, and answers refusals itself."""

    refuse: Callable[[Exception], Response] = staticmethod(answer)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the route's handler with the checks in front."""
        handle = super().get_route_handler()
        takes_json = self.body_field is not None
        wants_session = any(need.call is _person for need in self.dependant.dependencies)
        said = self.openapi_extra or {}

        async def handle_body(request: Request) -> Response:
            return await handle(
                JsonRequest(request.scope, request.receive) if takes_json else request
            )

        async def handle_for_visitor(request: Request) -> Response:
            try:
                refreshed = await run_in_threadpool(_admit, request)
                if wants_session:
                    _person(request)  # before the body is looked at
                visitor: Visitor = request.state.visitor

                def begin(turn: Turn) -> None:
                    request.state.visitor = replace(visitor, turn=turn)

                response = await repeating.answer(
                    request, self.path_format, said, visitor.session, begin, handle_body
                )
                if refreshed is not None and "set-cookie" not in response.headers:
                    _keep_longer(request, response, refreshed)
            except REFUSALS as error:
                response = self.refuse(error)
            response.headers.setdefault("cache-control", "no-store")
            return response

        return handle_for_visitor


def _admit(request: Request) -> Session | None:
    """Find the visitor, and return their session if it lasts longer from now on.

    Raises:
        Problem: another site sent the request, or it is no JSON.
        TooManyTries: the address asks too often.

    """
    running: Runtime = request.app.state.running
    cases, cookies = running.accounts, cookies_of(running)
    token = cookies.read(request, "session_token")
    if request.method != "GET":
        _check_origin(request, running, with_cookies=bool(request.cookies))
        _check_type(request)
    client = _client(request)
    _check_pace(cases, client.address, request.url.path if request.method != "GET" else "")
    found = cases.sessions.find(token, now=running.clock()) if token else None
    session, refreshed = found or (None, False)
    request.state.visitor = Visitor(client, request.state.request_id, session)
    return session if refreshed else None


def _check_origin(request: Request, running: Runtime, *, with_cookies: bool) -> None:
    origin = request.headers.get("origin")
    if origin is not None:
        known = {urlsplit(running.settings.url).netloc, request.headers.get("host")}
        if urlsplit(origin).netloc not in known:
            raise Problem(403, "INVALID_ORIGIN", "Invalid origin")
    elif with_cookies and request.headers.get("sec-fetch-site") != "same-origin":
        raise Problem(403, "INVALID_ORIGIN", "Missing origin")


def _check_type(request: Request) -> None:
    headers = request.headers
    sends = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if sends and kind != "application/json":
        raise Problem(415, "UNSUPPORTED_MEDIA_TYPE", "Send JSON, as application/json")


def _client(request: Request) -> Client:
    agent = request.headers.get("user-agent", "")[:300]
    return Client(request.client.host if request.client else "", agent)


def _check_pace(cases: AccountCases, address: str, path: str) -> None:
    block = _block_of(address)
    cases.throttle.spend(cases.digests.of_caller("address", block), EVERYTHING)
    rules = [prefix for prefix in LIMITS if path.startswith(prefix)]
    if rules:
        rule = max(rules, key=len)
        cases.throttle.spend(cases.digests.of_caller(rule, block), LIMITS[rule])


def _block_of(address: str) -> str:
    """Return what one subscriber has: an IPv4 address, or a /64 of IPv6."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if known.version == 4:
        return str(known)
    return str(ipaddress.ip_network((known, 64), strict=False))


def _keep_longer(request: Request, response: Response, session: Session) -> None:
    running: Runtime = request.app.state.running
    cookies = cookies_of(running)
    token = cookies.read(request, "session_token") or ""
    seconds = seconds_until(session.expires_at, running.clock())
    cookies.keep(response, "session_token", token, seconds=seconds)


def cookies_of(running: Runtime) -> Cookies:
    """Return how this site's cookies are called."""
    return Cookies(secure=running.settings.url.startswith("https:"))


def _visitor(request: Request) -> Visitor:
    visitor: Visitor = request.state.visitor
    return visitor


def _person(request: Request, _: Annotated[str | None, SCHEME] = None) -> Person:
    visitor: Visitor = request.state.visitor
    if visitor.session is None:
        raise Problem(401, "UNAUTHORIZED", "Unauthorized")
    return Person(visitor, visitor.session)


def active_membership(person: Person, cases: AccountCases) -> Membership | None:
    """Return the membership that the session acts by: of the organization that was chosen."""
    chosen = person.session.active_organization_id
    return next(
        (m for m in cases.directory.memberships_of(person.id) if m.organization_id == chosen),
        None,
    )


def chosen_organization(
    person: Person, cases: AccountCases, wire_id: str | None, *, once_a_member: bool = False
) -> UUID:
    """Return the organization that a request names, else the active one.

    Whether the person is a member of the one that is named is not looked at; nor of the active
    one, if it is enough to be `once_a_member`.

    Raises:
        NoActiveOrganization: neither is there.

    """
    if wire_id is not None:
        return known("org", wire_id)
    chosen = person.session.active_organization_id
    if chosen is not None and once_a_member:
        return chosen
    membership = active_membership(person, cases)
    if membership is None:
        raise NoActiveOrganization
    return membership.organization_id


def _accounts(request: Request) -> AccountCases:
    running: Runtime = request.app.state.running
    return running.accounts


Anybody = Annotated[Visitor, Depends(_visitor)]
SignedIn = Annotated[Person, Depends(_person)]
Accounts = Annotated[AccountCases, Depends(_accounts)]
