"""Who may come in: the API key of a request, checked before anything else of it is looked at."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader, HTTPBearer

from api.http.bodies import JsonRequest
from api.http.problems import Problem
from api.ids import to_wire
from api.keys import digest_of, is_well_formed
from api.runtime import Runtime
from events.recorded import Origin

SCHEMES = [
    Security(APIKeyHeader(name="x-api-key", auto_error=False)),
    Security(HTTPBearer(auto_error=False)),
]
"""What the API documentation says about keys; `KeyRoute` enforces it."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose key a request came with."""

    organization_id: UUID
    origin: Origin


class KeyRoute(APIRoute):
    """A route that wants a key, and asks for it before it reads the body, which is JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the route's handler with the check in front."""
        handle = super().get_route_handler()
        takes_json = self.body_field is not None

        async def handle_for_caller(request: Request) -> Response:
            request.state.caller = await run_in_threadpool(_caller_of, request)
            if takes_json:
                request = JsonRequest(request.scope, request.receive)
            return await handle(request)

        return handle_for_caller


def _caller_of(request: Request) -> Caller:
    key = key_in(request.headers.get("x-api-key"), request.headers.get("authorization"))
    if not key:
        raise Problem(401, "MISSING_KEY")
    running: Runtime = request.app.state.running
    holder = running.key_holder(digest_of(key)) if is_well_formed(key) else None
    if holder is None:
        raise Problem(401, "INVALID_KEY")
    origin = Origin(
        holder.organization_id, f"key:{to_wire('key', holder.id)}", request.state.request_id
    )
    return Caller(holder.organization_id, origin)


def key_in(api_key: str | None, authorization: str | None) -> str:
    """Return the key of a request: `x-api-key`, else `Authorization` with or without Bearer."""
    if api_key and api_key.strip():
        return api_key.strip()
    given = (authorization or "").strip()
    scheme, _, rest = given.partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else given


def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


def _running(request: Request) -> Runtime:
    running: Runtime = request.app.state.running
    return running


KeyHolder = Annotated[Caller, Depends(_caller)]
Running = Annotated[Runtime, Depends(_running)]
