"""The events on an organization's stream: its founding, keys, plan and settings."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, NonNegativeInt

from events.base import Event, Value
from events.membership import MembershipEvent
from events.tailoring import Language, Strategy
from events.webhook import WebhookEvent

Plan = Literal["FREE", "STARTER", "PRO", "ENTERPRISE"]
KeyKind = Literal["organization", "developer"]
Scope = Literal["read", "write", "generate", "billing", "admin"]
SubscriptionStatus = Literal[
    "incomplete", "incomplete_expired", "trialing", "active", "past_due", "canceled", "unpaid"
]
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
    """The organization's plan is another one from now on, without end and without a purchase."""

    TOPIC: ClassVar[str] = "plan-changed"

    plan: Plan


class SubscriptionChanged(Event):
    """What the organization bought stands otherwise from now on.

    The plan is in force before `in_force_until`, as the rule of the day decided; None is without
    end. `period_end` is until when it was paid.
    """

    TOPIC: ClassVar[str] = "subscription-changed"

    plan: Plan
    status: SubscriptionStatus
    period_end: AwareDatetime | None
    in_force_until: AwareDatetime | None


class AllowanceSet(Event):
    """An operator set how many credits the organization has each month; None: as its plan says."""

    TOPIC: ClassVar[str] = "allowance-set"

    credits_a_month: NonNegativeInt | None


class KeyIssued(Event):
    """An API key was made and shown once.

    `digest` is SHA-256 of the whole key, base64url without padding; `start` is what may be
    shown of it. An empty tuple of scopes means every scope. The key acts for the profile of the
    user `owner_id`; None stands for the organization's own.
    """

    TOPIC: ClassVar[str] = "key-issued"
    SCHEMA: ClassVar[int] = 2

    key_id: UUID
    owner_id: UUID | None
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


class KeyReplaced(Event):
    """Another key took a key's place; the old one opens nothing from `expires_at` on."""

    TOPIC: ClassVar[str] = "key-replaced"

    key_id: UUID
    successor_id: UUID
    expires_at: AwareDatetime


class KeyDisabled(Event):
    """A key opens nothing until it is enabled again."""

    TOPIC: ClassVar[str] = "key-disabled"

    key_id: UUID


class KeyEnabled(Event):
    """A key that was disabled opens again what it opened before."""

    TOPIC: ClassVar[str] = "key-enabled"

    key_id: UUID


KeyEvent = KeyIssued | KeyRenamed | KeyReplaced | KeyDisabled | KeyEnabled | KeyRevoked


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
    | SubscriptionChanged
    | AllowanceSet
    | KeyEvent
    | LlmConfigured
    | MembershipEvent
    | WebhookEvent
)
