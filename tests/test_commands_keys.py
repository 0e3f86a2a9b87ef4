"""Looking after API keys: another takes a key's place, a key is disabled and enabled again."""

from datetime import timedelta
from uuid import UUID

import pytest

from commands.errors import KeyAlreadyReplaced, KeyNotFound, OrganizationNotFound
from commands.rename_key import RenameKey, rename_key
from commands.rotate_key import RotateKey, Rotation, rotate_key
from commands.switch_key import SwitchKey, switch_key
from events.base import Event
from events.organization import (
    KeyDisabled,
    KeyEnabled,
    KeyIssued,
    KeyReplaced,
    KeyRevoked,
    OrganizationFounded,
)
from events.recorded import Origin
from spec import NOW, Spec, clock, now
from stories import ACME, BY_ACME, BY_GLOBEX, GLOBEX, KEY, USER, at, founded

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SUCCESSOR = UUID(int=0x5CC)


def key(version: int = 3, *, life: timedelta | None = None) -> KeyIssued:
    """Return the issue of a developer's key that reads and generates."""
    told = at(version, ACME)
    return KeyIssued(
        **told,
        key_id=KEY,
        owner_id=USER,
        name="CI",
        kind="developer",
        digest="d1",
        start="kr_live_Ab12",
        scopes=("read", "generate"),
        expires_at=None if life is None else told["timestamp"] + life,
    )


def rotate(
    spec: Spec, grace: timedelta = DAY, *, key_id: UUID = KEY, by: Origin = BY_ACME
) -> Rotation:
    command = RotateKey(key_id, SUCCESSOR, "d2", "kr_live_Cd34", grace)
    return rotate_key(command, by, streams=spec.streams, clock=clock)


def switch(spec: Spec, *, enabled: bool, key_id: UUID = KEY, by: Origin = BY_ACME) -> None:
    switch_key(SwitchKey(key_id, enabled), by, streams=spec.streams, clock=clock)


def successor(version: int = 4, *, life: timedelta | None = None) -> KeyIssued:
    """Return the issue of the key that takes the place of `key`."""
    return KeyIssued(
        **now(version, ACME),
        key_id=SUCCESSOR,
        owner_id=USER,
        name="CI",
        kind="developer",
        digest="d2",
        start="kr_live_Cd34",
        scopes=("read", "generate"),
        expires_at=None if life is None else NOW + life,
    )


def replaced(version: int = 5, *, after: timedelta = DAY) -> KeyReplaced:
    return KeyReplaced(
        **now(version, ACME), key_id=KEY, successor_id=SUCCESSOR, expires_at=NOW + after
    )


def test_a_key_that_is_rotated_works_until_the_grace_is_over(spec: Spec) -> None:
    spec.given(founded(), [key()]).when(lambda: rotate(spec, 3 * HOUR)).then(
        successor(), replaced(after=3 * HOUR)
    )


def test_who_rotates_a_key_is_told_when_either_ends(spec: Spec) -> None:
    spec.given(founded(), [key(life=9 * DAY)])

    assert rotate(spec) == Rotation("CI", NOW + 9 * DAY, NOW + DAY)


def test_the_new_key_lives_as_long_as_the_old_one_was_made_for(spec: Spec) -> None:
    spec.given(founded(), [key(life=30 * DAY)]).when(lambda: rotate(spec)).then(
        successor(life=30 * DAY), replaced()
    )


def test_a_key_that_was_made_to_open_nothing_has_a_successor_that_opens_nothing(
    spec: Spec,
) -> None:
    dead = key(life=timedelta(0))
    ended = replaced().model_copy(update={"expires_at": dead.expires_at})

    spec.given(founded(), [dead]).when(lambda: rotate(spec)).then(
        successor(life=timedelta(0)), ended
    )


def test_a_rotation_never_lets_the_old_key_live_longer(spec: Spec) -> None:
    old = key(life=2 * HOUR)
    ended = replaced().model_copy(update={"expires_at": old.expires_at})

    spec.given(founded(), [old]).when(lambda: rotate(spec)).then(successor(life=2 * HOUR), ended)


