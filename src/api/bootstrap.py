"""Organizations and keys for whoever operates the deployment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from api.core import Core, now
from api.ids import new_id
from api.keys import digest_of, make_key, start_of
from commands.again import again
from commands.manage_keys import IssueKey, issue_key
from commands.manage_organization import FoundOrganization, found_organization
from commands.rotate_key import RotateKey
from commands.rotate_key import rotate_key as rotate
from events.organization import KeyKind, Plan, Scope
from events.recorded import Origin
from projections.api_keys import ApiKeyRow
from projections.organizations import all_organizations

FIRST_NAME: Final = "Personal"
OPERATOR: Final = "operator"


@dataclass(frozen=True, slots=True)
class NewKey:
    """How the key to be issued shall be. No scopes are all of them."""

    name: str
    kind: KeyKind = "organization"
    scopes: tuple[Scope, ...] = ()
    expires_at: datetime | None = None
    owner_id: UUID | None = None


def first_organization(core: Core) -> tuple[UUID, bool]:
    """Return the deployment's first organization and whether it was founded just now."""
    with core.connect() as connection:
        connection.execute("SELECT pg_advisory_lock(hashtextextended('first organization', 0))")
        known = all_organizations(connection)
        if known:
            return known[0].id, False
        return create_organization(core, FIRST_NAME, "ENTERPRISE"), True


def create_organization(core: Core, name: str, plan: Plan) -> UUID:
    """Found an organization and return its id."""
    organization_id = new_id()
    found_organization(
        FoundOrganization(organization_id, name, plan),
        Origin(organization_id, OPERATOR),
        streams=core.streams,
        clock=now,
    )
    return organization_id


def create_key(core: Core, organization_id: UUID, wanted: NewKey) -> str:
    """Issue a key and return it: the only time that it is seen.

    Raises:
        OrganizationNotFound: there is no such organization.

    """
    key = make_key(wanted.kind)
    again(issue_key)(
        IssueKey(
            key_id=new_id(),
            name=wanted.name,
            digest=digest_of(key),
            start=start_of(key),
            kind=wanted.kind,
            scopes=wanted.scopes,
            expires_at=wanted.expires_at,
            owner_id=wanted.owner_id,
        ),
        Origin(organization_id, OPERATOR),
        streams=core.streams,
        clock=now,
    )
    return key


def rotate_key(core: Core, old: ApiKeyRow, grace: timedelta) -> tuple[str, datetime]:
    """Let a new key take the place of *old*; return it and when the old one ends.

    Raises:
        KeyNotFound: the old key was revoked.
        KeyAlreadyReplaced: another key took its place before.

    """
    key = make_key(old.kind)
    rotation = again(rotate)(
        RotateKey(old.id, new_id(), digest_of(key), start_of(key), grace),
        Origin(old.organization_id, OPERATOR),
        streams=core.streams,
        clock=now,
    )
    return key, rotation.previous_expires_at
