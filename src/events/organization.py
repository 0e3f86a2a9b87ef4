"""The events on an organization's stream: its founding, keys, plan and settings."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime

from events.base import Event, Value
from events.membership import MembershipEvent
from events.tailoring import Language, Strategy

Plan = Literal["FREE", "STARTER", "PRO", "ENTERPRISE"]
KeyKind = Literal["organization", "developer"]
Scope = Literal["read", "write", "generate", "billing", "admin"]
Provider = Literal[
    "openai",
    "anthropic",
    "gemini",
    "openrouter",
    "deepseek",
    "ollama",
    "openai_compatible",
]
Effort = Literal["minimal", "low", "medium", "high"]


class OrganizationFounded(Event):
    """An organization came to be."""

    TOPIC: ClassVar[str] = "organization-founded"

    name: str


class PlanChanged(Event):
    """The organization's plan is another one from now on."""

    TOPIC: ClassVar[str] = "plan-changed"

    plan: Plan


class KeyIssued(Event):
    """An API key was made and shown once.

    `digest` is SHA-256 of the whole key, base64url without padding; `start` is what may be
    shown of it. An empty tuple of scopes means every scope.
    """

    TOPIC: ClassVar[str] = "key-issued"

    key_id: UUID
    name: str
    kind: KeyKind
    digest: str
    start: str
    scopes: tuple[Scope, ...]
    expires_at: AwareDatetime | None


class KeyRevoked(Event):
    """A key stopped to open anything."""

    TOPIC: ClassVar[str] = "key-revoked"

    key_id: UUID


class KeyRenamed(Event):
    """A key is called otherwise from now on."""

    TOPIC: ClassVar[str] = "key-renamed"

    key_id: UUID
    name: str


class LlmSecret(Value):
    """The provider's API key."""

    api_key: str


class LlmConfigured(Event):
    """The organization chose its model and its defaults. Without a secret no key is set."""

    TOPIC: ClassVar[str] = "llm-configured"

    provider: Provider
    model: str
    api_base: str | None
    reasoning_effort: Effort | None
    enable_cover_letter: bool
    enable_outreach_message: bool
    content_language: Language
    default_strategy: Strategy
    personal: LlmSecret | None


OrganizationEvent = (
    OrganizationFounded
    | PlanChanged
    | KeyIssued
    | KeyRenamed
    | KeyRevoked
    | LlmConfigured
    | MembershipEvent
)
