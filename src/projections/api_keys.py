"""Which key opens which organization."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from events.organization import (
    KeyDisabled,
    KeyEnabled,
    KeyEvent,
    KeyIssued,
    KeyKind,
    KeyRenamed,
    KeyReplaced,
    KeyRevoked,
)
from events.recorded import Recorded
from projections.read_model import ReadModel

TABLE: Final = """
CREATE TABLE api_keys (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    owner_id uuid,
    name text NOT NULL,
    kind text NOT NULL,
    digest text NOT NULL,
    start text NOT NULL,
    scopes text[] NOT NULL,
    expires_at timestamptz,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    enabled boolean NOT NULL,
    replaced_by uuid,
    updated_at timestamptz NOT NULL
);
"""
INDEXES: Final = """
CREATE UNIQUE INDEX api_keys_digest ON api_keys (digest);
CREATE INDEX api_keys_newest ON api_keys (organization_id, created_at DESC);
"""


@dataclass(frozen=True, slots=True)
class ApiKeyRow:
    """One key, revoked ones included. Times are UTC."""

    id: UUID
    organization_id: UUID
    owner_id: UUID | None
    name: str
    kind: KeyKind
    digest: str
    start: str
    scopes: list[str]
    expires_at: datetime | None
    created_at: datetime
    revoked_at: datetime | None
    enabled: bool
    replaced_by: UUID | None
    updated_at: datetime


def evolve(row: ApiKeyRow | None, fact: Recorded) -> ApiKeyRow | None:
    """Move one row by one fact; facts of no interest leave it as it was."""
    match fact.event, row:
        case KeyIssued() as event, None:
            return ApiKeyRow(
                id=event.key_id,
                organization_id=fact.origin.organization_id,
                owner_id=event.owner_id,
                name=event.name,
                kind=event.kind,
                digest=event.digest,
                start=event.start,
                scopes=list(event.scopes),
                expires_at=event.expires_at,
                created_at=event.timestamp,
                revoked_at=None,
                enabled=True,
                replaced_by=None,
                updated_at=event.timestamp,
            )
        case KeyRenamed() as event, ApiKeyRow():
            return replace(row, name=event.name, updated_at=event.timestamp)
        case (KeyDisabled() | KeyEnabled()) as event, ApiKeyRow():
            enabled = isinstance(event, KeyEnabled)
            return replace(row, enabled=enabled, updated_at=event.timestamp)
        case KeyReplaced() as event, ApiKeyRow():
            return replace(
                row,
                expires_at=event.expires_at,
                replaced_by=event.successor_id,
                updated_at=event.timestamp,
            )
        case KeyRevoked() as event, ApiKeyRow():
            return replace(row, revoked_at=event.timestamp, updated_at=event.timestamp)
        case _:
            return row


def _key(fact: Recorded) -> UUID | None:
    return fact.event.key_id if isinstance(fact.event, KeyEvent) else None


API_KEYS: Final = ReadModel(
    table="api_keys", ddl=TABLE, indexes=INDEXES, row=ApiKeyRow, key=_key, evolve=evolve
)

_COLUMNS: Final = """
    id, organization_id, owner_id, name, kind, digest, start, scopes, expires_at, created_at,
    revoked_at, enabled, replaced_by, updated_at
"""


def key_of(connection: Connection[Any], key_id: UUID) -> ApiKeyRow | None:
    """Return the key of this id, whosever it is, for the operator."""
    with connection.cursor(row_factory=class_row(ApiKeyRow)) as cursor:
        return cursor.execute(
            f"SELECT {_COLUMNS} FROM api_keys WHERE id = %s", (key_id,)
        ).fetchone()


def keys_of(
    connection: Connection[Any], organization_id: UUID, *, now: datetime
) -> list[ApiKeyRow]:
    """Return the organization's keys, newest first.

    Not those that were revoked, nor those that another took the place of and that have ended.
    """
    with connection.cursor(row_factory=class_row(ApiKeyRow)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_COLUMNS}
              FROM api_keys
             WHERE organization_id = %s
               AND revoked_at IS NULL
               AND (replaced_by IS NULL OR expires_at > %s)
             ORDER BY created_at DESC, id DESC
            """,
            (organization_id, now),
        ).fetchall()
