"""What can be done about webhooks, as the edge sees it. `api.app` fills it in."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from api.happenings import Happening
from commands.webhooks import AddWebhook, ChangeWebhook, RemoveWebhook, RotateWebhookSecret
from events.recorded import Origin
from events.webhook import WebhookTarget
from projections.webhooks import WebhookRow


@dataclass(frozen=True, slots=True)
class WebhookView:
    """A webhook and where it leads."""

    row: WebhookRow
    target: WebhookTarget


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one event for one webhook. `next_at` is None once it is settled."""

    id: int
    event_id: str
    type: str
    state: Literal["due", "delivered", "failed"]
    attempts: int
    status: int | None
    error: str | None
    duration_ms: int | None
    created_at: datetime
    attempted_at: datetime | None
    next_at: datetime | None


class Webhooks(Protocol):
    """Answers what an organization asks about its webhooks."""

    def all_of(self, organization_id: UUID) -> Sequence[WebhookView]:
        """Return the organization's webhooks, newest first."""
        ...

    def one(self, organization_id: UUID, webhook_id: UUID) -> WebhookView | None:
        """Return one webhook; None when the organization has no such one."""
        ...


class DeliveryLog(Protocol):
    """What was, and is to be, sent to webhooks."""

    def log(
        self, organization_id: UUID, webhook_id: UUID, *, limit: int, offset: int
    ) -> Sequence[Delivery]:
        """Return what was, or is to be, sent to a webhook; newest first."""
        ...

    def queue(
        self, organization_id: UUID, webhook_id: UUID, happenings: Iterable[Happening]
    ) -> None:
        """Queue what happened once more, for one webhook."""
        ...

    def try_out(
        self, organization_id: UUID, webhook_id: UUID, event_id: str, body: dict[str, Any]
    ) -> int:
        """Queue something made up, for one webhook; return the id of the delivery."""
        ...


@dataclass(frozen=True, slots=True)
class WebhookCases:
    """Use cases and questions about webhooks."""

    shelf: Webhooks
    deliveries: DeliveryLog
    add: Callable[[AddWebhook, Origin], None]
    change: Callable[[ChangeWebhook, Origin], None]
    rotate_secret: Callable[[RotateWebhookSecret, Origin], None]
    remove: Callable[[RemoveWebhook, Origin], None]
