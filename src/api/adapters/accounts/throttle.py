"""Slows down who tries too often, by address and by account, for all API processes together.

An address has so many requests a while. A wrong password makes the account wait before the next
one is looked at: a second, two, four, up to a minute. It is a delay and never a lock, so nobody
can shut anyone out for good. The table is UNLOGGED: a crash of the database forgets it.
"""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any, Final

from psycopg import Connection
from psycopg_pool import ConnectionPool

from api.account_views import Limit, TooManyTries

TABLE: Final = """
CREATE UNLOGGED TABLE account_tries (
    key bytea PRIMARY KEY,
    tries integer NOT NULL,
    free_at timestamptz NOT NULL
);
CREATE INDEX account_tries_by_end ON account_tries (free_at);
"""

FREE_TRIES: Final = 3
"""Wrong passwords that cost nothing: people mistype."""
LONGEST_WAIT_S: Final = 60
FORGIVEN_AFTER: Final = timedelta(hours=1)

SPEND: Final = """
INSERT INTO account_tries AS t (key, tries, free_at)
VALUES (%(key)s, 0, clock_timestamp() + %(cost)s)
    ON CONFLICT (key) DO UPDATE
   SET free_at = greatest(t.free_at, clock_timestamp()) + %(cost)s
 WHERE greatest(t.free_at, clock_timestamp()) + %(cost)s <= clock_timestamp() + %(window)s
RETURNING key
"""
"""Spend a part of the window, unless too much of it is spent: `free_at` is when none is."""

TRY: Final = """
INSERT INTO account_tries AS t (key, tries, free_at)
VALUES (%(key)s, 1, clock_timestamp())
    ON CONFLICT (key) DO UPDATE
   SET tries = CASE WHEN t.free_at < clock_timestamp() - %(forgiven)s THEN 1 ELSE t.tries + 1 END,
       free_at = clock_timestamp() + CASE
           WHEN t.free_at < clock_timestamp() - %(forgiven)s OR t.tries + 1 < %(free)s
           THEN interval '0'
           ELSE least(power(2, least(t.tries + 1 - %(free)s, 10)), %(longest)s)
                * interval '1 second'
           END
 WHERE t.free_at <= clock_timestamp()
RETURNING key
"""
"""Count a try before it is known to be wrong, so that many at once are not one."""

WAIT: Final = """
SELECT extract(epoch FROM free_at - clock_timestamp())::float FROM account_tries WHERE key = %s
"""


@dataclass(frozen=True, slots=True)
class Throttle:
    """Counts tries under digests of who tries."""

    pool: ConnectionPool[Connection[Any]]

    def spend(self, key: bytes, limit: Limit) -> None:
        """Let one more request pass, of *limit*'s number in its time.

        Raises:
            TooManyTries: there were too many.

        """
        window = timedelta(seconds=limit.window_s)
        values = {"key": key, "window": window, "cost": window / limit.requests}
        with self.pool.connection() as connection:
            if connection.execute(SPEND, values).fetchone() is None:
                excess = window - window / limit.requests
                raise TooManyTries(_wait(connection, key, excess.total_seconds()))

    def attempt(self, key: bytes) -> None:
        """Let a password be tried; until `succeed` it counts as wrong.

        Raises:
            TooManyTries: the wait after the last one is not over.

        """
        values = {
            "key": key,
            "forgiven": FORGIVEN_AFTER,
            "free": FREE_TRIES,
            "longest": LONGEST_WAIT_S,
        }
        with self.pool.connection() as connection:
            if connection.execute(TRY, values).fetchone() is None:
                raise TooManyTries(_wait(connection, key, 0))

    def succeed(self, key: bytes) -> None:
        """Forget the tries: the last one was right."""
        with self.pool.connection() as connection:
            connection.execute("DELETE FROM account_tries WHERE key = %s", (key,))


def _wait(connection: Connection[Any], key: bytes, allowed_s: float) -> int:
    found = connection.execute(WAIT, (key,)).fetchone()
    return max(1, ceil((found[0] if found else 0.0) - allowed_s))
