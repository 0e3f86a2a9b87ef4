"""Who belongs to an organization, as what."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, BeforeValidator

from api.account_cases import AccountCases
from api.http.accounts.fields import known
from api.http.accounts.guard import (
    AccountRoute,
    Accounts,
    Person,
    SignedIn,
    active_membership,
    chosen_organization,
)
from api.http.accounts.organizations import Named, members_of
from api.http.accounts.refusals import REFUSED
from api.http.accounts.repeating import repeatable
from api.http.accounts.shapes import MemberShape, Shape, member_shape
from api.http.bodies import Body
from api.http.guard import Running
from api.http.params import MAX_LIMIT
from api.runtime import Runtime
from commands.accounts.members import ChangeRole, RemoveMember
from commands.accounts.people import People
from commands.accounts.refusals import MemberNotFound, NoActiveOrganization

router = APIRouter(
    prefix="/api/auth/organization",
    tags=["Organizations"],
    route_class=AccountRoute,
    responses=REFUSED,
)


def _plain_role(value: object) -> object:
    first = value[0] if isinstance(value, list) and value else value
    return "admin" if first == "owner" else first


RoleName = Annotated[Literal["admin", "member"], BeforeValidator(_plain_role)]
"""`owner` is who created the organization: an admin like any other."""


class RoleBody(Body):
    """Which member shall have which role."""

    memberId: str  # noqa: N815 as clients send it
    role: RoleName
    organizationId: str | None = None  # noqa: N815 same


class RemoveBody(Body):
    """Whom to remove."""

    memberIdOrEmail: str  # noqa: N815 as clients send it
    organizationId: str | None = None  # noqa: N815 same


class LeaveBody(Body):
    """Which organization to leave."""

    organizationId: str | None = None  # noqa: N815 as clients send it


class RoleShape(BaseModel):
    """What one is in the active organization."""

    role: Literal["admin", "member"]


class Members(BaseModel):
    """Members and how many there are."""

    members: list[MemberShape]
    total: int


class Changed(Shape):
    """The member that it was about."""

    member: MemberShape


@router.get("/get-active-member-role")
def get_active_member_role(me: SignedIn, cases: Accounts) -> RoleShape:
    """Tell what one is in the active organization."""
    membership = active_membership(me, cases)
    if membership is None:
        raise NoActiveOrganization
    return RoleShape(role=membership.role)


@router.get("/list-members")
def list_members(
    me: SignedIn,
    cases: Accounts,
    organization_id: Named = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = MAX_LIMIT,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Members:
    """List members in the order they came, of the active organization unless one is named."""
    meant = chosen_organization(me, cases, organization_id)
    organization = cases.organizations.find_for(me.id, me.origin(meant))
    members = members_of(organization, cases)
    return Members(members=members[offset : offset + limit], total=len(members))


@router.post("/update-member-role", openapi_extra=repeatable())
def update_member_role(body: RoleBody, me: SignedIn, cases: Accounts) -> MemberShape:
    """Give a member another role. Takes an admin."""
    meant = chosen_organization(me, cases, body.organizationId)
    member_id = known("mem", body.memberId)
    me.apply(cases.organizations.change_role, ChangeRole(me.id, member_id, body.role), meant)
    member = cases.organizations.find(meant).people.members.get(member_id)
    if member is None:
        raise MemberNotFound
    return member_shape(member, meant, cases.directory.cards([member.user_id]))


@router.post("/remove-member", openapi_extra=repeatable())
def remove_member(body: RemoveBody, me: SignedIn, running: Running, cases: Accounts) -> Changed:
    """Send a member away, by id or e-mail address. Takes an admin."""
    meant = chosen_organization(me, cases, body.organizationId)
    find = partial(_named, body.memberIdOrEmail, meant, me, cases)
    return Changed(member=_removed(find, meant, me, running))


def _named(wanted: str, meant: UUID, me: Person, cases: AccountCases) -> MemberShape:
    organization = cases.organizations.find_for(me.id, me.origin(meant))
    cards = cases.directory.cards(m.user_id for m in organization.people.members.values())
    by_email = {card.email: card.id for card in cards.values()}
    user_id = by_email.get(wanted.strip().lower())
    member = organization.people.member(user_id) if user_id else None
    member = member or organization.people.members.get(known("mem", wanted))
    if member is None:
        raise MemberNotFound
    return member_shape(member, meant, cards)


@router.post("/leave", openapi_extra=repeatable())
def leave(body: LeaveBody, me: SignedIn, running: Running, cases: Accounts) -> MemberShape:
    """Leave an organization; its only admin cannot."""
    meant = chosen_organization(me, cases, body.organizationId, once_a_member=me.turn.is_done)
    return _removed(partial(_myself, meant, me, cases), meant, me, running)


def _myself(meant: UUID, me: Person, cases: AccountCases) -> MemberShape:
    people: People = cases.organizations.find_for(me.id, me.origin(meant)).people
    member = people.member(me.id)
    if member is None:
        raise MemberNotFound
    return member_shape(member, meant, cases.directory.cards([me.id]))


def _removed(
    find: Callable[[], MemberShape], meant: UUID, me: Person, running: Runtime
) -> MemberShape:
    """Remove a member, and return who it was."""
    note = me.turn.keep(running.operations, lambda: find().model_dump_json(), about=meant)
    member = MemberShape.model_validate_json(note)
    command = RemoveMember(me.id, known("mem", member.id))
    me.apply(running.accounts.organizations.remove_member, command, meant)
    return member
