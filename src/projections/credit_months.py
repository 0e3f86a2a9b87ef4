"""The months of organizations' credits: what was granted, and what became of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from events.credits import (
    CreditEvent,
    CreditReleased,
    CreditReserved,
    CreditsExpired,
    CreditsGranted,
    CreditsWithdrawn,
    CreditTaken,
)
from events.recorded import Recorded
from projections.read_model import ReadModel

TABLE: Final = """
CREATE TABLE credit_months (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    granted integer NOT NULL,
    reserved integer NOT NULL,
    taken integer NOT NULL,
    expired integer NOT NULL,
    CHECK (reserved >= 0 AND granted - reserved - taken - expired >= 0)
);
"""
INDEXES: Final = """
CREATE INDEX credit_months_newest ON credit_months (organization_id, starts_at DESC);
CREATE INDEX credit_months_unended ON credit_months (ends_at)
 WHERE granted - reserved - taken - expired > 0;
"""


@dataclass(frozen=True, slots=True)
class CreditMonthRow:
    """One month, from `starts_at` on and before `ends_at`; `granted` less what was withdrawn."""

    id: UUID
    organization_id: UUID
    starts_at: datetime
    ends_at: datetime
    granted: int
    reserved: int
    taken: int
    expired: int


def evolve(row: CreditMonthRow | None, fact: Recorded) -> CreditMonthRow | None:
    """Move one row by one fact; facts of no interest leave it as it was."""
    match fact.event, row:
        case CreditsGranted() as event, None:
            return CreditMonthRow(
                id=event.originator_id,
                organization_id=fact.origin.organization_id,
                starts_at=event.starts_at,
                ends_at=event.ends_at,
                granted=event.amount,
                reserved=0,
                taken=0,
                expired=0,
            )
        case CreditsGranted() as event, CreditMonthRow():
            return replace(row, granted=row.granted + event.amount)
        case CreditsWithdrawn() as event, CreditMonthRow():
            return replace(row, granted=row.granted - event.amount)
        case CreditReserved(), CreditMonthRow():
            return replace(row, reserved=row.reserved + 1)
        case CreditTaken(), CreditMonthRow():
            return replace(row, reserved=row.reserved - 1, taken=row.taken + 1)
        case CreditReleased(), CreditMonthRow():
            return replace(row, reserved=row.reserved - 1)
        case CreditsExpired() as event, CreditMonthRow():
            return replace(row, expired=row.expired + event.amount)
        case _:
            return row


def _key(fact: Recorded) -> UUID | None:
    return fact.originator_id if isinstance(fact.event, CreditEvent) else None


CREDIT_MONTHS: Final = ReadModel(
    table="credit_months", ddl=TABLE, indexes=INDEXES, row=CreditMonthRow, key=_key, evolve=evolve
)

_COLUMNS: Final = "id, organization_id, starts_at, ends_at, granted, reserved, taken, expired"


def months_of(
    connection: Connection[Any], organization_id: UUID, *, limit: int
) -> list[CreditMonthRow]:
    """Return the organization's months that anything was granted for, newest first."""
    with connection.cursor(row_factory=class_row(CreditMonthRow)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_COLUMNS}
              FROM credit_months
             WHERE organization_id = %s
             ORDER BY starts_at DESC
             LIMIT %s
            """,
            (organization_id, limit),
        ).fetchall()


def ended_with_credits(
    connection: Connection[Any], now: datetime, *, limit: int
) -> list[tuple[UUID, list[UUID]]]:
    """Return organizations with the months of theirs that ended with credits nobody used."""
    return connection.execute(
        """
        SELECT organization_id, array_agg(id)
          FROM (SELECT organization_id, id
                  FROM credit_months
                 WHERE granted - reserved - taken - expired > 0
                   AND ends_at <= %s
                 ORDER BY ends_at
                 LIMIT %s) ended
         GROUP BY organization_id
        """,
        (now, limit),
    ).fetchall()


def without_a_month(connection: Connection[Any], now: datetime, *, limit: int) -> list[UUID]:
    """Return organizations whose last month has ended: they are due another."""
    found = connection.execute(
        """
        SELECT o.id
          FROM organizations o
         CROSS JOIN LATERAL (SELECT ends_at
                               FROM credit_months
                              WHERE organization_id = o.id
                              ORDER BY starts_at DESC
                              LIMIT 1) last
         WHERE o.deleted_at IS NULL
           AND last.ends_at <= %s
         LIMIT %s
        """,
        (now, limit),
    ).fetchall()
    return [organization_id for (organization_id,) in found]
