"""A mail server for tests, on loopback: takes what it is sent, or refuses as it is told."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default


@dataclass
class Postman:
    """A running server and what it was handed."""

    port: int = 0
    mails: list[Message] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    """What to answer to the next addressees in place of taking them."""

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs."""

    def handle(self) -> None:
        postman: Postman = self.server.postman  # type: ignore[attr-defined]
        self.say("220 test")
        while line := self.rfile.readline().decode().strip():
            match line.split(" ")[0].upper():
                case "EHLO" | "HELO":
                    self.say("250 test")
                case "RCPT" if postman.refusals:
                    self.say(postman.refusals.pop(0))
                case "DATA":
                    self.say("354 go on")
                    postman.mails.append(message_from_bytes(self.body(), policy=default))
                    self.say("250 taken")
                case "QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("250 fine")

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def body(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        return b"".join(lines)


@contextmanager
def mail_server() -> Iterator[Postman]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        postman = Postman(server.server_address[1])
        server.postman = postman  # type: ignore[attr-defined]
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield postman
        finally:
            server.shutdown()
            thread.join()
