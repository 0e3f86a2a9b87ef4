"""A whole server with a home of its own, and ways to kill parts of it."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil
import psycopg

from api.adapters.embedded_postgres import EmbeddedPostgres
from api.adapters.postgres_processes import is_child, processes_in

API: Final = "the API process"
WORKER: Final = "the worker"
POSTMASTER: Final = "the database server"
BACKEND: Final = "one database process"
SANDBOX: Final = "a sandbox"
PDF: Final = "a PDF process"
EVERYTHING: Final = "everything at once"
TWICE: Final = "everything, and again as it recovers"
CONNECTIONS: Final = "some database connections"
ASKED: Final = "nothing: asked to stop"
KINDS: Final = (
    EVERYTHING,
    WORKER,
    POSTMASTER,
    API,
    BACKEND,
    CONNECTIONS,
    SANDBOX,
    TWICE,
    PDF,
    ASKED,
)
"""What a round kills."""

CUT: Final = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND random() < 0.3
"""

PATIENCE_S: Final = 30.0


class Server:
    """`refolio serve` in *home*, its descendants and its database."""

    def __init__(self, home: Path, port: int) -> None:
        self.home = home
        self.url = f"http://127.0.0.1:{port}"
        self.log = home / "server.log"
        self.dsn = EmbeddedPostgres(home / "postgres").dsn
        self._data = home / "postgres" / "data"
        self._environment = {
            **os.environ,
            "REFOLIO_HOME": str(home),
            "REFOLIO_PORT": str(port),
            "REFOLIO_PDF_WORKERS": "2",
            "REFOLIO_RATE_LIMITS": "off",
        }
        self._main: subprocess.Popen[bytes] | None = None
        self._seen: set[psutil.Process] = set()

    def keep_running(self) -> None:
        """Start it unless its main process lives."""
        if self._main is not None and self._main.poll() is None:
            return
        with self.log.open("ab") as output:
            self._main = subprocess.Popen(
                [sys.executable, "-m", "api.cli", "serve"],
                env=self._environment,
                stdout=output,
                stderr=output,
                cwd=Path(__file__).resolve().parents[2] / "src",
            )

    def aim(self, kind: str, dice: random.Random) -> list[psutil.Process]:
        """Choose what to kill."""
        alive = self.processes()
        if kind in {EVERYTHING, TWICE}:
            return alive
        victims = [process for process in alive if self._kind(process) == kind]
        return [dice.choice(victims)] if victims else []

    def kill(self, kind: str, victims: list[psutil.Process]) -> float:
        """Kill *victims* with signal 9, or do what else *kind* says; return the time."""
        at = time.time()
        for process in victims:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        if kind == ASKED:
            self.stop()
        elif kind == CONNECTIONS:
            with psycopg.connect(self.dsn, autocommit=True) as connection:
                connection.execute(CUT)
        elif self._main is not None and kind in {API, EVERYTHING, TWICE}:
            self._main.wait()
        return at

    def processes(self) -> list[psutil.Process]:
        """Return all processes that live now, and remember them."""
        tree: list[psutil.Process] = []
        if self._main is not None:
            with suppress(psutil.NoSuchProcess):
                main = psutil.Process(self._main.pid)
                tree = [main, *main.children(recursive=True)]
        found = {*tree, *processes_in(self._data)}
        self._seen |= found
        return sorted(found, key=lambda process: process.pid)

    def stop(self) -> None:
        """Ask it to stop and wait for its end."""
        self.processes()
        if self._main is not None:
            self._main.send_signal(signal.SIGTERM)
            self._main.wait(PATIENCE_S)

    def leftovers(self) -> list[str]:
        """Return what still lives of a server that ended, after some seconds of patience."""
        named = [p for p in psutil.process_iter() if str(self.home) in _told(p)]
        self._seen |= {*named, *processes_in(self._data)}
        until(lambda: not any(map(_lives, self._seen)))
        return [_told(process) for process in self._seen if _lives(process)]

    def strays(self) -> list[str]:
        """Return what lives of earlier main processes, after some seconds of patience."""

        def found() -> list[psutil.Process]:
            present = self.processes()
            return [p for p in self._seen if _lives(p) and p not in present]

        until(lambda: not found())
        return [_told(process) for process in found()]

    def kill_all(self) -> None:
        """Leave nothing behind, whatever state it is in."""
        for process in [*self.processes(), *self._seen]:
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def _kind(self, process: psutil.Process) -> str:
        told = _told(process)
        if self._main is not None and process.pid == self._main.pid:
            return API
        if process in (postgres := processes_in(self._data)):
            return BACKEND if is_child(postgres[postgres.index(process)]) else POSTMASTER
        for mark, kind in (("zygote", SANDBOX), ("pdf_worker", PDF), ("cli worker", WORKER)):
            if mark in told:
                return "a job" if kind == SANDBOX and "zygote" in _told(process.parent()) else kind
        return "unknown"


def until(
    true: Callable[[], object], timeout_s: float = PATIENCE_S, *, pause_s: float = 0.02
) -> bool:
    """Wait until *true* is; False when time ran out first."""
    deadline = time.monotonic() + timeout_s
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause_s)
    return True


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _told(process: psutil.Process | None) -> str:
    """Return pid and command line."""
    if process is None:
        return ""
    try:
        return f"{process.pid} {' '.join(process.cmdline())[:200]}"
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return f"{process.pid}"
