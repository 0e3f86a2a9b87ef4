"""A warm pool of processes that render PDFs, for a server that must never stall or crash for one.

The server's own process never loads WeasyPrint. One child has it loaded and forks the workers
(see `pdf_worker`); `multiprocessing`'s own forkserver would run the server's main module again in
every worker. A worker that dies takes no request along: it is rendered again by another.
"""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty, LifoQueue
from types import TracebackType
from typing import Self

from events.resume_data import ResumeData
from render.fonts import SUBSET_WARNING, can_subset, font_environment
from render.html import Look, PageSize
from render.pdf import RenderFailed
from render.pdf_worker import DONE, MAX_REQUEST_BYTES, READY

MAX_PDF_BYTES = 64 * 1024 * 1024
ATTEMPTS = 3

_KEPT_VARIABLES = ("PATH", "TMPDIR", "LD_LIBRARY_PATH")

log = logging.getLogger(__name__)


class RendererUnavailable(Exception):
    """PDFs can't be rendered on this machine. The message says what is missing."""


class _WorkerLost(Exception):
    """A worker ended without an answer."""


@dataclass(slots=True)
class _Worker:
    line: Connection
    served: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker may cost. Times in seconds; memory is address space in bytes."""

    seconds_a_document: float = 20.0
    seconds_in_queue: float = 120.0
    seconds_to_start: float = 60.0
    documents_a_worker: int = 500
    worker_bytes: int = 1024**3


@dataclass(slots=True)
class PdfPool:
    """Renders resumes to PDF in as many processes as the machine has cores. Safe for threads.

    *cache_dir* holds the fonts' configuration and cache; the processes start at the first use or
    at `warm`, and end with this one even if it is killed.
    """

    cache_dir: Path
    workers: int = field(default_factory=lambda: len(os.sched_getaffinity(0)))
    limits: Limits = Limits()
    _slots: LifoQueue[_Worker | None] = field(init=False, default_factory=LifoQueue)
    _starting: threading.Lock = field(init=False, default_factory=threading.Lock)
    _loaded: subprocess.Popen[bytes] | None = field(init=False, default=None)
    _control: socket.socket | None = field(init=False, default=None)
    _closed: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        for _ in range(self.workers):
            self._slots.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def warm(self) -> None:
        """Start and test the renderer: about 2 s, then every document finds it ready.

        Raises:
            RendererUnavailable: this machine can't render.
            FontsMissing: the fonts aren't installed.

        """
        if not can_subset():
            log.warning(SUBSET_WARNING)
        with self._starting:
            self._load()

    def render(
        self, data: ResumeData, *, page: PageSize, language: str, look: Look = "classic"
    ) -> bytes:
        """Return *data* as a PDF; the same bytes as `render_pdf`. Blocks for 60 ms a page.

        A document whose worker dies is rendered again, twice at most.

        Raises:
            RenderFailed: the document can't be rendered, took too long or ended every worker that
                tried, or no worker came free in time.
            RendererUnavailable: this machine can't render, or the pool was closed.

        """
        body = data.model_dump_json(by_alias=True).encode()
        head = f"{self.limits.seconds_a_document}\n{page}\n{look}\n{language}\n"
        if "\n" in language or len(body) + len(head) > MAX_REQUEST_BYTES:
            raise RenderFailed("The document is too large to render.")
        request = head.encode() + body
        for _ in range(ATTEMPTS):
            try:
                return self._render_once(request)
            except _WorkerLost:
                log.warning("a PDF worker died; the document is rendered again")
        raise RenderFailed(f"The document ended {ATTEMPTS} workers.")

    def close(self) -> None:
        """End all processes, idle or not. A pool that was closed renders no more."""
        with self._starting:
            self._closed = True
            self._unload()

    def _render_once(self, request: bytes) -> bytes:
        try:
            worker = self._slots.get(timeout=self.limits.seconds_in_queue)
        except Empty:
            raise RenderFailed("No PDF worker came free in time.") from None
        keep: _Worker | None = None
        try:
            if worker and worker.line.poll():  # an idle line speaks only when it was cut
                worker.line.close()
                worker = None
            worker = worker or self._start_worker()
            answer = self._ask(worker, request)
            keep = worker
        finally:
            self._give_back(worker, keep)
        if answer[:1] == DONE:
            return answer[1:]
        raise RenderFailed(answer[1:].decode(errors="replace"))

    def _ask(self, worker: _Worker, request: bytes) -> bytes:
        started = time.monotonic()
        seconds = self.limits.seconds_a_document
        try:
            worker.line.send_bytes(request)
            if worker.line.poll(seconds + 1):  # the worker ends itself first: see `_serve`
                return worker.line.recv_bytes(MAX_PDF_BYTES)
        except (EOFError, OSError):
            if time.monotonic() - started < seconds:
                raise _WorkerLost from None
        raise RenderFailed(f"The document took more than {seconds:g} s to render.")

    def _give_back(self, worker: _Worker | None, keep: _Worker | None) -> None:
        """Free the slot: with its worker if that may go on, otherwise with the line cut."""
        if keep:
            keep.served += 1
        if worker and (not keep or keep.served >= self.limits.documents_a_worker):
            worker.line.close()
            keep = None
        self._slots.put(keep)

    def _start_worker(self) -> _Worker:
        with self._starting:
            ours, theirs = socket.socketpair()
            line = Connection(ours.detach())
            with theirs:
                try:
                    socket.send_fds(self._load(), [b"w"], [theirs.fileno()])
                except OSError:  # the process that forks was killed: load another
                    self._unload()
                    socket.send_fds(self._load(), [b"w"], [theirs.fileno()])
            return _Worker(line)

    def _load(self) -> socket.socket:
        """Return the line to the process that forks, starting it if need be."""
        if self._control and self._loaded and self._loaded.poll() is None:
            return self._control
        self._unload()
        if self._closed:
            raise RendererUnavailable("The PDF renderer was shut down.")
        self._control, theirs = socket.socketpair()
        with theirs:
            self._loaded = subprocess.Popen(
                [
                    sys.executable,
                    "-Pm",
                    "render.pdf_worker",
                    str(self.cache_dir),
                    str(self.limits.worker_bytes),
                ],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env=self._environment(),
            )
        self._control.settimeout(self.limits.seconds_to_start)
        try:
            ready = self._control.recv(len(READY))
        except OSError:
            ready = b""
        if ready != READY:
            raise RendererUnavailable(self._why())
        return self._control

    def _unload(self) -> None:
        if self._control:
            self._control.close()
        if self._loaded:
            self._loaded.kill()
            self._loaded.wait()
        self._control = self._loaded = None

    def _why(self) -> str:
        assert self._loaded
        try:
            code = self._loaded.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self._unload()
            return f"The PDF renderer did not start within {self.limits.seconds_to_start:g} s."
        self._unload()
        if code == -signal.SIGSEGV:
            return "The PDF renderer crashed at start: fontconfig found no usable font."
        return (
            f"The PDF renderer ended at start (status {code}); its own message stands above. "
            "It needs Pango; on Debian and Ubuntu: "
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        )

    def _environment(self) -> dict[str, str]:
        """Return what the renderer needs to know and nothing else: no keys, no passwords."""
        kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        return {
            **kept,
            **font_environment(self.cache_dir),
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "PYTHONHASHSEED": "0",
            "PYTHONUTF8": "1",
            "LANG": "C.UTF-8",
        }
