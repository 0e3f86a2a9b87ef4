"""Data keys: one for each stream, wrapped by the deployment's master key; destroyed, they erase.

AES-256-GCM throughout. What is sealed is bound to its place by additional data, so that no sealed
content can be moved to another organization, stream, topic or version. Content is compressed
before it is sealed, since nothing can compress it afterwards.
"""

import hashlib
import os
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES: Final = 12
KEY_BYTES: Final = 32

TABLE: Final = """
CREATE TABLE data_keys (
    stream_id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    wrapped bytea NOT NULL,
    master_key text NOT NULL
);
"""


class WrongMasterKey(Exception):
    """The master key at hand is not the one that the data was sealed under."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key of one stream, open."""

    cipher: AESGCM

    def seal(self, content: bytes, place: bytes) -> bytes:
        """Compress and encrypt *content*, bound to *place*."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self.cipher.encrypt(nonce, zlib.compress(content, 1), place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """Return what was sealed for *place*.

        Raises:
            cryptography.exceptions.InvalidTag: altered, or sealed for another place.

        """
        return zlib.decompress(
            self.cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place)
        )


class Vault:
    """Makes, wraps and unwraps data keys. `key_id` names the master key in use."""

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != KEY_BYTES:
            raise WrongMasterKey(f"the master key has {len(master_key)} bytes, not {KEY_BYTES}")
        self._master = AESGCM(master_key)
        self._master_key = master_key
        self.key_id = hashlib.sha256(b"refolio master key" + master_key).hexdigest()[:16]

    @classmethod
    def in_file(cls, path: Path) -> Self:
        """Use the master key in the file at *path* (hexadecimal), made at first use, mode 0600."""
        if not path.exists():
            with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.") as draft:
                draft.write(os.urandom(KEY_BYTES).hex() + "\n")
                draft.flush()
                os.fsync(draft.fileno())
                # Never half written, and the first of several processes wins.
                with suppress(FileExistsError):
                    path.hardlink_to(draft.name)
            _keep_name(path.parent)
        return cls.from_hex(path.read_text())

    @classmethod
    def from_hex(cls, text: str) -> Self:
        """Use the master key written as 64 hexadecimal digits.

        Raises:
            WrongMasterKey: it is not.

        """
        try:
            return cls(bytes.fromhex(text.strip()))
        except ValueError:
            raise WrongMasterKey("the master key must be 64 hexadecimal digits") from None

    def derive(self, purpose: str) -> bytes:
        """Return 32 bytes that only the master key gives, others for each *purpose*."""
        info = f"refolio {purpose}".encode()
        return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=info).derive(self._master_key)

    def make(self, owner: bytes) -> tuple[DataKey, bytes]:
        """Return a new data key and its wrapped form, which only *owner*'s place can open."""
        key = AESGCM.generate_key(256)
        nonce = os.urandom(NONCE_BYTES)
        return DataKey(AESGCM(key)), nonce + self._master.encrypt(nonce, key, owner)

    def unwrap(self, wrapped: bytes, owner: bytes) -> DataKey:
        """Return the data key of *owner*.

        Raises:
            WrongMasterKey: it was wrapped under another master key, or for another owner.

        """
        try:
            key = self._master.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], owner)
        except InvalidTag:
            raise WrongMasterKey(
                "the data was sealed under another master key; restore the file master.key or"
                " set REFOLIO_MASTER_KEY to the key this database was made with"
            ) from None
        return DataKey(AESGCM(key))


def _keep_name(folder: Path) -> None:
    # Without its master key nothing can be read again, so it must not be lost with the power.
    opened = os.open(folder, os.O_RDONLY)
    os.fsync(opened)
    os.close(opened)
