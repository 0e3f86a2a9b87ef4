"""Who comes in, on which plan, and whether there is room: one question to the database.

Requests are counted in a sliding window as Upstash does it: those of this window of 60 seconds,
and those of the one before, weighted by what is left of it. The table is shared by all API
processes, so that the count is right with any number of them; it is UNLOGGED, so that after a
crash of the database counting begins anew.

The use of a key is recorded along with it, at most once a minute; otherwise its row is only read.
No request waits for that record to reach the disk.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg_pool import ConnectionPool

from api.admissions import Admission, Allowance
from commands.plans import REQUESTS_A_WINDOW
from events.organization import Plan

WINDOW_S: Final = 60
USE_RECORDED_EVERY: Final = timedelta(minutes=1)

TABLE: Final = """
CREATE UNLOGGED TABLE request_windows (
    organization_id uuid PRIMARY KEY,
    number bigint NOT NULL,
    previous integer NOT NULL,
    current integer NOT NULL,
    quota integer NOT NULL,
    taken boolean NOT NULL
);
"""

_ADMIT: Final = """
WITH holder AS (
    SELECT k.id, k.organization_id, k.owner_id, k.scopes, coalesce(
               %(plan)s, CASE WHEN o.plan_until <= %(now)s THEN 'FREE' ELSE o.plan END) AS plan
      FROM api_keys k
      JOIN organizations o ON o.id = k.organization_id
     WHERE k.digest = %(digest)s
       AND k.revoked_at IS NULL
       AND k.enabled
       AND (k.expires_at IS NULL OR k.expires_at > %(now)s)
), use AS (
    INSERT INTO key_uses AS u (key_id, last_used)
    SELECT id, %(now)s
      FROM holder
     WHERE NOT EXISTS (
           SELECT FROM key_uses WHERE key_id = holder.id AND last_used > %(recent)s)
        ON CONFLICT (key_id) DO UPDATE
       SET last_used = excluded.last_used
     WHERE u.last_used <= %(recent)s
    RETURNING set_config('synchronous_commit', 'off', true)
), room AS (
    INSERT INTO request_windows AS w (organization_id, number, previous, current, quota, taken)
    SELECT organization_id, %(number)s, 0, 1, (%(quotas)s::jsonb ->> plan)::integer, true
      FROM holder
     WHERE %(limited)s
        ON CONFLICT (organization_id) DO UPDATE
       SET (number, previous, current, quota, taken) = (
           SELECT greatest(w.number, excluded.number), now.previous,
                  now.current + (now.used < excluded.quota)::integer, excluded.quota,
                  now.used < excluded.quota
             FROM (SELECT moved.previous, moved.current,
                          floor(moved.previous * %(weight)s::float8) + moved.current AS used
                     FROM (SELECT CASE WHEN excluded.number <= w.number THEN w.previous
                                       WHEN excluded.number = w.number + 1 THEN w.current
                                       ELSE 0 END AS previous,
                                  CASE WHEN excluded.number <= w.number THEN w.current
                                       ELSE 0 END AS current) moved) now)
    RETURNING previous, current, quota, taken
)
SELECT holder.id, organization_id, owner_id, scopes, plan, previous, current, quota, taken
  FROM holder LEFT JOIN room ON true
"""

_OPEN: Final = """
SELECT EXISTS (
    SELECT FROM api_keys
     WHERE id = %s
       AND revoked_at IS NULL
       AND enabled
       AND (expires_at IS NULL OR expires_at > %s))
"""

_GIVE_BACK: Final = """
UPDATE request_windows
   SET current = current - 1
 WHERE organization_id = %s
   AND number = %s
   AND current > 0
"""


class Doorkeeper:
    """Admits the holders of keys.

    *plan* is everyone's where nobody is billed; None asks for each organization's own. With
    *limited* off requests are not counted.
    """

    def __init__(
        self, pool: ConnectionPool[Connection[Any]], *, plan: Plan | None, limited: bool
    ) -> None:
        self._pool = pool
        self._plan = plan
        self._limited = limited

    def admit(self, digest: str, now: datetime) -> Admission | None:
        """Return who holds the key of this digest, having counted the request; None for nobody."""
        number, into = divmod(now.timestamp(), WINDOW_S)
        values = {
            "digest": digest,
            "now": now,
            "recent": now - USE_RECORDED_EVERY,
            "plan": self._plan,
            "limited": self._limited,
            "number": int(number),
            "weight": 1 - into / WINDOW_S,
            "quotas": _QUOTAS,
        }
        with self._pool.connection() as connection:
            found = connection.execute(_ADMIT, values).fetchone()
        if found is None:
            return None
        key_id, organization_id, owner_id, scopes, plan, previous, current, quota, taken = found
        allowance = None
        if quota is not None:
            used = int(previous * (1 - into / WINDOW_S)) + current
            allowance = Allowance(
                quota=quota,
                left=max(0, quota - used),
                resets_at=(int(number) + 1) * WINDOW_S,
                retry_after_s=0 if taken else _wait_s(previous, current, quota, into),
            )
        return Admission(key_id, organization_id, owner_id, frozenset(scopes), plan, allowance)

    def is_open(self, key_id: UUID, now: datetime) -> bool:
        """Tell whether a key still opens its organization."""
        with self._pool.connection() as connection:
            found = connection.execute(_OPEN, (key_id, now)).fetchone()
        return bool(found and found[0])

    def give_back(self, organization_id: UUID, allowance: Allowance) -> None:
        """Take back the count of a request that was answered with nothing new."""
        number = allowance.resets_at // WINDOW_S - 1
        with self._pool.connection() as connection:
            connection.execute(_GIVE_BACK, (organization_id, number))


_QUOTAS: Final = "{" + ", ".join(f'"{p}": {n}' for p, n in REQUESTS_A_WINDOW.items()) + "}"


def _wait_s(previous: int, current: int, quota: int, into: float) -> int:
    """Return after how many whole seconds there is room again, 1 at least.

    A window's count weighs less the longer it is past; there is room once what it weighs falls
    below what is left, so just after that moment.
    """
    if current < quota:
        room_at = WINDOW_S * (previous + current - quota) / previous
    else:
        room_at = WINDOW_S * (2 * current - quota) / current
    return max(1, int(room_at - into) + 1)
