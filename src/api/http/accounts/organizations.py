"""The organizations that one is a member of."""

import json
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.http.accounts.fields import (
    MAX_METADATA_BYTES,
    ImageUrl,
    OrganizationName,
    Slug,
    known,
)
from api.http.accounts.guard import AccountRoute, Accounts, SignedIn, chosen_organization
from api.http.accounts.refusals import REFUSED
from api.http.accounts.repeating import repeatable
from api.http.accounts.shapes import (
    Done,
    InvitationShape,
    MemberShape,
    OrganizationShape,
    invitation_shape,
    member_shape,
    organization_shape,
)
from api.http.bodies import Body
from api.http.guard import Running
from api.http.problems import Problem
from commands.accounts.organizations import (
    CreateOrganization,
    DeleteOrganization,
    UpdateOrganization,
)
from commands.accounts.refusals import SlugTaken
from commands.organization import Organization
from events.membership import Presentation

router = APIRouter(
    prefix="/api/auth/organization",
    tags=["Organizations"],
    route_class=AccountRoute,
    responses=REFUSED,
)

Named = Annotated[str | None, Query(alias="organizationId")]


class CreateBody(Body):
    """A new organization."""

    name: OrganizationName
    slug: Slug
    logo: ImageUrl | None = None
    metadata: dict[str, Any] | None = None


class Changes(Body):
    """What to change; what is left out stays, null clears logo and metadata."""

    name: OrganizationName | None = None
    slug: Slug | None = None
    logo: ImageUrl | None = None
    metadata: dict[str, Any] | None = None


class UpdateBody(Body):
    """Which organization to change, and how."""

    organizationId: str | None = None  # noqa: N815 as clients send it
    data: Changes


class NamedBody(Body):
    """Which organization is meant."""

    organizationId: str | None = None  # noqa: N815 as clients send it


class SlugBody(Body):
    """A slug that somebody would like to have."""

    slug: Slug


class PermissionBody(Body):
    """What somebody would like to do: actions by what they are done to."""

    permissions: dict[str, list[str]] = Field(default_factory=dict)
    organizationId: str | None = None  # noqa: N815 as clients send it


class Permitted(BaseModel):
    """Whether one may do all of it."""

    success: bool
    error: None = None


class Founded(OrganizationShape):
    """An organization and who belongs to it."""

    members: list[MemberShape]


class Full(Founded):
    """An organization with its people and whom it has invited."""

    invitations: list[InvitationShape]


@router.get("/list")
def list_organizations(me: SignedIn, cases: Accounts) -> list[OrganizationShape]:
    """List the organizations that one is a member of, the oldest membership first."""
    return [
        organization_shape(cases.organizations.find(membership.organization_id))
        for membership in cases.directory.memberships_of(me.id)
    ]


@router.post("/create", openapi_extra=repeatable("user"))
def create(body: CreateBody, me: SignedIn, running: Running, cases: Accounts) -> Founded:
    """Found an organization with oneself as its admin, and act for it from now on."""
    organization_id = me.turn.id_for(running.new_id)
    command = CreateOrganization(
        organization_id=organization_id,
        member_id=running.new_id(),
        user_id=me.id,
        name=body.name,
        slug=body.slug,
        presentation=Presentation(logo=body.logo, metadata=_json(body.metadata)),
    )
    me.apply(cases.organizations.create, command, organization_id)
    cases.sessions.activate(me.session.id, organization_id)
    organization = cases.organizations.find(organization_id)
    return Founded(
        **organization_shape(organization).model_dump(), members=members_of(organization, cases)
    )


@router.post("/update", openapi_extra=repeatable())
def update(body: UpdateBody, me: SignedIn, cases: Accounts) -> OrganizationShape:
    """Change how an organization is called and shown. Takes an admin."""
    organization_id = chosen_organization(me, cases, body.organizationId)
    sent = body.data.model_fields_set
    shown: dict[str, str | None] = {}
    if "logo" in sent:
        shown["logo"] = body.data.logo
    if "metadata" in sent:
        shown["metadata"] = _json(body.data.metadata)
    command = UpdateOrganization(
        me.id, body.data.name, body.data.slug, tuple(sorted(shown.items()))
    )
    me.apply(cases.organizations.update, command, organization_id)
    return organization_shape(cases.organizations.find(organization_id))


@router.post("/delete", openapi_extra=repeatable(erases=True))
def delete(body: NamedBody, me: SignedIn, running: Running, cases: Accounts) -> OrganizationShape:
    """End an organization: keys stop at once, its resumes are erased. Takes an admin.

    Logo and metadata are null in the answer: they are erased, too.
    """
    meant = chosen_organization(me, cases, body.organizationId, once_a_member=me.turn.is_done)

    def shown() -> str:
        organization = cases.organizations.find_for(me.id, me.origin(meant))
        return organization_shape(replace(organization, presentation=None)).model_dump_json()

    # The organization's own key will be gone, so what is left to tell is sealed for the user.
    note = me.turn.keep(running.operations, shown, about=me.id)
    me.apply(cases.organizations.delete, DeleteOrganization(me.id), meant)
    return OrganizationShape.model_validate_json(note)


@router.post("/set-active")
def set_active(body: NamedBody, me: SignedIn, cases: Accounts) -> OrganizationShape | None:
    """Act for another organization from now on; for none, if null is named."""
    if body.organizationId is None:
        cases.sessions.activate(me.session.id, None)
        return None
    organization_id = known("org", body.organizationId)
    organization = cases.organizations.find_for(me.id, me.origin(organization_id))
    cases.sessions.activate(me.session.id, organization_id)
    return organization_shape(organization)


@router.get("/get-full-organization")
def get_full(me: SignedIn, cases: Accounts, organization_id: Named = None) -> Full:
    """Read an organization with its people, the active one unless another is named."""
    meant = chosen_organization(me, cases, organization_id)
    organization = cases.organizations.find_for(me.id, me.origin(meant))
    return Full(
        **organization_shape(organization).model_dump(),
        members=members_of(organization, cases),
        invitations=[
            invitation_shape(invitation, organization.id)
            for invitation in organization.people.invitations.values()
        ],
    )


@router.post("/check-slug")
def check_slug(body: SlugBody, _: SignedIn, cases: Accounts) -> Done:
    """Tell whether a slug is free."""
    if cases.directory.slug_is_taken(body.slug):
        raise SlugTaken
    return Done()


@router.post("/has-permission")
def has_permission(body: PermissionBody, me: SignedIn, cases: Accounts) -> Permitted:
    """Tell whether one may do all that is asked: an admin everything, a member only read."""
    meant = chosen_organization(me, cases, body.organizationId)
    organization = cases.organizations.find_for(me.id, me.origin(meant))
    member = organization.people.member(me.id)
    actions = {action for wanted in body.permissions.values() for action in wanted}
    is_admin = member is not None and member.role == "admin"
    return Permitted(success=is_admin or actions <= {"read"})


def members_of(organization: Organization, cases: Accounts) -> list[MemberShape]:
    """Return the members with the faces they show."""
    members = organization.people.members.values()
    cards = cases.directory.cards(member.user_id for member in members)
    return [member_shape(member, organization.id, cards) for member in members]


def _json(metadata: dict[str, Any] | None) -> str | None:
    text = None if metadata is None else json.dumps(metadata, ensure_ascii=False)
    if text is not None and len(text) > MAX_METADATA_BYTES:
        raise Problem(400, "VALIDATION_ERROR", "metadata: is too long")
    return text
