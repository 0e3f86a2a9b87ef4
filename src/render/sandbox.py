"""Runs work on hostile bytes in a child that can reach nothing and lasts seconds at most."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from types import TracebackType
from typing import Final, Self

from pydantic import ValidationError

from events.document_text import DocumentText
from render.parsing.model import ParsedResume
from render.reading.errors import UnreadableDocument, UnsupportedDocument
from render.zygote import FAILED, HEADER, OUT_OF_MEMORY, REFUSED, RESULT, STATUS, Limits

JOBS: Final = {
    "read_document": "render.jobs:read_document_job",
    "parse_resume": "render.jobs:parse_resume_job",
}
MAX_REPLY_BYTES: Final = 16 * 1024 * 1024
GRACE_S: Final = 5.0
"""How much longer than a job's wall time the caller waits for the zygote to kill it."""
START_S: Final = 60.0

_BOOT: Final = (
    "import json, sys; path, arguments = json.loads(sys.argv[1]); sys.path[:] = path; "
    "from render.zygote import main; main(arguments)"
)
_KEPT_ENVIRONMENT: Final = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TZ")


class SandboxFailure(Exception):
    """The job ended without a result; nothing it said is to be trusted."""


class JobCrashed(SandboxFailure):
    """The job raised, was killed by a signal, or answered nonsense."""


class JobTimedOut(SandboxFailure):
    """The job did not end within its wall time; on a busy machine it may do so next time."""


class JobOverLimit(SandboxFailure):
    """The job wanted more memory or processor time than it may have."""


class SandboxClosed(SandboxFailure):
    """The sandbox was closed."""


class _ZygoteLost(Exception):
    """The zygote ended while a job ran."""


