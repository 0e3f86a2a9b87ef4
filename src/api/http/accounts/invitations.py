"""Inviting people, and answering invitations."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.http.accounts.fields import Email, known
from api.http.accounts.guard import AccountRoute, Accounts, SignedIn, chosen_organization
from api.http.accounts.members import RoleName
from api.http.accounts.organizations import Named
from api.http.accounts.refusals import REFUSED
from api.http.accounts.repeating import repeatable
from api.http.accounts.shapes import (
    InvitationShape,
    MemberShape,
    Shape,
    invitation_shape,
    member_shape,
)
from api.http.accounts.tries import MAILS_TO_ONE
from api.http.bodies import Body
from api.http.guard import Running
from commands.accounts.invitations import Answer, CancelInvitation, Invite
from commands.accounts.people import Invitation
from commands.accounts.refusals import InvitationNotFound, NotTheRecipient
from commands.organization import Organization

router = APIRouter(
    prefix="/api/auth/organization",
    tags=["Organizations"],
    route_class=AccountRoute,
    responses=REFUSED,
)


class InviteBody(Body):
    """Whom to invite, as what."""

    email: Email
    role: RoleName
    organizationId: str | None = None  # noqa: N815 as clients send it
    resend: bool = False


class InvitationBody(Body):
    """Which invitation is meant."""

    invitationId: str  # noqa: N815 as clients send it


class Answered(Shape):
    """An invitation that was answered, and the member that came of it."""

    invitation: InvitationShape
    member: MemberShape | None


class InvitationDetail(InvitationShape):
    """An invitation as the invited person sees it."""

    organization_name: str
    organization_slug: str | None
    inviter_email: str | None


@router.post("/invite-member", openapi_extra=repeatable())
def invite_member(
    body: InviteBody, me: SignedIn, running: Running, cases: Accounts
) -> InvitationShape:
    """Invite the owner of an e-mail address; the mail leads to a page. Takes an admin."""
    meant = chosen_organization(me, cases, body.organizationId)
    command = Invite(
        user_id=me.id,
        invitation_id=me.turn.id_for(running.new_id),
        email=body.email,
        email_digest=cases.digests.of_email(body.email),
        role=body.role,
        resend=body.resend,
    )
    cases.throttle.spend(cases.digests.of_caller("mail", command.email_digest), MAILS_TO_ONE)
    me.apply(cases.organizations.invite, command, meant)
    people = cases.organizations.find(meant).people
    return invitation_shape(people.newest_invitation(command.email_digest), meant)


@router.post("/accept-invitation", openapi_extra=repeatable("user"))
def accept_invitation(
    body: InvitationBody, me: SignedIn, running: Running, cases: Accounts
) -> Answered:
    """Become a member, and act for the organization from now on."""
    invitation_id = known("inv", body.invitationId)
    meant = _organization(invitation_id, cases)
    command = Answer(me.id, invitation_id, running.new_id())
    me.apply(cases.organizations.accept, command, meant)
    cases.sessions.activate(me.session.id, meant)
    people = cases.organizations.find(meant).people
    member = people.member(me.id)
    cards = cases.directory.cards([me.id])
    return Answered(
        invitation=invitation_shape(people.invitations[invitation_id], meant),
        member=member_shape(member, meant, cards) if member else None,
    )


@router.post("/reject-invitation", openapi_extra=repeatable("user"))
def reject_invitation(
    body: InvitationBody, me: SignedIn, running: Running, cases: Accounts
) -> Answered:
    """Decline to become a member."""
    invitation_id = known("inv", body.invitationId)
    meant = _organization(invitation_id, cases)
    command = Answer(me.id, invitation_id, running.new_id())
    me.apply(cases.organizations.reject, command, meant)
    people = cases.organizations.find(meant).people
    invitation = invitation_shape(people.invitations[invitation_id], meant)
    return Answered(invitation=invitation, member=None)


@router.post("/cancel-invitation", openapi_extra=repeatable("user"))
def cancel_invitation(body: InvitationBody, me: SignedIn, cases: Accounts) -> InvitationShape:
    """Take an invitation back. Takes an admin."""
    invitation_id = known("inv", body.invitationId)
    meant = _organization(invitation_id, cases)
    me.apply(cases.organizations.cancel, CancelInvitation(me.id, invitation_id), meant)
    people = cases.organizations.find(meant).people
    return invitation_shape(people.invitations[invitation_id], meant)


@router.get("/list-invitations")
def list_invitations(
    me: SignedIn, cases: Accounts, organization_id: Named = None
) -> list[InvitationShape]:
    """List whom an organization has invited, whatever became of it."""
    meant = chosen_organization(me, cases, organization_id)
    people = cases.organizations.find_for(me.id, me.origin(meant)).people
    return [invitation_shape(invitation, meant) for invitation in people.invitations.values()]


@router.get("/list-user-invitations")
def list_user_invitations(me: SignedIn, cases: Accounts) -> list[InvitationDetail]:
    """List the invitations that one can still accept."""
    user = cases.users.find(me.id)
    if not user.email_verified:
        return []
    found = [
        (cases.organizations.find(organization_id), invitation_id)
        for organization_id, invitation_id in cases.directory.invitations_to(user.email_digest)
    ]
    return [
        _detail(organization, organization.people.invitations[invitation_id], cases)
        for organization, invitation_id in found
    ]


@router.get("/get-invitation")
def get_invitation(
    me: SignedIn, running: Running, cases: Accounts, wire_id: Annotated[str, Query(alias="id")]
) -> InvitationDetail:
    """Read an invitation that is open to oneself."""
    invitation_id = known("inv", wire_id)
    organization = cases.organizations.find(_organization(invitation_id, cases))
    invitation = organization.people.invitations[invitation_id]
    if invitation.email_digest != cases.users.find(me.id).email_digest:
        raise NotTheRecipient
    if not invitation.is_open(running.clock()):
        raise InvitationNotFound
    return _detail(organization, invitation, cases)


def _detail(
    organization: Organization, invitation: Invitation, cases: Accounts
) -> InvitationDetail:
    inviter = cases.directory.cards([invitation.inviter_id]).get(invitation.inviter_id)
    return InvitationDetail(
        **invitation_shape(invitation, organization.id).model_dump(),
        organization_name=organization.name,
        organization_slug=organization.slug,
        inviter_email=inviter.email if inviter else None,
    )


def _organization(invitation_id: UUID, cases: Accounts) -> UUID:
    organization_id = cases.directory.organization_inviting(invitation_id)
    if organization_id is None:
        raise InvitationNotFound
    return organization_id
