"""Build every read model anew from the log while the server goes on writing.

A row depends on one stream only. So the log is read stream by stream, as of one snapshot, and
rows go straight to fresh tables, in bounded memory. Streams that moved meanwhile are folded again,
at last with the live tables locked for a moment, and the fresh tables take their place.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from events.recorded import Recorded
from projections.read_model import ReadModel

SCHEMA: Final[LiteralString] = "rebuilding"
ROWS_A_COPY: Final = 10_000
STREAMS_LEFT_FOR_THE_LOCK: Final = 200

Progress = Callable[[int], None]
"""Told how many more events were read."""


@dataclass(frozen=True)
class LogReader:
    """How to read the log; given by who knows its table.

    `everything` yields all events that *connection* sees, stream by stream in order of version,
    without personal content. `streams` does so for the given streams. `moved_since` returns the
    streams with events that a snapshot does not see.
    """

    everything: Callable[[Connection[Any]], Iterator[Recorded]]
    streams: Callable[[Connection[Any], Sequence[UUID]], Iterator[Recorded]]
    moved_since: Callable[[Connection[Any], str], list[UUID]]


def rebuild(
    connect: Callable[[], Connection[Any]],
    models: Sequence[ReadModel[Any]],
    log: LogReader,
    *,
    progress: Progress = lambda _: None,
) -> None:
    """Replace the tables of *models* by freshly built ones; readers never see them half full.

    *connect* opens connections in autocommit mode. Only one rebuild runs at a time, a second one
    waits. Interrupted, it leaves the live tables as they were.
    """
    with closing(connect()) as writer, closing(connect()) as reader:
        writer.execute("SELECT pg_advisory_lock(hashtextextended('refolio rebuild', 0))")
        writer.execute("SET synchronous_commit = off")
        _make_fresh_tables(writer, models)
        snapshot = _first_pass(reader, writer, models, log, progress)
        for model in models:
            writer.execute(_in_fresh_schema(model.indexes))
        snapshot = _catch_up(writer, models, log, snapshot)
        with writer.transaction():
            _lock(writer, models)
            _fold_again(writer, models, log, log.moved_since(writer, snapshot))
            _swap(writer, models)


def _make_fresh_tables(writer: Connection[Any], models: Sequence[ReadModel[Any]]) -> None:
    schema = Identifier(SCHEMA)
    with writer.transaction():
        writer.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
        writer.execute(SQL("CREATE SCHEMA {}").format(schema))
        for model in models:
            writer.execute(_in_fresh_schema(model.ddl))


def _in_fresh_schema(ddl: LiteralString) -> LiteralString:
    return f"SET search_path TO {SCHEMA};\n{ddl}\nRESET search_path;"


def _first_pass(
    reader: Connection[Any],
    writer: Connection[Any],
    models: Sequence[ReadModel[Any]],
    log: LogReader,
    progress: Progress,
) -> str:
    """Fold all that one snapshot sees into the fresh tables; return that snapshot."""
    with reader.transaction():
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = reader.execute("SELECT pg_current_snapshot()::text").fetchone()
        pending: dict[str, list[Any]] = {model.table: [] for model in models}
        for facts in _by_stream(log.everything(reader)):
            for model in models:
                rows = pending[model.table]
                rows.extend(row for row in model.fold({}, facts).values() if row is not None)
                if len(rows) >= ROWS_A_COPY:
                    model.copy_into(writer, rows, schema=SCHEMA)
                    rows.clear()
            progress(len(facts))
        for model in models:
            model.copy_into(writer, pending[model.table], schema=SCHEMA)
    return snapshot[0] if snapshot else ""


def _by_stream(facts: Iterable[Recorded]) -> Iterator[list[Recorded]]:
    for _, stream in groupby(facts, key=lambda fact: fact.originator_id):
        yield list(stream)


def _catch_up(
    writer: Connection[Any], models: Sequence[ReadModel[Any]], log: LogReader, snapshot: str
) -> str:
    """Fold what moved until little is left; return the snapshot that the tables are as of."""
    while True:
        found = writer.execute("SELECT pg_current_snapshot()::text").fetchone()
        moved = log.moved_since(writer, snapshot)
        with writer.transaction():
            _fold_again(writer, models, log, moved)
        snapshot = found[0] if found else snapshot
        if len(moved) <= STREAMS_LEFT_FOR_THE_LOCK:
            return snapshot


def _fold_again(
    writer: Connection[Any],
    models: Sequence[ReadModel[Any]],
    log: LogReader,
    streams: Sequence[UUID],
) -> None:
    if not streams:
        return
    facts = list(log.streams(writer, streams))
    for model in models:
        rows = model.fold({}, facts)
        writer.execute(
            SQL("DELETE FROM {} WHERE id = ANY(%s)").format(Identifier(SCHEMA, model.table)),
            (list(rows),),
        )
        model.copy_into(writer, [row for row in rows.values() if row is not None], schema=SCHEMA)


def _lock(writer: Connection[Any], models: Sequence[ReadModel[Any]]) -> None:
    # In the order in which appends touch them, so that none of the two waits for the other.
    for model in models:
        writer.execute(
            SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(Identifier(model.table))
        )


def _swap(writer: Connection[Any], models: Sequence[ReadModel[Any]]) -> None:
    for model in models:
        writer.execute(SQL("DROP TABLE {}").format(Identifier(model.table)))
        writer.execute(
            SQL("ALTER TABLE {} SET SCHEMA public").format(Identifier(SCHEMA, model.table))
        )
    writer.execute(SQL("DROP SCHEMA {}").format(Identifier(SCHEMA)))
