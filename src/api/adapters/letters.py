"""The reading side of letters: rows with the texts that they point at in the log."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg_pool import ConnectionPool

from api.adapters.contents import ContentReader
from api.views import LetterView
from events.letter import LetterKind
from projections import letters
from projections.letters import LetterRow


class LetterShelf:
    """Answers what an organization asks about its letters."""

    def __init__(self, pool: ConnectionPool[Connection[Any]], contents: ContentReader) -> None:
        self._pool = pool
        self._contents = contents.read

    def list(
        self,
        organization_id: UUID,
        resume_id: UUID,
        kind: LetterKind,
        *,
        limit: int,
        offset: int,
    ) -> Sequence[LetterView]:
        """Return the written letters of one kind about one resume, last changed first."""
        with self._pool.connection() as connection:
            rows = letters.letters_of(
                connection, organization_id, resume_id, kind, limit=limit, offset=offset
            )
        return self._views(rows)

    def letter(self, organization_id: UUID, letter_id: UUID) -> LetterView | None:
        """Return one letter, written or not; None when the organization has no such one."""
        with self._pool.connection() as connection:
            row = letters.letter_of(connection, organization_id, letter_id)
        return self._views([row])[0] if row else None

    def all_on(self, organization_id: UUID, resume_id: UUID) -> Sequence[LetterRow]:
        """Return every letter about a resume, written or not, the first asked for first."""
        with self._pool.connection() as connection:
            return letters.all_letters_on(connection, organization_id, resume_id)

    def letters_on(self, organization_id: UUID, resume_id: UUID) -> Sequence[UUID]:
        """Return the ids of all letters about a resume, written or not."""
        return [row.id for row in self.all_on(organization_id, resume_id)]

    def _views(self, rows: Sequence[LetterRow]) -> Sequence[LetterView]:
        contents = self._contents((row.id, row.content_at) for row in rows)
        found = [(row, contents.get((row.id, row.content_at))) for row in rows]
        return [LetterView(row, content.text if content else None) for row, content in found]
