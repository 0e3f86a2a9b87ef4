"""A server that webhooks lead to: it keeps what it was sent, and answers as it is told."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook


@dataclass(frozen=True)
class Call:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def opened(self, secret: str) -> dict[str, Any]:
        """Return what was sent, checked as the standard's own library does."""
        found: dict[str, Any] = Webhook(secret).verify(self.body, self.headers)
        return found


Answer = Callable[[Call], tuple[int, dict[str, str]]]


@dataclass
class Receiver:
    """What was called so far, in order."""

    url: str = ""
    calls: list[Call] = field(default_factory=list)
    answer: Answer = lambda _: (204, {})

    def types(self) -> list[str]:
        """Return the types of the events, in order."""
        return [call.body.split(b'"')[3].decode() for call in self.calls]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Receive on a port of this machine meanwhile."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            names = {name.lower(): value for name, value in self.headers.items()}
            call = Call(self.path, names, self.rfile.read(length))
            receiver.calls.append(call)
            status, headers = receiver.answer(call)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
