"""Managing the API keys of the active organization, with a session and never with a key."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from api.account_cases import AccountCases
from api.http.accounts.fields import known
from api.http.accounts.guard import AccountRoute, Accounts, Person, SignedIn, active_membership
from api.http.accounts.refusals import told
from api.http.accounts.repeating import repeatable
from api.http.bodies import Body, either
from api.http.envelope import Data, Instant
from api.http.guard import Running
from api.http.problems import REFUSED, failure, validation_failure
from api.ids import to_wire
from api.keys import digest_of, make_key, start_of
from commands.accounts.refusals import (
    AccountRefusal,
    NoActiveOrganization,
    OnlyAdminsManageKeys,
)
from commands.errors import KeyNotFound
from commands.manage_keys import IssueKey, RevokeKey
from commands.rotate_key import LONGEST_GRACE, RotateKey
from events.organization import KeyKind, Scope
from projections.api_keys import ApiKeyRow


class KeysRoute(AccountRoute):
    """Answers refusals in the envelope; who may not manage keys from there is unauthorized."""

    @staticmethod
    def refuse(error: Exception) -> Response:
        """Return the answer to a refusal."""
        if isinstance(error, RequestValidationError):
            return failure(*validation_failure(error.errors()))
        status, code, message, headers = told(error)
        if isinstance(error, AccountRefusal) or status == 403:
            return failure(401, "UNAUTHORIZED", message)
        if status == 415:
            return failure(400, "VALIDATION_ERROR", message)
        if status == 429:
            return failure(429, "RATE_LIMITED", message, headers)
        return failure(status, code, message, headers)


router = APIRouter(prefix="/api/keys", tags=["API keys"], route_class=KeysRoute, responses=REFUSED)


LONGEST_LIFE_DAYS: Final = 365
GRACE_S: Final = 24 * 60 * 60
LONGEST_GRACE_S: Final = int(LONGEST_GRACE.total_seconds())


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


class NewKeyBody(Body):
    """What the key is for, what it may do (everything) and how long it lasts (for ever)."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    scopes: list[Annotated[Scope, BeforeValidator(_lower)]] | None = Field(
        default=None, min_length=1
    )
    expires_in_days: int | None = Field(
        default=None,
        ge=1,
        le=LONGEST_LIFE_DAYS,
        validation_alias=either("expires_in_days", "expiresInDays"),
    )
    kind: Annotated[KeyKind, BeforeValidator(_lower)] = "organization"


class RotationBody(Body):
    """How long the old key goes on working; 0 revokes it at once."""

    grace_period_seconds: int = Field(
        default=GRACE_S,
        ge=0,
        le=LONGEST_GRACE_S,
        validation_alias=either("grace_period_seconds", "gracePeriodSeconds"),
    )


A_DAY: Final = RotationBody()


class KeyItem(BaseModel):
    """A key; never the key itself. Without `scopes` it may do everything.

    `last_used` is told to the minute. `replaced_by` is the key that took this one's place.
    """

    id: str
    name: str
    created_at: Instant
    last_used: Instant | None
    start: str
    scopes: list[str] | None
    expires_at: Instant | None
    kind: str
    enabled: bool
    replaced_by: str | None


class Keys(BaseModel):
    """The keys of an organization."""

    keys: list[KeyItem]


class NewKey(BaseModel):
    """A new key: the only time that it is shown."""

    id: str
    name: str
    key: str


class RotatedKey(BaseModel):
    """The key that takes another one's place: the only time that it is shown."""

    id: str
    name: str
    key: str
    replaces: str
    expires_at: Instant | None
    previous_expires_at: Instant


class Revoked(BaseModel):
    """The key opens nothing any more."""

    message: Literal["API key revoked"] = "API key revoked"


@router.get("")
def list_keys(me: SignedIn, cases: Accounts) -> Data[Keys]:
    """List the keys of the active organization, newest first."""
    rows = cases.directory.keys_of(keys_managed_by(me, cases))
    uses = cases.directory.last_uses_of([row.id for row in rows])
    return Data(data=Keys(keys=[_item(row, uses) for row in rows]))


