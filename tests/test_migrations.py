"""A database is brought to today's shape: from nothing, from an older one, by many at once."""

import subprocess
import sys
from typing import Final, LiteralString

import pytest

from api.adapters import migrations
from events.resume import MasterChosen
from projections.schema import READ_MODELS
from real_log import SRC, Store, opened, prepare
from stories import BY_ACME, at, founded, ready

MIGRATE: Final = """
import sys
from functools import partial
import psycopg
from api.adapters.migrations import migrate
connect = partial(psycopg.connect, sys.argv[1], autocommit=True)
sys.stdin.read(1)
migrate(connect)
with connect() as connection:
    tables = "SELECT oid FROM pg_class WHERE relname IN ('resumes', 'usage', 'events') ORDER BY 1"
    print([oid for (oid,) in connection.execute(tables)])
"""

OLDER: Final[tuple[LiteralString, ...]] = (
    "ALTER TABLE usage DROP COLUMN plan; UPDATE read_models SET shape = '' WHERE name = 'usage'",
    "ALTER TABLE resumes ADD COLUMN old integer; UPDATE read_models SET shape = ''",
    "DROP TABLE generations; DELETE FROM read_models WHERE name = 'generations'",
    "DROP INDEX usage_newest; UPDATE read_models SET shape = '' WHERE name = 'usage'",
    "TRUNCATE resumes; DELETE FROM read_models",
)


@pytest.fixture
def told(store: Store) -> Store:
    store.streams.append(founded(), BY_ACME)
    store.streams.append([*ready(), MasterChosen(**at(6))], BY_ACME)
    return store


def oids(store: Store) -> list[tuple[object, ...]]:
    return store.rows("SELECT relname, oid FROM pg_class WHERE relnamespace = 2200 ORDER BY 1")


def migrate_in_processes(dsn: str, number: int) -> set[bytes]:
    """Start *number* processes that migrate at once; return what they found."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATE, dsn],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PYTHONPATH": str(SRC)},
        )
        for _ in range(number)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b".")
        process.stdin.flush()
    said = {process.communicate()[0] for process in processes}
    assert [process.returncode for process in processes] == [0] * number
    return said


def test_an_empty_database_gets_everything(database: str) -> None:
    prepare(database)

    with opened(database) as store:
        applied = store.rows("SELECT name FROM migrations ORDER BY name")
        shapes = dict(store.rows("SELECT name, shape FROM read_models"))
        assert [name for (name,) in applied] == sorted(migrations.STEPS)
        assert shapes == {model.table: model.shape for model in READ_MODELS}
        store.streams.append(ready(), BY_ACME)


def test_a_database_of_today_is_left_alone(told: Store) -> None:
    before = oids(told)

    told.migrate()

    assert oids(told) == before


@pytest.mark.parametrize("older", OLDER)
def test_a_read_model_of_another_shape_is_built_anew(told: Store, older: LiteralString) -> None:
    live = told.read_models()
    with told.connect() as connection:
        connection.execute(older)

    told.migrate()

    assert told.read_models() == live
    shapes = dict(told.rows("SELECT name, shape FROM read_models"))
    assert shapes == {model.table: model.shape for model in READ_MODELS}


def test_the_operator_hears_of_the_events_that_are_read(told: Store) -> None:
    heard: list[int] = []
    with told.connect() as connection:
        connection.execute("DELETE FROM read_models")

    migrations.migrate(told.connect, progress=heard.append)
    migrations.migrate(told.connect, progress=heard.append)

    assert sum(heard) == told.value("SELECT count(*) FROM events")


def test_a_step_that_fails_leaves_nothing_of_itself(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = {**migrations.STEPS, "0003 broken": lambda: "CREATE TABLE half (); SELECT 1 / 0;"}
    monkeypatch.setattr(migrations, "STEPS", broken)
    with opened(database) as store:
        with pytest.raises(Exception, match="division by zero"):
            store.migrate()
        assert oids(store) == []
        monkeypatch.undo()
        store.migrate()
        assert store.value("SELECT count(*) FROM migrations") == len(migrations.STEPS)


def test_eight_processes_bring_up_one_database(database: str) -> None:
    assert len(migrate_in_processes(database, 8)) == 1

    with opened(database) as store:
        assert store.value("SELECT count(*) FROM log_head") == 1
        store.streams.append(ready(), BY_ACME)


def test_four_processes_build_an_older_read_model_once(told: Store) -> None:
    live = told.read_models()
    with told.connect() as connection:
        connection.execute(OLDER[0])

    assert len(migrate_in_processes(told.dsn, 4)) == 1
    assert told.read_models() == live
