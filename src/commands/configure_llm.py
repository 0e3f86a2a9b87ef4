"""Which model an organization uses, and its defaults for tailoring."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from commands.errors import LlmSettingsInvalid, VersionMismatch
from commands.manage_organization import find_organization
from commands.organization import Organization
from commands.ports import Clock, Streams
from events.organization import Effort, LlmConfigured, LlmSecret, Provider
from events.recorded import Origin
from events.tailoring import Language, Strategy

KEYLESS: Final = frozenset({"ollama", "openai_compatible"})
"""Providers that need no key."""


@dataclass(frozen=True, slots=True)
class LlmSettings:
    """An organization's settings; these are the ones before any were made."""

    provider: Provider = "openai"
    model: str = "gpt-4o"
    api_key: str = ""
    api_base: str | None = None
    reasoning_effort: Effort | None = None
    enable_cover_letter: bool = False
    enable_outreach_message: bool = False
    content_language: Language = "en"
    default_strategy: Strategy = "KEYWORDS"

    @property
    def engine(self) -> str:
        """How the engine in use is named: the model, or the built-in one where no key is set."""
        return f"{self.provider}/{self.model}" if self.names_a_model else "built-in"

    @property
    def names_a_model(self) -> bool:
        """True when a model can be asked."""
        return self.provider in KEYLESS or bool(self.api_key)


def settings_of(organization: Organization | None) -> LlmSettings:
    """Return the organization's settings."""
    made = organization.llm if organization else None
    if made is None:
        return LlmSettings()
    names = {field.name for field in fields(LlmSettings)} - {"api_key"}
    return LlmSettings(
        api_key=made.personal.api_key if made.personal else "",
        **{name: getattr(made, name) for name in names},
    )


@dataclass(frozen=True, slots=True)
class ConfigureLlm:
    """Change the named settings; the others stay as they are.

    `only_if` tells whether the settings so far are those that the caller has seen.
    """

    changes: Mapping[str, Any]
    only_if: Callable[[LlmSettings], bool] = lambda _: True


def configure_llm(
    command: ConfigureLlm, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record the settings as they are from now on; the same ones again are no change.

    Raises:
        OrganizationNotFound: there is no such organization.
        VersionMismatch: the settings are not those that the caller has seen.
        LlmSettingsInvalid: together they make no sense.
        Conflict: the organization moved meanwhile; decide again.

    """
    organization = find_organization(origin.organization_id, streams)
    before = settings_of(organization)
    if not command.only_if(before):
        raise VersionMismatch
    after = replace(before, **command.changes)
    _check(after)
    if after == before:
        return
    clear = {name: value for name, value in asdict(after).items() if name != "api_key"}
    configured = LlmConfigured(
        originator_id=organization.id,
        originator_version=organization.version + 1,
        timestamp=clock(),
        personal=LlmSecret(api_key=after.api_key) if after.api_key else None,
        **clear,
    )
    streams.append([configured], origin)


def llm_settings_of(organization_id: UUID, *, streams: Streams) -> LlmSettings:
    """Return the settings of an organization that exists."""
    return settings_of(find_organization(organization_id, streams))


def _check(settings: LlmSettings) -> None:
    if not settings.model.strip():
        raise LlmSettingsInvalid("model: must not be blank")
    if settings.provider == "openai_compatible" and not settings.api_base:
        raise LlmSettingsInvalid("api_base: openai_compatible needs the address of your server")
    if settings.api_base is not None and not _is_address(settings.api_base):
        raise LlmSettingsInvalid("api_base: must be an http or https address without credentials")


def _is_address(text: str) -> bool:
    try:
        url = urlsplit(text)
        port_is_sane = url.port is None or url.port > 0
    except ValueError:
        return False
    plain = not (url.username or url.password or url.query or url.fragment)
    return bool(url.scheme in ("http", "https") and url.hostname and plain and port_is_sane)
