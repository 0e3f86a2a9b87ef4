"""When each key was used last, to the minute: written as its holder is admitted, read here.

It is no fact of the log: a rebuild keeps it, and a crash of the database may lose the last second
of it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

TABLE: Final = """
CREATE TABLE key_uses (
    key_id uuid PRIMARY KEY,
    last_used timestamptz NOT NULL
);
"""


def last_uses_of(connection: Connection[Any], key_ids: Sequence[UUID]) -> Mapping[UUID, datetime]:
    """Return when each of these keys was used last; one that never was is not among them."""
    found = connection.execute(
        "SELECT key_id, last_used FROM key_uses WHERE key_id = ANY(%s)", ([*key_ids],)
    )
    return dict(found.fetchall())
