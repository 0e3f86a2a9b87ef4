"""Until when a plan that was bought is in force, and recording how its subscription stands."""

from datetime import datetime, timedelta
from typing import Final, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.change_subscription import ChangeSubscription, change_subscription
from commands.errors import OrganizationNotFound
from commands.manage_organization import ChangePlan, change_plan
from commands.plans import end_of_plan, plan_in_force
from events.organization import Plan, PlanChanged, SubscriptionChanged, SubscriptionStatus
from spec import NOW, Spec, clock, now
from stories import ACME, BY_ACME, founded

DAY: Final = timedelta(days=1)
GRACE: Final = timedelta(days=7)
LATER: Final = NOW + 20 * DAY

STATUSES: Final = st.sampled_from(get_args(SubscriptionStatus))
ENDED: Final[tuple[SubscriptionStatus, ...]] = ("incomplete", "incomplete_expired", "unpaid")
TIMES: Final = st.timedeltas(timedelta(days=-200), timedelta(days=200)).map(lambda d: NOW + d)
MAYBE: Final = st.none() | TIMES


def end(
    status: SubscriptionStatus,
    period_end: datetime | None = LATER,
    *,
    at: datetime = NOW,
    before: datetime | None = None,
) -> datetime | None:
    return end_of_plan(status, period_end, now=at, grace=GRACE, before=before)


@pytest.mark.parametrize(
    ("status", "period_end", "before", "ends"),
    [
        ("active", LATER, None, None),
        ("active", None, NOW - DAY, None),
        ("trialing", LATER, None, None),
        ("canceled", LATER, None, LATER),
        ("canceled", NOW - DAY, None, NOW),
        ("canceled", None, None, NOW),
        ("canceled", LATER, NOW - DAY, LATER),
        ("past_due", LATER, None, NOW + GRACE),
        ("past_due", LATER, NOW + DAY, NOW + DAY),
        ("past_due", LATER, NOW - DAY, NOW - DAY),
        ("past_due", LATER, LATER, NOW + GRACE),
        ("incomplete", LATER, None, NOW),
        ("incomplete_expired", LATER, None, NOW),
        ("unpaid", LATER, NOW + DAY, NOW),
    ],
)
def test_a_plan_ends_as_its_subscription_stands(
    status: SubscriptionStatus,
    period_end: datetime | None,
    before: datetime | None,
    ends: datetime | None,
) -> None:
    assert end(status, period_end, before=before) == ends


@given(STATUSES, MAYBE, TIMES, MAYBE)
def test_only_what_is_paid_for_has_no_end(
    status: SubscriptionStatus,
    period_end: datetime | None,
    at: datetime,
    before: datetime | None,
) -> None:
    ends = end(status, period_end, at=at, before=before)

    assert (ends is None) == (status in {"active", "trialing"})


@given(MAYBE, MAYBE, st.lists(TIMES, min_size=1).map(sorted))
def test_failing_again_wins_no_time(
    period_end: datetime | None, before: datetime | None, failures: list[datetime]
) -> None:
    first = end("past_due", period_end, at=failures[0], before=before)
    last = before
    for at in failures:
        last = end("past_due", period_end, at=at, before=last)

    assert last == first
    assert last is not None
    assert last <= failures[0] + GRACE


@given(STATUSES, MAYBE, TIMES, MAYBE)
def test_nothing_goes_on_longer_than_it_was_paid_for_or_the_grace_lasts(
    status: SubscriptionStatus,
    period_end: datetime | None,
    at: datetime,
    before: datetime | None,
) -> None:
    ends = end(status, period_end, at=at, before=before)

    assert ends is None or ends <= max(at + GRACE, period_end or at)
    assert status not in ENDED or ends == at


@given(st.sampled_from(get_args(Plan)), MAYBE, TIMES)
def test_a_plan_is_in_force_before_its_end_and_free_from_then_on(
    plan: Plan, until: datetime | None, at: datetime
) -> None:
    expected = plan if until is None or at < until else "FREE"

    assert plan_in_force(plan, until, at) == expected
    if until is not None:
        assert plan_in_force(plan, until, until) == "FREE"
        assert plan_in_force(plan, until, until - timedelta.resolution) == plan


def change(spec: Spec, command: ChangeSubscription) -> None:
    change_subscription(command, BY_ACME, streams=spec.streams, clock=clock, past_due_grace=GRACE)


def changed(
    version: int,
    status: SubscriptionStatus,
    ends: datetime | None,
    period_end: datetime | None = LATER,
) -> SubscriptionChanged:
    return SubscriptionChanged(
        **now(version, ACME),
        plan="STARTER",
        status=status,
        period_end=period_end,
        in_force_until=ends,
    )


STARTER: Final = ChangeSubscription("STARTER", "active", LATER)


def test_what_was_bought_is_recorded_with_its_end(spec: Spec) -> None:
    canceled = ChangeSubscription("STARTER", "canceled", LATER)

    spec.given(founded()).when(lambda: change(spec, canceled)).then(changed(3, "canceled", LATER))


def test_the_plan_that_was_set_by_hand_can_be_bought(spec: Spec) -> None:
    bought = ChangeSubscription("PRO", "active", LATER)

    spec.given(founded()).when(lambda: change(spec, bought)).then(
        changed(3, "active", None).model_copy(update={"plan": "PRO"})
    )


def test_the_same_again_is_no_change(spec: Spec) -> None:
    spec.given(founded(), [changed(3, "active", None)])

    spec.when(lambda: change(spec, STARTER)).then()


def test_a_new_period_is_a_change(spec: Spec) -> None:
    spec.given(founded(), [changed(3, "active", None, period_end=NOW)])

    spec.when(lambda: change(spec, STARTER)).then(changed(4, "active", None))


def test_a_second_failed_payment_keeps_the_end_of_the_first(spec: Spec) -> None:
    first = changed(3, "past_due", NOW + DAY, period_end=NOW - 6 * DAY)
    second = ChangeSubscription("STARTER", "past_due", LATER)

    spec.given(founded(), [first]).when(lambda: change(spec, second)).then(
        changed(4, "past_due", NOW + DAY)
    )


def test_who_pays_after_all_is_on_the_plan_without_end(spec: Spec) -> None:
    spec.given(founded(), [changed(3, "past_due", NOW + DAY)])

    spec.when(lambda: change(spec, STARTER)).then(changed(4, "active", None))


def test_a_plan_set_by_hand_has_no_end(spec: Spec) -> None:
    spec.given(founded(), [changed(3, "canceled", NOW)])

    spec.when(
        lambda: change_plan(ChangePlan("STARTER"), BY_ACME, streams=spec.streams, clock=clock)
    ).then(PlanChanged(**now(4, ACME), plan="STARTER"))


def test_after_a_plan_was_set_by_hand_a_failed_payment_has_its_grace(spec: Spec) -> None:
    by_hand = PlanChanged(**now(4, ACME), plan="STARTER")
    spec.given(founded(), [changed(3, "unpaid", NOW - DAY), by_hand])

    spec.when(lambda: change(spec, ChangeSubscription("STARTER", "past_due", LATER))).then(
        changed(5, "past_due", NOW + GRACE)
    )


def test_an_organization_that_was_never_founded_buys_nothing(spec: Spec) -> None:
    spec.when(lambda: change(spec, STARTER)).then_refused(OrganizationNotFound())
