"""The log as JSON lines, in final order, for whoever wants to check it elsewhere.

Each line has the fields of a CloudEvent (version 1.0, JSON): `id`, `source`, `type`, `time`,
`subject` (the stream) and `data` (the clear facts). Personal content stays out; `sealeddigest` is
the SHA-256 of its ciphertext.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

import pydantic_core
from psycopg import Connection

ROWS_A_FETCH: Final = 1_000

SELECT: Final = """
SELECT p.position, e.originator_id, e.originator_version, e.topic, e.schema, e.state, e.sealed,
       e.organization_id, e.actor, e.request_id, e.causation, e.recorded_at
  FROM log_positions p
  JOIN events e USING (notification_id)
 WHERE %(only)s::uuid IS NULL OR e.organization_id = %(only)s
 ORDER BY p.position
"""


def exported(connection: Connection[Any], organization_id: UUID | None) -> Iterator[bytes]:
    """Yield a line for each event that has its final position, all or one organization's.

    Memory is bounded: a thousand rows at a time.
    """
    with connection.transaction(), connection.cursor(name="export") as cursor:
        cursor.itersize = ROWS_A_FETCH
        cursor.execute(SELECT, {"only": organization_id}, binary=True)
        for row in cursor:
            yield pydantic_core.to_json(_cloud_event(*row)) + b"\n"


def _cloud_event(
    position: int,
    stream_id: UUID,
    version: int,
    topic: str,
    schema: int,
    state: bytes,
    sealed: bytes | None,
    organization_id: UUID,
    *by: object,
) -> dict[str, object]:
    actor, request_id, causation, recorded_at = by
    data = pydantic_core.from_json(state)
    return {
        "specversion": "1.0",
        "id": f"{stream_id}/{version}",
        "source": f"refolio:organization:{organization_id}",
        "type": f"refolio.{topic}.v{schema}",
        "subject": str(stream_id),
        "time": data["timestamp"],
        "position": position,
        "version": version,
        "actor": actor,
        "requestid": request_id,
        "causation": causation,
        "recordedat": recorded_at,
        "sealeddigest": hashlib.sha256(sealed).hexdigest() if sealed else None,
        "data": data,
    }
