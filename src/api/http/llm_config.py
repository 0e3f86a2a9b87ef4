"""Reading and changing which model an organization uses."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, BeforeValidator, Field

from api.http.bodies import Body, either
from api.http.conditions import digest_of, tags_in
from api.http.envelope import Data
from api.http.guard import SCHEMES, KeyHolder, KeyRoute, Running, needs
from api.http.problems import REFUSED
from commands.configure_llm import ConfigureLlm, LlmSettings
from events.organization import Effort
from events.tailoring import Language, Strategy

router = APIRouter(
    prefix="/api/v1/llm-config",
    tags=["Model"],
    route_class=KeyRoute,
    dependencies=SCHEMES,
    responses=REFUSED,
)

BULLET: Final = "•"
SHOWN_DIGITS: Final = 4
SHORTEST_SHOWN: Final = 12

Provider = Literal[
    "openai", "anthropic", "gemini", "openrouter", "deepseek", "ollama", "openai_compatible"
]


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _none_if_blank(value: object) -> object:
    return (_lower(value) or None) if isinstance(value, str) else value


class LlmConfigBody(Body):
    """Settings to change; the ones left out stay as they are."""

    provider: Annotated[Provider, BeforeValidator(_lower)] | None = None
    model: str | None = Field(default=None, min_length=1, max_length=200)
    api_key: str | None = Field(
        default=None, max_length=500, validation_alias=either("api_key", "apiKey")
    )
    api_base: str | None = Field(
        default=None, max_length=2_000, validation_alias=either("api_base", "apiBase")
    )
    reasoning_effort: Annotated[Effort | None, BeforeValidator(_none_if_blank)] = Field(
        default=None, validation_alias=either("reasoning_effort", "reasoningEffort")
    )
    enable_cover_letter: bool | None = Field(
        default=None, validation_alias=either("enable_cover_letter", "enableCoverLetter")
    )
    enable_outreach_message: bool | None = Field(
        default=None, validation_alias=either("enable_outreach_message", "enableOutreachMessage")
    )
    content_language: Annotated[Language, BeforeValidator(_lower)] | None = Field(
        default=None, validation_alias=either("content_language", "contentLanguage")
    )
    default_prompt_id: Annotated[Strategy, BeforeValidator(_upper)] | None = Field(
        default=None, validation_alias=either("default_prompt_id", "defaultPromptId")
    )


CLEARED_BY_NULL: Final = {"api_key": "", "api_base": None, "reasoning_effort": None}


def changes_in(body: LlmConfigBody) -> dict[str, Any]:
    """Return what a body changes; an echoed mask is no key, null clears what can be cleared."""
    sent = {name: getattr(body, name) for name in body.model_fields_set}
    kept = {
        name: CLEARED_BY_NULL[name] if value is None else value
        for name, value in sent.items()
        if value is not None or name in CLEARED_BY_NULL
    }
    if str(kept.get("api_key", "")).startswith(BULLET):
        del kept["api_key"]
    if kept.get("api_base") == "":
        kept["api_base"] = None
    if "default_prompt_id" in kept:
        kept["default_strategy"] = kept.pop("default_prompt_id")
    return kept


def masked(key: str) -> str:
    """Return what may be shown of a key: four bullets and, of a long one, its last four digits."""
    if not key:
        return ""
    return BULLET * 4 + (key[-SHOWN_DIGITS:] if len(key) >= SHORTEST_SHOWN else "")


class LlmConfig(BaseModel):
    """The settings in force; the provider's key is masked."""

    provider: str
    model: str
    api_key: str
    api_base: str | None
    reasoning_effort: Effort | None
    enable_cover_letter: bool
    enable_outreach_message: bool
    content_language: Language
    default_prompt_id: str


class Updated(BaseModel):
    """The settings were changed."""

    message: Literal["Settings updated"] = "Settings updated"


@router.get("", openapi_extra=needs("read"))
def get_llm_config(caller: KeyHolder, running: Running, response: Response) -> Data[LlmConfig]:
    """Read which model is used, and the defaults for tailoring."""
    settings: LlmSettings = running.llm_settings_of(caller.organization_id)
    response.headers["etag"] = f'"{_tag_of(settings)}"'
    return Data(data=_shown(settings))


def _shown(settings: LlmSettings) -> LlmConfig:
    return LlmConfig(
        provider=settings.provider,
        model=settings.model,
        api_key=masked(settings.api_key),
        api_base=settings.api_base,
        reasoning_effort=settings.reasoning_effort,
        enable_cover_letter=settings.enable_cover_letter,
        enable_outreach_message=settings.enable_outreach_message,
        content_language=settings.content_language,
        default_prompt_id=settings.default_strategy.lower(),
    )


def _tag_of(settings: LlmSettings) -> str:
    return digest_of(_shown(settings).model_dump_json().encode())


@router.put("", openapi_extra=needs("write"))
def put_llm_config(
    body: LlmConfigBody, caller: KeyHolder, running: Running, request: Request
) -> Data[Updated]:
    """Change settings; what is left out stays. The key is stored encrypted and never shown."""
    tags = tags_in(request.headers.get("if-match"))
    command = ConfigureLlm(changes_in(body), lambda now: tags is None or _tag_of(now) in tags)
    caller.apply(running.configure_llm, command)
    return Data(data=Updated())
