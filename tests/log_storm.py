"""Writers at their worst, and what must be true of anyone who reads after them."""

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import Connection
from psycopg.errors import UniqueViolation

from api.adapters.event_log import TABLE
from api.adapters.follower import bookmark_of, read_log
from api.adapters.sequencer import SCHEMA, Sequencer
from postgres import fresh_database, template, until

Place = tuple[UUID, int]
"""A stream and a version in it."""

SEQUENCER_PROCESS = """
import sys
from api.adapters.log_health import log_health
from api.adapters.sequencer import Sequencer
with Sequencer(sys.argv[1]):
    print("up", flush=True)
    sys.stdin.read()
"""
WRITERS = 16
TRANSACTIONS = 120
INSERT = """
INSERT INTO events (
    originator_id, originator_version, topic, schema, state, organization_id, actor
) VALUES (%s, %s, 'something-happened', 1, %s, %s, 'storm')
"""


@pytest.fixture
def log(postgres_server: str) -> Iterator[str]:
    yield from fresh_database(
        postgres_server, template=template(postgres_server, "log", prepare_log)
    )


@pytest.fixture
def connection(log: str) -> Iterator[Connection[Any]]:
    with psycopg.connect(log, autocommit=True) as connection:
        yield connection


def prepare_log(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(TABLE)
        connection.execute(SCHEMA)


def append(connection: psycopg.Connection, *places: Place, payload: bytes = b"{}") -> None:
    for stream, version in places:
        connection.execute(INSERT, (stream, version, payload, stream))


def storm(dsn: str, committed: Callable[[], None] = lambda: None) -> list[Place]:
    """Append from 16 threads that dawdle, collide and roll back; return what was committed."""
    streams = [uuid4() for _ in range(24)]
    written: list[Place] = []
    guard = threading.Lock()

    def write(seed: int) -> None:
        chance = random.Random(seed)
        with psycopg.connect(dsn, autocommit=True) as connection:
            for _ in range(TRANSACTIONS):
                places = attempt(connection, chance, chance.choice(streams))
                with guard:
                    written.extend(places)
                committed()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    return written


def attempt(
    connection: psycopg.Connection, chance: random.Random, stream: UUID
) -> Iterable[Place]:
    """Append one to three events in one transaction; nothing if that came to nothing."""
    row = connection.execute(
        "SELECT coalesce(max(originator_version), 0) FROM events WHERE originator_id = %s",
        (stream,),
    ).fetchone()
    version = row[0] if row else 0
    places = [(stream, version + 1 + n) for n in range(chance.randint(1, 3))]
    kept = chance.random() < 0.8
    try:
        with connection.transaction(force_rollback=not kept):
            for place in places:
                large = chance.random() < 0.03
                append(connection, place, payload=chance.randbytes(200_000 if large else 300))
                time.sleep(chance.choice((0, 0, 0.001, 0.004, 0.02)))
    except UniqueViolation:
        return []
    return places if kept else []


def faults(saw: Iterable[Place], committed: Iterable[Place]) -> dict[str, int]:
    """Count how *saw* differs from each of *committed*, once, each stream in its order."""
    saw = list(saw)
    times, truth = Counter(saw), set(committed)
    last: dict[UUID, int] = {}
    disorder = 0
    for stream, version in saw:
        disorder += version != last.get(stream, 0) + 1
        last[stream] = version
    counts = {
        "missed": len(truth - times.keys()),
        "invented": len(times.keys() - truth),
        "repeated": sum(n - 1 for n in times.values()),
        "out of order": disorder,
    }
    return {fault: count for fault, count in counts.items() if count}


def handled(connection: Connection[Any], name: str, position: int) -> bool:
    return bookmark_of(connection, name) == position


def head_of(connection: Connection[Any]) -> int:
    row = connection.execute("SELECT position FROM log_head").fetchone()
    assert row is not None
    return int(row[0])


def place(connection: Connection[Any], sequencer: Sequencer, *, up_to: int) -> None:
    """Take steps until *up_to* events have positions; other tests may hold some up a little."""
    until(lambda: head_of(connection) == up_to or sequencer.step(connection) < 0)


def positions_of(connection: Connection[Any]) -> list[int]:
    return [row[0] for row in connection.execute("SELECT position FROM log_positions ORDER BY 1")]


def placed(connection: Connection[Any]) -> list[Place]:
    return [
        (event.originator_id, event.originator_version)
        for event in read_log(connection, after=0, limit=100_000, max_bytes=2**40)
    ]


@contextmanager
def sequencer_process(log: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-c", SEQUENCER_PROCESS, log],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "src")},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        yield process
        process.kill()
