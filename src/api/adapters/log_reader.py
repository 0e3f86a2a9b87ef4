"""How a rebuild reads the log: whole, by stream, or what a snapshot does not see."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from api.adapters.event_mapper import to_event
from events.recorded import Origin, Recorded
from projections.rebuild import LogReader

ROWS_A_FETCH: Final = 5_000

_CLEAR: Final = """
SELECT originator_id, originator_version, topic, state, schema, organization_id, actor
  FROM events
"""


def _everything(connection: Connection[Any]) -> Iterator[Recorded]:
    with connection.cursor(name="everything") as cursor:
        cursor.itersize = ROWS_A_FETCH
        cursor.execute(_CLEAR + "ORDER BY originator_id, originator_version", binary=True)
        yield from _facts(cursor)


def _streams(connection: Connection[Any], stream_ids: Sequence[UUID]) -> Iterator[Recorded]:
    found = connection.execute(
        _CLEAR + "WHERE originator_id = ANY(%s) ORDER BY originator_id, originator_version",
        (list(stream_ids),),
        binary=True,
    )
    yield from _facts(found)


def _facts(rows: Iterable[tuple[Any, ...]]) -> Iterator[Recorded]:
    for *columns, organization_id, actor in rows:
        yield Recorded(to_event(*columns), Origin(organization_id, actor))


def _moved_since(connection: Connection[Any], snapshot: str) -> list[UUID]:
    # A log out of a dump names transactions that this server has not reached: they moved nothing.
    found = connection.execute(
        """
        SELECT DISTINCT originator_id
          FROM events
         WHERE transaction_id >= pg_snapshot_xmin(%(snapshot)s::pg_snapshot)
           AND transaction_id < pg_snapshot_xmax(pg_current_snapshot())
           AND NOT pg_visible_in_snapshot(transaction_id, %(snapshot)s::pg_snapshot)
        """,
        {"snapshot": snapshot},
    ).fetchall()
    return [stream_id for (stream_id,) in found]


LOG: Final = LogReader(everything=_everything, streams=_streams, moved_since=_moved_since)
