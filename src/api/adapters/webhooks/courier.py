"""Sends what is due to webhooks, signed as Standard Webhooks 1.0 has it; records the answers."""

import asyncio
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx
import psycopg
import structlog
from standardwebhooks import Webhook

from api.adapters.contents import ContentReader
from api.adapters.egress.addresses import EgressRefused, resolve
from api.adapters.egress.transport import GuardedTransport, WireFailed, direct
from api.adapters.webhooks.deliveries import Deliveries, Due
from commands.webhooks import DisableWebhook
from events.recorded import Origin
from events.webhook import WebhookTarget

log = structlog.get_logger()

TIMEOUT_S: Final = 10.0
LOOK_S: Final = 0.5
PAUSES: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 30, 120, 600, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 86_400)
)
"""How long after each attempt that came to nothing the next one is made: for over three days."""
JITTER: Final = 0.2
GONE: Final = 410

UNREACHED: Final = "It could not be reached, or did not answer within 10 s."
ASTRAY: Final = "Its address is not one that may be called, or leads elsewhere."

Disable = Callable[[DisableWebhook, Origin], None]


class Courier:
    """Sends for as long as it runs. Any number of them may run at once.

    *allowed_hosts* may be private and may speak plain http. *disable* ends a webhook that is gone
    or takes nothing for days.
    """

    def __init__(
        self,
        deliveries: Deliveries,
        contents: ContentReader,
        disable: Disable,
        *,
        allowed_hosts: frozenset[str],
    ) -> None:
        self._deliveries = deliveries
        self._contents = contents
        self._disable = disable
        self._allowed_hosts = allowed_hosts
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Send what is due, until cancelled; what is under way then is sent again later."""
        while True:
            try:
                due = await asyncio.to_thread(self._deliveries.claim)
            except psycopg.Error as error:
                log.warning("webhooks wait for the database", reason=type(error).__name__)
                due = []
            for one in due:
                task = asyncio.create_task(self._deliver(one))
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)
            await asyncio.sleep(0.02 if due else LOOK_S)

    async def _deliver(self, due: Due) -> None:
        try:
            await self._send(due)
        except psycopg.Error as error:
            # Without an outcome it is sent again when the lease ends.
            log.warning("a delivery was not recorded", reason=type(error).__name__)
        except Exception:
            log.exception("a delivery broke down", webhook=str(due.webhook_id))

    async def _send(self, due: Due) -> None:
        place = (due.organization_id, due.target_at)
        found = await asyncio.to_thread(self._contents.read, [place])
        target = found.get(place)
        if not isinstance(target, WebhookTarget):
            return
        started = time.monotonic()
        status, error = await self._post(due, target)
        took_ms = round((time.monotonic() - started) * 1000)
        if error is None and status is not None:
            await asyncio.to_thread(
                self._deliveries.delivered, due.id, status=status, duration_ms=took_ms
            )
            return
        is_over = status == GONE or due.attempts >= len(PAUSES)
        await asyncio.to_thread(
            self._deliveries.missed,
            due.id,
            status=status,
            error=error or f"It answered {status}.",
            duration_ms=took_ms,
            again_in=None if is_over else _pause_after(due.attempts),
        )
        if is_over:
            reason = "It is gone (410)." if status == GONE else "It took nothing for days."
            await asyncio.to_thread(self._end, due, reason)

    async def _post(self, due: Due, target: WebhookTarget) -> tuple[int | None, str | None]:
        transport = GuardedTransport(direct(), self._allowed_hosts, resolve)
        headers = signed_headers(due.event_id, due.body, target.secrets, due.older_until)
        async with httpx.AsyncClient(transport=transport, timeout=TIMEOUT_S) as client:
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    answer = await client.post(
                        target.url, content=due.body.encode(), headers=headers
                    )
            except EgressRefused:
                return transport.exchange.status, ASTRAY
            except (WireFailed, TimeoutError, httpx.HTTPError, httpx.InvalidURL):
                return transport.exchange.status, UNREACHED
        status = answer.status_code
        return status, None if 200 <= status < 300 else f"It answered {status}."

    def _end(self, due: Due, reason: str) -> None:
        origin = Origin(due.organization_id, "worker")
        self._disable(DisableWebhook(due.webhook_id, reason), origin)


def signed_headers(
    event_id: str, body: str, secrets: tuple[str, ...], older_until: datetime | None
) -> dict[str, str]:
    """Return the headers of a message: its id, its time, and a signature for each good secret."""
    now = datetime.now(UTC)
    good = secrets if older_until is not None and now < older_until else secrets[:1]
    return {
        "content-type": "application/json",
        "user-agent": "Refolio-Webhooks/1",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(
            Webhook(secret).sign(event_id, now, body) for secret in good
        ),
    }


def _pause_after(attempts: int) -> timedelta:
    return PAUSES[attempts] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 not a secret
