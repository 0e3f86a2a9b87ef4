"""Tokens that are good for a while: in mailed links, between two steps of a sign-in, for a device.

A row is a token, kept as a digest; it is good once unless it is only looked at.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg_pool import ConnectionPool

from api.account_views import TokenPurpose
from api.adapters.accounts.digests import TOKEN_BYTES, digest_of_token

TABLE: Final = """
CREATE TABLE account_tokens (
    digest bytea PRIMARY KEY,
    purpose text NOT NULL,
    user_id uuid NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX account_tokens_of_user ON account_tokens (user_id);
CREATE INDEX account_tokens_by_end ON account_tokens (expires_at);
CREATE TABLE totp_steps (
    user_id uuid PRIMARY KEY,
    step bigint NOT NULL
);
"""

LASTS: Final[dict[TokenPurpose, timedelta]] = {
    "verify-email": timedelta(hours=24),
    "reset-password": timedelta(hours=1),
    "magic-link": timedelta(minutes=5),
    "second-factor": timedelta(minutes=10),
    "trusted-device": timedelta(days=30),
}


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens there are. Times are given, so that all of a request agree."""

    pool: ConnectionPool[Connection[Any]]

    def make(self, purpose: TokenPurpose, user_id: UUID, *, now: datetime) -> str:
        """Return a new token: the only time that it is seen."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        with self.pool.connection() as connection:
            connection.execute(
                "INSERT INTO account_tokens (digest, purpose, user_id, expires_at)"
                " VALUES (%s, %s, %s, %s)",
                (digest_of_token(token), purpose, user_id, now + LASTS[purpose]),
            )
        return token

    def look(self, purpose: TokenPurpose, token: str, *, now: datetime) -> UUID | None:
        """Return whose token it is, if it is good; it stays good."""
        with self.pool.connection() as connection:
            found = connection.execute(
                "SELECT user_id FROM account_tokens"
                " WHERE digest = %s AND purpose = %s AND expires_at > %s",
                (digest_of_token(token), purpose, now),
            ).fetchone()
        return found[0] if found else None

    def take(self, purpose: TokenPurpose, token: str, *, now: datetime) -> UUID | None:
        """Return whose token it was, if it was good; of any number of callers one is told."""
        with self.pool.connection() as connection:
            found = connection.execute(
                "DELETE FROM account_tokens"
                " WHERE digest = %s AND purpose = %s AND expires_at > %s RETURNING user_id",
                (digest_of_token(token), purpose, now),
            ).fetchone()
        return found[0] if found else None

    def drop(self, user_id: UUID) -> None:
        """Make every token of a user's bad: links, half sign-ins and trusted devices."""
        with self.pool.connection() as connection:
            connection.execute("DELETE FROM account_tokens WHERE user_id = %s", (user_id,))

    def take_step(self, user_id: UUID, step: int) -> bool:
        """Tell whether a time step's code is used now for the first time, and none later was."""
        with self.pool.connection() as connection:
            found = connection.execute(
                "INSERT INTO totp_steps (user_id, step) VALUES (%s, %s)"
                " ON CONFLICT (user_id) DO UPDATE SET step = excluded.step"
                " WHERE totp_steps.step < excluded.step RETURNING user_id",
                (user_id, step),
            ).fetchone()
        return found is not None

    def forget_steps(self, user_id: UUID) -> None:
        """Forget which code was used last: there is another secret, or no user."""
        with self.pool.connection() as connection:
            connection.execute("DELETE FROM totp_steps WHERE user_id = %s", (user_id,))
