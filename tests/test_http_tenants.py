"""Nobody sees, changes or notices what belongs to another organization."""

from dataclasses import dataclass
from typing import Any, Final

import httpx2
import pytest

from api.bootstrap import NewKey, create_key
from api.ids import new_id, to_wire
from server import QUICKSTART, Deployment, Tenant

METHODS: Final = ("get", "post", "put", "patch", "delete")
BODIES: Final[dict[str, Any]] = {
    "tailor": QUICKSTART,
    "patch": {"title": "Mine now"},
    "cover-letters": QUICKSTART,
    "outreach": QUICKSTART,
    "replay": {"after": 0},
}
NOBODYS: Final = {
    "cover-letters": to_wire("cl", new_id()),
    "outreach": to_wire("om", new_id()),
    "webhooks": to_wire("whk", new_id()),
}


@dataclass(frozen=True)
class Victim:
    """An organization with a resume, one tailored from it, its letters and a webhook."""

    tenant: Tenant
    source: str
    result: str
    others: dict[str, str]


@pytest.fixture(scope="module")
def victim(standing: Tenant) -> Victim:
    source = standing.parsed()
    tailored = standing.tailor(source, generate_cover_letter=True, generate_outreach=True)
    others = {
        "cover-letters": tailored["cover_letter_id"],
        "outreach": tailored["outreach_id"],
    }
    hook = standing.data("POST", "/api/v1/webhooks", json={"url": "https://hooks.example.org"})
    others["webhooks"] = hook["id"]
    return Victim(standing, source, tailored["resume_id"], others)


def routes(deployment: Deployment) -> list[tuple[str, str]]:
    """Return method and path of every operation that takes an id."""
    paths = deployment.http.get("/openapi.json").json()["paths"]
    return [
        (method, path)
        for path, operations in paths.items()
        for method in METHODS
        if method in operations and "{" in path and path.startswith(("/api/v1/", "/v1/"))
    ]


def answer(
    tenant: Tenant, method: str, path: str, resume_id: str, others: dict[str, str]
) -> httpx2.Response:
    body = BODIES.get(path.rsplit("/", 1)[-1]) or BODIES.get(method)
    kind = next((kind for kind in others if f"/{kind}" in path), "")
    named = path.replace("{resume_id}", resume_id).replace("{letter_id}", others.get(kind, ""))
    named = named.replace("{webhook_id}", others["webhooks"])
    named = named.replace("{generation_id}", resume_id.replace("res_", "gen_"))
    named = named.replace("{job_id}", resume_id.replace("res_", "job_"))
    return tenant.http.request(method, named, json=body)


def test_every_operation_answers_a_foreign_id_like_one_that_is_missing(
    deployment: Deployment, tenant: Tenant, victim: Victim
) -> None:
    found = routes(deployment)
    assert len(found) >= 7
    for method, path in found:
        for foreign in (victim.source, victim.result):
            refused = answer(tenant, method, path, foreign, victim.others)
            missing = answer(tenant, method, path, to_wire("res", new_id()), NOBODYS)

            assert refused.status_code == 404, (method, path)
            assert refused.content == missing.content, (method, path)
            assert refused.headers.keys() == missing.headers.keys(), (method, path)


def test_a_foreign_id_is_refused_without_a_trace(
    deployment: Deployment, tenant: Tenant, victim: Victim
) -> None:
    everything = "include_master=true&limit=100"
    before = victim.tenant.list(everything), victim.tenant.used(), victim.tenant.get(victim.result)

    for method, path in routes(deployment):
        answer(tenant, method, path, victim.result, victim.others)

    after = victim.tenant.list(everything), victim.tenant.used(), victim.tenant.get(victim.result)
    assert after == before
    assert (tenant.list(), tenant.used()) == ([], {})


def test_lists_and_usage_hold_only_what_is_ones_own(tenant: Tenant, victim: Victim) -> None:
    mine = tenant.parsed()

    assert [resume["id"] for resume in tenant.list()] == [mine]
    records = tenant.data("GET", "/api/v1/usage")["records"]
    assert [record["resume_id"] for record in records] == [mine]
    assert mine not in [resume["id"] for resume in victim.tenant.list()]


def test_an_organization_cannot_be_named_by_the_client(tenant: Tenant, victim: Victim) -> None:
    name = to_wire("org", victim.tenant.organization_id)
    headers = {"x-organization-id": name}

    found = tenant.data("GET", f"/api/v1/resumes?organization_id={name}", headers=headers)

    assert found == []


def test_the_master_is_ones_own(tenant: Tenant, victim: Victim) -> None:
    assert victim.tenant.get("master")["id"] == victim.source
    assert tenant.refused("GET", "/api/v1/resumes/master")[1] == "NO_MASTER_RESUME"


def test_the_same_document_of_two_organizations_is_two_resumes(
    tenant: Tenant, victim: Victim
) -> None:
    mine = tenant.parsed()
    tenant.edit(mine, structured_data={"summary": "Only here."})

    theirs = victim.tenant.get(victim.source)["structured_data"]
    assert theirs["summary"] != "Only here."
    assert theirs["personalInfo"]["name"] == "Mira Holloway"


def test_every_key_of_an_organization_sees_the_same(
    deployment: Deployment, victim: Victim
) -> None:
    other = create_key(deployment.core, victim.tenant.organization_id, NewKey("Second"))

    found = deployment.http.get("/api/v1/resumes/master", headers={"x-api-key": other})

    assert found.json()["data"]["id"] == victim.source
