"""Removes what has ended by itself: sessions, tokens, counted tries."""

from typing import Any, Final

from psycopg import Connection
from psycopg_pool import ConnectionPool

ENDED: Final = (
    "DELETE FROM sessions WHERE expires_at < now()",
    "DELETE FROM account_tokens WHERE expires_at < now()",
    "DELETE FROM account_tries WHERE free_at < now() - interval '2 hours'",
)


def sweep_accounts(pool: ConnectionPool[Connection[Any]]) -> None:
    """Remove them. Any number of workers may do so at once."""
    with pool.connection() as connection:
        for statement in ENDED:
            connection.execute(statement)