def test_without_a_grace_the_old_key_is_revoked_at_once(spec: Spec) -> None:
    spec.given(founded(), [key()]).when(lambda: rotate(spec, timedelta(0))).then(
        successor(), replaced(after=timedelta(0)), KeyRevoked(**now(6, ACME), key_id=KEY)
    )


def test_the_new_key_has_the_name_that_the_old_one_was_given_last(spec: Spec) -> None:
    spec.given(founded(), [key()])
    rename_key(RenameKey(KEY, "Production"), BY_ACME, streams=spec.streams, clock=clock)

    assert rotate(spec).name == "Production"


def test_a_key_is_replaced_once(spec: Spec) -> None:
    spec.given(founded(), [key()])
    rotate(spec)

    Spec(spec.streams).given().when(lambda: rotate(spec)).then_refused(KeyAlreadyReplaced())


def test_the_successor_is_rotated_next(spec: Spec) -> None:
    spec.given(founded(), [key(life=30 * DAY)])
    rotate(spec)
    third = UUID(int=0x3D)
    command = RotateKey(SUCCESSOR, third, "d3", "kr_live_Ef56", DAY)

    Spec(spec.streams).given().when(
        lambda: rotate_key(command, BY_ACME, streams=spec.streams, clock=clock)
    ).then(
        successor(6, life=30 * DAY).model_copy(
            update={"key_id": third, "digest": "d3", "start": "kr_live_Ef56"}
        ),
        replaced(7).model_copy(update={"key_id": SUCCESSOR, "successor_id": third}),
    )


@pytest.mark.parametrize("act", [rotate, lambda spec: switch(spec, enabled=False)])
def test_a_revoked_key_is_looked_after_no_more(spec: Spec, act: object) -> None:
    assert callable(act)
    revoked = [key(), KeyRevoked(**at(4, ACME), key_id=KEY)]

    spec.given(founded(), revoked).when(lambda: act(spec)).then_refused(KeyNotFound())


def test_the_key_of_another_organization_is_not_there(spec: Spec) -> None:
    globex: list[Event] = [OrganizationFounded(**at(1, GLOBEX), name="Globex")]
    spec.given(globex, by=BY_GLOBEX).given(founded(), [key()])

    spec.when(lambda: rotate(spec, by=BY_GLOBEX)).then_refused(KeyNotFound())
    spec.when(lambda: switch(spec, enabled=False, by=BY_GLOBEX)).then_refused(KeyNotFound())


def test_nobody_looks_after_keys_of_an_organization_that_was_never_founded(spec: Spec) -> None:
    spec.when(lambda: rotate(spec)).then_refused(OrganizationNotFound())
    spec.when(lambda: switch(spec, enabled=True)).then_refused(OrganizationNotFound())


def test_a_key_is_disabled(spec: Spec) -> None:
    spec.given(founded(), [key()]).when(lambda: switch(spec, enabled=False)).then(
        KeyDisabled(**now(4, ACME), key_id=KEY)
    )


def test_a_disabled_key_is_enabled_again(spec: Spec) -> None:
    disabled = KeyDisabled(**at(4, ACME), key_id=KEY)

    spec.given(founded(), [key(), disabled]).when(lambda: switch(spec, enabled=True)).then(
        KeyEnabled(**now(5, ACME), key_id=KEY)
    )


@pytest.mark.parametrize("enabled", [True, False])
def test_a_key_that_stands_so_already_is_left_alone(spec: Spec, *, enabled: bool) -> None:
    history: list[Event] = [key(), KeyDisabled(**at(4, ACME), key_id=KEY)]

    spec.given(founded(), history[: 1 if enabled else 2])

    spec.when(lambda: switch(spec, enabled=enabled)).then()


def test_a_successor_of_a_disabled_key_works_and_the_old_one_stays_disabled(spec: Spec) -> None:
    disabled = KeyDisabled(**at(4, ACME), key_id=KEY)
    spec.given(founded(), [key(), disabled])

    rotate(spec)

    keys = spec.streams.rows["api_keys"]
    assert (keys[KEY].enabled, keys[SUCCESSOR].enabled) == (False, True)
