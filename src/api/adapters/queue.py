"""What the queue must not forget: work that lost its job, and failures of its own."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, LiteralString

from procrastinate import PsycopgConnector
from procrastinate.connector import Notify
from procrastinate.exceptions import ConnectorException
from psycopg import Connection
from psycopg_pool import ConnectionPool

from api.adapters.patience import PatientAsyncPool

MOST_CONNECTIONS: Final = 4

PUT_BACK: Final = """
SELECT count(procrastinate_defer_jobs_v1(
           ARRAY[ROW('refolio', r.pending, 0, NULL, NULL,
                     jsonb_build_object('stream_id', r.id, 'organization_id', r.organization_id,
                                        'actor', asked.actor, 'request_id', asked.request_id,
                                        'causation', r.id || '/' || asked.originator_version),
                     NULL)]::procrastinate_job_to_defer_v1[]))
  FROM (SELECT id, organization_id, pending, updated_at AS asked_at
          FROM resumes
         WHERE pending IS NOT NULL
         UNION ALL
        SELECT id, organization_id, pending, asked_at
          FROM letters
         WHERE pending IS NOT NULL
         UNION ALL
        SELECT id, id, 'erase', deleted_at
          FROM organizations o
         WHERE deleted_at IS NOT NULL
           AND EXISTS (SELECT FROM resumes WHERE organization_id = o.id)) r
 CROSS JOIN LATERAL (
           SELECT e.originator_version, e.actor, e.request_id
             FROM events e
            WHERE e.originator_id = r.id
              AND e.topic IN ('parsing-requested', 'tailoring-requested', 'generation-requested',
                              'generation-resumed', 'letter-requested', 'organization-deleted')
            ORDER BY e.originator_version DESC
            LIMIT 1) AS asked
 WHERE r.asked_at < now() - interval '2 seconds'
   AND NOT EXISTS (
           SELECT
             FROM procrastinate_jobs j
            WHERE j.status IN ('todo', 'doing')
              AND j.args ->> 'stream_id' = r.id::text)
"""


def put_back_orphans(pool: ConnectionPool[Connection[Any]]) -> int:
    """Enqueue every request that lost its job, and return how many there were.

    Any number of workers may do so at once: one does, under an advisory lock.
    """
    with pool.connection() as connection, connection.transaction():
        free = connection.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended('put back orphans', 0))"
        ).fetchone()
        if not (free and free[0]):
            return 0
        found = connection.execute(PUT_BACK).fetchone()
    return found[0] if found else 0


class FrankConnector(PsycopgConnector):
    """Sets `failed` whenever the queue could not reach the database.

    The library's worker goes on after such a failure as if nothing had happened: deaf to new jobs,
    without a sign of life, or with a job that it never ends.
    """

    def __init__(self, dsn: str) -> None:
        super().__init__(conninfo=dsn, max_size=MOST_CONNECTIONS, pool_factory=PatientAsyncPool)
        self.failed = asyncio.Event()

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        """Run a statement."""
        with self._telling():
            await super().execute_query_async(query, **arguments)

    async def execute_query_one_async(
        self, query: LiteralString, **arguments: Any
    ) -> dict[str, Any]:
        """Run a statement and return its row."""
        with self._telling():
            row: dict[str, Any] = await super().execute_query_one_async(query, **arguments)
            return row

    async def execute_query_all_async(
        self, query: LiteralString, **arguments: Any
    ) -> list[dict[str, Any]]:
        """Run a statement and return its rows."""
        with self._telling():
            rows: list[dict[str, Any]] = await super().execute_query_all_async(query, **arguments)
            return rows

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        """Hear of new jobs for as long as the connection lasts or can be made again."""
        with self._telling():
            await super().listen_notify(on_notification, channels)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except ConnectorException:
            self.failed.set()
            raise
