"""What happened in one organization, in the final order of the log, from any position on."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final, LiteralString, Self
from uuid import UUID

import psycopg
from fastapi.concurrency import run_in_threadpool
from psycopg import Connection
from psycopg_pool import ConnectionPool

from api.adapters.wakeups import SEQUENCED, Wakeups
from api.happenings import Happening, Page, subject_kind_of

WINDOW: Final = 5_000
"""So many positions are looked through at once, most of them perhaps of other organizations."""
MOST_WINDOWS: Final = 20

_READ: Final[LiteralString] = """
SELECT p.position, e.originator_id, e.originator_version, e.topic,
       convert_from(e.state, 'UTF8')::jsonb ->> 'timestamp',
       convert_from(opening.state, 'UTF8')::jsonb ->> 'kind'
  FROM log_positions p
  JOIN events e ON (e.transaction_id, e.notification_id) = (p.transaction_id, p.notification_id)
  JOIN events opening ON (opening.originator_id, opening.originator_version)
                       = (e.originator_id, 1)
 WHERE p.position > %(after)s
   AND p.position <= %(until)s
   AND e.organization_id = %(organization_id)s
   AND (%(stream_id)s::uuid IS NULL OR e.originator_id = %(stream_id)s)
   AND (%(topics)s::text[] IS NULL OR e.topic = ANY(%(topics)s))
 ORDER BY p.position
 LIMIT %(limit)s
"""


class Feed:
    """Reads what happened, and lets coroutines wait for more without a thread or connection.

    Use it as `async with` where anyone waits.
    """

    def __init__(self, pool: ConnectionPool[Connection[Any]], dsn: str) -> None:
        self._pool = pool
        self._wakeups = Wakeups(dsn, channel=SEQUENCED)

    async def __aenter__(self) -> Self:
        await self._wakeups.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._wakeups.__aexit__(None, None, None)

    def head(self) -> int:
        """Return the position of the last event of all."""
        with self._pool.connection() as connection:
            return _head(connection)

    def page(
        self,
        organization_id: UUID,
        *,
        after: int,
        limit: int,
        topics: Sequence[str] | None = None,
        stream_id: UUID | None = None,
    ) -> Page:
        """Return what happened after a position, at most *limit*, and how far was looked."""
        found: list[Happening] = []
        with self._pool.connection() as connection:
            head = _head(connection)
            for _ in range(MOST_WINDOWS if after < head else 0):
                until = min(after + WINDOW, head)
                rows = connection.execute(
                    _READ,
                    {
                        "after": after,
                        "until": until,
                        "organization_id": organization_id,
                        "topics": None if topics is None else list(topics),
                        "stream_id": stream_id,
                        "limit": limit - len(found),
                    },
                    prepare=True,
                ).fetchall()
                found += [_happening(row) for row in rows]
                if len(found) == limit:
                    return Page(found, found[-1].position, at_end=found[-1].position >= head)
                after = max(after, until)
                if after >= head:
                    break
        return Page(found, after, at_end=after >= head)

    async def next(self, read: Callable[[], Page], *, timeout_s: float) -> Page:
        """Return a page that is not empty, or the last one looked at when time ran out."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout_s
        page = Page([], 0, at_end=True)
        while True:
            mark = self._wakeups.mark()
            with suppress(psycopg.OperationalError):  # away for a while: look again
                page = await run_in_threadpool(read)
            left_s = end - loop.time()
            if page.happenings or not page.at_end or left_s <= 0:
                return page
            await self._wakeups.next(left_s, since=mark)


def _head(connection: Connection[Any]) -> int:
    row = connection.execute("SELECT position FROM log_head").fetchone()
    return int(row[0]) if row else 0


def _happening(row: tuple[Any, ...]) -> Happening:
    position, stream_id, version, topic, timestamp, letter_kind = row
    kind = subject_kind_of(topic, letter_kind)
    return Happening(position, stream_id, version, topic, timestamp, kind)
