"""Record how a subscription stands, and with it until when its plan is in force."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from commands.manage_organization import find_organization
from commands.plans import end_of_plan
from commands.ports import Clock, Streams
from events.organization import Plan, SubscriptionChanged, SubscriptionStatus
from events.recorded import Origin


@dataclass(frozen=True, slots=True)
class ChangeSubscription:
    """Have the organization on what was bought: a plan, how it stands, until when it is paid."""

    plan: Plan
    status: SubscriptionStatus
    period_end: datetime | None = None


def change_subscription(
    command: ChangeSubscription,
    origin: Origin,
    *,
    streams: Streams,
    clock: Clock,
    past_due_grace: timedelta,
) -> None:
    """Record the change; the same again is none.

    Raises:
        OrganizationNotFound: there is no such organization.
        Conflict: it moved meanwhile; decide again.

    """
    organization = find_organization(origin.organization_id, streams)
    bought = organization.subscription
    asked = (command.plan, command.status, command.period_end)
    if bought is not None and (bought.plan, bought.status, bought.period_end) == asked:
        return
    now = clock()
    changed = SubscriptionChanged(
        **organization.next(now),
        plan=command.plan,
        status=command.status,
        period_end=command.period_end,
        in_force_until=end_of_plan(
            command.status,
            command.period_end,
            now=now,
            grace=past_due_grace,
            before=bought.in_force_until if bought else None,
        ),
    )
    streams.append([changed], origin)
