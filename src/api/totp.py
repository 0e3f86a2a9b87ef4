"""Codes of authenticator apps: six digits, others every 30 seconds; and backups of them."""

import hmac
import secrets
from datetime import datetime
from typing import Final

import pyotp

ISSUER: Final = "Refolio"
LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are read as one another."""


def new_secret() -> str:
    """Return a secret of 160 bits, in base32."""
    return pyotp.random_base32()


def uri_of(secret: str, email: str) -> str:
    """Return what an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the time step that *code* belongs to: this one, the last or the next; else None."""
    totp = pyotp.TOTP(secret)
    this = totp.timecode(now)
    for step in (this, this - 1, this + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.strip().encode()):
            return step
    return None


def new_backup_codes(count: int) -> tuple[str, ...]:
    """Return codes such as `k3m9p-x7wqa`, each of about 49 bits."""
    return tuple(f"{_letters(5)}-{_letters(5)}" for _ in range(count))


def _letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count))
