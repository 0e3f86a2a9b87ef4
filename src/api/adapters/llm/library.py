"""litellm, loaded late and quietly, without a way out of its own and without anybody's keys."""

import importlib
import logging
import os
import re
from collections.abc import MutableMapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import httpx

from api.adapters.egress.transport import GuardedTransport, NoWayOut
from api.adapters.llm.config import LlmConfig

_SWITCHES: Final = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_LOCAL_BLOG_POSTS": "True",
    "LITELLM_MODE": "PRODUCTION",
    "LITELLM_DONT_SHOW_FEEDBACK_BOX": "True",
    "HF_HUB_OFFLINE": "1",
}
"""Without them it fetches lists from the network as it is imported, and reads `.env` files."""
_FOREIGN: Final = re.compile(
    r"(?:OPENAI|AZURE|ANTHROPIC|CLAUDE|GEMINI|GOOGLE|VERTEX|OPENROUTER|OR|DEEPSEEK|OLLAMA|LITELLM|LLM)_.*"
    r"|.*_API_KEY|.*_API_BASE|.*_BASE_URL|.*_AUTH_TOKEN"
)
_LOGGERS: Final = ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy", "openai", "httpx", "httpcore")
_PRICED: Final = {"openai", "anthropic", "gemini", "deepseek"}
_MICRO: Final = 1_000_000
_HANDLERS: Final = "litellm.llms.custom_httpx.http_handler"


def scrub(environment: MutableMapping[str, str]) -> None:
    """Take every provider's key and address out of *environment*; litellm would use them."""
    for name in [name for name in environment if _FOREIGN.fullmatch(name.upper())]:
        if not name.startswith("REFOLIO_") and name not in _SWITCHES:
            del environment[name]


@cache
def litellm() -> Any:
    """Return litellm. The first call takes 2 to 6 s of CPU and 190 MB: not for the API process.

    It changes the environment of the process.
    """
    scrub(os.environ)
    os.environ.update(_SWITCHES)
    library: Any = importlib.import_module("litellm")
    for name in _LOGGERS:  # they write prompts, keys and answers into their messages
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    library.suppress_debug_info = True
    library.disable_hf_tokenizer_download = True
    library.telemetry = False
    library.callbacks = []
    _wall_in(library)
    return library


def _wall_in(library: Any) -> None:
    """Take away every way out that isn't handed in.

    Some routes of litellm, such as that of `claude-2` or of Ollama's `/api/show`, ignore the
    client that they are given and make their own, which would go anywhere and follow redirects.
    """
    handlers: Any = importlib.import_module(_HANDLERS)
    handlers.AsyncHTTPHandler.create_client = _async_client
    handlers.HTTPHandler.create_client = _no_client
    library.module_level_aclient = handlers.AsyncHTTPHandler()
    library.module_level_client = handlers.HTTPHandler()


def _async_client(handler: Any, *_: object, **__: object) -> httpx.AsyncClient:
    """Stand in for litellm's maker of clients: theirs has no way out but the handler's own."""
    transport = handler.transport or NoWayOut()
    return httpx.AsyncClient(transport=transport, follow_redirects=False, trust_env=False)


def _no_client(handler: Any) -> httpx.Client:
    """Stand in for the maker of blocking clients, none of which we hand in."""
    del handler
    return httpx.Client(transport=NoWayOut(), trust_env=False)


def client_of(config: LlmConfig, key: str, base: str, transport: GuardedTransport) -> Any:
    """Return the client that litellm shall send with: it can use *transport* and nothing else."""
    scrub(os.environ)  # whatever was put there since
    if config.provider in ("openai", "openai_compatible"):
        openai: Any = importlib.import_module("openai")
        guarded = httpx.AsyncClient(transport=transport, follow_redirects=False, trust_env=False)
        return openai.AsyncOpenAI(
            api_key=key, base_url=base, http_client=guarded, max_retries=0, timeout=600
        )
    handlers: Any = importlib.import_module(_HANDLERS)
    return handlers.AsyncHTTPHandler(transport=transport, follow_redirects=False, timeout=600.0)


def token_limit(library: Any, model: str) -> int | None:
    """Return how many tokens *model* can give, None when that isn't known here."""
    for name in (model, model.partition("/")[2]):
        limit = library.model_cost.get(name, {}).get("max_output_tokens")
        if isinstance(limit, int) and limit > 0:
            return limit
    return None


@dataclass(frozen=True, slots=True)
class Said:
    """One answer of a model: its text, why it ended, and what it took. Unknown is None."""

    text: str
    finish: str
    input_tokens: int | None
    output_tokens: int | None
    cost_micro_usd: int | None


def said(library: Any, config: LlmConfig, model: str, response: Any) -> Said:
    """Read litellm's *response*."""
    choice = response.choices[0]
    usage = getattr(response, "usage", None)
    return Said(
        text=choice.message.content or "",
        finish=choice.finish_reason or "",
        input_tokens=_count(getattr(usage, "prompt_tokens", None)),
        output_tokens=_count(getattr(usage, "completion_tokens", None)),
        cost_micro_usd=_cost(library, config, model, response, usage),
    )


def _count(value: object) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 40
    return value if is_count and isinstance(value, int) else None


def _cost(library: Any, config: LlmConfig, model: str, response: Any, usage: Any) -> int | None:
    """Return what the provider says it cost, or the list price, or None: never a guess."""
    usd: object = getattr(usage, "cost", None) if config.provider == "openrouter" else None
    if config.provider in _PRICED:
        try:
            usd = library.completion_cost(completion_response=response, model=model)
        except Exception:  # noqa: BLE001 -- it has a type for every model that it doesn't know
            return None
    if not isinstance(usd, int | float) or not 0 < usd < 10_000:
        return None
    return round(usd * _MICRO)
