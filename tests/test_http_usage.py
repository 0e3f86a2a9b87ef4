"""Usage: one charge for each success, none for failures, and sums that add up."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server import QUICKSTART, Tenant

USAGE = "/api/v1/usage"
UNUSED = {"tailor": 0, "parse": 0, "pdf_export": 0, "cover_letter": 0}


@pytest.fixture(scope="module")
def busy(standing: Tenant) -> Tenant:
    """Return an organization that parsed once, tailored twice and downloaded thrice."""
    source = standing.parsed()
    for _ in range(2):
        standing.tailor(source)
    for _ in range(3):
        standing.http.get(f"/api/v1/resumes/{source}/pdf")
    return standing


def usage(tenant: Tenant, **query: Any) -> dict[str, Any]:
    found: dict[str, Any] = tenant.data("GET", USAGE, params=query)
    return found


def test_a_new_organization_has_used_nothing_this_month(tenant: Tenant) -> None:
    start = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    end = (start + timedelta(days=32)).replace(day=1)

    assert usage(tenant) == {
        "plan": "ENTERPRISE",
        "period_start": start.strftime("%Y-%m-%dT00:00:00.000Z"),
        "period_end": end.strftime("%Y-%m-%dT00:00:00.000Z"),
        "summary": UNUSED,
        "records": [],
    }


def test_each_success_is_charged_once(busy: Tenant) -> None:
    assert usage(busy)["summary"] == UNUSED | {"parse": 1, "tailor": 2, "pdf_export": 3}


def test_the_records_add_up_to_the_summary(busy: Tenant) -> None:
    found = usage(busy, limit=100)

    operations = [record["operation"] for record in found["records"]]
    assert {name: operations.count(name) for name in UNUSED} == found["summary"]


def test_a_record_has_these_members(busy: Tenant) -> None:
    records = usage(busy)["records"]

    assert {tuple(record) for record in records} == {
        ("id", "operation", "resume_id", "created_at")
    }
    assert len({record["id"] for record in records}) == 6


def test_a_tailoring_is_charged_to_its_result(busy: Tenant) -> None:
    charged = {record["resume_id"] for record in usage(busy, operation="tailor")["records"]}

    assert charged == {resume["id"] for resume in busy.list("limit=100")}


def test_records_come_newest_first(busy: Tenant) -> None:
    times = [record["created_at"] for record in usage(busy)["records"]]

    assert times == sorted(times, reverse=True)


def test_pages_add_up_to_the_records(busy: Tenant) -> None:
    pages = [usage(busy, limit=2, offset=offset)["records"] for offset in (0, 2, 4, 6)]

    assert [record for page in pages for record in page] == usage(busy)["records"]


def test_a_page_leaves_the_summary_whole(busy: Tenant) -> None:
    assert usage(busy, limit=1, offset=5)["summary"] == usage(busy)["summary"]


@pytest.mark.parametrize("operation", ["pdf_export", "PDF_EXPORT"])
def test_one_operation_can_be_asked_for(busy: Tenant, operation: str) -> None:
    found = usage(busy, operation=operation)

    assert found["summary"] == UNUSED | {"pdf_export": 3}
    assert {record["operation"] for record in found["records"]} == {"pdf_export"}


def test_a_period_has_its_start_and_not_its_end(busy: Tenant) -> None:
    records = usage(busy)["records"]
    first = datetime.fromisoformat(records[-1]["created_at"])
    millisecond = timedelta(milliseconds=1)

    since = usage(busy, **{"from": (first + millisecond).isoformat()})
    until = usage(busy, to=first.isoformat())
    around = usage(busy, **{"from": first.isoformat(), "to": (first + millisecond).isoformat()})

    assert since["records"] == records[:-1]
    assert until["records"] == []
    assert around["records"] == records[-1:]


def test_the_period_that_was_asked_for_is_told(busy: Tenant) -> None:
    query = {"from": "2026-01-01T01:00:00+01:00", "to": "2026-02-01T00:00:00Z"}

    found = usage(busy, **query)

    assert found["period_start"] == "2026-01-01T00:00:00.000Z"
    assert found["period_end"] == "2026-02-01T00:00:00.000Z"


@pytest.mark.parametrize(
    "query", ["operation=x", "from=x", "to=2026-01-01T00:00:00", "limit=x", "offset=x"]
)
def test_a_query_that_makes_no_sense_is_refused(busy: Tenant, query: str) -> None:
    status, code, detail = busy.refused("GET", f"{USAGE}?{query}")

    assert (status, code) == (422, "VALIDATION_ERROR")
    assert detail.startswith(query.split("=", maxsplit=1)[0])


def test_what_is_refused_is_not_charged(tenant: Tenant) -> None:
    resume_id = tenant.failed()
    tenant.refused("POST", f"/api/v1/resumes/{resume_id}/tailor", json=QUICKSTART)
    tenant.refused("POST", f"/api/v1/resumes/{resume_id}/tailor", json={})
    tenant.refused("GET", f"/api/v1/resumes/{resume_id}/pdf")
    tenant.refused("POST", f"/api/v1/resumes/{resume_id}/retry")

    assert usage(tenant)["records"] == []
