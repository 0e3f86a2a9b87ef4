"""Managing the API keys of the active organization, with a session and never with a key."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, StringConstraints

from api.account_cases import AccountCases
from api.http.accounts.fields import known
from api.http.accounts.guard import AccountRoute, Accounts, Person, SignedIn, active_membership
from api.http.accounts.refusals import told
from api.http.bodies import Body
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
from commands.manage_keys import IssueKey, RevokeKey
from projections.api_keys import ApiKeyRow


class KeysRoute(AccountRoute):
    """Answers refusals in the envelope; whoever may not manage keys is unauthorized."""

    @staticmethod
    def refuse(error: Exception) -> Response:
        """Return the answer to a refusal."""
        if isinstance(error, RequestValidationError):
            return failure(*validation_failure(error.errors()))
        status, code, message, headers = told(error)
        if isinstance(error, AccountRefusal):
            return failure(401, "UNAUTHORIZED", message)
        if status == 429:
            return failure(429, "RATE_LIMITED", message, headers)
        return failure(status, code, message, headers)


router = APIRouter(prefix="/api/keys", tags=["API keys"], route_class=KeysRoute, responses=REFUSED)


class NewKeyBody(Body):
    """What the key is for."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class KeyItem(BaseModel):
    """A key; never the key itself."""

    id: str
    name: str
    created_at: Instant
    last_used: Instant | None


class Keys(BaseModel):
    """The keys of an organization."""

    keys: list[KeyItem]


class NewKey(BaseModel):
    """A new key: the only time that it is shown."""

    id: str
    name: str
    key: str


class Revoked(BaseModel):
    """The key opens nothing any more."""

    message: Literal["API key revoked"] = "API key revoked"


@router.get("")
def list_keys(me: SignedIn, cases: Accounts) -> Data[Keys]:
    """List the keys of the active organization, newest first."""
    found = cases.directory.keys_of(keys_managed_by(me, cases))
    keys = [
        KeyItem(
            id=to_wire("key", row.id),
            name=row.name,
            created_at=row.created_at,
            last_used=last_use_of(row),
        )
        for row in found
    ]
    return Data(data=Keys(keys=keys))


def last_use_of(_: ApiKeyRow) -> datetime | None:
    """Return when a key was used last; None as long as no use of keys is recorded."""
    return None


@router.post("", status_code=201)
def create_key(body: NewKeyBody, me: SignedIn, running: Running, cases: Accounts) -> Data[NewKey]:
    """Issue a key for the active organization. It is shown only in this answer."""
    organization_id = keys_managed_by(me, cases)
    key_id, key = running.new_id(), make_key("organization")
    command = IssueKey(key_id, body.name, digest_of(key), start_of(key))
    cases.organizations.issue_key(command, me.origin(organization_id))
    return Data(data=NewKey(id=to_wire("key", key_id), name=body.name, key=key))


@router.delete("/{key_id}")
def revoke_key(key_id: str, me: SignedIn, cases: Accounts) -> Data[Revoked]:
    """Make a key of the active organization open nothing, from the next request on."""
    organization_id = keys_managed_by(me, cases)
    command = RevokeKey(known("key", key_id))
    cases.organizations.revoke_key(command, me.origin(organization_id))
    return Data(data=Revoked())


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
