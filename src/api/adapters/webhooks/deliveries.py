"""What is to be sent to webhooks, what was, and what they answered.

What happened is queued by a follower of the log, in the transaction that moves its bookmark, so
that nothing is queued twice or left out. Sending takes a lease; if the sender dies the lease ends
and it is sent again, under the same id.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from api.adapters.follower import PositionedEvent
from api.happenings import Happening, subject_kind_of
from api.webhook_cases import Delivery

LEASE: Final = timedelta(seconds=60)
"""After so long without an outcome something is sent again."""
AT_ONCE: Final = 50
AT_ONCE_EACH: Final = 5
"""So many are under way to one webhook at most, so that a slow one holds up no other."""
KEPT_DAYS: Final = 30

TABLE: Final = """
CREATE TABLE webhook_deliveries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    stream_id uuid NOT NULL,
    event_id text NOT NULL,
    type text NOT NULL,
    body text NOT NULL,
    state text NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'delivered', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    next_at timestamptz NOT NULL DEFAULT now(),
    status integer,
    error text,
    duration_ms integer,
    created_at timestamptz NOT NULL DEFAULT now(),
    attempted_at timestamptz
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, stream_id, id)
 WHERE state = 'due';
CREATE INDEX webhook_deliveries_log ON webhook_deliveries (webhook_id, id DESC);
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (created_at);
"""

_QUEUE: Final = """
INSERT INTO webhook_deliveries (webhook_id, organization_id, stream_id, event_id, type, body)
SELECT w.id, w.organization_id, e.stream_id, e.event_id, e.type, e.body
  FROM unnest(%(organizations)s::uuid[], %(streams)s::uuid[], %(ids)s::text[],
              %(types)s::text[], %(bodies)s::text[])
       WITH ORDINALITY AS e (organization_id, stream_id, event_id, type, body, place)
  JOIN webhooks w
    ON w.organization_id = e.organization_id
   AND (w.types = '{}' OR e.type = ANY(w.types))
 WHERE CASE WHEN %(only)s::uuid IS NULL THEN w.enabled ELSE w.id = %(only)s END
 ORDER BY e.place
"""

_CLAIM: Final = """
WITH heads AS (
    SELECT DISTINCT ON (d.webhook_id, d.stream_id) d.id, d.webhook_id, d.next_at
      FROM webhook_deliveries d
      JOIN webhooks w ON w.id = d.webhook_id AND w.enabled
     WHERE d.state = 'due'
     ORDER BY d.webhook_id, d.stream_id, d.id
), ready AS (
    SELECT id, next_at <= now() AS now,
           row_number() OVER (PARTITION BY webhook_id ORDER BY next_at > now(), id) AS place
      FROM heads
), taken AS (
    SELECT d.id
      FROM webhook_deliveries d
      JOIN ready USING (id)
     WHERE ready.now
       AND ready.place <= %(each)s
       AND d.state = 'due'
       AND d.next_at <= now()
     LIMIT %(limit)s
       FOR UPDATE OF d SKIP LOCKED
)
UPDATE webhook_deliveries d
   SET next_at = now() + %(lease)s
  FROM taken, webhooks w
 WHERE d.id = taken.id
   AND w.id = d.webhook_id
RETURNING d.id, d.webhook_id, d.organization_id, d.event_id, d.body, d.attempts, w.target_at,
          w.older_until
"""

_LOGGED: Final = """
    id, event_id, type, state, attempts, status, error, duration_ms, created_at, attempted_at,
    CASE WHEN state = 'due' THEN next_at END AS next_at
