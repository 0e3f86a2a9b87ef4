"""Fifty at once: whatever may be had once is had once, and one admin always stays."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, Final
from uuid import UUID

import pytest

from accounts import CHEAP, directory_of, invited, organization_of, signed_up
from commands.accounts.invitations import Answer, accept_invitation
from commands.accounts.members import ChangeRole, change_role
from commands.accounts.organizations import CreateOrganization, create_organization
from commands.accounts.refusals import (
    AlreadyMember,
    InvitationNotFound,
    LastAdminStays,
    OnlyAdminsChangeRoles,
    SlugTaken,
    UserExists,
)
from commands.accounts.sign_up import SignUp, sign_up
from commands.again import again
from commands.errors import DomainError
from events.recorded import Origin
from real_log import Store
from spec import clock

AT_ONCE: Final = 50


def race(act: Callable[[int], object]) -> Counter[str]:
    """Have fifty threads do something at once, and count how it ended for them."""
    start = Barrier(AT_ONCE)

    def run(number: int) -> str:
        start.wait()
        try:
            act(number)
        except DomainError as refusal:
            return type(refusal).__name__
        return "done"

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return Counter(threads.map(run, range(AT_ONCE)))


def an_id(number: int, kind: int) -> UUID:
    return UUID(int=kind << 32 | number + 1)


def ports(store: Store) -> dict[str, Any]:
    return {"streams": store.streams, "clock": clock}


def test_one_address_signs_up_once(store: Store) -> None:
    directory = directory_of(store)

    def act(number: int) -> None:
        command = SignUp(an_id(number, 1), "ada@example.org", "d", "Ada", "tidal heron 41")
        again(sign_up)(
            command,
            Origin(an_id(number, 2), "user:x"),
            directory=directory,
            passwords=CHEAP,
            new_id=lambda: an_id(number, 3),
            new_slug=lambda: f"personal-{number}",
            **ports(store),
        )

    assert race(act) == {"done": 1, UserExists.__name__: AT_ONCE - 1}
    assert store.rows("SELECT count(*) FROM users") == [(1,)]
    assert store.rows("SELECT count(*) FROM organizations") == [(1,)]


def test_one_slug_is_taken_once(store: Store) -> None:
    directory = directory_of(store)

    def act(number: int) -> None:
        command = CreateOrganization(
            an_id(number, 2), an_id(number, 3), an_id(number, 1), "Acme", "acme"
        )
        origin = Origin(an_id(number, 2), "user:x")
        again(create_organization)(command, origin, directory=directory, **ports(store))

    assert race(act) == {"done": 1, SlugTaken.__name__: AT_ONCE - 1}


def test_sign_ups_that_draw_the_same_slug_draw_again(store: Store) -> None:
    directory = directory_of(store)
    drawn = iter(f"personal-{n // 4}" for n in range(10_000))

    def act(number: int) -> None:
        email = f"ada-{number}@example.org"
        command = SignUp(an_id(number, 1), email, email, "Ada", "tidal heron 41")
        again(sign_up)(
            command,
            Origin(an_id(number, 2), "user:x"),
            directory=directory,
            passwords=CHEAP,
            new_id=lambda: an_id(number, 3),
            new_slug=lambda: next(drawn),
            **ports(store),
        )

    assert race(act) == {"done": AT_ONCE}
    assert store.rows("SELECT count(DISTINCT slug) FROM organizations") == [(AT_ONCE,)]


def test_an_invitation_is_accepted_once(store: Store) -> None:
    ada = signed_up(store, 1)
    grace = signed_up(store, 2, verified=True)
    invitation_id = invited(store, by=ada, whom=grace)

    def act(number: int) -> None:
        command = Answer(grace.user_id, invitation_id, an_id(number, 9))
        again(accept_invitation)(command, ada.origin, **ports(store))

    ended = race(act)

    assert ended.pop("done") == 1
    assert ended.keys() <= {AlreadyMember.__name__, InvitationNotFound.__name__}
    assert store.rows("SELECT count(*) FROM members WHERE user_id = %s", grace.user_id) == [(2,)]


@pytest.mark.parametrize("others", [2])
def test_admins_who_step_down_at_once_leave_one(store: Store, others: int) -> None:
    ada = signed_up(store, 1)
    admins = [ada]
    for number in range(others):
        other = signed_up(store, 10 + number, verified=True)
        invitation_id = invited(store, by=ada, whom=other, role="admin")
        command = Answer(other.user_id, invitation_id, an_id(number, 9))
        accept_invitation(command, ada.origin, **ports(store))
        admins.append(other)
    members = {m.user_id: m.id for m in organization_of(store, ada).people.members.values()}

    def act(number: int) -> None:
        me = admins[number % len(admins)].user_id
        again(change_role)(ChangeRole(me, members[me], "member"), ada.origin, **ports(store))

    ended = race(act)

    assert organization_of(store, ada).people.admins == 1
    assert ended["done"] == others
    assert ended.keys() == {"done", LastAdminStays.__name__, OnlyAdminsChangeRoles.__name__}
