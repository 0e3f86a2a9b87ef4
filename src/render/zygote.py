"""The process behind a sandbox: imports everything once, then forks one limited child a job.

It runs single-threaded and never looks at a job's bytes itself; only its children do.
"""

import ctypes
import encodings
import gc
import importlib
import json
import os
import pkgutil
import resource
import selectors
import signal
import socket
import struct
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from render.reading.errors import DocumentRefused

Job = Callable[[bytes], bytes]

HEADER: Final = struct.Struct("<H")
"""Goes before a request: the length of the job's name. The payload ends with the stream."""
STATUS: Final = struct.Struct("<ci")
"""How a child ended: `T` past its wall time, `S` by that signal, `E` with that exit code."""
RESULT: Final = b"R"
REFUSED: Final = b"D"
OUT_OF_MEMORY: Final = b"M"
FAILED: Final = b"F"

NOBODY: Final = 65_534
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_PR_SET_NO_NEW_PRIVS: Final = 38
_WORK_FD: Final = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may use: address space, processor time, time on the wall."""

    memory_bytes: int = 512 * 1024 * 1024
    cpu_s: int = 5
    wall_s: float = 8.0


@dataclass(slots=True)
class _Child:
    pid: int
    status_fd: int
    deadline: float
    late: bool = False


def serve(control_fd: int, jobs: Mapping[str, str], limits: Limits) -> None:
    """Fork a child for every pair of descriptors that comes in, until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _prctl(_PR_SET_DUMPABLE, 0)
    ready = {name: _load(path) for name, path in jobs.items()}
    _load_encodings()
    gc.freeze()  # children share these pages as long as no collection touches them
    with socket.socket(fileno=control_fd) as control, selectors.DefaultSelector() as selector:
        control.sendall(b"+")
        selector.register(control, selectors.EVENT_READ)
        _Zygote(control, selector, ready, limits).run()


def _load(path: str) -> Job:
    """Import a job and run the `warm_up` of its module, if it has one."""
    name, _, function = path.partition(":")
    module = importlib.import_module(name)
    getattr(module, "warm_up", bool)()
    job: Job = getattr(module, function)
    return job


def _load_encodings() -> None:
    """Import what Python would import on first use: a child can open no file any more."""
    for module in pkgutil.iter_modules(encodings.__path__):
        with suppress(ImportError):
            importlib.import_module(f"encodings.{module.name}")


class _Zygote:
    def __init__(
        self,
        control: socket.socket,
        selector: selectors.BaseSelector,
        jobs: Mapping[str, Job],
        limits: Limits,
    ) -> None:
        self._control = control
        self._selector = selector
        self._jobs = jobs
        self._limits = limits
        self._children: dict[int, _Child] = {}
        self._parent = os.getppid()

    def run(self) -> None:
        """Serve until the control socket closes or the parent is gone, then kill what runs."""
        try:
            while os.getppid() == self._parent and self._turn():
                self._kill_late()
        finally:
            for child in self._children.values():
                os.kill(child.pid, signal.SIGKILL)

    def _turn(self) -> bool:
        for key, _ in self._selector.select(self._patience()):
            if key.fileobj is not self._control:
                self._bury(key.fd)
            elif not self._accept():
                return False
        return True

    def _patience(self) -> float:
        soonest = min((child.deadline for child in self._children.values()), default=None)
        return 1.0 if soonest is None else min(1.0, max(0.0, soonest - time.monotonic()))

    def _accept(self) -> bool:
        message, received, _, _ = socket.recv_fds(self._control, 1, 2)
        if not message or len(received) != 2:
            return False
        work_fd, status_fd = received
        pid = os.fork()
        if pid == 0:
            run_child(work_fd, self._jobs, self._limits)
        os.close(work_fd)
        pid_fd = os.pidfd_open(pid)
        deadline = time.monotonic() + self._limits.wall_s
        self._children[pid_fd] = _Child(pid, status_fd, deadline)
        self._selector.register(pid_fd, selectors.EVENT_READ)
        return True

    def _bury(self, pid_fd: int) -> None:
        """Collect a child that ended and say how it ended."""
        self._selector.unregister(pid_fd)
        os.close(pid_fd)
        child = self._children.pop(pid_fd)
        _, ended = os.waitpid(child.pid, 0)
        code = os.waitstatus_to_exitcode(ended)
        kind = b"T" if child.late else b"S" if code < 0 else b"E"
        with suppress(OSError):
            os.write(child.status_fd, STATUS.pack(kind, abs(code)))
        os.close(child.status_fd)

    def _kill_late(self) -> None:
        for child in self._children.values():
            if not child.late and child.deadline <= time.monotonic():
                child.late = True
                os.kill(child.pid, signal.SIGKILL)


def run_child(work_fd: int, jobs: Mapping[str, Job], limits: Limits) -> None:
    """Give up every right, run the one job that comes in on *work_fd*, answer, and end."""
    code = 1
    try:
        _give_up_files(work_fd)
        _give_up_rights(limits)
        with socket.socket(fileno=_WORK_FD) as work:
            work.sendall(_answer(_all_of(work), jobs))
        code = 0
    finally:
        os._exit(code)


def _give_up_files(work_fd: int) -> None:
    """Keep only *work_fd*, as descriptor 3, and three descriptors that lead nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    work = os.dup(work_fd)
    while work <= _WORK_FD:
        work = os.dup(work_fd)
    for fd in (0, 1, 2):
        os.dup2(nowhere, fd)
    os.dup2(work, _WORK_FD)
    os.closerange(_WORK_FD + 1, 65_536)


def _give_up_rights(limits: Limits) -> None:
    """No new files, processes or privileges; root becomes nobody; the zygote's end is ours."""
    for kind, value in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _WORK_FD + 1),
    ):
        resource.setrlimit(kind, (value, value))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 1))
    if os.geteuid() == 0:
        with suppress(PermissionError):  # a container may withhold the right to give up rights
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # after setuid, which would clear it


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _all_of(work: socket.socket) -> bytes:
    parts: list[bytes] = []
    while part := work.recv(1 << 16):
        parts.append(part)
    return b"".join(parts)


def _answer(request: bytes, jobs: Mapping[str, Job]) -> bytes:
    (length,) = HEADER.unpack_from(request)
    start = HEADER.size + length
    job = jobs[request[HEADER.size : start].decode()]
    try:
        return RESULT + job(request[start:])
    except DocumentRefused as refusal:
        told = {"kind": type(refusal).__name__, "reason": refusal.reason}
        return REFUSED + json.dumps(told).encode()
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as error:  # noqa: BLE001 - whatever a hostile document provokes
        return FAILED + type(error).__name__.encode()


def main(arguments: list[Any]) -> None:
    """Serve with the arguments that the sandbox hands over."""
    control_fd, jobs, limits = arguments
    serve(control_fd, jobs, Limits(**limits))
