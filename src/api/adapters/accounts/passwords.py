"""The port `Passwords` on argon2id; hashes of an imported Better Auth database still open."""

import hashlib
import hmac
import os
from threading import Semaphore
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import hash_secret_raw

from commands.accounts.password_rules import normalised

SCRYPT: Final = {"n": 16384, "r": 16, "p": 1, "maxmem": 64 * 1024 * 1024}
AT_ONCE: Final = 2 * (os.cpu_count() or 1)
"""Each hash takes 64 MiB for its while, so only so many are made at a time."""


class Argon2Passwords:
    """Hashes by the defaults of argon2-cffi: RFC 9106's choice for little memory."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = Semaphore(AT_ONCE)
        self._nobodys = self._hasher.hash(os.urandom(16))

    def hash(self, password: str) -> str:
        """Return a hash; see `commands.accounts.ports.Passwords`."""
        with self._turns:
            return self._hasher.hash(normalised(password))

    def match(self, password: str, known: str | None) -> bool:
        """Tell whether *known* was made of *password*."""
        with self._turns:
            if known is not None and not known.startswith("$"):
                return _matches_scrypt(normalised(password), known)
            try:
                return self._hasher.verify(known or self._nobodys, normalised(password))
            except (VerificationError, InvalidHashError):
                return False

    def digest(self, secret: bytes, salt: bytes) -> bytes:
        """Return 32 bytes as slow to find as a hash, the same for the same secret and salt."""
        hasher = self._hasher
        with self._turns:
            return hash_secret_raw(
                secret,
                salt,
                hasher.time_cost,
                hasher.memory_cost,
                hasher.parallelism,
                32,
                Type.ID,
            )

    def is_outdated(self, known: str) -> bool:
        """Tell whether a hash of today would be made otherwise."""
        return not known.startswith("$") or self._hasher.check_needs_rehash(known)


def _matches_scrypt(password: str, known: str) -> bool:
    """Compare with `salt:hash`, both hexadecimal; the salt counts as it is written."""
    salt, _, expected = known.partition(":")
    made = hashlib.scrypt(password.encode(), salt=salt.encode(), dklen=64, **SCRYPT)
    return hmac.compare_digest(made.hex(), expected)
