"""Measure the log: appends a second against a plain INSERT, and how late a follower learns of one.

    .venv/bin/python scripts/bench/log.py [ROUNDS]

The named baseline is one prepared INSERT in autocommit mode, on psycopg, without anything of
ours. Each round runs every variant for a moment, in random order, on a server of its own with
the product's settings; what counts is the median of the rounds' ratios, since a machine that is
busy with other things spoils absolute figures by the second.
"""

import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src"))

import psycopg  # noqa: E402 - found through the line above, like the rest
from psycopg_pool import ConnectionPool  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from api.adapters.embedded_postgres import EmbeddedPostgres  # noqa: E402
from api.adapters.event_log import EventLog  # noqa: E402
from api.adapters.event_mapper import SealedEvent  # noqa: E402
from api.adapters.follower import Follower  # noqa: E402
from api.adapters.migrations import migrate  # noqa: E402
from api.adapters.sequencer import Sequencer  # noqa: E402
from api.adapters.wakeups import Notifier  # noqa: E402

WRITERS = (1, 4, 16)
WINDOW_S = 0.6
RATES = (50, 200)
LAG_S = 4.0
PAYLOAD = b'{"text": "%s"}' % (b"sixteen letters " * 62)
INSERT = """
INSERT INTO events (
    originator_id, originator_version, topic, schema, state, organization_id, actor
)
VALUES (%s, 1, 'measured', 1, %s, %s, 'benchmark')
"""

Append = Callable[[UUID], object]
Variant = Callable[[str, ExitStack], Append]
"""Given how to connect, returns what one writer does for each new stream."""


def plain(dsn: str, stack: ExitStack) -> Append:
    """Return the baseline."""
    connection = stack.enter_context(psycopg.connect(dsn, autocommit=True))
    return lambda stream: connection.execute(INSERT, (stream, PAYLOAD, stream), prepare=True)


def locking(dsn: str, stack: ExitStack) -> Append:
    """Return the same INSERT behind a table lock and a NOTIFY, as many event stores do it."""
    connection = stack.enter_context(psycopg.connect(dsn, autocommit=True))

    def append(stream: UUID) -> None:
        with connection.pipeline(), connection.transaction():
            connection.execute("LOCK TABLE events IN EXCLUSIVE MODE")
            connection.execute("NOTIFY measured")
            connection.execute(INSERT, (stream, PAYLOAD, stream), prepare=True)

    return append


def product(pool: ConnectionPool[Any], notifier: Notifier) -> Variant:
    """Return the product's own log, with the wake-up that follows each append."""
    log = EventLog(pool)

    def append(stream: UUID) -> None:
        log.insert_events([row(stream)])
        notifier.poke()

    return lambda _dsn, _stack: append


def row(stream: UUID) -> SealedEvent:
    """Return an event of 1 KB as the log stores it."""
    return SealedEvent(
        stream, 1, "measured", PAYLOAD, 1, None, UUID(int=1), "benchmark", None, None
    )


def appends_a_second(variant: Variant, dsn: str, writers: int) -> float:
    """Let *writers* threads append for a moment."""
    with ExitStack() as stack:
        appends = [variant(dsn, stack) for _ in range(writers)]
        for append in appends:
            append(uuid4())
        end = time.perf_counter() + WINDOW_S

        def write(append: Append) -> int:
            done = 0
            while time.perf_counter() < end:
                append(uuid4())
                done += 1
            return done

        with ThreadPoolExecutor(writers) as threads:
            return sum(threads.map(write, appends)) / WINDOW_S


def compare(variants: dict[str, Variant], dsn: str, rounds: int) -> Table:
    """Measure each variant with each number of writers, in turn, and report the medians."""
    table = Table("appends of 1 KB", *(f"{n} writers" for n in WRITERS))
    cells: dict[str, list[str]] = {name: [] for name in variants}
    for writers in WRITERS:
        figures: dict[str, list[float]] = {name: [] for name in variants}
        for _ in range(rounds):
            for name in random.sample(list(variants), len(variants)):
                figures[name].append(appends_a_second(variants[name], dsn, writers))
        baseline = next(iter(figures.values()))
        for name, found in figures.items():
            ratio = statistics.median(a / b for a, b in zip(found, baseline, strict=True))
            cells[name].append(f"{ratio:.2f} x ({statistics.median(found):,.0f}/s)")
    for name, found_cells in cells.items():
        table.add_row(name, *found_cells)
    return table


def lags_ms(log: EventLog, notifier: Notifier, dsn: str, rate: int) -> list[float]:
    """Append *rate* events a second; return how late the follower was handed each, in order."""
    committed: dict[UUID, float] = {}
    handed: dict[UUID, float] = {}
    name = f"lag at {rate}"

    def handle(_cursor: object, events: Any) -> None:
        now = time.perf_counter()
        handed.update((event.originator_id, now) for event in events)

    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO follower_bookmarks SELECT %s, position FROM log_head", (name,)
        )
    with Sequencer(dsn), Follower(dsn, name, handle):
        time.sleep(0.5)
        begin = time.perf_counter()
        for n in range(int(rate * LAG_S)):
            time.sleep(max(0.0, begin + n / rate - time.perf_counter()))
            stream = uuid4()
            log.insert_events([row(stream)])
            committed[stream] = time.perf_counter()
            notifier.poke()
        deadline = time.perf_counter() + 10
        while len(handed.keys() & committed.keys()) < len(committed):
            if time.perf_counter() > deadline:
                raise TimeoutError("the follower did not see everything")
            time.sleep(0.01)
    return sorted((handed[stream] - at) * 1000 for stream, at in committed.items())


def catch_up(dsn: str) -> float:
    """Give all that was appended its position; return events a second."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        sequencer = Sequencer(dsn)
        sequencer.begin(connection)
        begin = time.perf_counter()
        while sequencer.step(connection) == 0:
            pass
        taken_s = time.perf_counter() - begin
        found = connection.execute("SELECT position FROM log_head").fetchone()
    return (found[0] if found else 0) / taken_s


def main(rounds: int) -> None:
    """Print the tables."""
    console = Console()
    folder = Path(tempfile.mkdtemp(prefix="refolio-bench-"))
    with EmbeddedPostgres(folder) as dsn, ExitStack() as stack:
        migrate(lambda: psycopg.connect(dsn, autocommit=True))
        pool: ConnectionPool[Any] = ConnectionPool(
            dsn, kwargs={"autocommit": True}, min_size=max(WRITERS), open=True
        )
        stack.enter_context(pool)
        pool.wait()
        notifier = stack.enter_context(Notifier(dsn))
        variants: dict[str, Variant] = {
            "plain prepared INSERT (baseline)": plain,
            "the product's log": product(pool, notifier),
            "INSERT with table lock and NOTIFY": locking,
        }
        console.print(compare(variants, dsn, rounds))
        console.print(f"giving positions to what was appended: {catch_up(dsn):,.0f} events/s")
        table = Table("commit to handler, ms", "p50", "p95", "p99")
        for rate in RATES:
            lags = lags_ms(EventLog(pool), notifier, dsn, rate)
            marks = [lags[int(len(lags) * share)] for share in (0.5, 0.95, 0.99)]
            table.add_row(f"{rate} appends/s", *(f"{mark:.1f}" for mark in marks))
        console.print(table)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
