"""The same keys by the routes of Better Auth, which its clients' pages call."""

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from api.account_cases import AccountCases
from api.http.accounts.fields import known
from api.http.accounts.guard import AccountRoute, Accounts, Person, SignedIn
from api.http.accounts.refusals import REFUSED
from api.http.accounts.repeating import repeatable
from api.http.accounts.shapes import Shape, Success
from api.http.bodies import Body
from api.http.envelope import Instant
from api.http.guard import Running
from api.http.problems import Problem
from api.ids import to_wire
from api.keys import PREFIXES, digest_of, make_key, start_of
from commands.accounts.refusals import OnlyAdminsManageKeys
from commands.manage_keys import LONGEST_NAME, IssueKey, RevokeKey
from commands.rename_key import RenameKey
from commands.switch_key import SwitchKey
from projections.api_keys import ApiKeyRow

router = APIRouter(
    prefix="/api/auth/api-key", tags=["API keys"], route_class=AccountRoute, responses=REFUSED
)

DAY_S: Final = 24 * 60 * 60
SHORTEST_S: Final = DAY_S
LONGEST_S: Final = 365 * DAY_S

SERVER_ONLY: Final = (
    "permissions",
    "remaining",
    "refillAmount",
    "refillInterval",
    "rateLimitEnabled",
    "rateLimitMax",
    "rateLimitTimeWindow",
)
"""What a browser may not set; no key here has any of it."""


class ServerOnly(Body):
    """Members that are refused when they are sent."""

    permissions: Any = None
    remaining: Any = None
    refillAmount: Any = None  # noqa: N815 as clients send it
    refillInterval: Any = None  # noqa: N815 same
    rateLimitEnabled: Any = None  # noqa: N815 same
    rateLimitMax: Any = None  # noqa: N815 same
    rateLimitTimeWindow: Any = None  # noqa: N815 same
    userId: Any = None  # noqa: N815 same


class CreateBody(ServerOnly):
    """A new key; it lasts for ever or for `expiresIn` seconds."""

    name: str | None = None
    organizationId: str | None = None  # noqa: N815 as clients send it
    expiresIn: Annotated[int, Field(gt=0)] | None = None  # noqa: N815 same


class UpdateBody(ServerOnly):
    """What to change of a key; one that is disabled opens nothing until it is enabled again."""

    keyId: str  # noqa: N815 as clients send it
    name: str | None = None
    enabled: bool | None = None


class DeleteBody(Body):
    """Which key to revoke."""

    keyId: str  # noqa: N815 as clients send it


class KeyShape(Shape):
    """A key with every member that Better Auth's clients may look for."""

    id: str
    config_id: Literal["default"] = "default"
    name: str
    start: str
    prefix: str
    reference_id: str
    enabled: bool
    rate_limit_enabled: Literal[False] = False
    rate_limit_time_window: None = None
    rate_limit_max: None = None
    request_count: int = 0
    remaining: None = None
    refill_interval: None = None
    refill_amount: None = None
    last_refill_at: None = None
    last_request: Instant | None
    expires_at: Instant | None
    permissions: None = None
    metadata: None = None
    created_at: Instant
    updated_at: Instant


class CreatedShape(KeyShape):
    """A new key: the only time that it is shown."""

    key: str


class KeyList(Shape):
    """The keys of an organization."""

    api_keys: list[KeyShape]
    total: int


@router.post("/create", openapi_extra=repeatable("user"))
def create(body: CreateBody, me: SignedIn, running: Running, cases: Accounts) -> CreatedShape:
    """Issue a key for an organization. It is shown only in this answer."""
    _check_own_members(body)
    if body.organizationId is None:
        raise Problem(400, "ORGANIZATION_ID_REQUIRED", "organizationId is required")
    organization_id = _managed(me, known("org", body.organizationId), cases)
    if body.expiresIn is not None and not SHORTEST_S <= body.expiresIn <= LONGEST_S:
        size = "SMALL" if body.expiresIn < SHORTEST_S else "LARGE"
        raise Problem(400, f"EXPIRES_IN_IS_TOO_{size}", "A key lasts 1 to 365 days")
    key_id = me.turn.id_for(running.new_id)
    make = partial(make_key, "organization")
    key = me.turn.keep(running.operations, make, about=organization_id)
    command = IssueKey(
        key_id,
        _name("API key" if body.name is None else body.name),
        digest_of(key),
        start_of(key),
        expires_at=running.clock() + timedelta(seconds=body.expiresIn) if body.expiresIn else None,
        owner_id=me.id,
    )
    me.apply(cases.organizations.issue_key, command, organization_id)
    return CreatedShape(**key_shape(_key(key_id, cases), None).model_dump(), key=key)


