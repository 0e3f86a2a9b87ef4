"""The ledger as its owner reads it: every charge, and what they add up to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from events.recorded import Recorded
from events.resume import Operation, UsageCharged
from projections.read_model import ReadModel

TABLE: Final = """
CREATE TABLE usage (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    operation text NOT NULL,
    units integer NOT NULL,
    plan text NOT NULL,
    resume_id uuid NOT NULL,
    actor text NOT NULL,
    created_at timestamptz NOT NULL
);
"""
INDEXES: Final = """
CREATE INDEX usage_newest ON usage (organization_id, created_at DESC, id DESC)
    INCLUDE (operation, units);
"""


@dataclass(frozen=True, slots=True)
class UsageRow:
    """One charge; its id is the charge's. Times are UTC."""

    id: UUID
    organization_id: UUID
    operation: Operation
    units: int
    plan: str
    resume_id: UUID
    actor: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class UsageQuery:
    """Charges from `since` on and before `until`, of one operation or of all."""

    organization_id: UUID
    since: datetime
    until: datetime
    operation: str | None = None


def evolve(row: UsageRow | None, fact: Recorded) -> UsageRow | None:
    """Move one row by one fact; facts of no interest leave it as it was."""
    match fact.event:
        case UsageCharged() as event:
            return UsageRow(
                id=event.charge_id,
                organization_id=fact.origin.organization_id,
                operation=event.operation,
                units=event.units,
                plan=event.plan,
                resume_id=event.originator_id,
                actor=fact.origin.actor,
                created_at=event.timestamp,
            )
        case _:
            return row


def _key(fact: Recorded) -> UUID | None:
    return fact.event.charge_id if isinstance(fact.event, UsageCharged) else None


USAGE: Final = ReadModel(
    table="usage", ddl=TABLE, indexes=INDEXES, row=UsageRow, key=_key, evolve=evolve
)


def charges_of(
    connection: Connection[Any], query: UsageQuery, *, limit: int, offset: int
) -> list[UsageRow]:
    """Return the charges that *query* asks for, newest first."""
    with connection.cursor(row_factory=class_row(UsageRow)) as cursor:
        return cursor.execute(
            """
            SELECT id, organization_id, operation, units, plan, resume_id, actor, created_at
              FROM usage
             WHERE organization_id = %s
               AND created_at >= %s
               AND created_at < %s
               AND (%s::text IS NULL OR operation = %s)
             ORDER BY created_at DESC, id DESC
             LIMIT %s OFFSET %s
            """,
            (
                query.organization_id,
                query.since,
                query.until,
                query.operation,
                query.operation,
                limit,
                offset,
            ),
        ).fetchall()


def units_of(connection: Connection[Any], query: UsageQuery) -> dict[str, int]:
    """Return how many units *query* adds up to, by operation; an unused one is left out."""
    found = connection.execute(
        """
        SELECT operation, sum(units)::bigint
          FROM usage
         WHERE organization_id = %s
           AND created_at >= %s
           AND created_at < %s
           AND (%s::text IS NULL OR operation = %s)
         GROUP BY operation
        """,
        (query.organization_id, query.since, query.until, query.operation, query.operation),
    ).fetchall()
    return dict(found)
