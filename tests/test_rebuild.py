"""Read models are a function of the log: built anew, they are the same to the byte."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from psycopg import Connection

from api.adapters.log_reader import LOG
from events.base import Event
from events.recorded import Origin
from events.resume import MasterChosen
from histories import Step, World, steps, take
from projections.rebuild import rebuild
from projections.schema import READ_MODELS
from real_log import Store
from stories import (
    BY_ACME,
    OTHER,
    RESULT,
    RESUME,
    at,
    deleted,
    founded,
    proposed,
    ready,
    requested,
    titled,
)

NEW = UUID(int=0x4E3)


@pytest.fixture
def told(store: Store) -> Store:
    """Return a log in which a little of everything happened."""
    store.streams.append(founded(), BY_ACME)
    store.streams.append([*ready(), MasterChosen(**at(6))], BY_ACME)
    store.streams.append([*ready(OTHER), *deleted(6, OTHER)], BY_ACME)
    store.streams.append([*requested(), *proposed()], BY_ACME)
    return store


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps(24))
def test_rows_built_anew_are_the_rows_that_were_there(store: Store, taken: list[Step]) -> None:
    world = World(store.streams, store.library, store.letters, Origin(uuid4(), "random"))
    world.found()
    for step in taken:
        take(world, step)
    live = store.read_models()

    store.rebuild()

    assert store.read_models() == live


def test_batches_of_any_size_make_the_same_rows(
    told: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = told.read_models()
    monkeypatch.setattr("projections.rebuild.ROWS_A_COPY", 1)
    monkeypatch.setattr("api.adapters.log_reader.ROWS_A_FETCH", 2)

    told.rebuild()

    assert told.read_models() == live


def test_what_was_changed_behind_the_logs_back_is_put_right(told: Store) -> None:
    live = told.read_models()
    with told.connect() as connection:
        connection.execute("UPDATE resumes SET status = 'FAILED', version = 1")
        connection.execute("DELETE FROM usage")

    told.rebuild()

    assert told.read_models() == live


def test_nothing_of_the_work_is_left_behind(told: Store) -> None:
    told.rebuild()

    assert told.value("SELECT count(*) FROM pg_namespace WHERE nspname = 'rebuilding'") == 0
    assert told.value("SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'") == (
        told.value("SELECT count(DISTINCT indexname) FROM pg_indexes WHERE schemaname = 'public'")
    )


def test_indexes_and_their_rules_are_built_anew_too(told: Store) -> None:
    asked = (
        "SELECT string_agg(indexdef, ';' ORDER BY indexname) FROM pg_indexes WHERE tablename = "
    )
    tables = [model.table for model in READ_MODELS]
    before = [told.value(f"{asked} '{table}'") for table in tables]

    told.rebuild()

    assert [told.value(f"{asked} '{table}'") for table in tables] == before
    assert all(before)


def test_progress_counts_every_event_once(told: Store) -> None:
    seen: list[int] = []

    rebuild(told.connect, READ_MODELS, LOG, progress=seen.append)

    assert sum(seen) == told.value("SELECT count(*) FROM events")


def test_what_moves_while_the_log_is_read_is_folded_again(
    told: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some after the first pass began, some while it is caught up with; old streams and new."""
    monkeypatch.setattr("projections.rebuild.STREAMS_LEFT_FOR_THE_LOCK", 0)
    first_pass = [titled(7), ready(NEW)]
    later: list[list[Event]] = [titled(8), deleted(6, NEW), ready(UUID(int=77)), []]

    def progress(_: int) -> None:
        while first_pass:
            told.streams.append(first_pass.pop(), BY_ACME)

    def moved_since(connection: Connection[Any], snapshot: str) -> list[UUID]:
        moved = LOG.moved_since(connection, snapshot)
        if later and (events := later.pop(0)):
            told.streams.append(events, BY_ACME)
        return moved

    rebuild(told.connect, READ_MODELS, replace(LOG, moved_since=moved_since), progress=progress)
    rebuilt = told.read_models()
    told.rebuild()

    assert later == []
    assert told.read_models() == rebuilt
    assert told.rows("SELECT version FROM resumes WHERE id = %s", RESUME) == [(8,)]
    assert told.rows("SELECT FROM resumes WHERE id = %s", NEW) == []


