"""The organization aggregate: its plan, keys, model settings and people."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from commands.accounts.people import People
from commands.keyring import Keyring
from commands.webhook import Webhooks
from commands.webhook import evolve as evolve_webhooks
from events.membership import OrganizationDeleted, OrganizationUpdated, Presentation
from events.organization import (
    KeyEvent,
    LlmConfigured,
    OrganizationEvent,
    OrganizationFounded,
    Plan,
    PlanChanged,
    SubscriptionChanged,
)
from events.webhook import WebhookEvent


@dataclass(frozen=True, slots=True)
class Organization:
    """Where one organization stands.

    `plan` is the one it was put on last, in force or not; without a `subscription` nothing ends
    it. One that an operator founded has no slug until it is given one.
    """

    id: UUID
    version: int
    name: str
    plan: Plan = "FREE"
    subscription: SubscriptionChanged | None = None
    keyring: Keyring = field(default_factory=Keyring)
    llm: LlmConfigured | None = None
    slug: str | None = None
    presentation: Presentation | None = None
    people: People = field(default_factory=People)
    webhooks: Webhooks = field(default_factory=dict)
    founded_at: datetime | None = None
    deleted: bool = False

    def next(self, at: datetime, *, after: int = 0) -> dict[str, Any]:
        """Return the fields of the event that follows *after* others of the same append."""
        return {
            "originator_id": self.id,
            "originator_version": self.version + 1 + after,
            "timestamp": at,
        }


def fold(state: Organization | None, events: Iterable[OrganizationEvent]) -> Organization | None:
    """Apply facts in order. Facts are never judged here: they happened."""
    for event in events:
        if isinstance(event, OrganizationFounded):
            state = Organization(event.originator_id, 1, event.name, founded_at=event.timestamp)
        elif state is not None:
            state = replace(_evolve(state, event), version=event.originator_version)
    return state


def _evolve(state: Organization, event: OrganizationEvent) -> Organization:
    match event:
        case PlanChanged():
            return replace(state, plan=event.plan, subscription=None)
        case SubscriptionChanged():
            return replace(state, plan=event.plan, subscription=event)
        case LlmConfigured():
            return replace(state, llm=event)
        case OrganizationUpdated():
            return replace(state, name=event.name, slug=event.slug, presentation=event.personal)
        case OrganizationDeleted():
            return replace(state, deleted=True)
        case OrganizationFounded():
            return state
        case _ if isinstance(event, WebhookEvent):
            return replace(state, webhooks=evolve_webhooks(state.webhooks, event))
        case _ if isinstance(event, KeyEvent):
            return replace(state, keyring=state.keyring.evolve(event))
        case _:
            return replace(state, people=state.people.evolve(event))
