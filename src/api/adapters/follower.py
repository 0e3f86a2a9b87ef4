"""Consumes the log by position, each event once, its outcome and its bookmark in one commit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.rows import class_row

from api.adapters.log_thread import LogThread
from api.adapters.wakeups import SEQUENCED

MAX_BATCH_BYTES: Final = 8 * 2**20
"""A batch ends with the event that passes this size, however few they are."""

_READ: Final[LiteralString] = """
SELECT position, originator_id, originator_version, topic, schema, state, sealed,
       organization_id, actor, request_id, causation, recorded_at
  FROM (
    SELECT *, sum(bytes) OVER (ORDER BY position) - bytes AS bytes_before
      FROM (
        SELECT position, event.*,
               octet_length(state) + coalesce(octet_length(sealed), 0) AS bytes
          FROM (
            SELECT position, transaction_id, notification_id
              FROM log_positions
             WHERE position > %(after)s
             ORDER BY position
             LIMIT %(limit)s
          ) AS place
         CROSS JOIN LATERAL (
            SELECT *
              FROM events
             WHERE events.transaction_id = place.transaction_id
               AND events.notification_id = place.notification_id
             LIMIT 1
         ) AS event
      ) AS following
  ) AS measured
 WHERE bytes_before < %(max_bytes)s
 ORDER BY position
"""
"""One event at a time by index: as a plain join it was planned as a scan of the whole log."""


@dataclass(frozen=True, slots=True)
class PositionedEvent:
    """One event as it was stored, at its final place. *recorded_at* is UTC."""

    position: int
    originator_id: UUID
    originator_version: int
    topic: str
    schema: int
    state: bytes
    sealed: bytes | None
    organization_id: UUID
    actor: str
    request_id: str | None
    causation: str | None
    recorded_at: datetime


Handle = Callable[[Cursor[Any], Sequence[PositionedEvent]], None]
"""Writes the outcome of some events, in order, through a cursor that will be committed."""


class Follower(LogThread):
    """Hands every event to *handle* in order, in batches of at most *batch*.

    The bookmark called *name* moves in the transaction *handle* writes in: both happen or
    neither, so a handler that writes only through its cursor acts on each event once. What
    it does outside the database may be done again after a failure. A handler should ask
    the outside before its first write and answer within a minute: a writing transaction
    that stays open holds back the positions of everything appended since.
    """

    channel = SEQUENCED

    def __init__(self, dsn: str, name: str, handle: Handle, *, batch: int = 500) -> None:
        super().__init__(dsn, name=f"follower {name}")
        self._bookmark = name
        self._handle = handle
        self._batch = batch
        self._position = 0

    def begin(self, connection: Connection[Any]) -> None:
        """Open the bookmark, making one before the first event if there is none."""
        connection.execute(
            "INSERT INTO follower_bookmarks (name, position) VALUES (%s, 0)"
            " ON CONFLICT DO NOTHING",
            (self._bookmark,),
        )
        self._position = bookmark_of(connection, self._bookmark)

    def step(self, connection: Connection[Any]) -> float:
        """Handle one batch. Return how many seconds may pass until the next.

        Raises:
            BookmarkMoved: someone else moved the bookmark; nothing of this batch is kept.

        """
        events = read_log(connection, after=self._position, limit=self._batch)
        if not events:
            return self.poll_s
        last = events[-1].position
        with connection.transaction(), connection.cursor() as cursor:
            self._handle(cursor, events)
            # Last of all, so that the handler's first write is the transaction's first.
            moved = connection.execute(
                "UPDATE follower_bookmarks SET position = %s WHERE name = %s AND position = %s",
                (last, self._bookmark, self._position),
                prepare=True,
            )
            if moved.rowcount != 1:
                raise BookmarkMoved(self._bookmark)
        self._position = last
        return 0.0


class BookmarkMoved(Exception):
    """Someone else moved a follower's bookmark while it handled a batch."""


def read_log(
    connection: Connection[Any], *, after: int, limit: int, max_bytes: int = MAX_BATCH_BYTES
) -> list[PositionedEvent]:
    """Return the events behind position *after*, in order, without a gap.

    At most *limit*, and no more once *max_bytes* of payload are reached; empty only at the
    end of what has a position.
    """
    with connection.cursor(row_factory=class_row(PositionedEvent), binary=True) as cursor:
        return cursor.execute(
            _READ, {"after": after, "limit": limit, "max_bytes": max_bytes}, prepare=True
        ).fetchall()


def bookmark_of(connection: Connection[Any], name: str) -> int:
    """Return the position up to which the follower *name* has handled everything."""
    row = connection.execute(
        "SELECT position FROM follower_bookmarks WHERE name = %s", (name,)
    ).fetchone()
    return int(row[0]) if row else 0
