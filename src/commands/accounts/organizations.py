"""Found, change and delete organizations by the will of their members."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from commands.accounts.ports import Directory
from commands.accounts.refusals import (
    AccountRefusal,
    NotAMember,
    OnlyAdminsDelete,
    OnlyAdminsUpdate,
    SlugTaken,
)
from commands.organization import Organization, fold
from commands.ports import Clock, Job, Streams
from events.base import Event
from events.membership import (
    InvitationCanceled,
    MemberAdded,
    MemberRemoved,
    OrganizationDeleted,
    OrganizationUpdated,
    Presentation,
)
from events.organization import KeyRevoked, OrganizationFounded, PlanChanged
from events.recorded import Origin
from events.webhook import WebhookRemoved

PLAIN: Final = Presentation(logo=None, metadata=None)


@dataclass(frozen=True, slots=True)
class CreateOrganization:
    """Found an organization with this user as its admin."""

    organization_id: UUID
    member_id: UUID
    user_id: UUID
    name: str
    slug: str
    presentation: Presentation | None = None


def founding(command: CreateOrganization, clock: Clock) -> Sequence[Event]:
    """Return the first events of the organization's stream."""
    first = Organization(command.organization_id, 0, command.name)
    now = clock()
    return [
        OrganizationFounded(**first.next(now), name=command.name),
        PlanChanged(**first.next(now, after=1), plan="FREE"),
        OrganizationUpdated(
            **first.next(now, after=2),
            name=command.name,
            slug=command.slug,
            personal=command.presentation or PLAIN,
        ),
        MemberAdded(
            **first.next(now, after=3),
            member_id=command.member_id,
            user_id=command.user_id,
            role="admin",
        ),
    ]


def create_organization(
    command: CreateOrganization,
    origin: Origin,
    *,
    streams: Streams,
    directory: Directory,
    clock: Clock,
) -> None:
    """Record the founding.

    Raises:
        SlugTaken: another organization has the slug.
        Conflict: it was taken meanwhile; decide again.

    """
    if directory.slug_is_taken(command.slug):
        raise SlugTaken
    streams.append(founding(command, clock), origin)


@dataclass(frozen=True, slots=True)
class UpdateOrganization:
    """Change what is given, None leaves it; `presentation` names the fields of it that change."""

    user_id: UUID
    name: str | None = None
    slug: str | None = None
    presentation: tuple[tuple[str, Any], ...] = ()


def update_organization(
    command: UpdateOrganization,
    origin: Origin,
    *,
    streams: Streams,
    directory: Directory,
    clock: Clock,
) -> None:
    """Record how the organization is shown from now on.

    Raises:
        NotAMember, OnlyAdminsUpdate: this user may not.
        SlugTaken: another organization has the slug.
        Conflict: it moved, or the slug was taken, meanwhile; decide again.

    """
    organization = organization_for(
        command.user_id, origin, streams, unless_admin=OnlyAdminsUpdate
    )
    slug = command.slug or organization.slug or str(organization.id)
    if slug != organization.slug and directory.slug_is_taken(slug):
        raise SlugTaken
    shown = organization.presentation or PLAIN
    updated = OrganizationUpdated(
        **organization.next(clock()),
        name=command.name or organization.name,
        slug=slug,
        personal=shown.model_copy(update=dict(command.presentation)),
    )
    if (updated.name, updated.slug, updated.personal) != (
        organization.name,
        organization.slug,
        organization.presentation,
    ):
        streams.append([updated], origin)


@dataclass(frozen=True, slots=True)
class DeleteOrganization:
    """Have the organization be no more, with its keys, members and open invitations."""

    user_id: UUID


def delete_organization(
    command: DeleteOrganization, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record the end; the organization's resumes are erased by the job that goes with it.

    Raises:
        NotAMember, OnlyAdminsDelete: this user may not.
        Conflict: it moved meanwhile; decide again.

    """
    organization = organization_for(
        command.user_id, origin, streams, unless_admin=OnlyAdminsDelete
    )
    now, people = clock(), organization.people
    pending = [i.id for i in people.invitations.values() if i.status == "pending"]
    ends: list[tuple[Callable[..., Event], dict[str, UUID]]] = [
        *((KeyRevoked, {"key_id": key_id}) for key_id in organization.keyring.keys),
        *((InvitationCanceled, {"invitation_id": id_}) for id_ in pending),
        *((MemberRemoved, {"member_id": member_id}) for member_id in people.members),
        *((WebhookRemoved, {"webhook_id": id_}) for id_ in organization.webhooks),
        (OrganizationDeleted, {}),
    ]
    events = [
        kind(**organization.next(now, after=place), **about)
        for place, (kind, about) in enumerate(ends)
    ]
    streams.append(events, origin, jobs=[Job("erase", organization.id)])


def organization_for(
    user_id: UUID,
    origin: Origin,
    streams: Streams,
    *,
    unless_admin: type[AccountRefusal] | None = None,
) -> Organization:
    """Return the organization of *origin* if the user is a member of it.

    Raises:
        NotAMember: missing, deleted, or another's: all the same.
        AccountRefusal: the user is no admin, and *unless_admin* says that it takes one.

    """
    tenant = origin.organization_id
    organization = streams.load(tenant, fold, organization_id=tenant)
    member = organization.people.member(user_id) if organization else None
    if organization is None or organization.deleted or member is None:
        raise NotAMember
    if unless_admin is not None and member.role != "admin":
        raise unless_admin
    return organization


def within(organization_id: UUID, origin: Origin) -> Origin:
    """Return *origin* as acting in another organization."""
    return replace(origin, organization_id=organization_id)
