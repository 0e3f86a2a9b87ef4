"""The program behind `PdfPool`: one process that has WeasyPrint loaded and forks the workers.

Started as `python -m render.pdf_worker CACHE_DIR WORKER_BYTES` with a Unix socket as its standard
input. Each socket it is handed over that one becomes the line of a new worker. It has one thread,
so forking it is safe, and a worker is ready in milliseconds with everything already loaded.
"""

import ctypes
import gc
import logging
import os
import resource
import signal
import socket
import sys
from array import array
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, get_args

from events.resume_data import ResumeData
from render.fonts import use_fonts
from render.html import Look, PageSize
from render.pdf import RenderFailed, prepare_to_fork, render_pdf

DONE, FAILED = b"+", b"-"
READY = b"ready"
LOOKS: Final[tuple[Look, ...]] = get_args(Look)

COLLECT_EVERY_DOCUMENTS = 20
MAX_REQUEST_BYTES = 16 * 1024 * 1024

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Load everything, say so, and fork a worker for every socket handed over."""
    cache_dir, worker_bytes = Path(sys.argv[1]), int(sys.argv[2])
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    control = socket.socket(fileno=os.dup(0))
    _warm(cache_dir)
    control.sendall(READY)
    while handed := _receive_socket(control):
        if os.fork() == 0:
            control.close()
            os.close(0)
            _serve(Connection(handed), worker_bytes)
            os._exit(0)
        os.close(handed)


def _warm(cache_dir: Path) -> None:
    """Render once, with every font: proves that the machine can, and loads what is shared."""
    use_fonts(cache_dir)
    info = {"name": "Ready é 中文 日本語 かな 한국어 עברית", "email": "ready@example.com"}
    data = ResumeData.model_validate({"personalInfo": info})
    render_pdf(data, page="A4", language="en")
    prepare_to_fork()


def _receive_socket(control: socket.socket) -> int | None:
    """Return the next socket handed over, or None when the owner of the pool is gone."""
    size = array("i").itemsize
    message, ancillary, _, _ = control.recvmsg(1, socket.CMSG_SPACE(size))
    if not message:
        return None
    handles = array("i")
    for _, _, content in ancillary:
        handles.frombytes(content[:size])
    return handles[0]


def _serve(line: Connection, worker_bytes: int) -> None:
    """Answer requests until the line closes. Whatever goes wrong takes only this worker along."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (worker_bytes, worker_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    served = 0
    while True:
        try:
            asked = line.recv_bytes(MAX_REQUEST_BYTES)
        except (EOFError, OSError):
            return
        seconds, page, look, language, data = asked.split(b"\n", 4)
        signal.setitimer(signal.ITIMER_REAL, float(seconds))  # ends a worker even inside C code
        answer = _answer(page, look, language, data)
        try:
            line.send_bytes(answer)
        except OSError:
            return
        signal.setitimer(signal.ITIMER_REAL, 0)
        served += 1
        if served % COLLECT_EVERY_DOCUMENTS == 0:
            gc.collect()


def _answer(page: bytes, look: bytes, language: bytes, data: bytes) -> bytes:
    try:
        resume = ResumeData.model_validate_json(data)
        size: PageSize = "LETTER" if page == b"LETTER" else "A4"
        styles: dict[bytes, Look] = {known.encode(): known for known in LOOKS}
        style = styles.get(look, "classic")
        return DONE + render_pdf(resume, page=size, language=language.decode(), look=style)
    except RenderFailed as failure:
        return FAILED + str(failure).encode()
    except Exception as error:  # noqa: BLE001 - a worker answers; its traceback could hold a resume
        return FAILED + f"The PDF engine gave up: {type(error).__name__}.".encode()


if __name__ == "__main__":
    main()
