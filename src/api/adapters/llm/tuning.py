"""How hard a model shall think, how much it may say, and in which form, provider by provider."""

import re
from typing import Any, Final, Literal

from api.adapters.llm.config import LlmConfig
from events.organization import Provider

Form = Literal["schema", "object", "prompt"]
"""How an answer's form is asked for: by its schema, as any JSON object, or in words only."""

FORMS: Final[dict[Provider, tuple[Form, ...]]] = {
    "openai": ("schema", "object", "prompt"),
    "openai_compatible": ("schema", "object", "prompt"),
    "openrouter": ("schema", "object", "prompt"),
    "deepseek": ("object", "prompt"),  # answers 400 to a schema
    "anthropic": ("schema", "prompt"),  # knows no mere object
    "gemini": ("schema", "prompt"),
    "ollama": ("schema", "prompt"),
}
"""From the strictest to what every model can do."""

_CHARACTERS_A_TOKEN: Final = 3
_THINKING_TOKENS: Final = {"minimal": 1_024, "low": 2_048, "medium": 6_000, "high": 12_000}
_UNASKED_THINKING_TOKENS: Final = 4_000
_ROOM_TOKENS: Final = 2_000
_LEAST_CONTEXT: Final = 8_192
_MOST_CONTEXT: Final = 65_536
_THINKERS: Final = re.compile(r"o\d|gpt-5|gemini-(?:2\.5|[3-9])|deepseek-reasoner|.*(?:-r1|qwq)")


def tokens_in(text: str) -> int:
    """Return about how many tokens *text* has, rather too many: a Han character is one."""
    wide = sum(letter >= "\u2e80" for letter in text)
    return wide + (len(text) - wide) // _CHARACTERS_A_TOKEN + 1


def effort_of(config: LlmConfig) -> str | None:
    """Return the effort as litellm must be given it, None to say nothing about it."""
    effort, model = config.reasoning_effort, config.model.lower().rpartition("/")[2]
    if effort is None or config.provider == "openai_compatible":
        return None
    if config.provider == "openai":
        if not re.match(r"o\d|gpt-5", model):
            return None
        return "low" if effort == "minimal" and re.match(r"o\d", model) else effort
    if effort == "minimal":
        if config.provider == "deepseek":
            return "none"  # anything else turns thinking on
        if config.provider == "gemini" and "2.5-flash" in model:
            return "none"  # minimal would be a budget of one token
        if config.provider == "ollama":
            return None
    return effort


def most_tokens(config: LlmConfig, answer_tokens: int, model_limit: int | None) -> int:
    """Return how many tokens may come back for an answer of *answer_tokens*.

    Thinking counts as output and comes on top, with room to spare: a budget for thinking above
    the limit is an error at Anthropic. *model_limit* is what the model can give at most.
    """
    effort = config.reasoning_effort
    thinking = 0
    if effort is not None:
        thinking = _THINKING_TOKENS[effort] + _ROOM_TOKENS
    elif _THINKERS.match(config.model.lower().rpartition("/")[2]):
        thinking = _UNASKED_THINKING_TOKENS
    wanted = answer_tokens + thinking
    return min(wanted, model_limit) if model_limit else wanted


def form_parameters(form: Form, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return what litellm is told about the form of the answer."""
    match form:
        case "schema":
            described = {"name": name, "strict": True, "schema": schema}
            return {"response_format": {"type": "json_schema", "json_schema": described}}
        case "object":
            return {"response_format": {"type": "json_object"}}
        case "prompt":
            return {}


def own_parameters(config: LlmConfig, prompt_tokens: int, limit: int) -> dict[str, Any]:
    """Return what only this provider is told."""
    if config.provider == "ollama":  # cuts off silently what doesn't fit its context
        wanted = -(-(prompt_tokens + limit) // 4_096) * 4_096
        return {"num_ctx": min(max(wanted, _LEAST_CONTEXT), _MOST_CONTEXT)}
    if config.provider == "openrouter":
        return {"extra_headers": {"HTTP-Referer": "https://refolio.invalid", "X-Title": "Refolio"}}
    return {}


def temperature_of(config: LlmConfig, correction: int) -> dict[str, float]:
    """Return how much chance there is: more with each correction, unsaid for who thinks."""
    thinks = _THINKERS.match(config.model.lower().rpartition("/")[2])
    if thinks or effort_of(config) is not None:
        return {}
    return {"temperature": (0.1, 0.3, 0.5)[min(correction, 2)]}
