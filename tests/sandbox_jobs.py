"""Jobs that misbehave in every way a sandbox must survive."""

import contextlib
import os
import signal
import socket
import time
from pathlib import Path

from render.reading.errors import UnreadableDocument


def echo(data: bytes) -> bytes:
    return data


def die(data: bytes) -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return data


def sleep(data: bytes) -> bytes:
    time.sleep(60)
    return data


def spin(data: bytes) -> bytes:
    while data:
        pass
    return data


def hoard(data: bytes) -> bytes:
    kept = [bytearray(64 * 1024 * 1024) for _ in range(100)]
    return bytes(len(kept))


def flood(data: bytes) -> bytes:
    return b"x" * (32 * 1024 * 1024)


def refuse(data: bytes) -> bytes:
    raise UnreadableDocument("a reason\x00")


def fail(data: bytes) -> bytes:
    raise ZeroDivisionError


def pid(data: bytes) -> bytes:
    return f"{os.getpid()} {os.getuid()}".encode()


def reach_out(data: bytes) -> bytes:
    """Try everything that is forbidden; answer with what worked."""
    worked: list[str] = []
    with contextlib.suppress(OSError):
        Path(__file__).read_bytes()
        worked.append("read a file")
    with contextlib.suppress(OSError):
        Path("/tmp/written-by-a-sandboxed-job").write_text("x", encoding="utf-8")
        worked.append("wrote a file")
    with contextlib.suppress(OSError):
        socket.socket().close()
        worked.append("opened a socket")
    with contextlib.suppress(OSError):
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
        worked.append("forked")
    return ", ".join(worked).encode()
