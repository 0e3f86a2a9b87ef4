"""Rendered documents, kept sealed under their resume's key until the resume is erased.

The table is a cache and UNLOGGED: after a crash it is empty, and the same bytes are made again.
"""

import hashlib
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg_pool import ConnectionPool

from api.adapters.vault import Vault
from commands.ports import Renderer
from events.resume import Page
from events.resume_data import ResumeData
from events.tailoring import Language

TABLE: Final = """
CREATE UNLOGGED TABLE documents (
    resume_id uuid NOT NULL,
    cache_key bytea NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (resume_id, cache_key)
);
ALTER TABLE documents ALTER COLUMN sealed SET STORAGE EXTERNAL;
"""


class KeptDocuments:
    """A renderer that renders the same thing once."""

    def __init__(
        self, renderer: Renderer, pool: ConnectionPool[Connection[Any]], vault: Vault
    ) -> None:
        self.name = renderer.name
        self._renderer = renderer
        self._pool = pool
        self._vault = vault

    def render(
        self, resume_id: UUID, data: ResumeData, *, page: Page, language: Language
    ) -> bytes:
        """Return the PDF; see `commands.ports.Renderer`."""
        content = data.model_dump_json(by_alias=True)
        cache_key = hashlib.sha256(f"{self.name}\0{page}\0{language}\0{content}".encode()).digest()
        kept = self._kept(resume_id, cache_key)
        if kept is not None:
            return kept
        pdf = self._renderer.render(resume_id, data, page=page, language=language)
        self._keep(resume_id, cache_key, pdf)
        return pdf

    def _kept(self, resume_id: UUID, cache_key: bytes) -> bytes | None:
        with self._pool.connection() as connection:
            found = connection.execute(
                """
                SELECT k.wrapped, d.sealed
                  FROM documents d
                  JOIN data_keys k ON k.stream_id = d.resume_id
                 WHERE d.resume_id = %s
                   AND d.cache_key = %s
                """,
                (resume_id, cache_key),
                binary=True,
            ).fetchone()
        if found is None:
            return None
        wrapped, sealed = found
        return self._vault.unwrap(wrapped, resume_id.bytes).open(sealed, cache_key)

    def _keep(self, resume_id: UUID, cache_key: bytes, pdf: bytes) -> None:
        with self._pool.connection() as connection, connection.transaction():
            # The key's row is locked, so that an erasure either sees this document or wins.
            found = connection.execute(
                "SELECT wrapped FROM data_keys WHERE stream_id = %s FOR KEY SHARE", (resume_id,)
            ).fetchone()
            if found is not None:
                key = self._vault.unwrap(found[0], resume_id.bytes)
                connection.execute(
                    "INSERT INTO documents (resume_id, cache_key, sealed) VALUES (%s, %s, %s)"
                    " ON CONFLICT DO NOTHING",
                    (resume_id, cache_key, key.seal(pdf, cache_key)),
                )
