"""Credits: when a month begins, what is granted, set aside, taken, released, and what expires."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.credits.month import CreditMonth
from commands.credits.month import fold as fold_month
from commands.credits.months import Month, month_at
from commands.credits.renew_credits import RenewCredits, renew_credits
from commands.credits.set_allowance import SetAllowance, set_allowance
from commands.credits.standing import Standing, reserved, standing_of
from commands.errors import InsufficientCredits, OrganizationNotFound
from commands.manage_organization import ChangePlan, change_plan
from events.base import Event
from events.credits import (
    CreditEvent,
    CreditReleased,
    CreditReserved,
    CreditsExpired,
    CreditsGranted,
    CreditsWithdrawn,
    CreditTaken,
    GrantCause,
)
from events.organization import AllowanceSet, Plan, PlanChanged
from spec import NOW, Spec, clock, now
from stories import ACME, BY_ACME, RESULT, at, founded

MARCH: Final = Month(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 4, 2, tzinfo=UTC))
MONTH: Final = MARCH.stream_of(ACME)
NEXT_MONTH: Final = Month(MARCH.ends_at, datetime(2026, 5, 2, tzinfo=UTC)).stream_of(ACME)
INSTANTS: Final = st.timedeltas(timedelta(days=-10_000), timedelta(days=28_000)).map(
    lambda passed: NOW + passed
)


class On:
    """Everyone has this plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def plan_of(self, organization_id: UUID) -> Plan:  # noqa: ARG002 every organization alike
        return self.plan


def granted(amount: int, version: int = 1, cause: GrantCause = "plan") -> CreditsGranted:
    return CreditsGranted(
        **at(version, MONTH),
        amount=amount,
        cause=cause,
        starts_at=MARCH.starts_at,
        ends_at=MARCH.ends_at,
    )


def standing(spec: Spec, plan: Plan = "PRO", *, moment: datetime = NOW) -> Standing | None:
    return standing_of(ACME, streams=spec.streams, plans=On(plan), now=moment)


def due(spec: Spec, plan: Plan = "PRO", *, moment: datetime = NOW) -> list[tuple[Any, ...]]:
    """Return what is due, each as its kind and amount."""
    found = standing(spec, plan, moment=moment)
    events: list[Any] = [*found.due] if found else []
    return [(type(event), event.amount) for event in events]


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "anchor", "starts", "ends"),
    [
        ("2026-03-14", "2026-03-14", "2026-03-14", "2026-04-14"),
        ("2026-04-13T23:59:59", "2026-03-14", "2026-03-14", "2026-04-14"),
        ("2026-04-14T00:00:00", "2026-03-14T18:30", "2026-04-14", "2026-05-14"),
        ("2026-02-27", "2026-01-31", "2026-01-31", "2026-02-28"),
        ("2026-02-28", "2026-01-31", "2026-02-28", "2026-03-31"),
        ("2028-02-28", "2026-01-31", "2028-01-31", "2028-02-29"),
        ("2028-02-29", "2026-01-31", "2028-02-29", "2028-03-31"),
        ("2026-04-30", "2026-03-31", "2026-04-30", "2026-05-31"),
        ("2028-02-29", "2024-02-29", "2028-02-29", "2028-03-29"),
        ("2027-03-01", "2024-02-29", "2027-02-28", "2027-03-29"),
        ("2026-01-01", "2025-12-31", "2025-12-31", "2026-01-31"),
        ("2100-02-28", "2096-02-29", "2100-02-28", "2100-03-29"),
    ],
)
def test_a_month_begins_on_the_anchor_day_or_the_last(
    moment: str, anchor: str, starts: str, ends: str
) -> None:
    assert month_at(day(moment), anchor=day(anchor)) == Month(day(starts), day(ends))


@given(INSTANTS, INSTANTS)
def test_every_moment_is_in_one_month_and_months_follow_one_another(
    moment: datetime, anchor: datetime
) -> None:
    month = month_at(moment, anchor=anchor)

    assert month.starts_at <= moment < month.ends_at
    assert month_at(month.starts_at, anchor=anchor) == month
    assert month_at(month.ends_at, anchor=anchor).starts_at == month.ends_at
    before = month_at(month.starts_at - timedelta(microseconds=1), anchor=anchor)
    assert before.ends_at == month.starts_at
    assert 28 <= (month.ends_at - month.starts_at).days <= 31


