"""What each plan allows, and until when one that was bought is in force."""

from datetime import datetime, timedelta
from typing import Final

from events.organization import Plan, SubscriptionStatus

LEVELS: Final[tuple[Plan, ...]] = ("FREE", "STARTER", "PRO", "ENTERPRISE")
REQUESTS_A_WINDOW: Final[dict[Plan, int]] = {
    "FREE": 10,
    "STARTER": 30,
    "PRO": 100,
    "ENTERPRISE": 500,
}
"""How many requests an organization may send in any 60 seconds, all of its keys together."""


def allows(plan: Plan, needed: Plan) -> bool:
    """Tell whether *plan* includes what *needed* does."""
    return LEVELS.index(plan) >= LEVELS.index(needed)


def plan_in_force(plan: Plan, until: datetime | None, now: datetime) -> Plan:
    """Return *plan* before *until*, which None puts off for ever, and FREE from then on."""
    return plan if until is None or now < until else "FREE"


def end_of_plan(
    status: SubscriptionStatus,
    period_end: datetime | None,
    *,
    now: datetime,
    grace: timedelta,
    before: datetime | None,
) -> datetime | None:
    """Return when a plan ends whose subscription has this *status* from *now* on; None: never.

    *before* is the end that was set until now. A payment that failed lets the plan go on for
    *grace*, but never beyond an end that was set already, so that failing again wins no time.
    """
    match status:
        case "active" | "trialing":
            return None
        case "canceled":
            return now if period_end is None else max(period_end, now)
        case "past_due":
            return now + grace if before is None else min(before, now + grace)
        case _:
            return now
