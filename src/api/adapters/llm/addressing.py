"""What a person pasted as address, model and key, as litellm 1.106.2 needs them."""

import re
from typing import Final
from urllib.parse import urlsplit

import httpx

from api.adapters.llm.config import LlmConfig
from api.adapters.llm.failures import ModelUnavailable
from events.organization import Provider

_PREFIXES: Final[dict[Provider, str]] = {
    "openai": "openai/",
    "anthropic": "anthropic/",
    "gemini": "gemini/",
    "openrouter": "openrouter/",
    "deepseek": "deepseek/",
    "ollama": "ollama_chat/",
    "openai_compatible": "openai/",
}
_BASES: Final[dict[Provider, str]] = {
    "openai": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com",
    "gemini": "https://generativelanguage.googleapis.com/v1beta",
    "openrouter": "https://openrouter.ai/api/v1",
    "deepseek": "https://api.deepseek.com/v1",
    "ollama": "http://localhost:11434",
}
"""Always named, so that no environment variable can send a key elsewhere."""
_KEYLESS: Final = {"ollama", "openai_compatible"}
_NO_KEY: Final = "no-key"
"""Stands for no key: for an empty one litellm would send a key from the environment."""

_ROUTES: Final = re.compile(
    r"/(?:chat/completions|completions|messages|responses|api/chat|api/generate)$"
)
_TYPED_PREFIXES: Final[dict[Provider, tuple[str, ...]]] = {
    "openai": ("openai/",),
    "anthropic": ("anthropic/",),
    "gemini": ("gemini/", "models/"),
    "deepseek": ("deepseek/",),
    "ollama": ("ollama_chat/", "ollama/"),
}
_MODEL: Final = re.compile(r"[A-Za-z0-9][\w.:/@+-]{0,199}", re.ASCII)
_KEY: Final = re.compile(r"[\x21-\x7e]{1,4096}")


def base_of(config: LlmConfig) -> str:
    """Return the address without the route that litellm adds itself.

    Raises:
        ModelUnavailable: there is none, or it is no plain http or https address.

    """
    base = (config.api_base or _BASES.get(config.provider) or "").strip().rstrip("/")
    parts = _parts(base)
    base = _ROUTES.sub("", f"{parts[0].lower()}://{parts[1]}{parts[2]}".rstrip("/"))
    path = urlsplit(base).path
    match config.provider:
        case "anthropic":
            return re.sub(r"/v1$", "", base)
        case "gemini":
            base = re.sub(r"/openai$|/models(?:/.*)?$", "", base)
            return base if re.search(r"/v\d\w*$", base) else f"{base}/v1beta"
        case "ollama":
            return re.sub(r"/(?:v1|api)$", "", base)
        case "openrouter":
            return f"{base.removesuffix('/api')}/api/v1" if path in ("", "/api") else base
        case "deepseek":
            return base
        case "openai" | "openai_compatible":
            return base if path else f"{base}/v1"


def _parts(base: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(base)
        httpx.URL(base)  # stricter, and what will be asked for it in the end
    except (ValueError, httpx.InvalidURL):
        raise ModelUnavailable("LLM_NOT_CONFIGURED") from None
    odd = parts.query or parts.fragment or parts.username is not None or not parts.hostname
    if odd or parts.scheme.lower() not in ("http", "https"):
        raise ModelUnavailable("LLM_NOT_CONFIGURED")
    return parts.scheme, parts.netloc, parts.path


def model_of(config: LlmConfig) -> str:
    """Return the model as litellm names it.

    Raises:
        ModelUnavailable: it is no name of a model.

    """
    name = config.model.strip()
    if not _MODEL.fullmatch(name) or ".." in name:
        raise ModelUnavailable("LLM_NOT_CONFIGURED")
    for prefix in _TYPED_PREFIXES.get(config.provider, ()):
        name = name.removeprefix(prefix)
    if config.provider == "openrouter" and name.count("/") > 1:
        name = name.removeprefix("openrouter/")  # but `openrouter/auto` is a model of theirs
    return _PREFIXES[config.provider] + name


def key_of(config: LlmConfig) -> str:
    """Return the key, never an empty one.

    Raises:
        ModelUnavailable: the provider needs a key and none, or no possible one, is set.

    """
    key = config.api_key.strip()
    if not key and config.provider in _KEYLESS:
        return _NO_KEY
    if not _KEY.fullmatch(key):
        raise ModelUnavailable("LLM_NOT_CONFIGURED")
    return key
