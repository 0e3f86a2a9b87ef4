"""What was used, and the charges it adds up from."""

from datetime import datetime, timedelta
from typing import Annotated, Final, get_args

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BeforeValidator

from api.http.envelope import Data
from api.http.guard import SCHEMES, KeyHolder, KeyRoute, Running, needs
from api.http.models import Usage, UsageRecord
from api.http.params import Page
from api.http.problems import REFUSED
from api.ids import to_wire
from events.resume import Operation
from projections.usage import UsageQuery

router = APIRouter(
    prefix="/api/v1/usage",
    tags=["Usage"],
    route_class=KeyRoute,
    dependencies=SCHEMES,
    responses=REFUSED,
)

ALWAYS_SUMMED: Final = ("tailor", "parse", "pdf_export", "cover_letter")

Wanted = Annotated[
    Operation | None,
    BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value),
    Query(description=f"One of {', '.join(get_args(Operation))}"),
]


def _written_out(value: object) -> object:
    if isinstance(value, str) and value.replace(".", "", 1).lstrip("-").isdecimal():
        raise ValueError("must be a date and time with its offset, as RFC 3339 has it")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out)]


@router.get("", openapi_extra=needs("read"))
def usage(
    caller: KeyHolder,
    running: Running,
    page: Page,
    operation: Wanted = None,
    since: Annotated[Moment | None, Query(alias="from")] = None,
    until: Annotated[Moment | None, Query(alias="to")] = None,
) -> Data[Usage]:
    """Sum up a period, this month unless told otherwise, and list its charges, newest first."""
    start, end = month_of(running.clock())
    query = UsageQuery(caller.organization_id, since or start, until or end, operation)
    rows = running.ledger.charges(query, limit=page.limit, offset=page.offset)
    page.link(len(rows))
    return Data(
        data=Usage(
            plan=running.plan_of(caller.organization_id),
            period_start=query.since,
            period_end=query.until,
            summary=dict.fromkeys(ALWAYS_SUMMED, 0) | running.ledger.units(query),
            records=[
                UsageRecord(
                    id=to_wire("chg", row.id),
                    operation=row.operation,
                    resume_id=to_wire("res", row.resume_id),
                    created_at=row.created_at,
                )
                for row in rows
            ],
        )
    )


def month_of(now: datetime) -> tuple[datetime, datetime]:
    """Return the first instants of the UTC month of *now* and of the next month."""
    start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return start, (start + timedelta(days=32)).replace(day=1)
