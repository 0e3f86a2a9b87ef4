"""How an organization's credits stand in the month that it is: what is due is granted on the way.

Nothing depends on anybody having looked at the right moment: a month is opened by whoever comes
first, the scheduler or a request, and a month that nobody came in was never opened.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from commands.credits.month import CreditMonth, fold
from commands.credits.months import month_at
from commands.manage_organization import find_organization
from commands.organization import Organization
from commands.ports import Plans, Streams
from events.credits import CreditEvent, CreditsGranted, CreditsWithdrawn, GrantCause
from events.organization import Plan

CREDITS_A_MONTH: Final[dict[Plan, int | None]] = {
    "FREE": 3,
    "STARTER": 30,
    "PRO": 100,
    "ENTERPRISE": None,
}
"""How many generations a plan includes each month; None: nobody counts."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The month that it is, and the events that brought it here and are not recorded yet."""

    month: CreditMonth
    due: tuple[CreditEvent, ...] = ()

    def after(self, event: CreditEvent) -> "Standing":
        """Return the standing once *event* is to be recorded, too."""
        return Standing(self.month.after(event), (*self.due, event))


def standing_of(
    organization_id: UUID, *, streams: Streams, plans: Plans, now: datetime
) -> Standing | None:
    """Return how the organization's credits stand; None where nobody counts them.

    Raises:
        OrganizationNotFound: there is no such organization.

    """
    organization = find_organization(organization_id, streams)
    allowance, cause = allowance_of(organization, plans.plan_of(organization_id))
    if allowance is None:
        return None
    month = month_at(now, anchor=organization.anchored_at or now)
    stream_id = month.stream_of(organization_id)
    known = streams.load(stream_id, fold, organization_id=organization_id)
    standing = Standing(known or CreditMonth(stream_id, month))
    due = _due(standing.month, allowance, cause, now)
    return standing if due is None else standing.after(due)


def allowance_of(organization: Organization, plan: Plan) -> tuple[int | None, GrantCause]:
    """Return how many credits a month has, and whether by the plan or as an operator set it."""
    if organization.credits_a_month is not None:
        return organization.credits_a_month, "operator"
    return CREDITS_A_MONTH[plan], "plan"


def _due(
    month: CreditMonth, allowance: int, cause: GrantCause, now: datetime
) -> CreditsGranted | CreditsWithdrawn | None:
    """Return what brings the month to its allowance.

    A better plan adds the difference at once; what a plan gave stays until the month ends. What
    an operator sets holds at once either way, but for credits in use.
    """
    if month.granted < allowance:
        return CreditsGranted(
            **month.next(now),
            amount=allowance - month.granted,
            cause=cause,
            starts_at=month.month.starts_at,
            ends_at=month.month.ends_at,
        )
    surplus = min(month.granted - allowance, month.free)
    if cause == "operator" and surplus > 0:
        return CreditsWithdrawn(**month.next(now), amount=surplus)
    return None


def reserved(
    generation_id: UUID, organization_id: UUID, *, streams: Streams, plans: Plans, now: datetime
) -> tuple[UUID | None, tuple[CreditEvent, ...]]:
    """Return the month in which a credit is set aside, and the events that do so.

    None, and no events, where nobody counts.

    Raises:
        InsufficientCredits: none is free.
        OrganizationNotFound: there is no such organization.

    """
    standing = standing_of(organization_id, streams=streams, plans=plans, now=now)
    if standing is None:
        return None, ()
    reservation = standing.month.reserve(generation_id, at=now)
    return standing.month.id, standing.after(reservation).due


def credits_of(
    credits_id: UUID | None, organization_id: UUID, streams: Streams
) -> CreditMonth | None:
    """Return the month in which a credit was set aside; None where nobody counted."""
    if credits_id is None:
        return None
    return streams.load(credits_id, fold, organization_id=organization_id)
