"""The one error of the model layer, and what an answer's status says about it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Literal

from api.adapters.egress.exchange import Exchange, WireFailure
from commands.tailoring.engine import EngineUnavailable
from events.tailoring import ModelUsage

FailureCode = Literal[
    "LLM_NOT_CONFIGURED",
    "LLM_ENDPOINT_NOT_ALLOWED",
    "LLM_BAD_ENDPOINT",
    "LLM_AUTH_FAILED",
    "LLM_QUOTA_EXCEEDED",
    "LLM_MODEL_NOT_FOUND",
    "LLM_RATE_LIMITED",
    "LLM_TIMEOUT",
    "LLM_UNAVAILABLE",
    "LLM_INPUT_TOO_LONG",
    "LLM_REFUSED",
    "LLM_BAD_REQUEST",
    "LLM_OUTPUT_TRUNCATED",
    "LLM_BAD_OUTPUT",
]

_SENTENCES: Final[dict[FailureCode, str]] = {
    "LLM_NOT_CONFIGURED": "The model, its key or its address is missing or malformed.",
    "LLM_ENDPOINT_NOT_ALLOWED": "The operator does not allow this address for models.",
    "LLM_BAD_ENDPOINT": "The address does not answer like the chosen provider.",
    "LLM_AUTH_FAILED": "The provider refused the key.",
    "LLM_QUOTA_EXCEEDED": "The account at the provider has no quota or credit left.",
    "LLM_MODEL_NOT_FOUND": "The provider does not know the model at this address.",
    "LLM_RATE_LIMITED": "The provider asks to slow down.",
    "LLM_TIMEOUT": "The model did not answer in time.",
    "LLM_UNAVAILABLE": "The provider cannot be reached or is in trouble.",
    "LLM_INPUT_TOO_LONG": "The text is too long for the model.",
    "LLM_REFUSED": "The model declined to answer.",
    "LLM_BAD_REQUEST": "The provider did not accept the request.",
    "LLM_OUTPUT_TRUNCATED": "The answer was longer than the model may give.",
    "LLM_BAD_OUTPUT": "The model's answers had the wrong form.",
}
_ON_THE_WIRE: Final[dict[WireFailure, FailureCode]] = {
    "not allowed": "LLM_ENDPOINT_NOT_ALLOWED",
    "leads elsewhere": "LLM_BAD_ENDPOINT",
    "too large": "LLM_BAD_ENDPOINT",
    "too late": "LLM_TIMEOUT",
    "unreachable": "LLM_UNAVAILABLE",
}
_RETRYABLE: Final = {"LLM_RATE_LIMITED", "LLM_TIMEOUT", "LLM_UNAVAILABLE", "LLM_BAD_OUTPUT"}

_NO_QUOTA: Final = re.compile(r"insufficient_quota|credit balance|insufficient balance")
_MAYBE_NO_QUOTA: Final = re.compile(r"quota|billing|credit")
_TOO_LONG: Final = re.compile(r"context.{0,3}(?:length|window)|too long|maximum.{0,20}tokens")
_BAD_KEY: Final = re.compile(
    r"api[ _]key[ _](?:not valid|invalid|expired)|invalid.{0,3}api.{0,3}key"
)
_FILTERED: Final = re.compile(r"content_(?:policy|filter)|responsible_?ai")
_BLOCKED: Final = re.compile(r"\"blockreason\"\s*:")
_HIDDEN_STATUS: Final = re.compile(
    r"\s*\{\s*\"error\"\s*:\s*\{[^{}]{0,2000}?\"code\"\s*:\s*([45]\d\d)\b"
)
"""OpenRouter tells some errors with the status 200."""
_RETRY_DELAY: Final = re.compile(r"\"retrydelay\"\s*:\s*\"(\d{1,6})(?:\.\d+)?s\"")


@dataclass(eq=False)
class ModelUnavailable(EngineUnavailable):
    """No answer. The code and its sentence are all that is told: never what a provider said.

    `retryable` says that the same request may succeed later; `retry_after_s` is when the provider
    would take it, where it said so. `usage` is what answers that were of no use took.
    """

    code: FailureCode
    retry_after_s: float | None = None
    usage: ModelUsage | None = None

    @property
    def retryable(self) -> bool:
        """True when it may go well another time."""
        return self.code in _RETRYABLE

    def __str__(self) -> str:
        return f"{self.code}: {_SENTENCES[self.code]}"


def failure_of(exchange: Exchange) -> ModelUnavailable:
    """Return what went wrong, by what was seen on the wire rather than by anybody's exception."""
    if exchange.failure is not None:
        return ModelUnavailable(_ON_THE_WIRE[exchange.failure])
    status = exchange.status
    if status is None:
        return ModelUnavailable("LLM_BAD_REQUEST")  # it was never sent
    said = exchange.body[:65_536].decode("utf-8", "replace").lower()
    if status < 400:
        hidden = _HIDDEN_STATUS.match(said)
        if hidden is None:
            refused = _BLOCKED.search(said) is not None
            return ModelUnavailable("LLM_REFUSED" if refused else "LLM_BAD_ENDPOINT")
        status = int(hidden[1])
    if status == 429:
        return _too_much(exchange, said)
    return ModelUnavailable(_code(status, said), _retry_after_s(exchange, said))


def _code(status: int, said: str) -> FailureCode:
    if status in (400, 402, 403, 422) and (status == 402 or _NO_QUOTA.search(said)):
        return "LLM_QUOTA_EXCEEDED"
    if status in (401, 403) or (status == 400 and _BAD_KEY.search(said)):
        return "LLM_AUTH_FAILED"
    if status in (404, 405, 410):
        return "LLM_MODEL_NOT_FOUND"
    if status in (408, 504):
        return "LLM_TIMEOUT"
    if status >= 500 or status in (409, 425):
        return "LLM_UNAVAILABLE"
    if status == 413 or _TOO_LONG.search(said):
        return "LLM_INPUT_TOO_LONG"
    return "LLM_REFUSED" if _FILTERED.search(said) else "LLM_BAD_REQUEST"


def _too_much(exchange: Exchange, said: str) -> ModelUnavailable:
    """Tell a pause from an empty account: Gemini names the quota in either case."""
    after_s = _retry_after_s(exchange, said)
    if _NO_QUOTA.search(said) or (after_s is None and _MAYBE_NO_QUOTA.search(said)):
        return ModelUnavailable("LLM_QUOTA_EXCEEDED")
    return ModelUnavailable("LLM_RATE_LIMITED", after_s)


def _retry_after_s(exchange: Exchange, said: str) -> float | None:
    given = exchange.retry_after
    if given is None:
        delay = _RETRY_DELAY.search(said)
        return float(delay[1]) if delay else None
    if given.isascii() and given.isdigit() and len(given) < 10:
        return float(given)
    try:
        until = parsedate_to_datetime(given)
    except ValueError:
        return None
    return max(
        0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    )