def test_a_log_out_of_a_dump_has_not_moved(told: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its events name transactions that this server has not reached."""
    monkeypatch.setattr("projections.rebuild.STREAMS_LEFT_FOR_THE_LOCK", 0)
    live = told.read_models()
    with told.connect() as connection:
        connection.execute(
            "UPDATE events SET transaction_id = (transaction_id::text::bigint + 9999)::text::xid8"
        )
    rounds = iter(range(20))

    def moved_since(connection: Connection[Any], snapshot: str) -> list[UUID]:
        next(rounds)
        return LOG.moved_since(connection, snapshot)

    rebuild(told.connect, READ_MODELS, replace(LOG, moved_since=moved_since))

    assert told.read_models() == live


@contextmanager
def writers(store: Store, number: int) -> Iterator[list[BaseException]]:
    """Let threads write all sorts of things; yield what went wrong with any of them."""
    stopped, trouble = threading.Event(), list[BaseException]()

    def write(seed: int) -> None:
        world = World(
            store.another(), store.library, store.letters, Origin(UUID(int=10**6 + seed), "writer")
        )
        world.found()
        acts = [World.upload, World.parse, World.edit, World.ask, World.tailor, World.export]
        turn = seed
        try:
            while not stopped.is_set():
                turn += 1
                take(world, (acts[turn % len(acts)], turn * 7, f"{seed}"))
                if turn % 40 == 0:
                    take(world, (World.delete, turn, ""))
        except BaseException as error:  # noqa: BLE001 whatever it is, the test shall see it
            trouble.append(error)

    threads = [threading.Thread(target=write, args=(seed,)) for seed in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield trouble
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


@contextmanager
def reader(store: Store) -> Iterator[list[int]]:
    """Count the charges again and again; yield the counts."""
    stopped, counts = threading.Event(), list[int]()

    def read() -> None:
        with store.connect() as connection:
            while not stopped.is_set():
                row = connection.execute("SELECT count(*) FROM usage").fetchone()
                counts.append(row[0] if row else -1)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield counts
    finally:
        stopped.set()
        thread.join()


def test_a_rebuild_disturbs_nobody(told: Store) -> None:
    """Writers never fail, readers never see fewer rows than before, no row is lost or doubled."""
    with writers(told, 8) as trouble, reader(told) as counts:
        for _ in range(3):
            time.sleep(0.2)
            told.rebuild()
    live = told.read_models()
    told.rebuild()

    assert trouble == []
    assert counts == sorted(counts)
    assert (counts[0] > 0, counts[-1] > counts[0] + 10) == (True, True)
    assert told.read_models() == live


def test_two_rebuilds_at_once_take_turns(told: Store) -> None:
    live = told.read_models()
    threads = [threading.Thread(target=told.rebuild) for _ in range(3)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert told.read_models() == live
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (%s)"
    here = "SELECT oid FROM pg_database WHERE datname = current_database()"
    assert told.value(held % here) == 0


@pytest.mark.parametrize("moment", [1, 2, 3])
def test_an_interrupted_rebuild_leaves_the_rows_as_they_were(told: Store, moment: int) -> None:
    """Cut off while reading the log, while catching up, and with the live tables locked."""
    live = told.read_models()
    opened: list[Connection[Any]] = []
    moments = iter([1, 2, 3])

    def connect() -> Connection[Any]:
        opened.append(told.connect())
        return opened[-1]

    def cut_off_now_and_then() -> None:
        if next(moments) == moment:
            writer = opened[0].info.backend_pid
            told.rows("SELECT pg_terminate_backend(%s)", writer)

    def progress(_: int) -> None:
        if next(first_time, False):
            cut_off_now_and_then()

    def moved_since(connection: Connection[Any], snapshot: str) -> list[UUID]:
        cut_off_now_and_then()
        return LOG.moved_since(connection, snapshot)

    first_time = iter([True])
    log = replace(LOG, moved_since=moved_since)
    with pytest.raises(psycopg.OperationalError):
        rebuild(connect, READ_MODELS, log, progress=progress)

    assert told.read_models() == live
    told.streams.append(titled(7), BY_ACME)
    live = told.read_models()
    told.rebuild()
    assert told.read_models() == live
    assert told.rows("SELECT FROM resumes WHERE id = %s", RESULT)
