"""Routes of a person's own: what a key does there, it does for the profile that it acts for."""

from collections.abc import Callable, Coroutine
from typing import Any, ClassVar
from uuid import UUID

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from api.http.guard import Caller, KeyRoute
from api.runtime import Runtime
from commands.profile import profile_of


class ProfileRoute(KeyRoute):
    """A route for the profile of a key. Its idempotency keys are that profile's own.

    A body that is no JSON is as unfit as one that is no object.
    """

    malformed: ClassVar[int] = 422

    def repeats_for(self, caller: Caller) -> UUID:
        """Return whose idempotency keys the caller's are."""
        return owner_of(caller)


class CountedRoute(ProfileRoute):
    """A route that takes credits: each of its answers tells how many, and how many are left."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the route's handler with the count behind it."""
        handle = super().get_route_handler()

        async def handle_and_count(request: Request) -> Response:
            request.state.charged = 0
            try:
                response = await handle(request)
                if "idempotent-replayed" in response.headers:
                    request.state.charged = 0
                return response
            finally:
                await _tell(request)

        return handle_and_count


async def _tell(request: Request) -> None:
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None:
        return
    running: Runtime = request.app.state.running
    left = await run_in_threadpool(running.generating.credits_left, caller.organization_id)
    if left is not None:
        request.state.told = {
            "x-credits-remaining": str(left),
            "x-credits-charged": str(request.state.charged),
        }


def owner_of(caller: Caller) -> UUID:
    """Return the id of the profile that a caller acts for."""
    return profile_of(caller.organization_id, caller.owner_id)
