"""Bring a database to the shape that this program works with.

The log is migrated by steps; a released step is never changed, a change gets a step of its own.
Read models are not migrated: one whose table definition changed is built anew from the log.
"""

from collections.abc import Callable
from typing import Any, Final

from procrastinate.schema import SchemaManager
from psycopg import Connection

from api.adapters import (
    admission,
    documents,
    event_log,
    files,
    key_uses,
    operations,
    sequencer,
    vault,
)
from api.adapters.accounts import sessions, throttle, tokens
from api.adapters.log_reader import LOG
from api.adapters.webhooks import deliveries
from projections.read_model import ReadModel
from projections.rebuild import Progress, rebuild
from projections.schema import READ_MODELS

BOOKKEEPING: Final = """
CREATE TABLE IF NOT EXISTS migrations (
    name text PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS read_models (
    name text PRIMARY KEY,
    shape text NOT NULL
);
"""

STEPS: Final[dict[str, Callable[[], str]]] = {
    "0001 log": lambda: event_log.TABLE + vault.TABLE + sequencer.SCHEMA + documents.TABLE,
    "0002 queue": SchemaManager.get_schema,
    "0003 accounts": lambda: sessions.TABLE + tokens.TABLE + throttle.TABLE,
    "0004 request windows": lambda: admission.TABLE,
    "0005 key uses": lambda: key_uses.TABLE,
    "0006 operations": lambda: operations.TABLE,
    "0007 webhook deliveries": lambda: deliveries.TABLE,
    "0008 notes of operations": lambda: operations.NOTES,
    "0009 files": lambda: files.TABLE,
}


def migrate(
    connect: Callable[[], Connection[Any]], *, progress: Progress = lambda _: None
) -> None:
    """Apply the steps that are missing; make or rebuild read models whose shape changed.

    *connect* opens connections in autocommit mode. Safe to call by any number of processes at
    once: one does the work, the others wait for it and find it done. A step is done wholly or not
    at all.
    """
    with connect() as connection:
        # Until the connection closes, so that whoever waits finds the read models built, too.
        connection.execute("SELECT pg_advisory_lock(hashtextextended('migrate', 0))")
        with connection.transaction():
            connection.execute(BOOKKEEPING)
            _apply_steps(connection)
            outdated = _outdated(connection)
            made = [model for model in outdated if not _exists(connection, model)]
            for model in made:
                connection.execute(model.ddl + model.indexes)
            empty = connection.execute("SELECT NOT EXISTS (SELECT FROM events)").fetchone()
        if len(made) < len(outdated) or (outdated and not (empty and empty[0])):
            rebuild(connect, READ_MODELS, LOG, progress=progress)
        _remember(connection, outdated)


def _apply_steps(connection: Connection[Any]) -> None:
    found = connection.execute("SELECT name FROM migrations").fetchall()
    applied = {name for (name,) in found}
    for name, step in STEPS.items():
        if name not in applied:
            connection.execute(step())
            connection.execute("INSERT INTO migrations (name) VALUES (%s)", (name,))


def _outdated(connection: Connection[Any]) -> list[ReadModel[Any]]:
    found = dict(connection.execute("SELECT name, shape FROM read_models").fetchall())
    return [model for model in READ_MODELS if found.get(model.table) != model.shape]


def _exists(connection: Connection[Any], model: ReadModel[Any]) -> bool:
    found = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (model.table,)).fetchone()
    return bool(found and found[0])


def _remember(connection: Connection[Any], models: list[ReadModel[Any]]) -> None:
    for model in models:
        connection.execute(
            "INSERT INTO read_models (name, shape) VALUES (%s, %s)"
            " ON CONFLICT (name) DO UPDATE SET shape = excluded.shape",
            (model.table, model.shape),
        )
