"""Gives every event its final position: dense, in one order, none skipped.

Transactions become visible in another order than they took their numbers in, so a reader who
remembers "the last number I saw" skips what commits late. Here events are ordered by the
transaction that wrote them, and only those below the oldest transaction still open are taken:
nothing can appear before them any more. A writer must read its stream before its
transaction's first write, or a later version may carry an earlier transaction.
"""

from collections.abc import Mapping
from typing import Any, Final, LiteralString

from psycopg import Connection

from api.adapters.log_thread import LogThread
from api.adapters.wakeups import APPENDED, SEQUENCED

SCHEMA: Final[LiteralString] = """
CREATE TABLE log_positions (
    position bigint PRIMARY KEY,
    transaction_id xid8 NOT NULL,
    notification_id bigint NOT NULL UNIQUE
);
CREATE TABLE log_head (
    one bool PRIMARY KEY DEFAULT true CHECK (one),
    transaction_id xid8 NOT NULL,
    notification_id bigint NOT NULL,
    position bigint NOT NULL
);
INSERT INTO log_head (transaction_id, notification_id, position) VALUES ('0', 0, 0);
CREATE TABLE follower_bookmarks (
    name text PRIMARY KEY,
    position bigint NOT NULL
);
"""
"""The tables of order, for a migration to create beside `events`. Position 0 is before all."""

_HEAD: Final = ("transaction_id", "notification_id", "position")

_TAKE_ONE_BATCH: Final[LiteralString] = """
WITH batch AS MATERIALIZED (
    SELECT transaction_id, notification_id,
           %(position)s + row_number() OVER (ORDER BY transaction_id, notification_id) AS position
      FROM events
     WHERE (transaction_id, notification_id) > (%(transaction_id)s::xid8, %(notification_id)s)
       AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())
     ORDER BY transaction_id, notification_id
     LIMIT %(limit)s
), last AS (
    SELECT transaction_id, notification_id, position FROM batch ORDER BY position DESC LIMIT 1
), moved AS (
    UPDATE log_head
       SET transaction_id = last.transaction_id,
           notification_id = last.notification_id,
           position = last.position
      FROM last
     WHERE log_head.position = %(position)s
    RETURNING pg_notify(%(channel)s, '')
), placed AS (
    INSERT INTO log_positions (position, transaction_id, notification_id)
    SELECT batch.position, batch.transaction_id, batch.notification_id FROM batch, moved
)
SELECT last.transaction_id::text, last.notification_id, last.position,
       EXISTS (SELECT FROM moved) AS moved
  FROM last
"""

_WAITING: Final[LiteralString] = """
SELECT true
  FROM events
 WHERE (transaction_id, notification_id) > (%(transaction_id)s::xid8, %(notification_id)s)
 ORDER BY transaction_id, notification_id
 LIMIT 1
"""
"""Not EXISTS: that was planned as a scan of the whole log, in the hope that it ends early."""

_RESTORED: Final[LiteralString] = """
SELECT EXISTS (
    SELECT FROM (SELECT transaction_id FROM events ORDER BY transaction_id DESC LIMIT 1) AS newest
     WHERE transaction_id >= pg_snapshot_xmax(pg_current_snapshot())
) OR EXISTS (
    SELECT FROM log_head WHERE transaction_id >= pg_snapshot_xmax(pg_current_snapshot())
)
"""


class Sequencer(LogThread):
    """Assigns positions as events are committed. Start one a process; one of them leads.

    Leadership is a lock of the database session, so it ends with the leader. A leader who
    lost it unknowingly does no harm: the head moves only from where he believes it to be.
    A log restored from a dump is put in order first, see `adopt_restored_log`.
    """

    channel = APPENDED
    batch: int = 2000

    def __init__(self, dsn: str) -> None:
        super().__init__(dsn, name="sequencer")
        self._head: dict[str, Any] = {}
        self._patience_s = 0.0

    def begin(self, connection: Connection[Any]) -> None:
        """Take over: put a restored log in order and read the head."""
        # What is lost in a crash is derived again, the same: commits need not wait for the disk.
        connection.execute("SET synchronous_commit = off")
        if _one(connection, _RESTORED):
            adopt_restored_log(connection)
        self._read_head(connection)

    def step(self, connection: Connection[Any]) -> float:
        """Place one batch. Return how many seconds may pass until the next."""
        found = connection.execute(
            _TAKE_ONE_BATCH,
            {**self._head, "limit": self.batch, "channel": SEQUENCED},
            prepare=True,
        ).fetchone()
        if found is not None:
            *head, moved = found
            self._head = dict(zip(_HEAD, head, strict=True))
            self._patience_s = 0.0
            if not moved:
                self._read_head(connection)
            return 0.0
        if not _one(connection, _WAITING, self._head):
            self._patience_s = 0.0
            return self.poll_s
        # Committed, but an older transaction is still open: look again soon, then less soon.
        self._patience_s = min(max(0.001, self._patience_s * 2), 0.1)
        return self._patience_s

    def _read_head(self, connection: Connection[Any]) -> None:
        row = connection.execute(
            "SELECT transaction_id::text, notification_id, position FROM log_head"
        ).fetchone()
        if row is None:
            raise LookupError("log_head is empty: run the migration")
        self._head = dict(zip(_HEAD, row, strict=True))


def adopt_restored_log(connection: Connection[Any]) -> None:
    """Put a log that came out of a dump in order, in a server whose transactions count anew.

    Events that have a position keep it and are moved to transaction 0; those that had none
    yet are moved to transaction 1, in the order they were written; what is appended
    afterwards follows. Only the numbers of transactions change, nothing that was said.
    Locks out writers for as long as rewriting the column takes. Running it twice, or on a
    log that never moved, changes no order. `Sequencer` runs it when it finds transactions
    in the log that the server has not reached yet.
    """
    with connection.transaction():
        connection.execute("""
            SELECT set_config(name, '0', true) FROM pg_settings
             WHERE name IN ('statement_timeout', 'transaction_timeout')
        """)
        connection.execute("LOCK TABLE events, log_positions, log_head IN EXCLUSIVE MODE")
        connection.execute("""
            UPDATE events SET transaction_id = '1'
             WHERE NOT EXISTS (
                SELECT FROM log_positions
                 WHERE log_positions.notification_id = events.notification_id
             )
        """)
        connection.execute("""
            UPDATE events SET transaction_id = '0' FROM log_positions
             WHERE events.notification_id = log_positions.notification_id
        """)
        connection.execute("UPDATE log_positions SET transaction_id = '0'")
        connection.execute("""
            UPDATE log_head
               SET transaction_id = '0',
                   position = (SELECT coalesce(max(position), 0) FROM log_positions),
                   notification_id = (
                       SELECT coalesce(max(notification_id), 0) FROM log_positions
                   )
        """)


def _one(
    connection: Connection[Any], question: LiteralString, facts: Mapping[str, Any] | None = None
) -> Any:
    row = connection.execute(question, facts, prepare=True).fetchone()
    return row[0] if row else None