"""

State = Literal["due", "delivered", "failed"]


@dataclass(frozen=True, slots=True)
class Due:
    """Something to be sent now."""

    id: int
    webhook_id: UUID
    organization_id: UUID
    event_id: str
    body: str
    attempts: int
    target_at: int
    older_until: datetime | None


def queue_events(cursor: Cursor[Any], events: Sequence[PositionedEvent]) -> None:
    """Queue what happened for every webhook that wants it. The handler of a follower."""
    wanted = cursor.execute(
        "SELECT DISTINCT organization_id FROM webhooks"
        " WHERE enabled AND organization_id = ANY(%s)",
        (list({event.organization_id for event in events}),),
    ).fetchall()
    listening = {organization_id for (organization_id,) in wanted}
    of_interest = [event for event in events if event.organization_id in listening]
    if of_interest:
        kinds = _letter_kinds(cursor, {event.originator_id for event in of_interest})
        queue(
            cursor,
            [
                (event.organization_id, _happening(event, kinds.get(event.originator_id)))
                for event in of_interest
            ],
        )


def queue(
    cursor: Cursor[Any],
    happenings: Iterable[tuple[UUID, Happening]],
    *,
    only: UUID | None = None,
) -> None:
    """Queue happenings of organizations for the webhooks that want them, or for one of them."""
    told = list(happenings)
    cursor.execute(
        _QUEUE,
        {
            "organizations": [organization_id for organization_id, _ in told],
            "streams": [happening.stream_id for _, happening in told],
            "ids": [happening.id for _, happening in told],
            "types": [happening.type for _, happening in told],
            "bodies": [body_of(happening) for _, happening in told],
            "only": only,
        },
    )


def body_of(happening: Happening) -> str:
    """Return the bytes that are signed and sent, as text."""
    return json.dumps(happening.body(), separators=(",", ":"))


def _happening(event: PositionedEvent, letter_kind: str | None) -> Happening:
    return Happening(
        event.position,
        event.originator_id,
        event.originator_version,
        event.topic,
        json.loads(event.state)["timestamp"],
        subject_kind_of(event.topic, letter_kind),
    )


def _letter_kinds(cursor: Cursor[Any], stream_ids: set[UUID]) -> dict[UUID, str]:
    return dict(
        cursor.execute(
            """
            SELECT originator_id, convert_from(state, 'UTF8')::jsonb ->> 'kind'
              FROM events
             WHERE originator_id = ANY(%s)
               AND originator_version = 1
               AND topic = 'letter-requested'
            """,
            (list(stream_ids),),
        ).fetchall()
    )


class Deliveries:
    """The queue and the record of deliveries, shared by all workers and API processes."""

    def __init__(self, pool: ConnectionPool[Connection[Any]]) -> None:
        self._pool = pool

    def claim(self) -> list[Due]:
        """Return what is to be sent now; nobody else gets it for as long as the lease."""
        values = {"each": AT_ONCE_EACH, "limit": AT_ONCE, "lease": LEASE}
        with (
            self._pool.connection() as connection,
            connection.cursor(row_factory=class_row(Due)) as cursor,
        ):
            return cursor.execute(_CLAIM, values).fetchall()

    def delivered(self, delivery_id: int, *, status: int, duration_ms: int) -> None:
        """Record that it was taken."""
        self._settle(delivery_id, "delivered", status, None, duration_ms, timedelta())

    def missed(
        self,
        delivery_id: int,
        *,
        status: int | None,
        error: str,
        duration_ms: int,
        again_in: timedelta | None,
    ) -> None:
        """Record that it was not taken; it is sent again after a while, or never."""
        state: State = "failed" if again_in is None else "due"
        self._settle(delivery_id, state, status, error, duration_ms, again_in or timedelta())

    def queue(
        self, organization_id: UUID, webhook_id: UUID, happenings: Iterable[Happening]
    ) -> None:
        """Queue what happened once more, for one webhook."""
        told = [(organization_id, happening) for happening in happenings]
        with self._pool.connection() as connection, connection.transaction():
            queue(connection.cursor(), told, only=webhook_id)

    def try_out(
        self, organization_id: UUID, webhook_id: UUID, event_id: str, body: dict[str, Any]
    ) -> int:
        """Queue something made up, for one webhook; return the id of the delivery."""
        with self._pool.connection() as connection:
            row = connection.execute(
                "INSERT INTO webhook_deliveries"
                " (webhook_id, organization_id, stream_id, event_id, type, body)"
                " VALUES (%s, %s, gen_random_uuid(), %s, %s, %s) RETURNING id",
                (webhook_id, organization_id, event_id, body["type"], json.dumps(body)),
            ).fetchone()
        return int(row[0]) if row else 0

    def log(
        self, organization_id: UUID, webhook_id: UUID, *, limit: int, offset: int
    ) -> list[Delivery]:
        """Return what was, or is to be, sent to a webhook; newest first."""
        with (
            self._pool.connection() as connection,
            connection.cursor(row_factory=class_row(Delivery)) as cursor,
        ):
            return cursor.execute(
                f"SELECT {_LOGGED} FROM webhook_deliveries"
                " WHERE organization_id = %s AND webhook_id = %s"
                " ORDER BY id DESC LIMIT %s OFFSET %s",
                (organization_id, webhook_id, limit, offset),
            ).fetchall()

    def forget_old(self) -> None:
        """Forget what is too old to be asked for, and what is for nobody any more."""
        with self._pool.connection() as connection:
            connection.execute(
                "DELETE FROM webhook_deliveries d"
                f" WHERE created_at < now() - interval '{KEPT_DAYS} days'"
                " OR NOT EXISTS (SELECT FROM webhooks w WHERE w.id = d.webhook_id)"
            )

    def _settle(
        self,
        delivery_id: int,
        state: State,
        status: int | None,
        error: str | None,
        duration_ms: int,
        pause: timedelta,
    ) -> None:
        with self._pool.connection() as connection:
            connection.execute(
                "UPDATE webhook_deliveries SET state = %s, attempts = attempts + 1, status = %s,"
                " error = %s, duration_ms = %s, attempted_at = now(), next_at = now() + %s"
                " WHERE id = %s",
                (state, status, error, duration_ms, pause, delivery_id),
            )
