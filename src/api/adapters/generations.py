"""The reading side of generations, and the cursors that lead through their history."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer
from psycopg import Connection
from psycopg_pool import ConnectionPool

from api.adapters.contents import ContentReader
from api.adapters.files import FileShelf
from api.adapters.vault import Vault
from api.generation_cases import GeneratedView
from events.resume import TailoredContent
from events.tailoring import Edit, JobAnalysis
from projections import generated_resumes
from projections.generated_resumes import GeneratedRow, Place

REMEMBERED: Final = 5
"""How many of the last generations tell what was worded before."""


class GenerationShelf:
    """Answers what a person asks about generations, and what was done in them."""

    def __init__(
        self, pool: ConnectionPool[Connection[Any]], contents: ContentReader, files: FileShelf
    ) -> None:
        self._pool = pool
        self._contents = contents.read
        self._files = files

    def history(
        self, organization_id: UUID, owner_id: UUID, *, limit: int, before: Place | None
    ) -> Sequence[GeneratedView]:
        """Return the owner's generations, newest first: those after the place *before*."""
        with self._pool.connection() as connection:
            rows = generated_resumes.history_of(
                connection, organization_id, owner_id, limit=limit, before=before
            )
        return self._views(rows)

    def one(
        self, organization_id: UUID, owner_id: UUID, generation_id: UUID
    ) -> GeneratedView | None:
        """Return one generation; None when the owner has no such one."""
        with self._pool.connection() as connection:
            row = generated_resumes.generated_resume(
                connection, organization_id, owner_id, generation_id
            )
        return self._views([row])[0] if row else None

    def document(self, row: GeneratedRow) -> bytes | None:
        """Return the PDF that is kept of a generation; None before there is one."""
        if row.document_at is None:
            return None
        return self._files.file(row.organization_id, row.id, row.document_at)

    def accepted_edits(self, organization_id: UUID, owner_id: UUID) -> Sequence[Edit]:
        """Return what the owner's last five generations changed, the newest first."""
        with self._pool.connection() as connection:
            rows = generated_resumes.history_of(
                connection, organization_id, owner_id, limit=REMEMBERED
            )
        # A generation is recorded with its result, in the event just before its document.
        places = [(row.id, row.document_at - 1) for row in rows if row.document_at]
        contents = self._contents(places)
        return [
            verdict.edit
            for place in places
            if isinstance(told := contents.get(place), TailoredContent)
            for verdict in told.verdicts
            if verdict.accepted
        ]

    def _views(self, rows: Sequence[GeneratedRow]) -> list[GeneratedView]:
        contents = self._contents((row.id, row.analysis_at) for row in rows)
        found = ((row, contents.get((row.id, row.analysis_at))) for row in rows)
        return [
            GeneratedView(row, job if isinstance(job, JobAnalysis) else None) for row, job in found
        ]


class SignedCursors:
    """Cursors signed with a key of the deployment, each for one owner."""

    def __init__(self, vault: Vault) -> None:
        self._key = vault.derive("cursors")

    def seal(self, owner_id: UUID, place: Place) -> str:
        """Return an opaque cursor."""
        at, generation_id = place
        return str(self._serializer(owner_id).dumps([_micros(at), generation_id.hex]))

    def open(self, owner_id: UUID, cursor: str) -> Place | None:
        """Return the place; None for what was never given to this owner."""
        try:
            micros, hexed = self._serializer(owner_id).loads(cursor)
        except BadData:
            return None
        return datetime.fromtimestamp(micros // 1_000_000, UTC).replace(
            microsecond=micros % 1_000_000
        ), UUID(hexed)

    def _serializer(self, owner_id: UUID) -> URLSafeSerializer:
        return URLSafeSerializer(self._key, salt=owner_id.bytes)


def _micros(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000 + at.microsecond
