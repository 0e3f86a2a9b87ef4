"""Tells an operator whether the log moves, and who holds it up if it does not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from psycopg import Connection

_HEALTH: Final[LiteralString] = """
SELECT position,
       (SELECT count(*) FROM (
            SELECT FROM events
             WHERE (events.transaction_id, events.notification_id)
                 > (log_head.transaction_id, log_head.notification_id)
             ORDER BY events.transaction_id, events.notification_id
             LIMIT 1000
       ) AS unplaced),
       (SELECT coalesce(extract(epoch FROM max(clock_timestamp() - xact_start)), 0)
          FROM pg_stat_activity
         WHERE backend_xid IS NOT NULL)::float8
  FROM log_head
"""


@dataclass(frozen=True, slots=True)
class LogHealth:
    """How far the log is and who is behind.

    *unplaced* counts committed events without a position, up to 1,000. *behind* is, for
    each follower, how many positions it has yet to handle. *oldest_writer_s* is how long the
    oldest writing transaction anywhere on the server has been open: nothing appended since
    then gets a position before it ends. More than 10 s is worth a look.
    """

    position: int
    unplaced: int
    behind: Mapping[str, int]
    oldest_writer_s: float


def log_health(connection: Connection[Any]) -> LogHealth:
    """Look at the log as it stands. Takes about a millisecond.

    Sessions of other roles are seen only with the rights of `pg_read_all_stats`.
    """
    row = connection.execute(_HEALTH).fetchone()
    if row is None:
        raise LookupError("log_head is empty: run the migration")
    position, unplaced, oldest_writer_s = row
    bookmarks = connection.execute("SELECT name, position FROM follower_bookmarks ORDER BY name")
    behind = {name: max(0, position - at) for name, at in bookmarks}
    return LogHealth(position, unplaced, behind, oldest_writer_s)
