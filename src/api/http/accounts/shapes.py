"""How users, sessions, organizations and keys look under `/api/auth`, in camel case."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from api.account_views import Card, Session
from api.http.envelope import Instant
from api.ids import to_wire
from commands.accounts.people import Invitation, Member
from commands.accounts.user import User
from commands.organization import Organization


class Shape(BaseModel):
    """An answer whose members are in camel case."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Done(BaseModel):
    """It was done."""

    status: bool = True


class Success(BaseModel):
    """It was done."""

    success: bool = True


class UserShape(Shape):
    """A user as themselves see it."""

    id: str
    name: str
    email: str
    email_verified: bool
    image: str | None
    created_at: Instant
    updated_at: Instant
    two_factor_enabled: bool
    title: str | None
    bio: str | None
    theme: str


def user_shape(user: User) -> UserShape:
    """Return a user as answers have it."""
    shown = user.profile
    return UserShape(
        id=to_wire("usr", user.id),
        name=shown.name,
        email=user.email,
        email_verified=user.email_verified,
        image=shown.image,
        created_at=user.created_at,
        updated_at=user.updated_at,
        two_factor_enabled=user.second_factor is not None,
        title=shown.title,
        bio=shown.bio,
        theme=shown.theme,
    )


class SessionShape(Shape):
    """A session. Its `token` names it, to revoke it, and opens nothing."""

    id: str
    user_id: str
    token: str
    expires_at: Instant
    created_at: Instant
    updated_at: Instant
    ip_address: str
    user_agent: str
    active_organization_id: str | None


def session_shape(session: Session) -> SessionShape:
    """Return a session as answers have it."""
    active = session.active_organization_id
    return SessionShape(
        id=to_wire("ses", session.id),
        user_id=to_wire("usr", session.user_id),
        token=to_wire("ses", session.id),
        expires_at=session.expires_at,
        created_at=session.created_at,
        updated_at=session.refreshed_at,
        ip_address=session.client.address,
        user_agent=session.client.user_agent,
        active_organization_id=to_wire("org", active) if active else None,
    )


class OrganizationShape(Shape):
    """An organization."""

    id: str
    name: str
    slug: str
    logo: str | None
    metadata: Any
    created_at: Instant


def organization_shape(organization: Organization) -> OrganizationShape:
    """Return an organization as answers have it."""
    wire_id, shown = to_wire("org", organization.id), organization.presentation
    return OrganizationShape(
        id=wire_id,
        name=organization.name,
        slug=organization.slug or wire_id.replace("_", "-").lower(),
        logo=shown.logo if shown else None,
        metadata=json.loads(shown.metadata) if shown and shown.metadata else None,
        created_at=organization.founded_at or datetime.min,  # noqa: DTZ901 a founded one has it
    )


class CardShape(Shape):
    """A user as other members see them."""

    id: str
    name: str
    email: str
    image: str | None


class MemberShape(Shape):
    """A member; one whose account was erased meanwhile has no user."""

    id: str
    organization_id: str
    user_id: str
    role: str
    created_at: Instant
    user: CardShape | None


def member_shape(member: Member, organization_id: UUID, cards: Mapping[UUID, Card]) -> MemberShape:
    """Return a member as answers have it."""
    card = cards.get(member.user_id)
    return MemberShape(
        id=to_wire("mem", member.id),
        organization_id=to_wire("org", organization_id),
        user_id=to_wire("usr", member.user_id),
        role=member.role,
        created_at=member.created_at,
        user=CardShape(
            id=to_wire("usr", card.id),
            name=card.profile.name,
            email=card.email,
            image=card.profile.image,
        )
        if card
        else None,
    )


class InvitationShape(Shape):
    """An invitation."""

    id: str
    organization_id: str
    email: str
    role: str
    status: str
    expires_at: Instant
    created_at: Instant
    inviter_id: str


def invitation_shape(invitation: Invitation, organization_id: UUID) -> InvitationShape:
    """Return an invitation as answers have it."""
    return InvitationShape(
        id=to_wire("inv", invitation.id),
        organization_id=to_wire("org", organization_id),
        email=invitation.email,
        role=invitation.role,
        status=invitation.status,
        expires_at=invitation.expires_at,
        created_at=invitation.created_at,
        inviter_id=to_wire("usr", invitation.inviter_id),
    )
