"""Which model an organization uses, and with what secret."""

from dataclasses import dataclass, field

from events.organization import Effort, Provider


@dataclass(frozen=True, slots=True)
class LlmConfig:
    """One organization's choice. The key is never part of what is printed or logged.

    *api_base* is what a person pasted, None for the provider's own address; an empty *api_key*
    means that none was set.
    """

    provider: Provider
    model: str
    api_key: str = field(default="", repr=False)
    api_base: str | None = None
    reasoning_effort: Effort | None = None
