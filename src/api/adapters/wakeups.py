"""Tells the processes around one log that it grew, without slowing whoever appends.

A NOTIFY inside an appending transaction makes all commits of the server queue up, so it is
sent afterwards, by a thread of its own, once for all commits of 5 ms. A wake-up may get lost
(its sender died); whoever waits looks again after a second anyway.
"""

import asyncio
import logging
import threading
from types import TracebackType
from typing import Any, Final, LiteralString, Self

import psycopg
from psycopg import sql

APPENDED: Final[LiteralString] = "refolio_log"
"""The channel that says: events were committed."""

SEQUENCED: Final[LiteralString] = "refolio_positions"
"""The channel that says: events were given their positions."""

POLL_S: Final = 1.0
"""How late a lost wake-up makes anyone."""

MAX_PAUSE_S: Final = 5.0
"""The longest pause between two attempts to reach the database again."""

KEEPALIVE: Final[dict[str, Any]] = {
    "autocommit": True,
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
"""How a connection that mostly waits notices that the other side is gone."""

_log = logging.getLogger(__name__)


class Notifier:
    """Says on *channel* that something was committed, at most once in *gap_s* seconds."""

    def __init__(
        self, dsn: str, *, channel: LiteralString = APPENDED, gap_s: float = 0.005
    ) -> None:
        self._dsn = dsn
        self._notify = sql.SQL("NOTIFY {}").format(sql.Identifier(channel))
        self._gap_s = gap_s
        self._poked = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="notifier", daemon=True)
        self._thread.start()

    def poke(self) -> None:
        """Have everyone woken soon. Call it after the commit; it never waits or fails."""
        self._poked.set()

    def close(self) -> None:
        """Send what was poked and end."""
        self._closing.set()
        self._poked.set()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _run(self) -> None:
        pause_s = 0.05
        while True:
            try:
                with psycopg.connect(
                    self._dsn, application_name="refolio notifier", **KEEPALIVE
                ) as connection:
                    connection.execute("SET synchronous_commit = off")
                    pause_s = 0.05
                    self._send(connection)
            except psycopg.Error as error:
                _log.warning("notifier lost the database: %s", type(error).__name__)
                self._poked.set()  # what was being said is said again
            if self._closing.wait(pause_s):
                return
            pause_s = min(pause_s * 2, MAX_PAUSE_S)

    def _send(self, connection: psycopg.Connection[Any]) -> None:
        while True:
            self._poked.wait()
            self._poked.clear()
            closing = self._closing.is_set()
            connection.execute(self._notify)
            if closing:
                return
            self._closing.wait(self._gap_s)


class Wakeups:
    """One listening connection that lets any number of coroutines wait for *channel*.

    Use it as `async with`. Take a `mark`, look, and if there was nothing wait with `next`
    since that mark: then nothing that happens in between is missed.
    """

    def __init__(self, dsn: str, *, channel: LiteralString = APPENDED) -> None:
        self._dsn = dsn
        self._listen = sql.SQL("LISTEN {}").format(sql.Identifier(channel))
        self._rung = 0
        self._bell = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="wakeups")
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

    def mark(self) -> int:
        """Return how often the bell has rung so far."""
        return self._rung

    async def next(self, timeout_s: float = POLL_S, *, since: int | None = None) -> bool:
        """Wait until the bell rings, at most *timeout_s* and never over a second.

        True if it rang (since the mark *since*, if given). Look again either way.
        """
        if since is not None and since != self._rung:
            return True
        try:
            await asyncio.wait_for(self._bell.wait(), min(timeout_s, POLL_S))
        except TimeoutError:
            return False
        return True

    def _ring(self) -> None:
        self._rung += 1
        rung, self._bell = self._bell, asyncio.Event()
        rung.set()

    async def _run(self) -> None:
        pause_s = 0.05
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._dsn, application_name="refolio wake-ups", **KEEPALIVE
                ) as connection:
                    await connection.execute(self._listen)
                    pause_s = 0.05
                    self._ring()  # whatever was said while nobody listened
                    async for _ in connection.notifies():
                        self._ring()
            except psycopg.Error as error:
                _log.warning("wake-ups lost the database: %s", type(error).__name__)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, MAX_PAUSE_S)
