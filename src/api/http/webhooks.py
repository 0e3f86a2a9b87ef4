"""Webhooks: who is told what happens, and what became of telling them."""

import base64
import secrets
from dataclasses import asdict
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response
from pydantic import AfterValidator, BaseModel, Field

from api.happenings import topic_of
from api.http.bodies import Body, either
from api.http.envelope import Data, Instant
from api.http.events import LAST
from api.http.guard import SCHEMES, Caller, KeyHolder, KeyRoute, Running, needs
from api.http.models import Deleted
from api.http.params import NOBODYS, Page
from api.http.problems import REFUSED
from api.ids import from_wire, to_wire
from api.runtime import Runtime
from api.times import instant
from api.webhook_cases import Delivery, WebhookView
from commands.errors import WebhookNotFound
from commands.webhooks import AddWebhook, ChangeWebhook, RemoveWebhook, RotateWebhookSecret
from events.catalogue import CATALOGUE

router = APIRouter(
    prefix="/api/v1/webhooks",
    tags=["Webhooks"],
    route_class=KeyRoute,
    dependencies=SCHEMES,
    responses=REFUSED,
)

SECRET_BYTES: Final = 32
REPLAYED_AT_ONCE: Final = 1_000
ADMIN: Final = needs("admin")


def _known(names: list[str]) -> list[str]:
    unknown = [name for name in names if topic_of(name) not in CATALOGUE]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no type of event")
    return list(dict.fromkeys(names))


Types = Annotated[list[str], AfterValidator(_known)]
Url = Annotated[str, Field(min_length=8, max_length=2_000, examples=["https://example.org/hook"])]
Description = Annotated[str, Field(max_length=200)]


class NewWebhookBody(Body):
    """Where to send what; without types, everything."""

    url: Url
    description: Description = ""
    types: Types = Field(default_factory=list)


class WebhookBody(Body):
    """What to change; what is left out stays."""

    url: Url | None = None
    description: Description | None = None
    types: Types | None = None
    enabled: bool | None = None


class ReplayBody(Body):
    """After which position of the log to send everything again."""

    after: Annotated[int, Field(ge=0, le=LAST)] = Field(
        validation_alias=either("after", "from_position", "fromPosition")
    )


class Webhook(BaseModel):
    """A webhook; its secret is shown only when it is made."""

    id: str
    url: str
    description: str
    types: list[str]
    enabled: bool
    disabled_because: str | None
    created_at: Instant
    updated_at: Instant


class NewWebhook(Webhook):
    """A new webhook with its secret: the only time that it is shown."""

    secret: str


class NewSecret(BaseModel):
    """A new secret: the only time that it is shown. Until then what is sent has two signatures."""

    secret: str
    older_until: Instant | None


class DeliveryRecord(BaseModel):
    """What became of one event."""

    id: str
    event_id: str
    type: str
    state: Literal["due", "delivered", "failed"]
    attempts: int
    status: int | None
    error: str | None
    duration_ms: int | None
    created_at: Instant
    attempted_at: Instant | None
    next_at: Instant | None


class Queued(BaseModel):
    """How many events are sent again, and up to which position of the log."""

    queued: int
    looked_to: int
    at_end: bool


def _webhook_id(webhook_id: Annotated[str, Path(description="Id of a webhook")]) -> UUID:
    return from_wire("whk", webhook_id) or NOBODYS


WebhookId = Annotated[UUID, Depends(_webhook_id)]


@router.get("", openapi_extra=ADMIN)
def list_webhooks(caller: KeyHolder, running: Running) -> Data[list[Webhook]]:
    """List webhooks, newest first."""
    views = running.webhooks.shelf.all_of(caller.organization_id)
    return Data(data=[Webhook(**_shown(view)) for view in views])


@router.post("", status_code=201, openapi_extra=ADMIN)
def add_webhook(
    body: NewWebhookBody, caller: KeyHolder, running: Running, response: Response
) -> Data[NewWebhook]:
    """Have events sent to an address. The secret that signs them is shown only in this answer."""
    webhook_id, secret = caller.id_for(running.new_id), _new_secret()
    command = AddWebhook(webhook_id, body.url, secret, body.description, tuple(body.types))
    caller.apply(running.webhooks.add, command)
    view = _found(webhook_id, caller, running)
    response.headers["location"] = f"/api/v1/webhooks/{to_wire('whk', webhook_id)}"
    return Data(data=NewWebhook(**_shown(view), secret=view.target.secrets[0]))


