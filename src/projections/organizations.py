"""The organizations and the plan each is on."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from events.membership import OrganizationDeleted, OrganizationUpdated
from events.organization import (
    OrganizationFounded,
    Plan,
    PlanChanged,
    SubscriptionChanged,
    SubscriptionStatus,
)
from events.recorded import Recorded
from projections.read_model import ReadModel

TABLE: Final = """
CREATE TABLE organizations (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    plan text NOT NULL,
    created_at timestamptz NOT NULL,
    slug text,
    deleted_at timestamptz,
    status text NOT NULL,
    period_end timestamptz,
    plan_until timestamptz,
    plan_changed_at timestamptz NOT NULL
);
"""
INDEXES: Final = """
CREATE UNIQUE INDEX organizations_slug ON organizations (slug) WHERE deleted_at IS NULL;
"""


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """One organization, deleted ones included. One that an operator founded may have no slug.

    `plan` is in force before `plan_until`, None is without end; `status` and `period_end` are
    those of what was bought, if anything was.
    """

    id: UUID
    name: str
    plan: Plan
    created_at: datetime
    slug: str | None
    deleted_at: datetime | None
    status: SubscriptionStatus
    period_end: datetime | None
    plan_until: datetime | None
    plan_changed_at: datetime


def evolve(row: OrganizationRow | None, fact: Recorded) -> OrganizationRow | None:
    """Move one row by one fact; facts of no interest leave it as it was."""
    match fact.event, row:
        case OrganizationFounded() as event, None:
            return OrganizationRow(
                id=event.originator_id,
                name=event.name,
                plan="FREE",
                created_at=event.timestamp,
                slug=None,
                deleted_at=None,
                status="active",
                period_end=None,
                plan_until=None,
                plan_changed_at=event.timestamp,
            )
        case PlanChanged() as event, OrganizationRow():
            return replace(
                row,
                plan=event.plan,
                status="active",
                period_end=None,
                plan_until=None,
                plan_changed_at=event.timestamp,
            )
        case SubscriptionChanged() as event, OrganizationRow():
            return replace(
                row,
                plan=event.plan,
                status=event.status,
                period_end=event.period_end,
                plan_until=event.in_force_until,
                plan_changed_at=event.timestamp,
            )
        case OrganizationUpdated() as event, OrganizationRow():
            return replace(row, name=event.name, slug=event.slug)
        case OrganizationDeleted() as event, OrganizationRow():
            return replace(row, deleted_at=event.timestamp)
        case _:
            return row


def _key(fact: Recorded) -> UUID | None:
    interesting = (
        OrganizationFounded
        | PlanChanged
        | SubscriptionChanged
        | OrganizationUpdated
        | OrganizationDeleted
    )
    return fact.originator_id if isinstance(fact.event, interesting) else None


ORGANIZATIONS: Final = ReadModel(
    table="organizations", ddl=TABLE, indexes=INDEXES, row=OrganizationRow, key=_key, evolve=evolve
)


_COLUMNS: Final = """
    id, name, plan, created_at, slug, deleted_at, status, period_end, plan_until, plan_changed_at
"""


def organization_with(
    connection: Connection[Any], organization_id: UUID
) -> OrganizationRow | None:
    """Return the organization of this id, unless it was deleted."""
    with connection.cursor(row_factory=class_row(OrganizationRow)) as cursor:
        return cursor.execute(
            f"SELECT {_COLUMNS} FROM organizations WHERE id = %s AND deleted_at IS NULL",
            (organization_id,),
        ).fetchone()


def slug_is_taken(connection: Connection[Any], slug: str) -> bool:
    """Tell whether an organization is shown under this slug."""
    found = connection.execute(
        "SELECT EXISTS (SELECT FROM organizations WHERE slug = %s AND deleted_at IS NULL)",
        (slug,),
    ).fetchone()
    return bool(found and found[0])


def all_organizations(connection: Connection[Any]) -> list[OrganizationRow]:
    """Return every organization of the deployment, oldest first, for its operator."""
    with connection.cursor(row_factory=class_row(OrganizationRow)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_COLUMNS}
              FROM organizations
             WHERE deleted_at IS NULL
             ORDER BY created_at, id
            """
        ).fetchall()
