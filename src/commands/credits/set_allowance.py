"""Set by hand how many credits an organization has each month."""

from dataclasses import dataclass

from commands.manage_organization import find_organization
from commands.ports import Clock, Streams
from events.organization import AllowanceSet
from events.recorded import Origin


@dataclass(frozen=True, slots=True)
class SetAllowance:
    """Give the organization so many credits a month, from now on; None: as its plan says."""

    credits_a_month: int | None


def set_allowance(
    command: SetAllowance, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record the allowance; the same again is no change.

    Raises:
        OrganizationNotFound: there is no such organization.
        Conflict: it moved meanwhile; decide again.

    """
    organization = find_organization(origin.organization_id, streams)
    if organization.credits_a_month == command.credits_a_month:
        return
    changed = AllowanceSet(**organization.next(clock()), credits_a_month=command.credits_a_month)
    streams.append([changed], origin)
