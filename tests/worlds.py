"""Servers of an unusual kind, models that can be asked, and faults in the log, for any test."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from psycopg import sql

from llm_roles import honest
from llm_standin import StandIn
from server import Deployment, Tenant, deployed, state

FAULT_SAID: Final = "canary-fault-4711"
FAULT: Final = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION {said};
END $$;
CREATE TRIGGER {name} BEFORE INSERT ON events FOR EACH ROW
  WHEN (NEW.organization_id = {organization} AND NEW.topic = {topic})
  EXECUTE FUNCTION {name}();
"""


@pytest.fixture(scope="session")
def billed() -> Iterator[Deployment]:
    """Yield a server where each organization has a plan of its own."""
    with state() as home, deployed(home, billing="sandbox") as running:
        yield running


@pytest.fixture(scope="session")
def impatient() -> Iterator[Deployment]:
    """Yield a server that gives a tailoring one second."""
    with state() as home, deployed(home, tailor_timeout_s="1") as running:
        yield running


@pytest.fixture
def standin() -> Iterator[StandIn]:
    """Yield a provider of models on this machine; its model is honest until told otherwise."""
    server = StandIn(honest)
    yield server
    server.close()


def early_in_a_window(needed_s: float = 20) -> None:
    """Wait until no window of requests can end within *needed_s*."""
    left = 60 - time.time() % 60
    if left < needed_s:
        time.sleep(left + 0.1)


@contextmanager
def fault(deployment: Deployment, tenant: Tenant, topic: str) -> Iterator[None]:
    """Have the database refuse events of this topic to one organization meanwhile."""
    parts = {
        "name": sql.Identifier(f"fault_{tenant.organization_id.hex}"),
        "organization": sql.Literal(str(tenant.organization_id)),
        "topic": sql.Literal(topic),
        "said": sql.Literal(FAULT_SAID),
    }
    with deployment.core.connect() as connection:
        connection.execute(sql.SQL(FAULT).format(**parts))
        try:
            yield
        finally:
            connection.execute(sql.SQL("DROP FUNCTION {name} CASCADE").format(**parts))
