"""The organization aggregate: its plan, keys, model settings and people."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from commands.accounts.people import People
from commands.keyring import Keyring
from commands.plans import plan_in_force
from commands.webhook import Webhooks
from commands.webhook import evolve as evolve_webhooks
from events.membership import OrganizationDeleted, OrganizationUpdated, Presentation
from events.organization import (
    AllowanceSet,
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
    it. `anchored_at` is when it came to be, or when it last came from FREE to another plan: the
    months of its credits begin on that day. `credits_a_month` is what an operator set. One that
    an operator founded has no slug until it is given one.
    """

    id: UUID
    version: int
    name: str
    plan: Plan = "FREE"
    subscription: SubscriptionChanged | None = None
    anchored_at: datetime | None = None
    credits_a_month: int | None = None
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
            state = Organization(
                event.originator_id,
                1,
                event.name,
                anchored_at=event.timestamp,
                founded_at=event.timestamp,
            )
        elif state is not None:
            state = replace(_evolve(state, event), version=event.originator_version)
    return state


def _evolve(state: Organization, event: OrganizationEvent) -> Organization:
    match event:
        case PlanChanged():
            anchor = _anchor(state, event, event.plan)
            return replace(state, plan=event.plan, subscription=None, anchored_at=anchor)
        case SubscriptionChanged():
            plan = plan_in_force(event.plan, event.in_force_until, event.timestamp)
            anchor = _anchor(state, event, plan)
            return replace(state, plan=event.plan, subscription=event, anchored_at=anchor)
        case AllowanceSet():
            return replace(state, credits_a_month=event.credits_a_month)
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


def _anchor(
    state: Organization, event: PlanChanged | SubscriptionChanged, plan: Plan
) -> datetime | None:
    """Return the anchor once *plan* is in force: a new one where FREE was until now."""
    until = state.subscription.in_force_until if state.subscription else None
    before = plan_in_force(state.plan, until, event.timestamp)
    return event.timestamp if before == "FREE" != plan else state.anchored_at
