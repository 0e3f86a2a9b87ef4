"""A real PostgreSQL for tests: one server a run, a database a test."""

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import Connection, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from api.adapters.embedded_postgres import EmbeddedPostgres
from api.adapters.postgres_processes import processes_in

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""What a database may do that nobody will miss."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Yield how to reach a server that all workers of this run share."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
    root = Path(tempfile.gettempdir()) / f"refolio-tests-{run}"
    server = EmbeddedPostgres(root, settings=FAST)
    yield server.start()
    if server.stop():
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def database(postgres_server: str) -> Iterator[str]:
    """Yield how to reach an empty database of this test's own."""
    yield from fresh_database(postgres_server)


def fresh_database(server: str, *, template: str = "template0") -> Iterator[str]:
    """Clone *template* for as long as the iterator is held."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    yield make_conninfo(server, dbname=name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def template(server: str, name: str, build: Callable[[str], object]) -> str:
    """Return the database *name* to clone from; the first to ask has *build* fill it.

    *build* is given how to reach it and must leave no connection open.
    """
    lock = Path(str(conninfo_to_dict(server)["host"])) / "templates.lock"
    with lock.open("a") as held, psycopg.connect(server, autocommit=True) as connection:
        fcntl.flock(held, fcntl.LOCK_EX)
        known = connection.execute("SELECT FROM pg_database WHERE datname = %s", (name,))
        if known.rowcount == 0:
            fresh = f"{name}_new"
            for statement in ("DROP DATABASE IF EXISTS {}", "CREATE DATABASE {}"):
                connection.execute(sql.SQL(statement).format(sql.Identifier(fresh)))
            build(make_conninfo(server, dbname=fresh))
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(fresh), sql.Identifier(name)
                )
            )
    return name


def until(true: Callable[[], object], timeout_s: float = 15.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.01)


def cut_off(connection: Connection[Any], whom: str) -> None:
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name LIKE %s",
        (f"refolio {whom}",),
    )


@pytest.fixture(scope="session")
def made_once() -> Iterator[Path]:
    """Yield a data folder that was initialised and left properly."""
    root = Path(tempfile.mkdtemp(prefix="refolio-made-"))
    with EmbeddedPostgres(root):
        pass
    yield root
    shutil.rmtree(root)


@pytest.fixture
def empty_root() -> Iterator[Path]:
    """Yield a place for a server, and leave nothing of it behind."""
    root = Path(tempfile.mkdtemp(prefix="refolio-"))
    yield root
    for process in processes_in(root / "data"):
        process.kill()
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def server_root(made_once: Path, empty_root: Path) -> Path:
    """Return a place where a server has run before, and runs no more."""
    subprocess.run(["cp", "-a", f"{made_once}/.", empty_root], check=True)
    return empty_root


def answer(dsn: str, question: str) -> object:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(question).fetchone()
        return row[0] if row else None