@router.get("/list")
def list_keys(
    me: SignedIn,
    cases: Accounts,
    organization_id: Annotated[str | None, Query(alias="organizationId")] = None,
) -> KeyList:
    """List an organization's keys, newest first; without one, the user's own: there are none."""
    if organization_id is None:
        return KeyList(api_keys=[], total=0)
    rows = cases.directory.keys_of(_managed(me, known("org", organization_id), cases))
    uses = cases.directory.last_uses_of([row.id for row in rows])
    return KeyList(api_keys=[key_shape(row, uses.get(row.id)) for row in rows], total=len(rows))


@router.get("/get")
def get_key(me: SignedIn, cases: Accounts, wire_id: Annotated[str, Query(alias="id")]) -> KeyShape:
    """Read what may be known of a key."""
    return _shown(_own_key(me, wire_id, cases), cases)


@router.post("/update", openapi_extra=repeatable("user"))
def update(body: UpdateBody, me: SignedIn, cases: Accounts) -> KeyShape:
    """Rename a key, disable it or enable it again."""
    _check_own_members(body)
    row = _own_key(me, body.keyId, cases)
    # Either is no change if it was made before, so a request that was cut short goes on here.
    origin = me.turn.origin(me.origin(row.organization_id))
    if body.name is not None:
        cases.organizations.rename_key(RenameKey(row.id, _name(body.name)), origin)
    if body.enabled is not None:
        cases.organizations.switch_key(SwitchKey(row.id, body.enabled), origin)
    return _shown(_key(row.id, cases), cases)


@router.post("/delete", openapi_extra=repeatable("user"))
def delete(body: DeleteBody, me: SignedIn, cases: Accounts) -> Success:
    """Make a key open nothing, from the next request on."""
    if not me.turn.is_done:
        row = _own_key(me, body.keyId, cases)
        me.apply(cases.organizations.revoke_key, RevokeKey(row.id), row.organization_id)
    return Success()


def _shown(row: ApiKeyRow, cases: AccountCases) -> KeyShape:
    return key_shape(row, cases.directory.last_uses_of([row.id]).get(row.id))


def key_shape(row: ApiKeyRow, last_used: datetime | None) -> KeyShape:
    """Return a key as answers have it."""
    return KeyShape(
        id=to_wire("key", row.id),
        name=row.name,
        start=row.start,
        prefix=PREFIXES[row.kind],
        reference_id=to_wire("org", row.organization_id),
        enabled=row.enabled,
        last_request=last_used,
        expires_at=row.expires_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _check_own_members(body: ServerOnly) -> None:
    if body.userId is not None:
        raise Problem(401, "UNAUTHORIZED_SESSION", "Unauthorized or invalid session")
    if body.model_fields_set & set(SERVER_ONLY):
        raise Problem(400, "SERVER_ONLY_PROPERTY", "Only the server can set this")


def _name(name: str) -> str:
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise Problem(400, "INVALID_NAME_LENGTH", f"A name has 1 to {LONGEST_NAME} characters")
    return name.strip()


def _managed(me: Person, organization_id: UUID, cases: AccountCases) -> UUID:
    cases.organizations.find_for(
        me.id, me.origin(organization_id), unless_admin=OnlyAdminsManageKeys
    )
    return organization_id


def _own_key(me: Person, wire_id: str, cases: AccountCases) -> ApiKeyRow:
    """Return a key that this person may manage; of other organizations there are none."""
    row = cases.directory.key(known("key", wire_id))
    mine = {m.organization_id: m.role for m in cases.directory.memberships_of(me.id)}
    if row is None or row.organization_id not in mine or row.revoked_at is not None:
        raise Problem(404, "KEY_NOT_FOUND", "API key not found")
    if mine[row.organization_id] != "admin":
        raise OnlyAdminsManageKeys
    return row


def _key(key_id: UUID, cases: AccountCases) -> ApiKeyRow:
    row = cases.directory.key(key_id)
    if row is None:
        raise Problem(404, "KEY_NOT_FOUND", "API key not found")
    return row
