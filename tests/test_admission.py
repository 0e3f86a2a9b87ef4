"""The doorkeeper's one question: who holds a key, and whether there is room in the window."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.adapters.admission import Doorkeeper
from api.admissions import Admission
from commands.manage_keys import IssueKey, issue_key
from commands.manage_organization import FoundOrganization, found_organization
from events.organization import Plan
from events.recorded import Origin
from real_log import Store
from stories import ACME, GLOBEX, NOON

SECOND = timedelta(seconds=1)
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


def test_where_nobody_is_billed_everybody_has_the_same_plan(
    store: Store, door: Doorkeeper
) -> None:
    assert taken(door, MINUTE, 1)
    everyones = Doorkeeper(store.pool, plan="ENTERPRISE", limited=False).admit("a", MINUTE)

    assert everyones
    assert (everyones.plan, everyones.allowance) == ("ENTERPRISE", None)
