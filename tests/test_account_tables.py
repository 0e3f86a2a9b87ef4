"""Sessions, tokens and tries: kept as digests, ended by the server, counted for all processes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag

from api.account_views import Client, Limit, TokenPurpose, TooManyTries
from api.adapters.accounts.digests import Digests, Seal
from api.adapters.accounts.sessions import Sessions
from api.adapters.accounts.sweeping import sweep_accounts
from api.adapters.accounts.throttle import Throttle
from api.adapters.accounts.tokens import LASTS, Tokens
from api.adapters.vault import Vault
from disclosure import told_in_clear
from real_log import Store
from spec import NOW
from stories import ACME, OTHER, USER

CLIENT = Client("203.0.113.7", "Canary/1 browser")


@pytest.fixture
def sessions(store: Store) -> Sessions:
    ids = count(1)
    return Sessions(store.pool, Seal(store.vault, "sessions"), lambda: UUID(int=next(ids)))


@pytest.fixture
def tokens(store: Store) -> Tokens:
    return Tokens(store.pool)


@pytest.fixture
def throttle(store: Store) -> Throttle:
    return Throttle(store.pool)


def test_a_session_is_found_by_its_token_alone(sessions: Sessions) -> None:
    new = sessions.open(USER, ACME, CLIENT, remembered=True, now=NOW)

    assert sessions.find(new.token, now=NOW) == (new.session, False)
    assert sessions.find(new.token + "x", now=NOW) is None
    assert sessions.find("", now=NOW) is None


@pytest.mark.parametrize(
    ("remembered", "lasts"), [(True, timedelta(days=7)), (False, timedelta(days=1))]
)
def test_a_session_that_nobody_uses_ends(
    sessions: Sessions, *, remembered: bool, lasts: timedelta
) -> None:
    new = sessions.open(USER, None, CLIENT, remembered=remembered, now=NOW)

    assert sessions.find(new.token, now=NOW + lasts) is None
    assert sessions.of_user(USER, now=NOW + lasts) == []


def test_only_a_remembered_session_lasts_longer_by_being_used(sessions: Sessions) -> None:
    brief = sessions.open(USER, None, CLIENT, remembered=False, now=NOW)
    long = sessions.open(USER, None, CLIENT, remembered=True, now=NOW)
    soon, later = NOW + timedelta(hours=23), NOW + timedelta(hours=24)

    assert sessions.find(long.token, now=soon) == (long.session, False)
    found = sessions.find(long.token, now=later)
    assert found
    assert (found[0].expires_at, found[1]) == (later + timedelta(days=7), True)
    assert sessions.find(brief.token, now=soon) == (brief.session, False)
    assert sessions.find(brief.token, now=later) is None


def test_no_table_tells_a_token_an_address_or_a_browser(
    store: Store, sessions: Sessions, tokens: Tokens, throttle: Throttle
) -> None:
    new = sessions.open(USER, ACME, CLIENT, remembered=True, now=NOW)
    link = tokens.make("magic-link", USER, now=NOW)
    throttle.attempt(Digests(store.vault).of_caller("password", "ada@example.org"))

    words = [new.token, link, CLIENT.address, CLIENT.user_agent, "ada@example.org"]
    with store.connect() as connection:
        assert told_in_clear(connection, words) == {}


@pytest.mark.parametrize("purpose", LASTS)
def test_a_token_is_good_once_for_its_purpose_while_it_lasts(
    tokens: Tokens, purpose: TokenPurpose
) -> None:
    token = tokens.make(purpose, USER, now=NOW)
    other = next(one for one in LASTS if one != purpose)
    end = NOW + LASTS[purpose]

    assert tokens.take(other, token, now=NOW) is None
    assert tokens.look(purpose, token, now=NOW) == USER
    assert tokens.look(purpose, token, now=end) is None
    assert tokens.take(purpose, token, now=end) is None
    assert tokens.take(purpose, token, now=NOW) == USER
    assert tokens.take(purpose, token, now=NOW) is None


def all_at_once(act: Callable[[int], object], times: int = 20) -> list[object]:
    with ThreadPoolExecutor(times) as threads:
        return [*threads.map(act, range(times))]


def test_of_many_who_take_a_token_one_has_it(tokens: Tokens) -> None:
    token = tokens.make("magic-link", USER, now=NOW)

    taken = all_at_once(lambda _: tokens.take("magic-link", token, now=NOW))

    assert sorted(taken, key=str) == sorted([USER] + [None] * 19, key=str)


def test_a_time_step_is_taken_once_and_none_before_it(tokens: Tokens) -> None:
    assert all_at_once(lambda _: tokens.take_step(USER, 7)).count(True) == 1
    assert not tokens.take_step(USER, 6)
    assert tokens.take_step(OTHER, 6)
    assert tokens.take_step(USER, 8)
    tokens.forget_steps(USER)
    assert tokens.take_step(USER, 1)


def test_the_tokens_of_one_user_are_dropped(tokens: Tokens) -> None:
    mine, hers = (tokens.make("trusted-device", user, now=NOW) for user in (USER, OTHER))

    tokens.drop(USER)

    assert tokens.look("trusted-device", mine, now=NOW) is None
    assert tokens.look("trusted-device", hers, now=NOW) == OTHER


def passed(act: Callable[[], None]) -> bool:
    try:
        act()
    except TooManyTries:
        return False
    return True


def test_of_many_requests_at_once_so_many_pass_as_may(throttle: Throttle) -> None:
    limit = Limit(5, 3600)

    ended = all_at_once(lambda _: passed(lambda: throttle.spend(b"a", limit)))

    assert ended.count(True) == 5
    assert passed(lambda: throttle.spend(b"b", limit))


def test_the_wait_for_the_next_request_is_told(throttle: Throttle) -> None:
    limit = Limit(2, 60)
    throttle.spend(b"a", limit)
    throttle.spend(b"a", limit)

    with pytest.raises(TooManyTries) as refused:
        throttle.spend(b"a", limit)

    assert 29 <= refused.value.retry_after_s <= 30


def test_of_many_guesses_at_once_few_are_looked_at(throttle: Throttle) -> None:
    ended = all_at_once(lambda _: passed(lambda: throttle.attempt(b"a")))

    assert ended.count(True) == 3


def test_the_wait_doubles_up_to_a_minute(store: Store, throttle: Throttle) -> None:
    waits = []
    for _ in range(12):
        throttle.attempt(b"a")
        ((wait,),) = store.rows(
            "SELECT extract(epoch FROM free_at - clock_timestamp()) FROM account_tries"
        )
        waits.append(round(float(wait)))
        store.rows("UPDATE account_tries SET free_at = clock_timestamp() RETURNING 1")

    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_an_hour_without_a_guess_forgives_those_before(store: Store, throttle: Throttle) -> None:
    for _ in range(3):
        throttle.attempt(b"a")
    store.rows(
        "UPDATE account_tries SET free_at = clock_timestamp() - interval '61 minutes' RETURNING 1"
    )

    for _ in range(3):
        throttle.attempt(b"a")

    assert not passed(lambda: throttle.attempt(b"a"))


def test_what_has_ended_is_swept_away_and_nothing_else(
    store: Store, sessions: Sessions, tokens: Tokens, throttle: Throttle
) -> None:
    ((now,),) = store.rows("SELECT now()")
    old, new = now - timedelta(days=8), now
    for moment in (old, new):
        sessions.open(USER, ACME, CLIENT, remembered=True, now=moment)
        tokens.make("verify-email", USER, now=moment)
    throttle.attempt(b"old")
    store.rows("UPDATE account_tries SET free_at = now() - interval '3 hours' RETURNING 1")
    throttle.attempt(b"new")

    sweep_accounts(store.pool)

    for table in ("sessions", "account_tokens", "account_tries"):
        assert store.value(f"SELECT count(*) FROM {table}") == 1, table


def test_what_is_sealed_opens_in_its_place_alone() -> None:
    vault = Vault(bytes(32))
    seal = Seal(vault, "mail")
    sealed = seal.close("secret", b"1")

    assert seal.open(sealed, b"1") == "secret"
    for other, place in ((seal, b"2"), (Seal(vault, "sessions"), b"1"), (
        Seal(Vault(b"1" * 32), "mail"), b"1")
    ):  # fmt: skip
        with pytest.raises(InvalidTag):
            other.open(sealed, place)


def test_an_address_has_one_digest_which_tells_nothing_without_the_key() -> None:
    digests = Digests(Vault(bytes(32)))

    assert digests.of_email(" Ada@Example.ORG ") == digests.of_email("ada@example.org")
    assert digests.of_email("ada@example.org") != digests.of_email("ad@example.org")
    assert digests.of_email("a@b.org") != Digests(Vault(b"1" * 32)).of_email("a@b.org")
    assert digests.of_caller("password", "x") != digests.of_caller("second factor", "x")