@pytest.mark.parametrize(("plan", "amount"), [("FREE", 3), ("STARTER", 30), ("PRO", 100)])
def test_a_plan_grants_its_credits_each_month(spec: Spec, plan: Plan, amount: int) -> None:
    spec.given(founded())

    assert due(spec, plan) == [(CreditsGranted, amount)]
    assert due(spec, plan, moment=day("2027-01-01")) == [(CreditsGranted, amount)]


def test_nobody_counts_on_enterprise(spec: Spec) -> None:
    spec.given(founded())

    assert standing(spec, "ENTERPRISE") is None
    assert reserved(RESULT, ACME, streams=spec.streams, plans=On("ENTERPRISE"), now=NOW) == (
        None,
        (),
    )


def test_what_an_operator_sets_goes_before_any_plan(spec: Spec) -> None:
    spec.given([*founded(), AllowanceSet(**at(3, ACME), credits_a_month=7)])

    assert due(spec, "ENTERPRISE") == due(spec, "FREE") == [(CreditsGranted, 7)]


def test_a_better_plan_adds_the_difference_at_once(spec: Spec) -> None:
    spec.given(founded(), [granted(30)])

    assert due(spec, "PRO") == [(CreditsGranted, 70)]


def test_what_a_plan_gave_stays_until_the_month_ends(spec: Spec) -> None:
    spec.given(founded(), [granted(100)])

    assert due(spec, "FREE") == []
    assert due(spec, "FREE", moment=day("2026-04-03")) == [(CreditsGranted, 3)]


def test_a_lower_allowance_takes_back_what_is_free_and_no_more(spec: Spec) -> None:
    used: list[Event] = [
        granted(10),
        CreditReserved(**at(2, MONTH), generation_id=RESULT),
        CreditReserved(**at(3, MONTH), generation_id=ACME),
        CreditTaken(**at(4, MONTH), generation_id=ACME),
    ]
    spec.given([*founded(), AllowanceSet(**at(3, ACME), credits_a_month=1)], used)

    assert due(spec) == [(CreditsWithdrawn, 8)]
    found = standing(spec)
    assert found is not None
    assert found.month.free == 0


def test_a_plan_after_none_begins_a_month_of_its_own() -> None:
    spec = Spec()
    spec.given(founded(), [PlanChanged(**at(3, ACME), plan="FREE")])
    change_plan(
        ChangePlan("STARTER"),
        BY_ACME,
        streams=spec.streams,
        clock=lambda: day("2026-03-20T15:00"),
    )

    found = standing(spec, "STARTER", moment=day("2026-03-21"))

    assert found is not None
    assert found.month.month == Month(day("2026-03-20"), day("2026-04-20"))


def test_a_change_between_paid_plans_keeps_the_month() -> None:
    spec = Spec()
    spec.given(founded())  # on PRO from 2 March on
    change_plan(
        ChangePlan("STARTER"), BY_ACME, streams=spec.streams, clock=lambda: day("2026-03-20")
    )

    found = standing(spec, "STARTER", moment=day("2026-03-21"))

    assert found is not None
    assert found.month.month == MARCH


def test_the_last_credit_is_set_aside_once(spec: Spec) -> None:
    spec.given(founded(), [granted(100)], [
        CreditReserved(**at(n + 2, MONTH), generation_id=UUID(int=n)) for n in range(99)
    ])  # fmt: skip

    _, events = reserved(RESULT, ACME, streams=spec.streams, plans=On("PRO"), now=NOW)
    spec.streams.append(events, BY_ACME)

    with pytest.raises(InsufficientCredits) as refusal:
        reserved(ACME, ACME, streams=spec.streams, plans=On("PRO"), now=NOW)
    assert "2026-04-02 at 00:00 UTC" in refusal.value.detail


