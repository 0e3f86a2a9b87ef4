"""The events about an organization's webhooks, on its own stream."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from events.base import Event, Value


class WebhookTarget(Value):
    """Where events are sent, and the secrets they are signed with, the newest first."""

    url: str
    description: str
    secrets: tuple[str, ...]


class WebhookAdded(Event):
    """Events are sent to an address from now on: those of some types, or all if none is named."""

    TOPIC: ClassVar[str] = "webhook-added"

    webhook_id: UUID
    types: tuple[str, ...]
    personal: WebhookTarget | None


class WebhookChanged(Event):
    """A webhook is as told here from now on.

    Until `older_until` what is sent is signed with its older secret, too.
    """

    TOPIC: ClassVar[str] = "webhook-changed"

    webhook_id: UUID
    types: tuple[str, ...]
    enabled: bool
    older_until: AwareDatetime | None
    personal: WebhookTarget | None


class WebhookDisabled(Event):
    """A webhook took nothing any more, so nothing is sent to it until somebody enables it."""

    TOPIC: ClassVar[str] = "webhook-disabled"

    webhook_id: UUID
    reason: str


class WebhookRemoved(Event):
    """A webhook is no more."""

    TOPIC: ClassVar[str] = "webhook-removed"

    webhook_id: UUID


WebhookEvent = WebhookAdded | WebhookChanged | WebhookDisabled | WebhookRemoved
