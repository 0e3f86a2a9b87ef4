"""The event log on PostgreSQL: appends that never wait for one another, reads by stream or place.

A recorder of the `eventsourcing` library without its table lock and its NOTIFY inside the append
transaction: both keep PostgreSQL from committing in groups (2,600 against 250 appends a second
with 16 writers). Rows carry the id of their transaction instead, and whoever follows the log reads
only below the oldest one still open (`api.adapters.sequencer`).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from eventsourcing.persistence import AggregateRecorder, StoredEvent
from psycopg import Connection, Cursor
from psycopg.errors import UniqueViolation
from psycopg_pool import ConnectionPool

from api.adapters.event_mapper import SealedEvent
from commands.ports import Conflict

TABLE: Final = """
CREATE TABLE events (
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL,
    topic text NOT NULL,
    schema smallint NOT NULL,
    state bytea NOT NULL,
    sealed bytea,
    organization_id uuid NOT NULL,
    actor text NOT NULL,
    request_id text,
    causation text,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    notification_id bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (originator_id, originator_version)
);
ALTER TABLE events ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX events_follow ON events (transaction_id, notification_id);
CREATE INDEX events_organization ON events (organization_id, notification_id);
"""

COLUMNS: Final = """
    e.originator_id, e.originator_version, e.topic, e.state, e.schema, e.sealed,
    e.organization_id, e.actor, e.request_id, e.causation, k.wrapped
"""
"""The fields of a `SealedEvent`, in order."""

FROM: Final = "FROM events e LEFT JOIN data_keys k ON k.stream_id = e.originator_id"
"""The data key comes with its events, so that a destroyed one is never used from memory."""

INSERT: Final = """
INSERT INTO events (originator_id, originator_version, topic, state, schema, sealed,
                    organization_id, actor, request_id, causation)
VALUES
"""
ROW: Final = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
"""One statement for all rows of an append: a third quicker than arrays for the usual few."""

Alongside = Callable[[Cursor[Any]], None]
"""Whatever else is written in the transaction of an append."""


class EventLog(AggregateRecorder):
    """Every event there is, in streams."""

    def __init__(self, pool: ConnectionPool[Connection[Any]]) -> None:
        self._pool = pool

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Insert rows in one transaction, with whatever `alongside` writes in it.

        Raises:
            Conflict: a version is taken, or a constraint across streams was broken.

        """
        alongside: Alongside | None = kwargs.get("alongside")
        rows = [_row(stored) for stored in stored_events if isinstance(stored, SealedEvent)]
        statement = INSERT + ", ".join([ROW] * len(rows))
        values = [value for row in rows for value in row]
        with self.connection() as connection:
            try:
                if alongside is None:
                    connection.execute(statement, values)
                    return None
                with connection.transaction(), connection.cursor() as cursor:
                    cursor.execute(statement, values)
                    alongside(cursor)
            except UniqueViolation as violation:
                raise Conflict(violation.diag.constraint_name) from violation
        return None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return the rows of a stream with a version above *gt* and up to *lte*, in order."""
        order = "DESC" if desc else "ASC"
        with self.connection() as connection:
            found = connection.execute(
                f"""
                SELECT {COLUMNS} {FROM}
                 WHERE e.originator_id = %s
                   AND e.originator_version > %s
                   AND e.originator_version <= %s
                 ORDER BY e.originator_version {order}
                 LIMIT %s
                """,
                (originator_id, gt or 0, 2**31 if lte is None else lte, limit),
                binary=True,
            ).fetchall()
        return [SealedEvent(*row) for row in found]

    def events_at(self, places: Sequence[tuple[UUID, int]]) -> list[SealedEvent]:
        """Return the rows at these (stream, version) *places*, in no order."""
        streams, versions = zip(*places, strict=True) if places else ((), ())
        with self.connection() as connection:
            found = connection.execute(
                f"""
                SELECT {COLUMNS} {FROM}
                  JOIN unnest(%s::uuid[], %s::bigint[]) AS place (stream_id, version)
                    ON (e.originator_id, e.originator_version) = (place.stream_id, place.version)
                """,
                (list(streams), list(versions)),
                binary=True,
            ).fetchall()
        return [SealedEvent(*row) for row in found]

    @contextmanager
    def connection(self) -> Iterator[Connection[Any]]:
        """Lend a connection in autocommit mode."""
        with self._pool.connection() as connection:
            yield connection


def _row(stored: SealedEvent) -> tuple[object, ...]:
    return (
        stored.originator_id,
        stored.originator_version,
        stored.topic,
        stored.state,
        stored.schema,
        stored.sealed,
        stored.organization_id,
        stored.actor,
        stored.request_id,
        stored.causation,
    )
