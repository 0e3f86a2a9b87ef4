"""Found an organization and set its plan."""

from dataclasses import dataclass
from uuid import UUID

from commands.errors import OrganizationNotFound
from commands.organization import Organization, fold
from commands.ports import Clock, Streams
from events.organization import OrganizationFounded, Plan, PlanChanged
from events.recorded import Origin


@dataclass(frozen=True, slots=True)
class FoundOrganization:
    """Bring an organization of this name into being, on this plan."""

    organization_id: UUID
    name: str
    plan: Plan = "FREE"


def found_organization(
    command: FoundOrganization, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record the founding.

    Raises:
        Conflict: the id is taken.

    """
    now = clock()
    founded = OrganizationFounded(
        originator_id=command.organization_id,
        originator_version=1,
        timestamp=now,
        name=command.name,
    )
    chosen = PlanChanged(
        originator_id=command.organization_id,
        originator_version=2,
        timestamp=now,
        plan=command.plan,
    )
    streams.append([founded, chosen], origin)


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """Put the organization on another plan, by hand: without end, whatever was bought before."""

    plan: Plan


def change_plan(command: ChangePlan, origin: Origin, *, streams: Streams, clock: Clock) -> None:
    """Record the change; the same plan again is none.

    Raises:
        OrganizationNotFound: there is no such organization.
        Conflict: it moved meanwhile; decide again.

    """
    organization = find_organization(origin.organization_id, streams)
    if organization.plan == command.plan and organization.subscription is None:
        return
    changed = PlanChanged(
        originator_id=organization.id,
        originator_version=organization.version + 1,
        timestamp=clock(),
        plan=command.plan,
    )
    streams.append([changed], origin)


def find_organization(organization_id: UUID, streams: Streams) -> Organization:
    """Return the organization.

    Raises:
        OrganizationNotFound: there is none of this id, or it was deleted.

    """
    organization = streams.load(organization_id, fold, organization_id=organization_id)
    if organization is None or organization.deleted:
        raise OrganizationNotFound
    return organization
