"""Digests and seals of what must not stand in tables in clear, by keys of the master key's."""

import hashlib
import hmac
import os
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.adapters.vault import NONCE_BYTES, Vault

TOKEN_BYTES: Final = 32


def plain_email(email: str) -> str:
    """Return the form in which an e-mail address is kept and compared."""
    return email.strip().lower()


def digest_of_token(token: str) -> bytes:
    """Return what is kept of a random token; one of 256 bits needs no slow hash."""
    return hashlib.sha256(token.encode()).digest()


class Digests:
    """Keyed digests: the same text gives the same digest, and tells nothing without the key."""

    def __init__(self, vault: Vault) -> None:
        self._emails = vault.derive("e-mail addresses")
        self._callers = vault.derive("callers")

    def of_email(self, email: str) -> str:
        """Return the digest by which an account is found."""
        return hmac.new(self._emails, plain_email(email).encode(), "sha256").hexdigest()

    def of_caller(self, purpose: str, who: str) -> bytes:
        """Return the digest under which tries are counted."""
        return hmac.new(self._callers, f"{purpose}\0{who}".encode(), "sha256").digest()


class Seal:
    """Encrypts short texts for one purpose, each bound to its place."""

    def __init__(self, vault: Vault, purpose: str) -> None:
        self._cipher = AESGCM(vault.derive(purpose))

    def close(self, text: str, place: bytes) -> bytes:
        """Return the text encrypted."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode(), place)

    def open(self, sealed: bytes, place: bytes) -> str:
        """Return what was sealed for *place*.

        Raises:
            cryptography.exceptions.InvalidTag: altered, or sealed for another place.

        """
        return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place).decode()
