"""Measure how long it takes to load a resume of 50 events, against SELECT and decode alone.

    .venv/bin/python scripts/bench/loading.py [ROUNDS]

The named baseline reads the same rows with plain psycopg, opens what is sealed and decodes the
JSON, without making events of it or folding them. Rounds are interleaved; medians count.
"""

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import pydantic_core  # noqa: E402 - found through the line above, like the rest
from psycopg import Connection  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402
from scripts.bench.histories import PLAN, uploaded_and_parsed  # noqa: E402

from api.adapters.event_mapper import place_of  # noqa: E402
from api.adapters.streams import EventStreams  # noqa: E402
from api.core import Core, now, open_core  # noqa: E402
from api.ids import new_id  # noqa: E402
from api.settings import Settings  # noqa: E402
from commands.charge_usage import charge  # noqa: E402
from commands.resume import fold  # noqa: E402
from events.recorded import Origin  # noqa: E402

EVENTS = 50
LOADS = 50
ROUNDS = 9
SELECT = """
SELECT e.originator_version, e.topic, e.state, e.sealed, k.wrapped
  FROM events e JOIN data_keys k ON k.stream_id = e.originator_id
 WHERE e.originator_id = %s
 ORDER BY e.originator_version
"""


def fill(core: Core, origin: Origin) -> UUID:
    """Record a resume of 50 events: upload, parsing, and charges."""
    resume_id = new_id()
    core.streams.append([*uploaded_and_parsed(resume_id, now())], origin)
    charges = [
        charge("pdf_export", stream_id=resume_id, version=version, at=now(), plan=PLAN)
        for version in range(5, EVENTS + 1)
    ]
    core.streams.append(charges, origin)
    return resume_id


def select_and_decode(core: Core, connection: Connection[Any], stream: UUID, org: UUID) -> None:
    """Do what the baseline does."""
    rows = connection.execute(SELECT, (stream,), binary=True).fetchall()
    for version, topic, state, sealed, wrapped in rows:
        pydantic_core.from_json(state)
        if sealed is not None:
            key = core.vault.unwrap(wrapped, stream.bytes)
            pydantic_core.from_json(key.open(sealed, place_of(org, stream, topic, version)))


def milliseconds(act: Callable[[], object]) -> float:
    """Return what one act takes."""
    started = time.perf_counter()
    for _ in range(LOADS):
        act()
    return (time.perf_counter() - started) / LOADS * 1000


def measure(core: Core, rounds: int) -> Table:
    """Return the table."""
    origin = Origin(new_id(), "benchmark")
    stream = fill(core, origin)
    fresh = EventStreams(core.log, core.vault, appended=core.notifier.poke)

    def load_uncached() -> None:
        streams = EventStreams(core.log, core.vault, appended=core.notifier.poke)
        streams.load(stream, fold, organization_id=origin.organization_id)

    with core.connect() as connection:
        variants: dict[str, Callable[[], object]] = {
            "SELECT + decode (baseline)": lambda: select_and_decode(
                core, connection, stream, origin.organization_id
            ),
            "load, not cached": load_uncached,
            "load, cached and fast-forwarded": lambda: fresh.load(
                stream, fold, organization_id=origin.organization_id
            ),
        }
        figures: dict[str, list[float]] = {name: [] for name in variants}
        for _ in range(rounds):
            for name, act in variants.items():
                figures[name].append(milliseconds(act))
    table = Table(title=f"Loading a stream of {EVENTS} events")
    for column in ("what", "ms", "ratio"):
        table.add_column(column, justify="right")
    baseline = statistics.median(figures["SELECT + decode (baseline)"])
    for name, found in figures.items():
        median = statistics.median(found)
        table.add_row(name, f"{median:.2f}", f"{median / baseline:.2f}")
    return table


def main(rounds: int) -> None:
    """Print the table."""
    home = Path(tempfile.mkdtemp(prefix="refolio-bench-"))
    home.chmod(0o755)
    try:
        with open_core(Settings(home=home)) as core:
            Console().print(measure(core, rounds))
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
