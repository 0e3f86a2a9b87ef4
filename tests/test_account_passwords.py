"""Hashes of passwords: argon2id, those of an imported database, and never faster for nobody."""

import hashlib
from typing import Literal

import pytest
from argon2 import PasswordHasher

from accounts import CHEAP
from api.adapters.accounts.passwords import Argon2Passwords

PASSWORD = "tidal heron 41"
IMPORTED = (
    "00112233445566778899aabbccddeeff:"
    + hashlib.scrypt(
        PASSWORD.encode(),
        salt=b"00112233445566778899aabbccddeeff",
        n=16384,
        r=16,
        p=1,
        dklen=64,
        maxmem=2**26,
    ).hex()
)


def test_a_hash_is_argon2id_by_the_recommended_parameters() -> None:
    passwords = Argon2Passwords()

    known = passwords.hash(PASSWORD)

    assert known.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.match(PASSWORD, known)
    assert not passwords.match(PASSWORD + "x", known)
    assert not passwords.is_outdated(known)
    assert passwords.hash(PASSWORD) != known


def test_a_hash_by_other_parameters_still_opens_and_is_outdated() -> None:
    known = CHEAP.hash(PASSWORD)
    passwords = Argon2Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))

    assert passwords.match(PASSWORD, known)
    assert passwords.is_outdated(known)


def test_the_same_password_typed_otherwise_is_the_same() -> None:
    assert CHEAP.match("caf\u00e9 heron 1", CHEAP.hash("cafe\u0301 heron 1"))


def test_a_hash_of_an_imported_database_opens_and_is_outdated() -> None:
    assert CHEAP.match(PASSWORD, IMPORTED)
    assert CHEAP.is_outdated(IMPORTED)
    assert not CHEAP.match("another", IMPORTED)


@pytest.mark.parametrize("known", ["", "x", "$argon2id$broken", "00:zz", ":"])
def test_a_hash_that_is_none_opens_nothing(known: str) -> None:
    assert not CHEAP.match(PASSWORD, known)


def test_nobody_has_no_password() -> None:
    assert not CHEAP.match(PASSWORD, None)


class Counting(PasswordHasher):
    """Counts how often a hash is computed to compare with."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 the library's name
        self.verified += 1
        return super().verify(hash, password)


@pytest.mark.parametrize("known", [None, "right", "wrong"])
def test_each_comparison_computes_one_hash_whoever_it_is_for(known: str | None) -> None:
    hasher = Counting()
    passwords = Argon2Passwords(hasher)
    stored = None if known is None else passwords.hash(PASSWORD if known == "right" else "other")

    passwords.match(PASSWORD, stored)

    assert hasher.verified == 1