@router.post("", status_code=201, openapi_extra=repeatable())
def create_key(body: NewKeyBody, me: SignedIn, running: Running, cases: Accounts) -> Data[NewKey]:
    """Issue a key for the active organization. It is shown only in this answer."""
    organization_id = keys_managed_by(me, cases)
    key_id = me.turn.id_for(running.new_id)
    key = me.turn.keep(running.operations, lambda: make_key(body.kind), about=organization_id)
    days = body.expires_in_days
    command = IssueKey(
        key_id,
        body.name,
        digest_of(key),
        start_of(key),
        kind=body.kind,
        scopes=tuple(dict.fromkeys(body.scopes or ())),
        expires_at=running.clock() + timedelta(days=days) if days else None,
        owner_id=me.id,
    )
    me.apply(cases.organizations.issue_key, command, organization_id)
    return Data(data=NewKey(id=to_wire("key", key_id), name=body.name, key=key))


@router.post("/{key_id}/rotate", status_code=201, openapi_extra=repeatable())
def rotate_key(
    key_id: str, me: SignedIn, running: Running, cases: Accounts, body: RotationBody = A_DAY
) -> Data[RotatedKey]:
    """Issue a key like this one, which works for a while longer. It is shown only now."""
    organization_id = keys_managed_by(me, cases)
    old = _key_of(organization_id, key_id, cases)
    successor_id = me.turn.id_for(running.new_id)
    key = me.turn.keep(running.operations, lambda: make_key(old.kind), about=organization_id)
    command = RotateKey(
        old.id,
        successor_id,
        digest_of(key),
        start_of(key),
        grace=timedelta(seconds=body.grace_period_seconds),
    )
    me.apply(cases.organizations.rotate_key, command, organization_id)
    replaced, new = (cases.directory.key(id_) for id_ in (old.id, successor_id))
    if replaced is None or new is None or replaced.expires_at is None:
        raise KeyNotFound
    return Data(
        data=RotatedKey(
            id=to_wire("key", successor_id),
            name=new.name,
            key=key,
            replaces=to_wire("key", old.id),
            expires_at=new.expires_at,
            previous_expires_at=replaced.expires_at,
        )
    )


@router.delete("/{key_id}", openapi_extra=repeatable())
def revoke_key(key_id: str, me: SignedIn, cases: Accounts) -> Data[Revoked]:
    """Make a key of the active organization open nothing, from the next request on."""
    organization_id = keys_managed_by(me, cases)
    command = RevokeKey(known("key", key_id))
    me.apply(cases.organizations.revoke_key, command, organization_id)
    return Data(data=Revoked())


def _key_of(organization_id: UUID, wire_id: str, cases: AccountCases) -> ApiKeyRow:
    row = cases.directory.key(known("key", wire_id))
    if row is None or row.organization_id != organization_id:
        raise KeyNotFound
    return row


def _item(row: ApiKeyRow, uses: Mapping[UUID, datetime]) -> KeyItem:
    return KeyItem(
        id=to_wire("key", row.id),
        name=row.name,
        created_at=row.created_at,
        last_used=uses.get(row.id),
        start=row.start,
        scopes=row.scopes or None,
        expires_at=row.expires_at,
        kind=row.kind,
        enabled=row.enabled,
        replaced_by=to_wire("key", row.replaced_by) if row.replaced_by else None,
    )


def keys_managed_by(me: Person, cases: AccountCases) -> UUID:
    """Return the active organization, whose keys this person may manage.

    Raises:
        NoActiveOrganization: none was chosen, or the person is a member no more.
        OnlyAdminsManageKeys: the person is no admin of it.

    """
    membership = active_membership(me, cases)
    if membership is None:
        raise NoActiveOrganization
    if membership.role != "admin":
        raise OnlyAdminsManageKeys
    return membership.organization_id
