"""What the queue must not forget: asked-for work that has neither an outcome nor a job."""

from typing import Any, Final

from psycopg import Connection
from psycopg_pool import ConnectionPool

PUT_BACK: Final = """
SELECT count(procrastinate_defer_jobs_v1(
           ARRAY[ROW('refolio', CASE WHEN r.source_id IS NULL THEN 'parse' ELSE 'tailor' END, 0,
                     NULL, NULL,
                     jsonb_build_object('stream_id', r.id, 'organization_id', r.organization_id,
                                        'request_id', NULL),
                     NULL)]::procrastinate_job_to_defer_v1[]))
  FROM resumes r
 WHERE r.status = 'PROCESSING'
   AND r.updated_at < now() - interval '2 seconds'
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
