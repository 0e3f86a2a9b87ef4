"""Pools that are there again as soon as the database is.

The library's pools sleep after each failure for one second, then two, then four, with callers
waiting in line: after a failure to connect, and after each broken connection they come across. A
database that was killed is back sooner. So connecting is tried more often at first, and the first
broken connection that is found has all of them looked at.
"""

import asyncio
import time
from typing import Any, Final, Self

from psycopg import AsyncConnection, Connection, OperationalError
from psycopg_pool import AsyncConnectionPool, ConnectionPool

PATIENCE_S: Final = 3.0
PAUSE_S: Final = 0.1


class PatientConnection(Connection[Any]):
    """A connection that is tried for 3 s before it counts as failed."""

    @classmethod
    def connect(cls, conninfo: str = "", **kwargs: Any) -> Self:
        """Connect, as the library does."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                return super().connect(conninfo, **kwargs)
            except OperationalError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(PAUSE_S)


class PatientAsyncConnection(AsyncConnection[Any]):
    """The same for coroutines."""

    @classmethod
    async def connect(cls, conninfo: str = "", **kwargs: Any) -> Self:
        """Connect, as the library does."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                return await super().connect(conninfo, **kwargs)
            except OperationalError:
                if time.monotonic() > deadline:
                    raise
            await asyncio.sleep(PAUSE_S)


class PatientPool(ConnectionPool[Connection[Any]]):
    """A pool that lends working connections only. Takes what the library's pool takes."""

    def __init__(self, conninfo: str, **kwargs: Any) -> None:
        super().__init__(
            conninfo, connection_class=PatientConnection, **{**kwargs, "check": self._look}
        )

    def _look(self, connection: Connection[Any]) -> None:
        try:
            self.check_connection(connection)
        except OperationalError:
            self.check()
            raise


class PatientAsyncPool(AsyncConnectionPool[AsyncConnection[Any]]):
    """The same for coroutines."""

    def __init__(self, conninfo: str, **kwargs: Any) -> None:
        super().__init__(
            conninfo, connection_class=PatientAsyncConnection, **{**kwargs, "check": self._look}
        )

    async def _look(self, connection: AsyncConnection[Any]) -> None:
        try:
            await self.check_connection(connection)
        except OperationalError:
            await self.check()
            raise
