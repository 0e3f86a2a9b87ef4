"""Invite people by e-mail address, and let whoever owns the address answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from commands.accounts.members import check_admission
from commands.accounts.organizations import organization_for
from commands.accounts.people import Invitation, People
from commands.accounts.ports import Directory
from commands.accounts.refusals import (
    AlreadyInvited,
    AlreadyMember,
    EmailNotVerified,
    InvitationNotFound,
    NotTheRecipient,
    OnlyAdminsCancel,
    OnlyAdminsInvite,
    TooManyInvitations,
)
from commands.accounts.user import find_user
from commands.manage_organization import find_organization
from commands.organization import Organization
from commands.ports import Clock, Job, Streams
from events.base import Event
from events.membership import (
    Addressee,
    InvitationAccepted,
    InvitationCanceled,
    InvitationRejected,
    InvitationRenewed,
    InvitationSent,
    MemberAdded,
    Role,
)
from events.recorded import Origin

HOLDS: Final = timedelta(hours=48)
MOST_OPEN: Final = 100


@dataclass(frozen=True, slots=True)
class Invite:
    """Invite the owner of an e-mail address; `resend` sends an open invitation again."""

    user_id: UUID
    invitation_id: UUID
    email: str
    email_digest: str
    role: Role
    resend: bool = False


def invite(
    command: Invite, origin: Origin, *, streams: Streams, directory: Directory, clock: Clock
) -> UUID:
    """Record the invitation, have it mailed, and return its id: of a renewed one, its old one.

    Raises:
        NotAMember, OnlyAdminsInvite: this user may not.
        AlreadyMember, AlreadyInvited, TooManyInvitations: as the names say.
        Conflict: the organization moved meanwhile; decide again.

    """
    organization = organization_for(
        command.user_id, origin, streams, unless_admin=OnlyAdminsInvite
    )
    invited = directory.user_with_email(command.email_digest)
    if invited is not None and organization.people.member(invited) is not None:
        raise AlreadyMember
    now = clock()
    earlier = _pending(organization.people, command.email_digest)
    events: list[Event] = []
    invitation_id = command.invitation_id
    if earlier is not None and earlier.is_open(now):
        if not command.resend:
            raise AlreadyInvited
        invitation_id = earlier.id
        renewed = InvitationRenewed(
            **organization.next(now), invitation_id=earlier.id, expires_at=now + HOLDS
        )
        events = [renewed]
    else:
        _check_room(organization.people, now)
        events = _sending(command, organization, earlier, now)
    streams.append(events, origin, jobs=[Job("mail", organization.id)])
    return invitation_id


def _sending(
    command: Invite, organization: Organization, expired: Invitation | None, now: datetime
) -> list[Event]:
    events: list[Event] = []
    if expired is not None:
        events = [InvitationCanceled(**organization.next(now), invitation_id=expired.id)]
    sent = InvitationSent(
        **organization.next(now, after=len(events)),
        invitation_id=command.invitation_id,
        email_digest=command.email_digest,
        role=command.role,
        inviter_id=command.user_id,
        expires_at=now + HOLDS,
        personal=Addressee(email=command.email),
    )
    return [*events, sent]


@dataclass(frozen=True, slots=True)
class Answer:
    """Accept or reject an invitation; who accepts becomes a member under `member_id`."""

    user_id: UUID
    invitation_id: UUID
    member_id: UUID


def accept_invitation(command: Answer, origin: Origin, *, streams: Streams, clock: Clock) -> None:
    """Record that the invited person became a member.

    Raises:
        InvitationNotFound: there is none, or it is not open.
        NotTheRecipient, EmailNotVerified: it is not shown to be this user's.
        AlreadyMember, TooManyMembers: as the names say.
        Conflict: the organization moved meanwhile; decide again.

    """
    organization, invitation = _answered(command, origin, streams, clock)
    check_admission(organization.people, command.user_id)
    now = clock()
    accepted = InvitationAccepted(**organization.next(now), invitation_id=invitation.id)
    added = MemberAdded(
        **organization.next(now, after=1),
        member_id=command.member_id,
        user_id=command.user_id,
        role=invitation.role,
    )
    streams.append([accepted, added], origin)


def reject_invitation(command: Answer, origin: Origin, *, streams: Streams, clock: Clock) -> None:
    """Record that the invited person does not want to.

    Raises:
        InvitationNotFound: there is none, or it is not open.
        NotTheRecipient, EmailNotVerified: it is not shown to be this user's.
        Conflict: the organization moved meanwhile; decide again.

    """
    organization, invitation = _answered(command, origin, streams, clock)
    rejected = InvitationRejected(**organization.next(clock()), invitation_id=invitation.id)
    streams.append([rejected], origin)


@dataclass(frozen=True, slots=True)
class CancelInvitation:
    """Take an open invitation back."""

    user_id: UUID
    invitation_id: UUID


def cancel_invitation(
    command: CancelInvitation, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record that the invitation is open no more.

    Raises:
        NotAMember, OnlyAdminsCancel: this user may not.
        InvitationNotFound: there is none, or it was answered.
        Conflict: the organization moved meanwhile; decide again.

    """
    organization = organization_for(
        command.user_id, origin, streams, unless_admin=OnlyAdminsCancel
    )
    invitation = organization.people.invitations.get(command.invitation_id)
    if invitation is None or invitation.status != "pending":
        raise InvitationNotFound
    canceled = InvitationCanceled(**organization.next(clock()), invitation_id=invitation.id)
    streams.append([canceled], origin)


def _answered(
    command: Answer, origin: Origin, streams: Streams, clock: Clock
) -> tuple[Organization, Invitation]:
    organization = find_organization(origin.organization_id, streams)
    invitation = organization.people.invitations.get(command.invitation_id)
    user = find_user(command.user_id, streams)
    if invitation is None:
        raise InvitationNotFound
    if invitation.email_digest != user.email_digest:
        raise NotTheRecipient
    if not invitation.is_open(clock()):
        raise InvitationNotFound
    if not user.email_verified:
        raise EmailNotVerified
    return organization, invitation


def _pending(people: People, email_digest: str) -> Invitation | None:
    return next(
        (
            invitation
            for invitation in people.invitations.values()
            if invitation.email_digest == email_digest and invitation.status == "pending"
        ),
        None,
    )


def _check_room(people: People, now: datetime) -> None:
    if sum(invitation.is_open(now) for invitation in people.invitations.values()) >= MOST_OPEN:
        raise TooManyInvitations
