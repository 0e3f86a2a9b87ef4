"""Where an organization wants to be told what happens. Addresses and secrets stay in the log."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from events.recorded import Recorded
from events.webhook import WebhookAdded, WebhookChanged, WebhookDisabled, WebhookRemoved
from projections.read_model import ReadModel

TABLE: Final = """
CREATE TABLE webhooks (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    types text[] NOT NULL,
    enabled boolean NOT NULL,
    disabled_because text,
    older_until timestamptz,
    target_at integer NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
"""
INDEXES: Final = """
CREATE INDEX webhooks_newest ON webhooks (organization_id, created_at DESC, id DESC);
"""


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """One webhook. Times are UTC.

    `target_at` is the version of the event, on the organization's stream, that holds address and
    secrets. `disabled_because` is why nothing is sent to it any more, if nobody decided so.
    """

    id: UUID
    organization_id: UUID
    types: list[str]
    enabled: bool
    disabled_because: str | None
    older_until: datetime | None
    target_at: int
    version: int
    created_at: datetime
    updated_at: datetime


def evolve(row: WebhookRow | None, fact: Recorded) -> WebhookRow | None:
    """Move one row by one fact; facts of no interest leave it as it was."""
    match fact.event, row:
        case WebhookAdded() as event, None:
            return WebhookRow(
                id=event.webhook_id,
                organization_id=fact.origin.organization_id,
                types=list(event.types),
                enabled=True,
                disabled_because=None,
                older_until=None,
                target_at=event.originator_version,
                version=event.originator_version,
                created_at=event.timestamp,
                updated_at=event.timestamp,
            )
        case WebhookChanged() as event, WebhookRow():
            return replace(
                row,
                types=list(event.types),
                enabled=event.enabled,
                disabled_because=None if event.enabled else row.disabled_because,
                older_until=event.older_until,
                target_at=event.originator_version,
                version=event.originator_version,
                updated_at=event.timestamp,
            )
        case WebhookDisabled() as event, WebhookRow():
            return replace(
                row,
                enabled=False,
                disabled_because=event.reason,
                version=event.originator_version,
                updated_at=event.timestamp,
            )
        case WebhookRemoved(), _:
            return None
        case _:
            return row


def _key(fact: Recorded) -> UUID | None:
    interesting = WebhookAdded | WebhookChanged | WebhookDisabled | WebhookRemoved
    return fact.event.webhook_id if isinstance(fact.event, interesting) else None


WEBHOOKS: Final = ReadModel(
    table="webhooks", ddl=TABLE, indexes=INDEXES, row=WebhookRow, key=_key, evolve=evolve
)

_COLUMNS: Final = """
    id, organization_id, types, enabled, disabled_because, older_until, target_at, version,
    created_at, updated_at
"""


def webhooks_of(connection: Connection[Any], organization_id: UUID) -> list[WebhookRow]:
    """Return the organization's webhooks, newest first."""
    with connection.cursor(row_factory=class_row(WebhookRow)) as cursor:
        return cursor.execute(
            f"SELECT {_COLUMNS} FROM webhooks WHERE organization_id = %s"
            " ORDER BY created_at DESC, id DESC",
            (organization_id,),
        ).fetchall()


def webhook_of(
    connection: Connection[Any], organization_id: UUID, webhook_id: UUID
) -> WebhookRow | None:
    """Return one webhook; None when the organization has no such one."""
    with connection.cursor(row_factory=class_row(WebhookRow)) as cursor:
        return cursor.execute(
            f"SELECT {_COLUMNS} FROM webhooks WHERE organization_id = %s AND id = %s",
            (organization_id, webhook_id),
        ).fetchone()
