"""Who may come in: key, room, plan and scope of a request, before anything else is looked at."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar, Final
from uuid import UUID

from fastapi import Depends, Request, Response, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader, HTTPBearer

from api.admissions import Admission
from api.http import conditions
from api.http.bodies import JsonRequest
from api.http.idempotency import HEADER, Handle, Repeatable, once
from api.http.problems import Problem
from api.http.turns import UNCLAIMED, CommandT, ResultT, Turn
from api.ids import from_wire, to_wire
from api.keys import digest_of, is_well_formed
from api.runtime import Runtime
from commands.plans import allows
from commands.ports import NewId
from events.organization import Plan, Scope
from events.recorded import Origin

SCHEMES = [
    Security(APIKeyHeader(name="x-api-key", auto_error=False)),
    Security(HTTPBearer(auto_error=False)),
]
"""What the API documentation says about keys; `KeyRoute` enforces it."""

_SCOPE: Final = "x-scope"
_PLAN: Final = "x-plan"
COVER_LETTERS: Final = "COVER_LETTERS"
"""Stands for the plan that the operator set for cover letters."""


def needs(scope: Scope, plan: str = "FREE") -> dict[str, Any]:
    """Return what a route asks of a key, as its `openapi_extra`: a scope, and a plan at least."""
    return {_SCOPE: scope, _PLAN: plan}


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose key a request came with, and which user's profile it acts for, if any."""

    organization_id: UUID
    owner_id: UUID | None
    key_id: UUID
    origin: Origin
    turn: Turn = UNCLAIMED

    def id_for(self, new_id: NewId) -> UUID:
        """Return the id of what the request makes: the same each time that it is repeated."""
        return self.turn.id_for(new_id)

    def apply(
        self, use_case: Callable[[CommandT, Origin], ResultT], command: CommandT
    ) -> ResultT | None:
        """Do what the request asks for; None when the request that it repeats did."""
        return self.turn.apply(use_case, command, self.origin)


class KeyRoute(APIRoute):
    """A route that wants a key, and asks for it before it reads the body, which is JSON.

    What it asks of the key stands in its `openapi_extra`; see `needs`. A route that says nothing
    cannot be made. `malformed` is the status for a body that is no JSON.
    """

    malformed: ClassVar[int] = 400

    def repeats_for(self, caller: Caller) -> UUID:
        """Return whose idempotency keys the caller's are."""
        return caller.organization_id

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the route's handler with the check in front."""
        handle = super().get_route_handler()
        takes_json = self.body_field is not None
        asked = self.openapi_extra or {}
        scope, plan = asked[_SCOPE], asked[_PLAN]

        async def handle_body(request: Request) -> Response:
            return await handle(
                JsonRequest(request.scope, request.receive, malformed=self.malformed)
                if takes_json
                else request
            )

        async def handle_for_caller(request: Request) -> Response:
            admission = await run_in_threadpool(_admitted, request)
            _check(admission, scope, _needed(plan, request))
            request.state.caller = _caller_of(admission, request)
            response = await _answer(request, self, handle_body)
            return await conditions.answer(request, admission, response)

        return handle_for_caller


async def _answer(request: Request, route: KeyRoute, handle: Handle) -> Response:
    header = request.headers.get(HEADER)
    if header is None or request.method == "GET":
        return await handle(request)
    caller: Caller = request.state.caller

    def begin(turn: Turn) -> None:
        request.state.caller = replace(caller, turn=turn)

    # What was deleted is gone with its key; that it was is for the organization to know.
    erases = request.method == "DELETE"
    subject = None if erases else from_wire("res", request.path_params.get("resume_id", ""))
    repeatable = Repeatable(
        route.repeats_for(caller),
        route.path_format,
        subject or caller.organization_id,
        erases=erases,
    )
    return await once(request, header, repeatable, begin, handle)


def _admitted(request: Request) -> Admission:
    key = key_in(request.headers.get("x-api-key"), request.headers.get("authorization"))
    if not key:
        raise Problem(401, "MISSING_KEY")
    running: Runtime = request.app.state.running
    admission = (
        running.door.admit(digest_of(key), running.clock()) if is_well_formed(key) else None
    )
    if admission is None:
        raise Problem(401, "INVALID_KEY")
    request.state.allowance = admission.allowance
    if admission.allowance is not None and admission.allowance.retry_after_s:
        wait_s = admission.allowance.retry_after_s
        raise Problem(429, "RATE_LIMITED", f"Too many requests; try again in {wait_s} s.")
    return admission


def _needed(plan: str, request: Request) -> Plan:
    running: Runtime = request.app.state.running
    needed: Any = running.settings.cover_letter_plan if plan == COVER_LETTERS else plan
    return needed  # type: ignore[no-any-return]


def _check(admission: Admission, scope: str, needed: Plan) -> None:
    if not allows(admission.plan, needed):
        raise Problem(
            403, "PLAN_REQUIRED", f"This needs the plan {needed}; yours is {admission.plan}."
        )
    if admission.scopes and scope not in admission.scopes:
        raise Problem(401, "UNAUTHORIZED", f"The key lacks the scope {scope!r}.")


def _caller_of(admission: Admission, request: Request) -> Caller:
    return Caller(
        admission.organization_id,
        admission.owner_id,
        admission.key_id,
        _origin(admission, request),
    )


def _origin(admission: Admission, request: Request) -> Origin:
    actor = f"key:{to_wire('key', admission.key_id)}"
    return Origin(admission.organization_id, actor, request.state.request_id)


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