def test_the_first_request_of_a_month_opens_it(spec: Spec) -> None:
    spec.given(founded())

    month_id, events = reserved(RESULT, ACME, streams=spec.streams, plans=On("FREE"), now=NOW)

    assert month_id == MONTH
    assert [*events] == [
        granted(3).model_copy(update=now(1, MONTH)),
        CreditReserved(**now(2, MONTH), generation_id=RESULT),
    ]


def test_a_released_credit_is_free_again() -> None:
    story: list[CreditEvent] = [
        granted(1),
        CreditReserved(**at(2, MONTH), generation_id=RESULT),
    ]
    month = fold_month(None, [*story, CreditReleased(**at(3, MONTH), generation_id=RESULT)])

    assert month is not None
    assert (month.free, month.reserved) == (1, frozenset())


def renew(spec: Spec, *months: UUID, moment: datetime, plan: Plan = "FREE") -> None:
    renew_credits(
        RenewCredits(months),
        BY_ACME,
        streams=spec.streams,
        plans=On(plan),
        clock=lambda: moment,
    )


def test_a_month_that_ended_loses_what_nobody_used_and_the_next_is_opened(spec: Spec) -> None:
    moment = day("2026-04-02")
    told: dict[str, Any] = {"originator_version": 1, "timestamp": moment}

    spec.given(founded(), [granted(3)]).when(lambda: renew(spec, MONTH, moment=moment)).then(
        CreditsExpired(originator_id=MONTH, originator_version=2, timestamp=moment, amount=3),
        CreditsGranted(
            originator_id=NEXT_MONTH,
            **told,
            amount=3,
            cause="plan",
            starts_at=MARCH.ends_at,
            ends_at=day("2026-05-02"),
        ),
    )


def test_renewing_twice_or_too_early_changes_nothing(spec: Spec) -> None:
    spec.given(founded(), [granted(3)])
    renew(spec, MONTH, moment=day("2026-04-01T23:59"))
    assert spec.new() == []

    renew(spec, MONTH, moment=day("2026-04-02"))
    once = len(spec.new())
    renew(spec, MONTH, moment=day("2026-04-02T00:01"))

    assert len(spec.new()) == once == 2


def test_three_months_without_a_scheduler_cost_nobody_anything(spec: Spec) -> None:
    late = day("2026-07-03")
    spec.given(founded(), [granted(3)])
    assert due(spec, "FREE", moment=late) == [(CreditsGranted, 3)]  # before any tick

    renew(spec, MONTH, moment=late)

    assert [(type(e), getattr(e, "amount", None)) for e in spec.new()] == [
        (CreditsExpired, 3),
        (CreditsGranted, 3),
    ]


def test_a_credit_in_use_when_its_month_ends_is_taken_from_it_or_expires_later(
    spec: Spec,
) -> None:
    story: list[Event] = [granted(3), CreditReserved(**at(2, MONTH), generation_id=RESULT)]
    spec.given(founded(), story)
    renew(spec, MONTH, moment=day("2026-04-02"))
    month = spec.streams.load(MONTH, fold_month, organization_id=ACME)
    assert isinstance(month, CreditMonth)
    assert (month.free, month.expired, len(month.reserved)) == (0, 2, 1)

    spec.streams.append([month.release(RESULT, at=day("2026-04-03"))], BY_ACME)
    renew(spec, MONTH, moment=day("2026-04-04"))

    month = spec.streams.load(MONTH, fold_month, organization_id=ACME)
    assert month is not None
    assert (month.free, month.expired) == (0, 3)


def test_an_allowance_is_set_once(spec: Spec) -> None:
    def act() -> None:
        set_allowance(SetAllowance(5), BY_ACME, streams=spec.streams, clock=clock)
        set_allowance(SetAllowance(5), BY_ACME, streams=spec.streams, clock=clock)

    spec.given(founded()).when(act).then(AllowanceSet(**now(3, ACME), credits_a_month=5))


def test_only_an_organization_has_credits(spec: Spec) -> None:
    with pytest.raises(OrganizationNotFound):
        standing(spec)
