"""Who is signed in, where. Sessions are no events: a row is one, and it ends with its row.

The cookie's token is kept as a digest only. What a browser told of itself is sealed.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg_pool import ConnectionPool

from api.account_views import Client, NewSession, Session
from api.adapters.accounts.digests import TOKEN_BYTES, Seal, digest_of_token
from commands.ports import NewId

TABLE: Final = """
CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    digest bytea NOT NULL UNIQUE,
    user_id uuid NOT NULL,
    active_organization_id uuid,
    remembered boolean NOT NULL,
    client bytea NOT NULL,
    created_at timestamptz NOT NULL,
    refreshed_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id, created_at);
CREATE INDEX sessions_by_end ON sessions (expires_at);
"""

IDLE: Final = timedelta(days=7)
FORGOTTEN: Final = timedelta(days=1)
"""How long a session lasts that ends with the browser, should the browser not end."""
ABSOLUTE: Final = timedelta(days=30)
REFRESHED_EVERY: Final = timedelta(hours=24)

_COLUMNS: Final = (
    "id, user_id, active_organization_id, remembered, client, created_at, refreshed_at, expires_at"
)


@dataclass(frozen=True, slots=True)
class Sessions:
    """The sessions there are. Times are given, so that all of a request agree."""

    pool: ConnectionPool[Connection[Any]]
    seal: Seal
    new_id: NewId

    def open(
        self,
        user_id: UUID,
        organization_id: UUID | None,
        client: Client,
        *,
        remembered: bool,
        now: datetime,
    ) -> NewSession:
        """Begin a session and return it with its token: the only time that it is seen."""
        token, session_id = secrets.token_urlsafe(TOKEN_BYTES), self.new_id()
        told = json.dumps([client.address, client.user_agent])
        expires_at = now + (IDLE if remembered else FORGOTTEN)
        with self.pool.connection() as connection:
            connection.execute(
                f"INSERT INTO sessions (digest, {_COLUMNS})"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                (
                    digest_of_token(token),
                    session_id,
                    user_id,
                    organization_id,
                    remembered,
                    self.seal.close(told, session_id.bytes),
                    now,
                    now,
                    expires_at,
                ),
            )
        session = Session(
            session_id, user_id, organization_id, remembered, client, now, now, expires_at
        )
        return NewSession(session, token)

    def find(self, token: str, *, now: datetime) -> tuple[Session, bool] | None:
        """Return the session of a token and whether it lasts longer from now on.

        A remembered one does once a day, up to 30 days after sign-in.
        """
        with self.pool.connection() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS} FROM sessions WHERE digest = %s AND expires_at > %s",
                (digest_of_token(token), now),
            ).fetchone()
            if row is None:
                return None
            session = self._session(row)
            until = min(now + IDLE, session.created_at + ABSOLUTE)
            idle = now - session.refreshed_at
            if not session.remembered or idle < REFRESHED_EVERY or until <= session.expires_at:
                return session, False
            connection.execute(
                "UPDATE sessions SET expires_at = %s, refreshed_at = %s WHERE id = %s",
                (until, now, session.id),
            )
        return session.lasting(until, now), True

    def of_user(self, user_id: UUID, *, now: datetime) -> list[Session]:
        """Return a user's sessions, the oldest first."""
        with self.pool.connection() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM sessions WHERE user_id = %s AND expires_at > %s"
                " ORDER BY created_at, id",
                (user_id, now),
            ).fetchall()
        return [self._session(row) for row in rows]

    def activate(self, session_id: UUID, organization_id: UUID | None) -> None:
        """Let the session act for another organization, or for none."""
        with self.pool.connection() as connection:
            connection.execute(
                "UPDATE sessions SET active_organization_id = %s WHERE id = %s",
                (organization_id, session_id),
            )

    def end(self, user_id: UUID, session_id: UUID) -> None:
        """End one of a user's sessions, if it is one."""
        with self.pool.connection() as connection:
            connection.execute(
                "DELETE FROM sessions WHERE user_id = %s AND id = %s", (user_id, session_id)
            )

    def end_all(self, user_id: UUID, *, but: UUID | None = None) -> None:
        """End a user's sessions, but for one if it is given."""
        with self.pool.connection() as connection:
            connection.execute(
                "DELETE FROM sessions WHERE user_id = %s AND id IS DISTINCT FROM %s",
                (user_id, but),
            )

    def _session(self, row: tuple[Any, ...]) -> Session:
        session_id, user_id, organization_id, remembered, sealed, *times = row
        told = json.loads(self.seal.open(sealed, session_id.bytes))
        return Session(session_id, user_id, organization_id, remembered, Client(*told), *times)
