"""Turn over an organization's months: end what nobody used, open the month that it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from commands.credits.month import fold
from commands.credits.standing import standing_of
from commands.errors import OrganizationNotFound
from commands.ports import Clock, Plans, Streams
from events.base import Event
from events.recorded import Origin


@dataclass(frozen=True, slots=True)
class RenewCredits:
    """End these months of the organization of `origin`, and open the present one."""

    months: Sequence[UUID]


def renew_credits(
    command: RenewCredits, origin: Origin, *, streams: Streams, plans: Plans, clock: Clock
) -> None:
    """Record what is due. Done already, or too early, it changes nothing.

    Raises:
        Conflict: a month moved meanwhile; decide again.

    """
    now = clock()
    events: list[Event] = []
    for month_id in command.months:
        month = streams.load(month_id, fold, organization_id=origin.organization_id)
        expired = month.expire(at=now) if month else None
        if expired is not None:
            events.append(expired)
    try:
        standing = standing_of(origin.organization_id, streams=streams, plans=plans, now=now)
    except OrganizationNotFound:
        standing = None
    if standing is not None:
        events += standing.due
    if events:
        streams.append(events, origin)
