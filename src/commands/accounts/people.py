"""Who belongs to an organization and who was invited: the part of it that concerns people."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from events.membership import (
    InvitationAccepted,
    InvitationCanceled,
    InvitationRejected,
    InvitationRenewed,
    InvitationSent,
    MemberAdded,
    MemberRemoved,
    MemberRoleChanged,
    MembershipEvent,
    Role,
)

Status = Literal["pending", "accepted", "rejected", "canceled"]


@dataclass(frozen=True, slots=True)
class Member:
    """A user who may act for the organization."""

    id: UUID
    user_id: UUID
    role: Role
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation and what became of it; a pending one can have expired."""

    id: UUID
    email: str
    email_digest: str
    role: Role
    inviter_id: UUID
    created_at: datetime
    expires_at: datetime
    status: Status = "pending"

    def is_open(self, now: datetime) -> bool:
        """Tell whether it can be accepted *now*."""
        return self.status == "pending" and self.expires_at > now


@dataclass(frozen=True, slots=True)
class People:
    """Members and invitations by their ids, in the order they came."""

    members: Mapping[UUID, Member] = field(default_factory=dict)
    invitations: Mapping[UUID, Invitation] = field(default_factory=dict)

    def member(self, user_id: UUID) -> Member | None:
        """Return the membership of a user."""
        return next((m for m in self.members.values() if m.user_id == user_id), None)

    def newest_invitation(self, email_digest: str) -> Invitation:
        """Return the last invitation of an e-mail address, whatever became of it."""
        return [i for i in self.invitations.values() if i.email_digest == email_digest][-1]

    @property
    def admins(self) -> int:
        """How many members are admins."""
        return sum(member.role == "admin" for member in self.members.values())

    def evolve(self, event: MembershipEvent) -> "People":
        """Return the people after a fact; those about other things leave them as they were."""
        match event:
            case MemberAdded():
                member = Member(event.member_id, event.user_id, event.role, event.timestamp)
                return replace(self, members={**self.members, member.id: member})
            case MemberRoleChanged():
                changed = replace(self.members[event.member_id], role=event.role)
                return replace(self, members={**self.members, changed.id: changed})
            case MemberRemoved():
                rest = {id_: m for id_, m in self.members.items() if id_ != event.member_id}
                return replace(self, members=rest)
            case InvitationSent():
                return self._with(_sent(event))
            case InvitationRenewed():
                return self._with(
                    replace(self.invitations[event.invitation_id], expires_at=event.expires_at)
                )
            case InvitationAccepted():
                return self._settled(event.invitation_id, "accepted")
            case InvitationRejected():
                return self._settled(event.invitation_id, "rejected")
            case InvitationCanceled():
                return self._settled(event.invitation_id, "canceled")
            case _:
                return self

    def _with(self, invitation: Invitation) -> "People":
        return replace(self, invitations={**self.invitations, invitation.id: invitation})

    def _settled(self, invitation_id: UUID, status: Status) -> "People":
        return self._with(replace(self.invitations[invitation_id], status=status))


def _sent(event: InvitationSent) -> Invitation:
    return Invitation(
        id=event.invitation_id,
        email=event.personal.email if event.personal else "",
        email_digest=event.email_digest,
        role=event.role,
        inviter_id=event.inviter_id,
        created_at=event.timestamp,
        expires_at=event.expires_at,
    )
