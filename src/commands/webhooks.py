"""The webhooks of an organization, and what can be done about them."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from commands.errors import TooManyWebhooks, WebhookAddressInvalid, WebhookNotFound
from commands.manage_organization import find_organization
from commands.organization import Organization
from commands.ports import Clock, Streams
from commands.webhook import Webhook
from events.recorded import Origin
from events.webhook import (
    WebhookAdded,
    WebhookChanged,
    WebhookDisabled,
    WebhookRemoved,
    WebhookTarget,
)

MOST_WEBHOOKS: Final = 20
OLDER_SECRET_FOR: Final = timedelta(hours=24)
"""How long what is sent is signed with the secret before the newest, too."""


@dataclass(frozen=True, slots=True)
class AddWebhook:
    """Send events of these types, or all if none is named, to an address."""

    webhook_id: UUID
    url: str
    secret: str
    description: str = ""
    types: tuple[str, ...] = ()


def add_webhook(command: AddWebhook, origin: Origin, *, streams: Streams, clock: Clock) -> None:
    """Record the webhook.

    Raises:
        WebhookAddressInvalid: nothing can be sent there.
        TooManyWebhooks: the organization has as many as it may have.
        OrganizationNotFound: there is no such organization.
        Conflict: the organization moved meanwhile; decide again.

    """
    organization = find_organization(origin.organization_id, streams)
    _check_address(command.url)
    if len(organization.webhooks) >= MOST_WEBHOOKS:
        raise TooManyWebhooks
    added = WebhookAdded(
        **organization.next(clock()),
        webhook_id=command.webhook_id,
        types=command.types,
        personal=WebhookTarget(
            url=command.url, description=command.description, secrets=(command.secret,)
        ),
    )
    streams.append([added], origin)


@dataclass(frozen=True, slots=True)
class ChangeWebhook:
    """Change what is named; None leaves it as it is."""

    webhook_id: UUID
    url: str | None = None
    description: str | None = None
    types: tuple[str, ...] | None = None
    enabled: bool | None = None


def change_webhook(
    command: ChangeWebhook, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record the change; the same again is none.

    Raises:
        WebhookNotFound: the organization has no such webhook.
        WebhookAddressInvalid: nothing can be sent there.
        OrganizationNotFound, Conflict: as for a new one.

    """
    organization = find_organization(origin.organization_id, streams)
    now = _webhook(organization, command.webhook_id)
    if command.url is not None:
        _check_address(command.url)
    given = {
        name: value
        for name in ("url", "description")
        if (value := getattr(command, name)) is not None
    }
    wanted = replace(
        now,
        types=now.types if command.types is None else command.types,
        enabled=now.enabled if command.enabled is None else command.enabled,
        target=now.target.model_copy(update=given),
    )
    _record(wanted, now, organization, origin, streams=streams, clock=clock)


@dataclass(frozen=True, slots=True)
class RotateWebhookSecret:
    """Sign with this secret from now on, and with the present one for a day more."""

    webhook_id: UUID
    secret: str


def rotate_webhook_secret(
    command: RotateWebhookSecret, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record the new secret.

    Raises:
        WebhookNotFound: the organization has no such webhook.
        OrganizationNotFound, Conflict: as for a new one.

    """
    organization = find_organization(origin.organization_id, streams)
    now = _webhook(organization, command.webhook_id)
    secrets = (command.secret, *now.target.secrets[:1])
    wanted = replace(
        now,
        target=now.target.model_copy(update={"secrets": secrets}),
        older_until=clock() + OLDER_SECRET_FOR,
    )
    _record(wanted, now, organization, origin, streams=streams, clock=clock)


@dataclass(frozen=True, slots=True)
class DisableWebhook:
    """Send nothing more to an address that takes nothing."""

    webhook_id: UUID
    reason: str


def disable_webhook(
    command: DisableWebhook, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record it; one that is gone or disabled stays as it is.

    Raises:
        OrganizationNotFound, Conflict: as for a new one.

    """
    organization = find_organization(origin.organization_id, streams)
    now = organization.webhooks.get(command.webhook_id)
    if now is None or not now.enabled:
        return
    disabled = WebhookDisabled(
        **organization.next(clock()), webhook_id=command.webhook_id, reason=command.reason
    )
    streams.append([disabled], origin)


@dataclass(frozen=True, slots=True)
class RemoveWebhook:
    """Send nothing to this address any more, and forget it."""

    webhook_id: UUID


def remove_webhook(
    command: RemoveWebhook, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record it.

    Raises:
        WebhookNotFound: the organization has no such webhook.
        OrganizationNotFound, Conflict: as for a new one.

    """
    organization = find_organization(origin.organization_id, streams)
    _webhook(organization, command.webhook_id)
    removed = WebhookRemoved(**organization.next(clock()), webhook_id=command.webhook_id)
    streams.append([removed], origin)


def _webhook(organization: Organization, webhook_id: UUID) -> Webhook:
    found = organization.webhooks.get(webhook_id)
    if found is None:
        raise WebhookNotFound
    return found


def _record(
    wanted: Webhook,
    now: Webhook,
    organization: Organization,
    origin: Origin,
    *,
    streams: Streams,
    clock: Clock,
) -> None:
    if wanted == now:
        return
    changed = WebhookChanged(
        **organization.next(clock()),
        webhook_id=wanted.id,
        types=wanted.types,
        enabled=wanted.enabled,
        older_until=wanted.older_until,
        personal=wanted.target,
    )
    streams.append([changed], origin)


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        port_is_sane = parts.port is None or parts.port > 0
    except ValueError:
        raise WebhookAddressInvalid from None
    credentials = parts.username or parts.password
    if parts.scheme not in ("http", "https") or not parts.hostname or credentials:
        raise WebhookAddressInvalid
    if not port_is_sane or parts.fragment:
        raise WebhookAddressInvalid
