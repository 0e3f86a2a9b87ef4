"""Documents that are kept with the event that tells of them, sealed under their stream's key.

Unlike what is rendered anew on demand, these are what was handed out: they outlive any version of
the renderer, and go when their stream is erased.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg_pool import ConnectionPool

from api.adapters.vault import DataKey, Vault
from commands.ports import StoredFile

TABLE: Final = """
CREATE TABLE files (
    stream_id uuid NOT NULL,
    version bigint NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (stream_id, version)
);
ALTER TABLE files ALTER COLUMN sealed SET STORAGE EXTERNAL;
"""


def keep(cursor: Cursor[Any], files: Sequence[StoredFile], keys: Mapping[UUID, DataKey]) -> None:
    """Keep *files* in the transaction that records their events."""
    for file in files:
        place = _place(file.stream_id, file.version)
        cursor.execute(
            "INSERT INTO files (stream_id, version, sealed) VALUES (%s, %s, %s)",
            (file.stream_id, file.version, keys[file.stream_id].seal(file.content, place)),
        )


class FileShelf:
    """Hands out what is kept."""

    def __init__(self, pool: ConnectionPool[Connection[Any]], vault: Vault) -> None:
        self._pool = pool
        self._vault = vault

    def file(self, organization_id: UUID, stream_id: UUID, version: int) -> bytes | None:
        """Return what is kept with an event; None when the organization has no such thing."""
        with self._pool.connection() as connection:
            found = connection.execute(
                """
                SELECT k.wrapped, f.sealed
                  FROM files f
                  JOIN data_keys k ON k.stream_id = f.stream_id
                 WHERE f.stream_id = %s
                   AND f.version = %s
                   AND k.organization_id = %s
                """,
                (stream_id, version, organization_id),
                binary=True,
            ).fetchone()
        if found is None:
            return None
        wrapped, sealed = found
        key = self._vault.unwrap(wrapped, stream_id.bytes)
        return key.open(sealed, _place(stream_id, version))


def _place(stream_id: UUID, version: int) -> bytes:
    return f"file\0{stream_id}\0{version}".encode()
