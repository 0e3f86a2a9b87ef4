"""The organizations and the plan each is on."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from events.organization import OrganizationFounded, Plan, PlanChanged
from events.recorded import Recorded
from projections.read_model import ReadModel

TABLE: Final = """
CREATE TABLE organizations (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    plan text NOT NULL,
    created_at timestamptz NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """One organization. Times are UTC."""

    id: UUID
    name: str
    plan: Plan
    created_at: datetime


def evolve(row: OrganizationRow | None, fact: Recorded) -> OrganizationRow | None:
    """Move one row by one fact; facts of no interest leave it as it was."""
    match fact.event, row:
        case OrganizationFounded() as event, None:
            return OrganizationRow(
                id=event.originator_id, name=event.name, plan="FREE", created_at=event.timestamp
            )
        case PlanChanged() as event, OrganizationRow():
            return replace(row, plan=event.plan)
        case _:
            return row


def _key(fact: Recorded) -> UUID | None:
    interesting = (OrganizationFounded, PlanChanged)
    return fact.originator_id if isinstance(fact.event, interesting) else None


ORGANIZATIONS: Final = ReadModel(
    table="organizations", ddl=TABLE, indexes="", row=OrganizationRow, key=_key, evolve=evolve
)


def organization_with(
    connection: Connection[Any], organization_id: UUID
) -> OrganizationRow | None:
    """Return the organization of this id."""
    with connection.cursor(row_factory=class_row(OrganizationRow)) as cursor:
        return cursor.execute(
            "SELECT id, name, plan, created_at FROM organizations WHERE id = %s",
            (organization_id,),
        ).fetchone()


def all_organizations(connection: Connection[Any]) -> list[OrganizationRow]:
    """Return every organization of the deployment, oldest first, for its operator."""
    with connection.cursor(row_factory=class_row(OrganizationRow)) as cursor:
        return cursor.execute(
            "SELECT id, name, plan, created_at FROM organizations ORDER BY created_at, id"
        ).fetchall()
