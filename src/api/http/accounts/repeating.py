"""`Idempotency-Key` on requests of people: whose a key is, and who may send the answer for again.

A key is a user's own within the organization that the session acts for; where the request itself
chooses that organization, a user's own. Whoever signs up is nobody yet: there a key belongs to the
e-mail address, and the body, which holds a password, is compared by a slow hash.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, Literal
from uuid import UUID, uuid5

from fastapi import Request, Response
from pydantic_core import from_json

from api.account_views import Session
from api.http.idempotency import HEADER, Handle, Repeatable, once
from api.http.turns import Turn
from api.runtime import Runtime

Owner = Literal["organization", "user", "address"]

OWNER: Final = "x-idempotency-key-of"
ERASES: Final = "x-erases"


def repeatable(owner: Owner = "organization", *, erases: bool = False) -> dict[str, Any]:
    """Return what makes a route take keys, as its `openapi_extra`; `erases` what it is about."""
    return {OWNER: owner, ERASES: True} if erases else {OWNER: owner}


async def answer(
    request: Request,
    route: str,
    said: dict[str, Any],
    session: Session | None,
    begin: Callable[[Turn], None],
    handle: Handle,
) -> Response:
    """Handle a request: once, if it has a key and the route says that it takes one.

    Raises:
        Problem: see `api.http.idempotency.once`.

    """
    header = request.headers.get(HEADER)
    owner: Owner | None = said.get(OWNER)
    if header is None or owner is None:
        return await handle(request)
    running: Runtime = request.app.state.running
    if owner == "address":
        owner_id = await _address_in(request, running)
        slow = running.accounts.users.credentials.digest
        asked = Repeatable(owner_id, route, owner_id, slow=slow)
    else:
        assert session is not None, "routes that take keys of users want one"
        owner_id = _within(session) if owner == "organization" else session.user_id
        asked = Repeatable(owner_id, route, session.user_id, erases=said.get(ERASES, False))
    return await once(request, header, asked, begin, handle)


def _within(session: Session) -> UUID:
    return uuid5(session.user_id, str(session.active_organization_id))


async def _address_in(request: Request, running: Runtime) -> UUID:
    """Return what stands for the e-mail address in a body; what is none will be refused."""
    email: object = None
    with suppress(ValueError):
        body = from_json(await request.body())
        email = body.get("email") if isinstance(body, dict) else None
    return UUID(
        bytes=running.accounts.digests.of_caller("sign-up", str(email).strip().lower())[:16]
    )
