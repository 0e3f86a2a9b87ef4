"""API keys as text: made, told from typing errors, and digested for storage.

`raik_` or `kr_live_`, 30 random base62 digits (178 bits), and the CRC-32 of all that in 6 base62
digits, as GitHub's tokens have it: a mistyped key is known without asking the database.
"""

import base64
import hashlib
import secrets
import zlib
from typing import Final

from events.organization import KeyKind

DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PREFIXES: Final[dict[KeyKind, str]] = {"organization": "raik_", "developer": "kr_live_"}
RANDOM_DIGITS: Final = 30
CHECK_DIGITS: Final = 6


def make_key(kind: KeyKind) -> str:
    """Return a new key. It is shown once and stored nowhere."""
    body = PREFIXES[kind] + "".join(secrets.choice(DIGITS) for _ in range(RANDOM_DIGITS))
    return body + _checksum(body)


def is_well_formed(key: str) -> bool:
    """Tell whether *key* could have been made by `make_key`; its checksum says so."""
    body, checksum = key[:-CHECK_DIGITS], key[-CHECK_DIGITS:]
    return body.startswith(tuple(PREFIXES.values())) and _checksum(body) == checksum


def digest_of(key: str) -> str:
    """Return what is stored of a key: SHA-256, base64url without padding, 43 characters.

    A random key of this length needs no slow hash.
    """
    digest = hashlib.sha256(key.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def start_of(key: str) -> str:
    """Return what may be shown of a key later: its prefix and 4 more digits."""
    return key[: key.rindex("_") + 5]


def _checksum(body: str) -> str:
    number = zlib.crc32(body.encode())
    digits = ""
    while len(digits) < CHECK_DIGITS:
        number, rest = divmod(number, len(DIGITS))
        digits = DIGITS[rest] + digits
    return digits
