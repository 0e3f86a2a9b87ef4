"""A thread that works on the log for as long as the process lives, one of its name at a time."""

import logging
import socket
import threading
from abc import ABC, abstractmethod
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any, ClassVar, LiteralString, Self

import psycopg
from psycopg import sql

from api.adapters.wakeups import KEEPALIVE, MAX_PAUSE_S, POLL_S

_log = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.05
STANDBY_S = 0.25


class LogThread(ABC):
    """Takes steps while there is work, waits to be woken, and comes back after any failure.

    Of all threads with the same *name* around one database, in whatever process, one works;
    the others stand by and take over within a second of its end. Whatever a step raises is
    logged, its transaction is rolled back, and it is tried again after a pause of up to
    5 s on a new connection: nothing is ever passed over.
    """

    channel: ClassVar[LiteralString]
    poll_s: ClassVar[float] = POLL_S

    def __init__(self, dsn: str, *, name: str) -> None:
        self.name = name
        self._dsn = dsn
        self._stopping = threading.Event()
        self._pause_s = FIRST_PAUSE_S
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @abstractmethod
    def begin(self, connection: psycopg.Connection[Any]) -> None:
        """Find out where the work stands. Called whenever this thread becomes the one."""

    @abstractmethod
    def step(self, connection: psycopg.Connection[Any]) -> float:
        """Do one batch. Return how many seconds to wait for a wake-up: 0 to go on at once."""

    def start(self) -> None:
        """Begin, in the background."""
        self._bell, self._ringer = socket.socketpair()
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end after its present step. `join` waits for that."""
        if not self._stopping.is_set():
            self._stopping.set()
            self._ringer.send(b"\0")

    def join(self) -> None:
        """Wait for the end that `stop` asked for."""
        self._thread.join()
        self._bell.close()
        self._ringer.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with psycopg.connect(
                    self._dsn, application_name=f"refolio {self.name}", **KEEPALIVE
                ) as connection:
                    self._serve(connection)
            except Exception as error:  # noqa: BLE001  # it must outlive whatever a handler does
                _log.warning(
                    "%s failed and tries again in %.2f s: %s",
                    self.name,
                    self._pause_s,
                    type(error).__name__,
                    exc_info=None if isinstance(error, psycopg.OperationalError) else error,
                )
                self._stopping.wait(self._pause_s)
                self._pause_s = min(self._pause_s * 2, MAX_PAUSE_S)

    def _serve(self, connection: psycopg.Connection[Any]) -> None:
        while not self._lead(connection):
            if self._stopping.wait(STANDBY_S):
                return
        # Listening begins before the first look, or what comes in between goes unnoticed.
        connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self.channel)))
        self.begin(connection)
        while not self._stopping.is_set():
            rest_s = self.step(connection)
            self._pause_s = FIRST_PAUSE_S
            if rest_s and not _woken(connection):
                wait([connection.fileno(), self._bell], rest_s)
                _woken(connection)

    def _lead(self, connection: psycopg.Connection[Any]) -> bool:
        found = connection.execute(
            "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", (f"refolio {self.name}",)
        ).fetchone()
        return bool(found and found[0])


def _woken(connection: psycopg.Connection[Any]) -> bool:
    """Whether anything was said since last asked."""
    return bool(list(connection.notifies(timeout=0)))
