"""Followers see exactly what was committed, once, in order, whatever happens around them."""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import Connection, Cursor

from api.adapters.follower import (
    BookmarkMoved,
    Follower,
    PositionedEvent,
    bookmark_of,
    read_log,
)
from api.adapters.log_health import log_health
from api.adapters.sequencer import Sequencer, adopt_restored_log
from api.adapters.wakeups import Notifier
from log_storm import (
    Place,
    append,
    faults,
    handled,
    head_of,
    place,
    placed,
    positions_of,
    sequencer_process,
    storm,
)
from postgres import cut_off, until

STREAM = UUID(int=1)


def note(name: str, *, failing_after: int = 0) -> Callable[..., None]:
    """Return a handler that writes down what it saw, and fails now and then."""
    calls = 0

    def handle(cursor: Cursor[Any], events: Sequence[PositionedEvent]) -> None:
        nonlocal calls
        calls += 1
        cursor.executemany(
            "INSERT INTO seen (follower, position, stream, version) VALUES (%s, %s, %s, %s)",
            [(name, e.position, e.originator_id, e.originator_version) for e in events],
        )
        if failing_after and calls % failing_after == 0:
            raise ConnectionResetError

    return handle


def seen_by(connection: Connection[Any], name: str) -> list[Place]:
    return connection.execute(
        "SELECT stream, version FROM seen WHERE follower = %s ORDER BY at", (name,)
    ).fetchall()


@pytest.fixture
def notes(connection: Connection[Any]) -> None:
    connection.execute(
        "CREATE TABLE seen (at bigint GENERATED ALWAYS AS IDENTITY, follower text NOT NULL,"
        " position bigint NOT NULL, stream uuid NOT NULL, version bigint NOT NULL)"
    )


def test_followers_see_the_committed_set_once_in_order_through_a_storm(
    log: str, connection: Connection[Any], notes: None
) -> None:
    """Two sequencers compete, one more is killed, a rogue ignores the lock, all are cut off."""
    stopped = threading.Event()

    def harass() -> None:
        with psycopg.connect(log, autocommit=True) as own:
            rogue = Sequencer(log)
            rogue.begin(own)
            while not stopped.wait(0.002):
                rogue.step(own)
                if stopped.wait(0.3):
                    return
                cut_off(own, "%")

    followers = [
        Follower(log, "swift", note("swift"), batch=50),
        Follower(log, "swift", note("swift"), batch=7),
        Follower(log, "clumsy", note("clumsy", failing_after=5), batch=100),
    ]
    with ExitStack() as running, Notifier(log) as notifier:
        process = running.enter_context(sequencer_process(log))
        for thread in (Sequencer(log), Sequencer(log), *followers):
            running.enter_context(thread)
        killer = threading.Timer(0.4, process.send_signal, (signal.SIGKILL,))
        killer.start()
        trouble = threading.Thread(target=harass)
        trouble.start()
        committed = storm(log, notifier.poke)
        stopped.set()
        trouble.join()
        until(lambda: head_of(connection) == len(committed))
        for name in ("swift", "clumsy"):
            until(partial(handled, connection, name, len(committed)))

    assert positions_of(connection) == list(range(1, len(committed) + 1))
    assert faults(placed(connection), committed) == {}
    assert faults(seen_by(connection, "swift"), committed) == {}
    assert faults(seen_by(connection, "clumsy"), committed) == {}
    assert process.returncode == -signal.SIGKILL


def test_a_reader_who_remembers_the_last_number_is_caught_missing_events(
    log: str, connection: Connection[Any]
) -> None:
    stopped = threading.Event()
    saw: list[Place] = []

    def read() -> None:
        last = 0
        done = False
        while not done:
            done = stopped.wait(0.001)
            for number, stream, version in connection.execute(
                "SELECT notification_id, originator_id, originator_version FROM events"
                " WHERE notification_id > %s ORDER BY notification_id",
                (last,),
            ):
                last = number
                saw.append((stream, version))

    naive = threading.Thread(target=read)
    naive.start()
    committed = storm(log)
    stopped.set()
    naive.join()

    assert faults(saw, committed).get("missed", 0) > 0


def test_an_older_open_transaction_holds_later_events_back_until_it_ends(
    log: str, connection: Connection[Any]
) -> None:
    sequencer = Sequencer(log)
    sequencer.begin(connection)
    with psycopg.connect(log) as slow:
        append(slow, (STREAM, 1))
        append(connection, (UUID(int=2), 1))

        rest_s = sequencer.step(connection)

        assert (head_of(connection), rest_s < 0.1) == (0, True)
    place(connection, sequencer, up_to=2)
    assert placed(connection) == [(STREAM, 1), (UUID(int=2), 1)]


