"""The webhooks of organizations with their addresses, opened from the log."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg_pool import ConnectionPool

from api.adapters.contents import ContentReader
from api.webhook_cases import WebhookView
from commands.webhook import ERASED
from events.webhook import WebhookTarget
from projections.webhooks import WebhookRow, webhook_of, webhooks_of


class WebhookShelf:
    """Answers what an organization asks about its webhooks."""

    def __init__(self, pool: ConnectionPool[Connection[Any]], contents: ContentReader) -> None:
        self._pool = pool
        self._contents = contents

    def all_of(self, organization_id: UUID) -> Sequence[WebhookView]:
        """Return the organization's webhooks, newest first."""
        with self._pool.connection() as connection:
            rows = webhooks_of(connection, organization_id)
        return self._views(rows)

    def one(self, organization_id: UUID, webhook_id: UUID) -> WebhookView | None:
        """Return one webhook; None when the organization has no such one."""
        with self._pool.connection() as connection:
            row = webhook_of(connection, organization_id, webhook_id)
        return self._views([row])[0] if row else None

    def _views(self, rows: Sequence[WebhookRow]) -> list[WebhookView]:
        found = self._contents.read((row.organization_id, row.target_at) for row in rows)
        targets = [found.get((row.organization_id, row.target_at)) for row in rows]
        return [
            WebhookView(row, target if isinstance(target, WebhookTarget) else ERASED)
            for row, target in zip(rows, targets, strict=True)
        ]