class Sandbox:
    """Runs registered jobs, at most *parallel* at once, from any thread.

    The first call starts a zygote (half a second); each call then costs a fork of it (some
    milliseconds). A zygote that is killed is started again. Close the sandbox to end it; it also
    ends when this process does.
    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        parallel: int = 4,
        jobs: Mapping[str, str] = JOBS,
    ) -> None:
        self.limits = limits or Limits()
        self._jobs = dict(jobs)
        self._slots = threading.BoundedSemaphore(parallel)
        self._lock = threading.Lock()
        self._zygote: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def zygote_pid(self) -> int | None:
        """The process that forks the children, None before the first call."""
        return self._zygote.pid if self._zygote else None

    def call(self, name: str, payload: bytes) -> bytes:
        """Return what the job *name* makes of *payload*.

        Raises:
            JobCrashed, JobTimedOut, JobOverLimit: it made nothing of it.
            UnsupportedDocument, UnreadableDocument: the job refused the document.
            SandboxClosed: the sandbox is closed.

        """
        if name not in self._jobs:
            raise KeyError(name)
        with self._slots:
            for _ in range(3):
                with suppress(_ZygoteLost):
                    return self._run(name.encode(), payload)
        raise JobCrashed("the zygote ended again and again")

    def close(self) -> None:
        """End the zygote and whatever runs in it; later calls are refused."""
        with self._lock:
            self._closed = True
            self._stop()

    def _run(self, name: bytes, payload: bytes) -> bytes:
        ours, theirs = socket.socketpair()
        status_in, status_out = os.pipe()
        with ours, os.fdopen(status_in, "rb") as status:
            try:
                self._hand_over(theirs.fileno(), status_out)
            finally:
                theirs.close()
                os.close(status_out)
            deadline = time.monotonic() + self.limits.wall_s + GRACE_S
            try:
                _send(ours, HEADER.pack(len(name)) + name + payload, deadline)
                reply = _receive(ours, deadline)
            except TimeoutError as late:
                self._abandon()
                raise JobTimedOut("the job and its zygote did not answer") from late
            ours.close()
            ended = status.read(STATUS.size)
        if len(ended) < STATUS.size:
            raise _ZygoteLost
        return _judged(reply, *STATUS.unpack(ended))

    def _hand_over(self, work_fd: int, status_fd: int) -> None:
        """Pass both descriptors to a living zygote."""
        with self._lock:
            if self._closed:
                raise SandboxClosed("the sandbox is closed")
            for _ in range(3):
                control = self._living()
                with suppress(OSError):
                    socket.send_fds(control, [b"!"], [work_fd, status_fd])
                    return
                self._stop()
        raise JobCrashed("the zygote takes no jobs")

    def _living(self) -> socket.socket:
        if self._control is not None and self._zygote is not None and self._zygote.poll() is None:
            return self._control
        self._stop()
        ours, theirs = socket.socketpair()
        arguments = [theirs.fileno(), self._jobs, asdict(self.limits)]
        with theirs:
            self._zygote = subprocess.Popen(
                [sys.executable, "-c", _BOOT, json.dumps([sys.path, arguments])],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ},
                start_new_session=True,
            )
        self._control = ours
        ours.settimeout(START_S)
        if ours.recv(1) != b"+":
            self._stop()
            raise JobCrashed("the zygote did not start")
        return ours

    def _abandon(self) -> None:
        """End a zygote that answers no more."""
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._zygote is not None:
            self._zygote.send_signal(signal.SIGKILL)
            self._zygote.wait()
            self._zygote = None


def _send(work: socket.socket, request: bytes, deadline: float) -> None:
    work.settimeout(max(0.001, deadline - time.monotonic()))
    with suppress(BrokenPipeError, ConnectionResetError):  # it died early; its status says how
        work.sendall(request)
        work.shutdown(socket.SHUT_WR)


def _receive(work: socket.socket, deadline: float) -> bytes:
    reply = bytearray()
    while len(reply) <= MAX_REPLY_BYTES:
        work.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            part = work.recv(1 << 16)
        except ConnectionResetError:
            break
        if not part:
            break
        reply += part
    return bytes(reply)


def _judged(reply: bytes, how: bytes, code: int) -> bytes:
    """Return the result in *reply*, or raise what the end of the child stands for."""
    if len(reply) > MAX_REPLY_BYTES:
        raise JobOverLimit("the job answered too much")
    if how == b"T":
        raise JobTimedOut("the job took too long")
    if how == b"S":
        if code == signal.SIGXCPU:
            raise JobOverLimit("the job used up its processor time")
        raise JobCrashed(f"the job was ended by signal {code}")
    match reply[:1]:
        case tag if tag == RESULT:
            return reply[1:]
        case tag if tag == OUT_OF_MEMORY:
            raise JobOverLimit("the job used up its memory")
        case tag if tag == REFUSED:
            raise _refusal(reply[1:])
        case tag if tag == FAILED:
            raise JobCrashed(f"the job failed: {reply[1:60].decode('ascii', 'replace')}")
        case _:
            raise JobCrashed(f"the job ended with exit code {code} and no answer")


def _refusal(told: bytes) -> Exception:
    """Return the refusal that a child tells of; a child chooses between two, no more."""
    try:
        refusal = json.loads(told)
        kind, reason = str(refusal["kind"]), str(refusal["reason"])[:500]
    except (ValueError, KeyError, TypeError):
        return JobCrashed("the job refused without a reason")
    readable = "".join(char for char in reason if char.isprintable())
    if kind == UnsupportedDocument.__name__:
        return UnsupportedDocument(readable)
    return UnreadableDocument(readable)


def read_document(sandbox: Sandbox, data: bytes) -> DocumentText:
    """Return the text of a PDF or DOCX, read in the sandbox.

    Raises:
        UnsupportedDocument: neither a PDF nor a DOCX.
        UnreadableDocument: not readable, or not within the limits; its reason says why.
        JobTimedOut: not read in time; it may be worth another try.

    """
    try:
        text = DocumentText.model_validate_json(sandbox.call("read_document", data))
    except JobOverLimit as error:
        raise UnreadableDocument(
            "The document is too complex to be read. Export it again in a simpler form."
        ) from error
    except (JobCrashed, ValidationError) as error:
        raise UnreadableDocument(
            "The document is damaged or does what no resume does. Export it again."
        ) from error
    if not all(map(str.isprintable, [*(line.text for line in text.lines), *text.links])):
        raise UnreadableDocument("The document holds characters that cannot be text.")
    return text


def parse_resume(sandbox: Sandbox, text: DocumentText) -> ParsedResume:
    """Return the resume in *text*, parsed in the sandbox.

    Raises:
        SandboxFailure: crashed, too long or over a limit.

    """
    reply = sandbox.call("parse_resume", text.model_dump_json().encode())
    try:
        return ParsedResume.model_validate_json(reply)
    except ValidationError as error:
        raise JobCrashed("the job answered something that is no resume") from error
