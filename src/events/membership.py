"""The events on an organization's stream about how it shows itself and who belongs to it."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime

from events.base import Event, Value

Role = Literal["admin", "member"]


class Presentation(Value):
    """Where the logo is, and what the organization's clients keep about it, as JSON text."""

    logo: str | None
    metadata: str | None


class OrganizationUpdated(Event):
    """The organization is called and shown so from now on. No two have the same slug."""

    TOPIC: ClassVar[str] = "organization-updated"

    name: str
    slug: str
    personal: Presentation | None


class MemberAdded(Event):
    """A user may act for the organization from now on."""

    TOPIC: ClassVar[str] = "member-added"

    member_id: UUID
    user_id: UUID
    role: Role


class MemberRoleChanged(Event):
    """A member has another role from now on."""

    TOPIC: ClassVar[str] = "member-role-changed"

    member_id: UUID
    role: Role


class MemberRemoved(Event):
    """A member left or was sent away."""

    TOPIC: ClassVar[str] = "member-removed"

    member_id: UUID


class Addressee(Value):
    """Whom an invitation is for."""

    email: str


class InvitationSent(Event):
    """Whoever owns this e-mail address may become a member until the invitation expires.

    `email_digest` is that of `UserSignedUp`.
    """

    TOPIC: ClassVar[str] = "invitation-sent"

    invitation_id: UUID
    email_digest: str
    role: Role
    inviter_id: UUID
    expires_at: AwareDatetime
    personal: Addressee | None


class InvitationRenewed(Event):
    """An invitation was sent again and holds longer."""

    TOPIC: ClassVar[str] = "invitation-renewed"

    invitation_id: UUID
    expires_at: AwareDatetime


class InvitationAccepted(Event):
    """The invited person became a member."""

    TOPIC: ClassVar[str] = "invitation-accepted"

    invitation_id: UUID


class InvitationRejected(Event):
    """The invited person does not want to become a member."""

    TOPIC: ClassVar[str] = "invitation-rejected"

    invitation_id: UUID


class InvitationCanceled(Event):
    """The organization took the invitation back, or it had expired and made way for another."""

    TOPIC: ClassVar[str] = "invitation-canceled"

    invitation_id: UUID


class OrganizationDeleted(Event):
    """The organization is no more. Its key is destroyed; its resumes are erased next."""

    TOPIC: ClassVar[str] = "organization-deleted"
    ERASES: ClassVar[bool] = True


MembershipEvent = (
    OrganizationUpdated
    | MemberAdded
    | MemberRoleChanged
    | MemberRemoved
    | InvitationSent
    | InvitationRenewed
    | InvitationAccepted
    | InvitationRejected
    | InvitationCanceled
    | OrganizationDeleted
)
