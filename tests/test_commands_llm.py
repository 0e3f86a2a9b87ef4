"""Which model an organization uses: changed in part, kept encrypted, checked as a whole."""

from typing import Any

import pytest

from commands.configure_llm import ConfigureLlm, LlmSettings, configure_llm, llm_settings_of
from commands.errors import LlmSettingsInvalid, OrganizationNotFound
from events.organization import LlmConfigured, LlmSecret
from spec import Spec, clock, now
from stories import ACME, BY_ACME, founded

DEFAULTS: dict[str, Any] = {
    "provider": "openai",
    "model": "gpt-4o",
    "api_base": None,
    "reasoning_effort": None,
    "enable_cover_letter": False,
    "enable_outreach_message": False,
    "content_language": "en",
    "default_strategy": "KEYWORDS",
}
KEY = "sk-1234567890abcdef"
VERSION = len(founded()) + 1


def configured(version: int = VERSION, key: str = "", **changes: Any) -> LlmConfigured:
    secret = LlmSecret(api_key=key) if key else None
    return LlmConfigured(**now(version, ACME), **{**DEFAULTS, **changes}, personal=secret)


def configure(spec: Spec, **changes: Any) -> None:
    configure_llm(ConfigureLlm(changes), BY_ACME, streams=spec.streams, clock=clock)


def test_the_first_change_starts_from_the_defaults(spec: Spec) -> None:
    spec.given(founded()).when(lambda: configure(spec, model="gpt-5")).then(
        configured(model="gpt-5")
    )


def test_what_is_left_out_stays(spec: Spec) -> None:
    spec.given(founded(), [configured(key=KEY, enable_cover_letter=True)]).when(
        lambda: configure(spec, model="o3")
    ).then(configured(VERSION + 1, key=KEY, enable_cover_letter=True, model="o3"))


def test_the_same_settings_again_are_no_change(spec: Spec) -> None:
    spec.given(founded(), [configured(key=KEY)]).when(lambda: configure(spec, api_key=KEY)).then()


def test_a_key_can_be_taken_away(spec: Spec) -> None:
    spec.given(founded(), [configured(key=KEY)]).when(lambda: configure(spec, api_key="")).then(
        configured(VERSION + 1)
    )


@pytest.mark.parametrize(
    ("changes", "setting"),
    [
        ({"model": " "}, "model"),
        ({"provider": "openai_compatible"}, "api_base"),
        ({"api_base": "ftp://models.example"}, "api_base"),
        ({"api_base": "models.example/v1"}, "api_base"),
        ({"api_base": "https://user:secret@models.example"}, "api_base"),
        ({"api_base": "http://models.example:99999"}, "api_base"),
    ],
)
def test_settings_that_make_no_sense_are_refused_by_name(
    spec: Spec, changes: dict[str, Any], setting: str
) -> None:
    spec.given(founded())

    with pytest.raises(LlmSettingsInvalid) as refused:
        configure(spec, **changes)

    assert refused.value.detail.startswith(f"{setting}: ")
    assert spec.new() == []


def test_nobodys_settings_cannot_be_changed(spec: Spec) -> None:
    with pytest.raises(OrganizationNotFound):
        configure(spec, model="o3")


@pytest.mark.parametrize(
    ("settings", "engine"),
    [
        (LlmSettings(), "built-in"),
        (LlmSettings(api_key=KEY), "openai/gpt-4o"),
        (LlmSettings(provider="ollama", model="llama3"), "ollama/llama3"),
    ],
)
def test_without_a_key_or_an_address_the_built_in_engine_works(
    settings: LlmSettings, engine: str
) -> None:
    assert settings.engine == engine


def test_settings_are_read_back_with_their_key(spec: Spec) -> None:
    spec.given(founded(), [configured(key=KEY)])

    assert llm_settings_of(ACME, streams=spec.streams).api_key == KEY
