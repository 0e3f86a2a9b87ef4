"""The doorkeeper's one question: who holds a key, and whether there is room in the window."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.adapters.admission import Doorkeeper
from api.adapters.ledger import StoredPlans
from api.admissions import Admission
from commands.change_subscription import ChangeSubscription, change_subscription
from commands.manage_keys import IssueKey, issue_key
from commands.manage_organization import FoundOrganization, found_organization
from commands.plans import REQUESTS_A_WINDOW
from commands.rotate_key import RotateKey, rotate_key
from commands.switch_key import SwitchKey, switch_key
from events.organization import Plan
from events.recorded import Origin
from real_log import Store
from stories import ACME, GLOBEX, NOON

ZERO = timedelta(0)
SECOND = timedelta(seconds=1)
MINUTES = timedelta(minutes=1)
MINUTE = NOON.replace(microsecond=0)
QUOTA = 10


def found(store: Store, organization_id: UUID, plan: Plan, *digests: str) -> None:
    """Found an organization with a key of each of these digests."""
    origin = Origin(organization_id, "operator")
    command = FoundOrganization(organization_id, "Some", plan)
    found_organization(command, origin, streams=store.streams, clock=lambda: MINUTE)
    for number, digest in enumerate(digests):
        key_id = UUID(int=organization_id.int + number + 1)
        key = IssueKey(key_id, "k", digest, "raik_", expires_at=MINUTE + timedelta(days=1))
        issue_key(key, origin, streams=store.streams, clock=lambda: MINUTE)


@pytest.fixture
def door(store: Store) -> Doorkeeper:
    found(store, ACME, "FREE", "a", "b")
    found(store, GLOBEX, "STARTER", "g")
    return Doorkeeper(store.pool, plan=None, limited=True)


def admitted(door: Doorkeeper, at: datetime, digest: str = "a") -> bool:
    admission = door.admit(digest, at)
    assert admission
    assert admission.allowance
    return not admission.allowance.retry_after_s


def taken(door: Doorkeeper, at: datetime, count: int) -> int:
    return sum(admitted(door, at) for _ in range(count))


def test_a_key_opens_its_organization_until_it_expires(door: Doorkeeper) -> None:
    end = MINUTE + timedelta(days=1)

    held = door.admit("a", end - timedelta.resolution)

    assert isinstance(held, Admission)
    assert (held.organization_id, held.plan) == (ACME, "FREE")
    assert door.admit("a", end) is None
    assert door.admit("nobody's", MINUTE) is None


def test_the_keys_of_an_organization_share_its_window(door: Doorkeeper) -> None:
    assert taken(door, MINUTE, 9) == 9
    assert admitted(door, MINUTE, "b")
    assert not admitted(door, MINUTE, "a")
    assert admitted(door, MINUTE, "g")


def test_what_was_refused_is_not_counted(door: Doorkeeper) -> None:
    assert taken(door, MINUTE, 50) == QUOTA

    # Half of the window before still counts: five of ten.
    assert taken(door, MINUTE + 90 * SECOND, 50) == 5


def test_after_two_windows_nothing_is_left_of_the_first(door: Doorkeeper) -> None:
    taken(door, MINUTE, QUOTA)

    assert taken(door, MINUTE + 120 * SECOND, 50) == QUOTA


@pytest.mark.parametrize("into", [0, 1, 29, 59])
def test_who_waits_as_told_gets_in(door: Doorkeeper, into: int) -> None:
    at = MINUTE + into * SECOND
    taken(door, at, QUOTA)
    refused = door.admit("a", at)
    assert refused
    assert refused.allowance

    assert admitted(door, at + refused.allowance.retry_after_s * SECOND)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=40))
def test_the_wait_is_never_too_short_nor_twice_too_long(
    door: Doorkeeper, pauses: list[int]
) -> None:
    with door._pool.connection() as connection:
        connection.execute("TRUNCATE request_windows")
    at = MINUTE
    for pause in pauses:
        at += pause * SECOND
        taken(door, at, 3)
        admission = door.admit("a", at)
        assert admission
        assert admission.allowance
        wait_s = admission.allowance.retry_after_s
        assert 0 <= wait_s <= 61
        if wait_s:
            assert admission.allowance.left == 0
            at += wait_s * SECOND
            assert admitted(door, at)


def test_a_request_that_got_nothing_new_is_given_back(door: Doorkeeper) -> None:
    for _ in range(30):
        admission = door.admit("a", MINUTE)
        assert admission
        assert admission.allowance
        assert not admission.allowance.retry_after_s
        door.give_back(admission.organization_id, admission.allowance)


def test_clocks_that_differ_by_a_window_share_one_count(door: Doorkeeper) -> None:
    assert taken(door, MINUTE + 60 * SECOND, 6) == 6

    assert taken(door, MINUTE + 59 * SECOND, 50) == 4


def test_many_at_once_get_exactly_the_window(store: Store, door: Doorkeeper) -> None:
    doors = [Doorkeeper(store.pool, plan=None, limited=True) for _ in range(4)]
    with ThreadPoolExecutor(16) as threads:
        let_in = list(threads.map(lambda n: admitted(doors[n % 4], MINUTE), range(100)))

    assert sum(let_in) == QUOTA


def test_a_plan_ends_by_itself_for_the_door_and_for_the_ledger(
    store: Store, door: Doorkeeper
) -> None:
    end = MINUTE + 3 * MINUTES
    bought = ChangeSubscription("PRO", "canceled", end)
    change_subscription(
        bought,
        Origin(ACME, "operator"),
        streams=store.streams,
        clock=lambda: MINUTE,
        past_due_grace=timedelta(0),
    )
    (recorded,) = store.rows("SELECT count(*) FROM events")

    for now, plan in ((end - timedelta.resolution, "PRO"), (end, "FREE"), (end + SECOND, "FREE")):
        held = door.admit("a", now)
        assert held
        assert held.allowance
        assert held.plan == StoredPlans(store.pool, partial(max, now, now)).plan_of(ACME) == plan
        assert held.allowance.quota == REQUESTS_A_WINDOW[held.plan]
    assert store.rows("SELECT count(*) FROM events") == [recorded]


def test_a_disabled_key_opens_nothing_until_it_is_enabled(store: Store, door: Doorkeeper) -> None:
    opened = []
    for enabled in (False, True):
        command = SwitchKey(UUID(int=ACME.int + 1), enabled)
        origin = Origin(ACME, "operator")
        switch_key(command, origin, streams=store.streams, clock=lambda: MINUTE)
        opened.append((door.admit("a", MINUTE) is not None, door.admit("b", MINUTE) is not None))

    assert opened == [(False, True), (True, True)]


def test_a_key_that_was_replaced_opens_until_its_end(store: Store, door: Doorkeeper) -> None:
    command = RotateKey(UUID(int=ACME.int + 1), UUID(int=9), "n", "raik_", 60 * SECOND)
    rotate_key(command, Origin(ACME, "operator"), streams=store.streams, clock=lambda: MINUTE)

    old = [door.admit("a", MINUTE + 60 * SECOND - early) for early in (timedelta.resolution, ZERO)]

    assert [held is not None for held in old] == [True, False]
    assert door.admit("n", MINUTE + 60 * SECOND)


def uses(store: Store) -> dict[UUID, tuple[datetime, str]]:
    """Return when each key was used last, and which transaction wrote so."""
    rows = store.rows("SELECT key_id, last_used, xmin::text || '/' || cmin::text FROM key_uses")
    return {key_id: (last_used, wrote) for key_id, last_used, wrote in rows}


def test_the_use_of_a_key_is_recorded_at_most_once_a_minute(
    store: Store, door: Doorkeeper
) -> None:
    key_id = UUID(int=ACME.int + 1)
    told = []
    for after_s in (0, 1, 59, 60, 61, 119, 500):
        door.admit("a", MINUTE + after_s * SECOND)
        told.append(uses(store)[key_id])

    assert [(at - MINUTE).total_seconds() for at, _ in told] == [0, 0, 0, 60, 60, 60, 500]
    assert len({wrote for _, wrote in told}) == 3


def test_a_clock_that_is_late_takes_no_use_back(store: Store, door: Doorkeeper) -> None:
    for now in (MINUTE, MINUTE - 30 * MINUTES):
        door.admit("a", now)

    assert [at for at, _ in uses(store).values()] == [MINUTE]


def test_what_opens_nothing_is_no_use(store: Store, door: Doorkeeper) -> None:
    door.admit("nobody's", MINUTE)
    door.admit("a", MINUTE + timedelta(days=2))

    assert uses(store) == {}


def test_a_request_that_found_no_room_is_a_use(store: Store, door: Doorkeeper) -> None:
    taken(door, MINUTE, QUOTA)

    assert not admitted(door, MINUTE, "b")
    assert UUID(int=ACME.int + 2) in uses(store)


def test_of_many_uses_at_once_one_is_recorded(store: Store, door: Doorkeeper) -> None:
    key_id = UUID(int=ACME.int + 1)
    door.admit("a", MINUTE - 5 * MINUTES)

    def use(number: int) -> tuple[datetime, str]:
        door.admit("a", MINUTE + number * SECOND / 100)
        return uses(store)[key_id]

    with ThreadPoolExecutor(16) as threads:
        seen = set(threads.map(use, range(100)))

    assert len(seen) == 1


def test_where_nobody_is_billed_everybody_has_the_same_plan(
    store: Store, door: Doorkeeper
) -> None:
    assert taken(door, MINUTE, 1)
    everyones = Doorkeeper(store.pool, plan="ENTERPRISE", limited=False).admit("a", MINUTE)

    assert everyones
    assert (everyones.plan, everyones.allowance) == ("ENTERPRISE", None)
