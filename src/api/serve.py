"""The server on one machine: the API in this process, a worker beside it, both kept running."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import structlog
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.core import Core, open_core
from api.settings import Settings
from render.pdf_pool import PdfPool
from render.sandbox import Sandbox

log = structlog.get_logger()

PR_SET_PDEATHSIG: Final = 1
WATCH_S: Final = 0.1
CALM_S: Final = 2.0
"""A worker that lasted less is not replaced at once: what ended it is still there."""
STOP_S: Final = 15.0
PARENT: Final = "REFOLIO_PARENT"


def serve(settings: Settings, *, announce: Callable[[Core], None]) -> None:
    """Run until SIGTERM or SIGINT. *announce* is called once requests are answered.

    Raises:
        OSError: the port is taken, or the address is not this machine's.
        PostgresUnavailable, RendererUnavailable, FontsMissing, WrongMasterKey: the machine or
            its state lacks something; the message says what.

    """
    # The web server hands a signal on after it has shut down; then all else is closed, too.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    with (
        _listening(settings) as listener,
        open_core(settings) as core,
        Sandbox() as sandbox,
        PdfPool(settings.home / "cache", workers=settings.pdf_workers) as pdfs,
        worker_beside(settings),
    ):
        pdfs.warm()
        app = create_app(core, sandbox, pdfs)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=10,
            server_header=False,
        )
        _Announcing(config, app, lambda: announce(core)).run(sockets=[listener])


def _stop(*_: object) -> None:
    raise SystemExit(0)


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server(
            (settings.host, settings.port), family=family, backlog=2048
        )
    except OSError as error:
        where = f"{settings.host} port {settings.port}"
        raise OSError(f"cannot listen on {where}: {error.strerror}") from error
    # asyncio does so only for sockets of its own; else each answer waits 40 ms to be acknowledged.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class _Announcing(uvicorn.Server):
    """A server that says when it listens, and tells its app when it closes."""

    def __init__(
        self, config: uvicorn.Config, app: FastAPI, listening: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._app = app
        self._listening = listening

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what would go on for ever, then all else."""
        self._app.state.closing = True
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen, then tell."""
        await super().startup(sockets)
        if self.started:
            self._listening()


@contextmanager
def worker_beside(settings: Settings) -> Iterator[None]:
    """Keep a worker running meanwhile, whatever ends it."""
    stopping = threading.Event()
    # The thread lives as long as the process: the worker is told when its parent thread ends.
    watcher = threading.Thread(target=_watch, args=(settings, stopping), name="watcher")
    watcher.start()
    try:
        yield
    finally:
        stopping.set()
        watcher.join()


def _watch(settings: Settings, stopping: threading.Event) -> None:
    worker = _start_worker(settings)
    started = time.monotonic()
    while not stopping.wait(WATCH_S):
        if worker.poll() is not None:
            log.warning("the worker ended; starting another", exit_status=worker.returncode)
            stopping.wait(started + CALM_S - time.monotonic())
            worker, started = _start_worker(settings), time.monotonic()
    worker.send_signal(signal.SIGTERM)
    try:
        worker.wait(STOP_S)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


def _start_worker(settings: Settings) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "REFOLIO_HOME": str(settings.home),
        "REFOLIO_HOST": settings.host,
        "REFOLIO_PORT": str(settings.port),  # links in mails lead to this server
        PARENT: str(os.getpid()),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "api.cli", "worker"],
        env=environment,
        stdin=subprocess.DEVNULL,
        process_group=0,  # an interrupt from the terminal is for the server, who passes it on
    )


def end_with_parent() -> None:
    """Have this process asked to stop when the server that started it ends, however that ends."""
    parent = os.environ.get(PARENT)
    if parent is None:
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit(0)
