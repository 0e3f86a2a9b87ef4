"""The reading side of usage and plans."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg_pool import ConnectionPool

from commands.plans import plan_in_force
from commands.ports import Clock
from events.organization import Plan
from projections import usage
from projections.organizations import organization_with
from projections.usage import UsageQuery, UsageRow


class UsageLedger:
    """Answers what an organization asks about its usage."""

    def __init__(self, pool: ConnectionPool[Connection[Any]]) -> None:
        self._pool = pool

    def charges(self, query: UsageQuery, *, limit: int, offset: int) -> Sequence[UsageRow]:
        """Return charges, newest first."""
        with self._pool.connection() as connection:
            return usage.charges_of(connection, query, limit=limit, offset=offset)

    def units(self, query: UsageQuery) -> dict[str, int]:
        """Return units by operation."""
        with self._pool.connection() as connection:
            return usage.units_of(connection, query)


class EveryoneOnEnterprise:
    """The plans of a deployment that bills nobody: all that there is, for everyone."""

    def plan_of(self, organization_id: UUID) -> Plan:  # noqa: ARG002 every organization alike
        """Return ENTERPRISE."""
        return "ENTERPRISE"


class StoredPlans:
    """The plans of a deployment that bills: each organization's own, until it ends."""

    def __init__(self, pool: ConnectionPool[Connection[Any]], clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    def plan_of(self, organization_id: UUID) -> Plan:
        """Return the organization's plan that is in force now, FREE where there is none."""
        with self._pool.connection() as connection:
            row = organization_with(connection, organization_id)
        return plan_in_force(row.plan, row.plan_until, self._clock()) if row else "FREE"
