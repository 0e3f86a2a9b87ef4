"""A stand-in for model providers: their routes and the shapes of their answers, on loopback."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import httpx

from api.adapters.llm.config import LlmConfig
from events.organization import Provider

HTML: Final = b"<!doctype html><title>Sign in</title>"
MODELS: Final[dict[Provider, str]] = {
    "openai": "gpt-4o",
    "anthropic": "claude-sonnet-4-5",
    "gemini": "gemini-2.5-flash",
    "openrouter": "openai/gpt-4o-mini",
    "deepseek": "deepseek-chat",
    "ollama": "llama3.1",
    "openai_compatible": "qwen2.5-7b-instruct",
}
PROVIDERS: Final = tuple(MODELS)
BASES: Final[dict[Provider, str]] = {
    "openai": "/v1",
    "anthropic": "",
    "gemini": "/v1beta",
    "openrouter": "/api/v1",
    "deepseek": "",
    "ollama": "",
    "openai_compatible": "/v1",
}
"""What follows the host in the base address that is configured."""
PATHS: Final[dict[Provider, str]] = {
    "openai": "/v1/chat/completions",
    "anthropic": "/v1/messages",
    "gemini": "/v1beta/models/gemini-2.5-flash:generateContent",
    "openrouter": "/api/v1/chat/completions",
    "deepseek": "/chat/completions",
    "ollama": "/api/chat",
    "openai_compatible": "/v1/chat/completions",
}


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: Any

    @property
    def raw(self) -> str:
        """Everything that came, as one text."""
        return json.dumps([self.path, self.headers, self.body])

    @property
    def key(self) -> str:
        """The key, whichever header it came in."""
        bearer = self.headers.get("authorization", "").removeprefix("Bearer ")
        own = self.headers.get("x-api-key") or self.headers.get("x-goog-api-key")
        return own or bearer


@dataclass(frozen=True)
class Reply:
    """What to answer. `text` is what the model says; `body` replaces the whole answer."""

    text: str = '{"ok": true}'
    finish: str = "stop"
    status: int = 200
    body: bytes | dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    wait_s: float = 0


Script = Callable[[Asked], Reply]


def config_of(provider: Provider, base: str | None = None, **changes: Any) -> LlmConfig:
    """A working configuration; *base* is the root of a stand-in."""
    settings = {"model": MODELS[provider], "api_key": f"key-of-{provider}", "api_base": base}
    return LlmConfig(provider=provider, **{**settings, **changes})


def answer(asked: Asked, reply: Reply) -> dict[str, Any]:
    """Say *reply* the way that the provider behind this path says it."""
    model = asked.body.get("model", "m")
    text, finish = reply.text, reply.finish
    said: dict[str, Any]
    if asked.path.endswith("/messages"):
        content = [{"type": "text", "text": text}]
        reason = {"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal"}[finish]
        usage = {"input_tokens": 11, "output_tokens": 7}
        said = {"id": "m", "type": "message", "role": "assistant", "model": model}
        return {**said, "content": content, "stop_reason": reason, "usage": usage}
    if ":generateContent" in asked.path:
        reason = {"stop": "STOP", "length": "MAX_TOKENS", "content_filter": "SAFETY"}[finish]
        parts = {"parts": [{"text": text}], "role": "model"}
        counts = {"promptTokenCount": 11, "candidatesTokenCount": 7, "totalTokenCount": 18}
        candidate = {"content": parts, "finishReason": reason, "index": 0}
        return {"candidates": [candidate], "usageMetadata": counts, "modelVersion": "gemini"}
    message = {"role": "assistant", "content": text}
    if asked.path.endswith("/api/chat"):
        counts = {"prompt_eval_count": 11, "eval_count": 7}
        ended = {"done": True, "done_reason": finish, "created_at": "2026-01-01T00:00:00Z"}
        return {"model": model, "message": message, **ended, **counts}
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    said = {"id": "c", "object": "chat.completion", "created": 1, "model": model}
    return {**said, "choices": [choice], "usage": usage}


def content_of(asked: Asked, reply: Reply) -> bytes:
    """Return the bytes of the answer."""
    if isinstance(reply.body, bytes):
        return reply.body
    return json.dumps(answer(asked, reply) if reply.body is None else reply.body).encode()


class StandIn(ThreadingHTTPServer):
    """Answers on a loopback port by its `script`, and keeps what it was `asked`."""

    daemon_threads = True

    def __init__(self, script: Script = lambda _: Reply(), *, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.script = script
        self.asked: list[Asked] = []
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def host(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        """The root of all routes."""
        return f"http://{self.host}"

    def close(self) -> None:
        """Stop to listen."""
        self.shutdown()
        self.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: StandIn

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the base names it so
        """Say nothing."""

    def do_GET(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def _respond(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.path, headers, json.loads(raw or b"{}"))
        self.server.asked.append(asked)
        reply = self.server.script(asked)
        time.sleep(reply.wait_s)
        content = content_of(asked, reply)
        self.send_response(reply.status)
        for name, value in {"content-type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@dataclass
class Scripted:
    """The same without sockets: a transport for httpx, playing replies or raising errors.

    The last one is played again and again.
    """

    replies: list[Reply | Exception]
    asked: list[Asked] = field(default_factory=list)

    def transport(self) -> httpx.MockTransport:
        """Return what a client dials with."""
        return httpx.MockTransport(self._handle)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = json.loads(request.content or b"{}")
        asked = Asked(request.url.raw_path.decode(), headers, body)
        self.asked.append(asked)
        reply = self.replies[min(len(self.asked), len(self.replies)) - 1]
        if isinstance(reply, Exception):
            raise reply
        return httpx.Response(
            reply.status,
            headers={"content-type": "application/json", **reply.headers},
            content=content_of(asked, reply),
        )