@router.get("/{webhook_id}", openapi_extra=ADMIN)
def get_webhook(webhook_id: WebhookId, caller: KeyHolder, running: Running) -> Data[Webhook]:
    """Read a webhook."""
    return Data(data=Webhook(**_shown(_found(webhook_id, caller, running))))


@router.patch("/{webhook_id}", openapi_extra=ADMIN)
def change_webhook(
    webhook_id: WebhookId, body: WebhookBody, caller: KeyHolder, running: Running
) -> Data[Webhook]:
    """Change a webhook; one that was disabled goes on with what is due once it is enabled."""
    types = None if body.types is None else tuple(body.types)
    command = ChangeWebhook(webhook_id, body.url, body.description, types, body.enabled)
    caller.apply(running.webhooks.change, command)
    return Data(data=Webhook(**_shown(_found(webhook_id, caller, running))))


@router.delete("/{webhook_id}", openapi_extra=ADMIN)
def remove_webhook(webhook_id: WebhookId, caller: KeyHolder, running: Running) -> Data[Deleted]:
    """Send nothing there any more, and forget it."""
    caller.apply(running.webhooks.remove, RemoveWebhook(webhook_id))
    return Data(data=Deleted())


@router.post("/{webhook_id}/rotate-secret", openapi_extra=ADMIN)
def rotate_webhook_secret(
    webhook_id: WebhookId, caller: KeyHolder, running: Running
) -> Data[NewSecret]:
    """Sign with a new secret; for 24 hours also with the one so far."""
    command = RotateWebhookSecret(webhook_id, _new_secret())
    caller.apply(running.webhooks.rotate_secret, command)
    view = _found(webhook_id, caller, running)
    return Data(data=NewSecret(secret=view.target.secrets[0], older_until=view.row.older_until))


@router.post("/{webhook_id}/test", status_code=202, openapi_extra=ADMIN)
def test_webhook(
    webhook_id: WebhookId, caller: KeyHolder, running: Running
) -> Data[DeliveryRecord]:
    """Send an event of the type `webhook.test` now; its delivery tells what came of it."""
    _found(webhook_id, caller, running)
    event_id = to_wire("evt", running.new_id())
    body: dict[str, Any] = {
        "type": "webhook.test",
        "timestamp": instant(running.clock()),
        "data": {"id": event_id},
    }
    log = running.webhooks.deliveries
    log.try_out(caller.organization_id, webhook_id, event_id, body)
    newest = log.log(caller.organization_id, webhook_id, limit=1, offset=0)[0]
    return Data(data=_record(newest))


@router.get("/{webhook_id}/deliveries", openapi_extra=ADMIN)
def list_deliveries(
    webhook_id: WebhookId, page: Page, caller: KeyHolder, running: Running
) -> Data[list[DeliveryRecord]]:
    """List what was sent, or is to be, in the last 30 days; newest first."""
    _found(webhook_id, caller, running)
    found = running.webhooks.deliveries.log(
        caller.organization_id, webhook_id, limit=page.limit, offset=page.offset
    )
    page.link(len(found))
    return Data(data=[_record(delivery) for delivery in found])


@router.post("/{webhook_id}/replay", status_code=202, openapi_extra=ADMIN)
def replay_webhook(
    webhook_id: WebhookId, body: ReplayBody, caller: KeyHolder, running: Running
) -> Data[Queued]:
    """Send again what happened after a position, up to 1,000 events; `looked_to` goes on."""
    _found(webhook_id, caller, running)
    page = running.feed.page(caller.organization_id, after=body.after, limit=REPLAYED_AT_ONCE)
    running.webhooks.deliveries.queue(caller.organization_id, webhook_id, page.happenings)
    queued = Queued(queued=len(page.happenings), looked_to=page.looked_to, at_end=page.at_end)
    return Data(data=queued)


def _found(webhook_id: UUID, caller: Caller, running: Runtime) -> WebhookView:
    view = running.webhooks.shelf.one(caller.organization_id, webhook_id)
    if view is None:
        raise WebhookNotFound
    return view


def _shown(view: WebhookView) -> dict[str, Any]:
    row, target = view.row, view.target
    return {
        "id": to_wire("whk", row.id),
        "url": target.url,
        "description": target.description,
        "types": row.types,
        "enabled": row.enabled,
        "disabled_because": row.disabled_because,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def _record(delivery: Delivery) -> DeliveryRecord:
    return DeliveryRecord(**{**asdict(delivery), "id": f"dlv_{delivery.id}"})


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
