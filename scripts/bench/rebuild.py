"""Measure a rebuild of all read models: events a second, beside one COPY of the same events.

    .venv/bin/python scripts/bench/rebuild.py [EVENTS ...]      default: 10000 100000 1000000

The log is filled with whole histories of resumes (upload to export, seven events each, personal
content sealed and random) on a server of its own with the product's settings.
"""

import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import psycopg  # noqa: E402 - found through the line above, like the rest
from psycopg import Connection  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402
from scripts.bench.histories import PLAN, exported, uploaded_and_parsed  # noqa: E402

from api.adapters.embedded_postgres import EmbeddedPostgres  # noqa: E402
from api.adapters.event_mapper import to_stored  # noqa: E402
from api.adapters.log_reader import LOG  # noqa: E402
from api.adapters.migrations import migrate  # noqa: E402
from api.adapters.vault import Vault  # noqa: E402
from api.ids import new_id  # noqa: E402
from commands.charge_usage import charge  # noqa: E402
from events.base import Event  # noqa: E402
from events.recorded import Origin, Recorded  # noqa: E402
from projections.rebuild import rebuild  # noqa: E402
from projections.schema import READ_MODELS  # noqa: E402

SIZES = (10_000, 100_000, 1_000_000)
EVENTS_A_RESUME = 7
SEALED_BYTES = 600
ORGANIZATIONS = [Origin(new_id(), "benchmark") for _ in range(100)]
START = datetime(2026, 1, 1, tzinfo=UTC)
COPY_IN = """
COPY events (originator_id, originator_version, topic, schema, state, sealed, organization_id,
             actor) FROM STDIN
"""


def history(resume_id: UUID, at: datetime) -> list[Event]:
    """Return what happens to one resume, without its personal content."""
    charged = partial(charge, stream_id=resume_id, at=at, plan=PLAN)
    return [
        *(event.without_personal() for event in uploaded_and_parsed(resume_id, at)),
        charged("parse", version=5),
        exported(resume_id, 6, at),
        charged("pdf_export", version=7),
    ]


def rows(events: int) -> Iterator[tuple[object, ...]]:
    """Yield rows of the log: *events* of them, to the next whole history."""
    key, _ = Vault(bytes(32)).make(b"benchmark")
    sealed = os.urandom(SEALED_BYTES)
    for number in range(events // EVENTS_A_RESUME):
        origin = random.choice(ORGANIZATIONS)
        for event in history(new_id(), START + timedelta(seconds=number)):
            row = to_stored(Recorded(event, origin), key)
            yield (
                row.originator_id,
                row.originator_version,
                row.topic,
                row.schema,
                row.state,
                sealed if "personal" in type(event).model_fields else None,
                origin.organization_id,
                origin.actor,
            )


def fill(connection: Connection[Any], events: int) -> int:
    """Make the log hold *events* events and return how many it does hold."""
    connection.execute("TRUNCATE events")
    with connection.cursor() as cursor, cursor.copy(COPY_IN) as copy:
        for row in rows(events):
            copy.write_row(row)
    connection.execute("ANALYZE events")
    found = connection.execute("SELECT count(*) FROM events").fetchone()
    return found[0] if found else 0


def seconds_of_a_copy(connection: Connection[Any]) -> float:
    """Return how long it takes to copy the log's rows out and into an empty table."""
    connection.execute("DROP TABLE IF EXISTS copied")
    connection.execute("CREATE TABLE copied (LIKE events)")
    started = time.perf_counter()
    with (
        psycopg.connect(connection.info.dsn) as other,
        other.cursor().copy("COPY events TO STDOUT (FORMAT BINARY)") as out,
        connection.cursor().copy("COPY copied FROM STDIN (FORMAT BINARY)") as into,
    ):
        for block in out:
            into.write(block)
    return time.perf_counter() - started


def main(sizes: list[int]) -> None:
    """Print the table."""
    table = Table(title="Rebuild of all read models, against one COPY of the same events")
    for column in ("events", "COPY events/s", "rebuild events/s", "ratio", "peak MiB"):
        table.add_column(column, justify="right")
    home = Path(tempfile.mkdtemp(prefix="refolio-bench-"))
    home.chmod(0o755)
    try:
        with EmbeddedPostgres(home / "postgres") as dsn:
            connect = partial(psycopg.connect, dsn, autocommit=True)
            migrate(connect)
            for size in sizes:
                with connect() as connection:
                    events = fill(connection, size)
                    copied_s = seconds_of_a_copy(connection)
                started = time.perf_counter()
                rebuild(connect, READ_MODELS, LOG)
                rebuilt_s = time.perf_counter() - started
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
                figures = (events, events / copied_s, events / rebuilt_s)
                table.add_row(
                    *(f"{n:,.0f}" for n in figures), f"{copied_s / rebuilt_s:.2f}", str(peak)
                )
                Console().print(f"{events:,} events: {events / rebuilt_s:,.0f}/s")
    finally:
        shutil.rmtree(home, ignore_errors=True)
    Console().print(table)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))
