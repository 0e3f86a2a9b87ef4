"""The log on PostgreSQL, migrated and ready, with all that stands on it, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final, LiteralString

import psycopg
import pytest
from psycopg import Connection, sql
from psycopg_pool import ConnectionPool

from api.adapters.contents import ContentReader
from api.adapters.event_log import EventLog
from api.adapters.letters import LetterShelf
from api.adapters.library import ResumeLibrary
from api.adapters.log_reader import LOG
from api.adapters.migrations import migrate
from api.adapters.sequencer import Sequencer
from api.adapters.streams import EventStreams
from api.adapters.vault import Vault
from postgres import answer, fresh_database, template, until
from projections.rebuild import rebuild
from projections.schema import READ_MODELS

SRC: Final = Path(__file__).parents[1] / "src"
VAULT: Final = Vault(b"32 bytes that nobody must know..")


@dataclass
class Store:
    """A log of a test's own, and how its parts are reached. Its parts can be shared by threads."""

    dsn: str
    pool: ConnectionPool[Connection[Any]]
    vault: Vault = VAULT
    pokes: list[None] = field(default_factory=list)

    @cached_property
    def log(self) -> EventLog:
        return EventLog(self.pool)

    @cached_property
    def streams(self) -> EventStreams:
        return self.another()

    @cached_property
    def library(self) -> ResumeLibrary:
        return ResumeLibrary(self.pool, ContentReader(self.log, self.vault))

    @cached_property
    def letters(self) -> LetterShelf:
        return LetterShelf(self.pool, ContentReader(self.log, self.vault))

    def another(self) -> EventStreams:
        """Return streams as another process would have them: with a cache of their own."""
        return EventStreams(self.log, self.vault, appended=lambda: self.pokes.append(None))

    def connect(self) -> Connection[Any]:
        return connect(self.dsn)

    def rebuild(self) -> None:
        rebuild(self.connect, READ_MODELS, LOG)

    def migrate(self) -> None:
        migrate(self.connect)

    def rows(self, question: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        with self.pool.connection() as connection:
            return connection.execute(question, values).fetchall()

    def value(self, question: str) -> Any:
        """Return the first column of the first row."""
        return answer(self.dsn, question)

    def read_models(self) -> dict[str, list[bytes]]:
        """Return every row of every read model, as the database writes it down."""
        with self.pool.connection() as connection:
            return {model.table: dump(connection, model.table) for model in READ_MODELS}

    def put_in_order(self) -> None:
        """Give every event its position."""
        with self.connect() as connection:
            sequencer = Sequencer(self.dsn)
            sequencer.begin(connection)
            until(
                lambda: (
                    sequencer.step(connection) < 0
                    or connection.execute(
                        "SELECT (SELECT position FROM log_head) = (SELECT count(*) FROM events)"
                    ).fetchone()
                    == (True,)
                )
            )


def connect(dsn: str) -> Connection[Any]:
    return psycopg.connect(dsn, autocommit=True)


def dump(connection: Connection[Any], table: str) -> list[bytes]:
    """Return the rows of a table, sorted, as COPY writes them."""
    asked = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
    with connection.cursor() as cursor, cursor.copy(asked) as copy:
        return sorted(bytes(line) for block in copy for line in bytes(block).splitlines())


@contextmanager
def opened(dsn: str) -> Iterator[Store]:
    with ConnectionPool[Connection[Any]](
        dsn, min_size=1, max_size=24, kwargs={"autocommit": True}
    ) as pool:
        pool.wait()  # its threads roll dice while they connect, which Hypothesis forbids
        yield Store(dsn, pool)


def prepare(dsn: str) -> None:
    migrate(partial(connect, dsn))


@pytest.fixture
def store(postgres_server: str) -> Iterator[Store]:
    name = template(postgres_server, "migrated", prepare)
    for dsn in fresh_database(postgres_server, template=name):
        with opened(dsn) as store:
            yield store
