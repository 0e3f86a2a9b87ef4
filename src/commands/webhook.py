"""Where one webhook of an organization stands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from events.webhook import (
    WebhookAdded,
    WebhookChanged,
    WebhookDisabled,
    WebhookEvent,
    WebhookRemoved,
    WebhookTarget,
)

ERASED = WebhookTarget(url="", description="", secrets=())
"""What is known of a target whose organization was erased."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """No types mean every type. Until `older_until` two secrets are good."""

    id: UUID
    types: tuple[str, ...]
    target: WebhookTarget
    enabled: bool = True
    older_until: datetime | None = None


Webhooks = Mapping[UUID, Webhook]


def evolve(webhooks: Webhooks, event: WebhookEvent) -> Webhooks:
    """Apply one fact to the webhooks of an organization."""
    match event:
        case WebhookAdded():
            made = Webhook(event.webhook_id, event.types, event.personal or ERASED)
            return {**webhooks, made.id: made}
        case WebhookChanged():
            changed = Webhook(
                event.webhook_id,
                event.types,
                event.personal or ERASED,
                event.enabled,
                event.older_until,
            )
            return {**webhooks, changed.id: changed}
        case WebhookDisabled():
            return {
                **webhooks,
                event.webhook_id: replace(webhooks[event.webhook_id], enabled=False),
            }
        case WebhookRemoved():
            return {key: value for key, value in webhooks.items() if key != event.webhook_id}
