"""Waiting for what workers do: one query for all who wait, whenever the log grew."""

import asyncio
from types import TracebackType
from typing import Any, Final, Self
from uuid import UUID

import psycopg
import structlog
from psycopg import Connection
from psycopg_pool import ConnectionPool
from starlette.concurrency import run_in_threadpool

from api.adapters.wakeups import Wakeups

log = structlog.get_logger()

SETTLED: Final = """
SELECT waiting.id
  FROM unnest(%s::uuid[]) AS waiting (id)
 WHERE NOT EXISTS (SELECT FROM resumes r WHERE r.id = waiting.id AND r.pending IS NOT NULL)
   AND NOT EXISTS (SELECT FROM letters l WHERE l.id = waiting.id AND l.pending IS NOT NULL)
"""


class PendingOutcomes:
    """Lets coroutines wait for streams without a thread or a connection each.

    Use it as `async with`.
    """

    def __init__(self, pool: ConnectionPool[Connection[Any]], dsn: str) -> None:
        self._pool = pool
        self._wakeups = Wakeups(dsn)
        self._waiting: dict[UUID, asyncio.Future[None]] = {}
        self._joined = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._wakeups.__aenter__()
        self._task = asyncio.create_task(self._run(), name="outcomes")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._wakeups.__aexit__(kind, error, trace)

    async def settled(self, stream_id: UUID, *, timeout_s: float) -> bool:
        """Wait until no work is pending for the stream; False when time ran out first."""
        if await run_in_threadpool(self._settled_among, [stream_id]):
            return True
        future = self._waiting.get(stream_id)
        if future is None:
            future = self._waiting[stream_id] = asyncio.get_running_loop().create_future()
        self._joined.set()
        done, _ = await asyncio.wait([future], timeout=timeout_s)
        return bool(done)

    async def _run(self) -> None:
        while True:
            await self._joined.wait()
            mark = self._wakeups.mark()
            try:
                for stream_id in await run_in_threadpool(self._settled_among, [*self._waiting]):
                    self._waiting.pop(stream_id).set_result(None)
            except psycopg.Error as error:
                log.warning("waiting for the database", reason=type(error).__name__)
            if not self._waiting:
                self._joined.clear()
            else:
                await self._wakeups.next(since=mark)

    def _settled_among(self, stream_ids: list[UUID]) -> list[UUID]:
        with self._pool.connection() as connection:
            found = connection.execute(SETTLED, (stream_ids,)).fetchall()
        return [stream_id for (stream_id,) in found]