def test_a_stale_leader_places_nothing(log: str, connection: Connection[Any]) -> None:
    leader, stale = Sequencer(log), Sequencer(log)
    leader.begin(connection)
    stale.begin(connection)
    append(connection, (STREAM, 1), (STREAM, 2))
    place(connection, leader, up_to=2)
    append(connection, (STREAM, 3))

    stale.step(connection)
    assert head_of(connection) == 2

    place(connection, stale, up_to=3)
    assert placed(connection) == [(STREAM, 1), (STREAM, 2), (STREAM, 3)]


def test_a_follower_whose_bookmark_was_moved_keeps_nothing(
    log: str, connection: Connection[Any], notes: None
) -> None:
    append(connection, (STREAM, 1))
    sequencer = Sequencer(log)
    sequencer.begin(connection)
    place(connection, sequencer, up_to=1)
    follower = Follower(log, "two of us", note("two of us"))
    follower.begin(connection)
    connection.execute("UPDATE follower_bookmarks SET position = 1")

    with pytest.raises(BookmarkMoved):
        follower.step(connection)

    assert seen_by(connection, "two of us") == []


def test_a_batch_ends_once_it_is_large_enough(log: str, connection: Connection[Any]) -> None:
    for version in range(1, 6):
        append(connection, (STREAM, version), payload=b"x" * 1000)
    sequencer = Sequencer(log)
    sequencer.begin(connection)
    place(connection, sequencer, up_to=5)

    sizes = [
        len(read_log(connection, after=0, limit=4, max_bytes=size))
        for size in (1, 1000, 1001, 9999)
    ]

    assert sizes == [1, 1, 2, 4]


def test_a_restored_log_keeps_its_positions_and_goes_on(
    log: str, connection: Connection[Any]
) -> None:
    """A dump carries transaction numbers that the new server has not reached."""
    before = Sequencer(log)
    before.begin(connection)
    append(connection, (STREAM, 1), (STREAM, 2))
    place(connection, before, up_to=2)
    append(connection, (STREAM, 3), (STREAM, 4))
    for table in ("events", "log_positions", "log_head"):
        connection.execute(
            f"UPDATE {table} SET transaction_id ="
            " (transaction_id::text::bigint + 1000000)::text::xid8"
        )

    after = Sequencer(log)
    after.begin(connection)
    append(connection, (STREAM, 5))
    place(connection, after, up_to=5)

    assert placed(connection) == [(STREAM, version) for version in range(1, 6)]


def test_adopting_a_log_that_never_moved_changes_nothing(
    log: str, connection: Connection[Any]
) -> None:
    sequencer = Sequencer(log)
    sequencer.begin(connection)
    append(connection, (STREAM, 1), (STREAM, 2))
    place(connection, sequencer, up_to=2)
    append(connection, (STREAM, 3))

    adopt_restored_log(connection)
    adopt_restored_log(connection)

    sequencer.begin(connection)
    place(connection, sequencer, up_to=3)
    assert placed(connection) == [(STREAM, 1), (STREAM, 2), (STREAM, 3)]


def test_an_operator_sees_who_holds_the_log_up(log: str, connection: Connection[Any]) -> None:
    follower = Follower(log, "resting", note("resting"))
    follower.begin(connection)
    sequencer = Sequencer(log)
    sequencer.begin(connection)
    append(connection, (STREAM, 1), (STREAM, 2))
    place(connection, sequencer, up_to=2)
    with psycopg.connect(log) as slow:
        append(slow, (UUID(int=2), 1))
        append(connection, (STREAM, 3))
        time.sleep(0.05)

        health = log_health(connection)

    assert (health.position, health.unplaced, health.behind) == (2, 1, {"resting": 2})
    assert health.oldest_writer_s >= 0.05


def test_an_event_reaches_its_follower_at_once(log: str, connection: Connection[Any]) -> None:
    arrived = threading.Event()
    with (
        Notifier(log) as notifier,
        Sequencer(log),
        Follower(log, "waiting", lambda _cursor, _events: arrived.set()),
    ):
        until(lambda: bookmark_of(connection, "waiting") == 0 and listening(connection) == 2)
        began = time.monotonic()
        append(connection, (uuid4(), 1))
        notifier.poke()

        assert arrived.wait(5)
        assert time.monotonic() - began < 0.7  # the poll alone would take up to 2 s


def listening(connection: Connection[Any]) -> int:
    """Count the connections that rest after having asked for all there was."""
    row = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name LIKE 'refolio %' AND state = 'idle'"
        " AND (query LIKE '%FROM events%' OR query LIKE '%FROM log_positions%')"
    ).fetchone()
    assert row is not None
    return int(row[0])
