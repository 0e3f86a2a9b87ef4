"""A PostgreSQL server of our own, shared by every process that needs it.

Four rules keep it safe. Every start and stop happens under one exclusive lock. Whether the
server lives is asked of the kernel, never of a pid file: the server and all its children hold
a lock they inherited, and a process is only ever signalled when it is PostgreSQL and works in
our data folder. Each client holds a shared lock for as long as it is a client, so the last
one out is known even when others were killed. The data folder appears whole, by rename.
"""

import atexit
import fcntl
import os
import shutil
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final

from psycopg import pq
from psycopg.conninfo import make_conninfo

from api.adapters.postgres_processes import end, is_child, processes_in
from api.adapters.postgres_programs import (
    MARK,
    SOCKET,
    PostgresUnavailable,
    Programs,
    socket_folder,
    sync,
    unavailable,
)
from api.adapters.postgres_settings import SETTINGS

NAME: Final = "refolio"
"""The role and the database that we work with."""

NOT_OPEN: Final = -1
MAX_LOG_BYTES: Final = 10 * 2**20


class EmbeddedPostgres:
    """The server whose data live in *root*, a folder that is ours alone.

    Any number of processes, threads and objects may start it at once; one server runs, and
    the last of them to stop (or to end, or to be killed) takes it down. A forked child
    belongs to its parent until it calls `start` itself. *settings* are added to `SETTINGS`,
    if this start is the one that launches. *programs* is a folder of PostgreSQL's programs
    in place of the installed ones.
    """

    def __init__(
        self,
        root: Path,
        *,
        settings: Mapping[str, str] | None = None,
        programs: Path | None = None,
    ) -> None:
        self.root = root.absolute().resolve()
        self.data = self.root / "data"
        self.log = self.root / "postgres.log"
        self._settings = {**SETTINGS, **(settings or {})}
        self._folder = programs
        self._socket = socket_folder(self.root)
        self._client = NOT_OPEN
        self._client_pid = 0

    @property
    def dsn(self) -> str:
        """How to connect, for libpq and psycopg. No secret is in it."""
        return make_conninfo(
            host=str(self._socket), port=5432, user=NAME, dbname=NAME, connect_timeout=10
        )

    def start(self, *, timeout_s: float = 60.0) -> str:
        """Join the server, launching it or creating its data first where needed.

        Returns how to connect. Takes about 0.1 s, the first time about 1 s; after a crash
        as long as recovery takes, up to *timeout_s*. Called again it brings back a server
        that died meanwhile, and else changes nothing.

        Raises:
            PostgresUnavailable: the server cannot run here; the message says why.

        """
        try:
            programs = Programs.for_data_in(self.root, self._folder)
            with self._held(MARK, fcntl.LOCK_EX, programs):
                self._join(programs)
                self._bring_up(programs, time.monotonic() + timeout_s)
        except OSError as error:
            self._leave()
            raise unavailable(self.root, error) from error
        except BaseException:
            self._leave()
            raise
        return self.dsn

    def stop(self, *, timeout_s: float = 30.0) -> bool:
        """Leave. The last one out stops the server: then the answer is True.

        Clients still connected are cut off. What they committed is safe.
        """
        if not self._is_client():
            return False
        client, self._client = self._client, NOT_OPEN
        atexit.unregister(self.stop)
        try:
            with self._held(MARK, fcntl.LOCK_EX):
                last = _try_lock(client)
                if last:
                    self._take_down(timeout_s)
                return last
        except FileNotFoundError:  # the folder is gone; the server notices within a minute
            return False
        finally:
            os.close(client)

    def revive(self, *, timeout_s: float = 60.0) -> bool:
        """Wait until the server is dead, then bring it back; False once we left it.

        Raises:
            PostgresUnavailable: as `start`. We stay a client and may try again.

        """
        try:
            with self._held("server.lock", fcntl.LOCK_SH):
                pass
            with self._held(MARK, fcntl.LOCK_EX):
                if not self._is_client():
                    return False
                self._bring_up(
                    Programs.for_data_in(self.root, self._folder), time.monotonic() + timeout_s
                )
        except OSError as error:
            raise unavailable(self.root, error) from error
        return True

    def __enter__(self) -> str:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _is_client(self) -> bool:
        return self._client != NOT_OPEN and self._client_pid == os.getpid()

    def _join(self, programs: Programs) -> None:
        if not self._is_client():
            self._client, self._client_pid = self._open(programs, "clients.lock"), os.getpid()
            atexit.register(self.stop)
        fcntl.flock(self._client, fcntl.LOCK_SH)

    def _leave(self) -> None:
        if self._is_client():
            os.close(self._client)
            self._client = NOT_OPEN
            atexit.unregister(self.stop)

    def _bring_up(self, programs: Programs, deadline: float) -> None:
        while not self._answers():
            with self._server_lock(programs) as free:
                if free is not None:
                    programs = programs.within_reach()
                    if not (self.data / "PG_VERSION").exists():
                        self._initialise(programs, free)
                    self._launch(programs, free, deadline)
                    return
            self._end_orphans()
            if time.monotonic() > deadline:
                raise PostgresUnavailable(f"The server in {self.root} lives but does not answer.")
            time.sleep(0.02)

    def _end_orphans(self) -> None:
        """End children whose server was killed, as it would have: one may be busy for hours."""
        processes = processes_in(self.data)
        if all(is_child(process) for process in processes):
            for process in processes:
                end(process, signal.SIGQUIT)

    def _initialise(self, programs: Programs, lock: int) -> None:
        """Make the data folder. *lock* is held until the programs end, even without us."""
        for leftover in self.root.glob("data.new-*"):
            shutil.rmtree(leftover)
        fresh = self.root / f"data.new-{os.getpid()}"
        programs.make_folder(fresh)
        programs.run(
            "initdb",
            f"--pgdata={fresh}",
            f"--username={NAME}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
            inherit=[lock],
        )
        single = ("--single", "-D", fresh, "-c", "exit_on_error=on", "postgres")
        create = f"CREATE DATABASE {NAME};\n".encode()
        programs.run("postgres", *single, stdin=create, inherit=[lock])
        fresh.rename(self.data)
        sync(self.root)

    def _launch(self, programs: Programs, lock: int, deadline: float) -> None:
        """Start the server. *lock* goes with it and is held until its last child is gone."""
        if not all(is_child(process) for process in processes_in(self.data)):
            raise PostgresUnavailable(f"Someone else runs a server on {self.data}. Stop it first.")
        programs.make_folder(self._socket)
        for stale in (self.data / "postmaster.pid", self._socket / SOCKET):
            stale.unlink(missing_ok=True)
        (self._socket / f"{SOCKET}.lock").unlink(missing_ok=True)
        if self.log.exists() and self.log.stat().st_size > MAX_LOG_BYTES:
            self.log.rename(self.log.with_suffix(".log.1"))
        options = [f"-c{name}={value}" for name, value in self._settings.items()]
        with self.log.open("ab") as output:
            self.log.chmod(0o600)
            programs.give(self.log)
            begin = output.tell()
            process = programs.spawn(
                "postgres",
                "-D",
                self.data,
                "-k",
                self._socket,
                *options,
                output=output,
                inherit=lock,
            )
        while not self._answers():
            if process.poll() is not None:
                said = self.log.read_bytes()[begin:]
                raise programs.explained(said.decode(errors="replace"))
            if time.monotonic() > deadline:
                raise PostgresUnavailable(
                    f"The server in {self.root} is still starting. {self.log} tells why."
                )
            time.sleep(0.01)

    def _take_down(self, timeout_s: float) -> None:
        for how, patience_s in ((signal.SIGINT, timeout_s), (signal.SIGQUIT, 5.0)):
            for process in processes_in(self.data):
                if not is_child(process):
                    end(process, how)
            deadline = time.monotonic() + patience_s
            while time.monotonic() < deadline:
                with self._server_lock(None) as free:
                    if free is not None and not processes_in(self.data):
                        if self._socket != self.root:
                            shutil.rmtree(self._socket, ignore_errors=True)
                        return
                time.sleep(0.01)

    def _answers(self) -> bool:
        return pq.PGconn.ping(self.dsn.encode()) == pq.Ping.OK

    @contextmanager
    def _server_lock(self, programs: Programs | None) -> Iterator[int | None]:
        """Hold the server's own lock; None while a server or a child of one holds it."""
        lock = self._open(programs, "server.lock")
        try:
            yield lock if _try_lock(lock) else None
        finally:
            os.close(lock)

    @contextmanager
    def _held(self, name: str, how: int, programs: Programs | None = None) -> Iterator[None]:
        """Wait for a lock and hold it."""
        lock = self._open(programs, name)
        try:
            fcntl.flock(lock, how)
            yield
        finally:
            os.close(lock)

    def _open(self, programs: Programs | None, name: str) -> int:
        opened = os.open(self.root / name, os.O_RDWR | os.O_CREAT, 0o600)
        if programs is not None:
            programs.give(opened)
        return opened


def _try_lock(opened: int) -> bool:
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
