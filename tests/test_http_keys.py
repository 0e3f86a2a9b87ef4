"""Nobody comes in without a key, and the key is looked at before anything else."""

from typing import Any

import httpx2
import pytest

from api.core import now
from api.ids import new_id
from api.keys import digest_of, make_key, start_of
from commands.manage_keys import IssueKey, RevokeKey, issue_key, revoke_key
from events.recorded import Origin
from server import Deployment, Tenant

RESUMES = "/api/v1/resumes"
MISSING = (401, {"error": "MISSING_KEY"})
INVALID = (401, {"error": "INVALID_KEY"})


def answer(response: httpx2.Response) -> tuple[int, object]:
    return response.status_code, response.json()


def test_health_needs_no_key(deployment: Deployment) -> None:
    found = deployment.http.get("/api/v1/health")

    assert answer(found) == (200, {"data": {"status": "ok", "db": "ok"}})


def test_without_a_key_the_answer_is_exactly_its_code(deployment: Deployment) -> None:
    assert answer(deployment.http.get(RESUMES)) == MISSING


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER   ", ""])
def test_a_key_comes_as_bearer_in_any_case_or_bare(
    deployment: Deployment, standing: Tenant, scheme: str
) -> None:
    headers = {"authorization": scheme + standing.key}

    assert deployment.http.get(RESUMES, headers=headers).status_code == 200


def test_a_key_comes_in_a_header_of_its_own(deployment: Deployment, standing: Tenant) -> None:
    assert deployment.http.get(RESUMES, headers={"x-api-key": standing.key}).status_code == 200


def test_an_empty_header_of_its_own_counts_as_absent(standing: Tenant) -> None:
    assert standing.http.get(RESUMES, headers={"x-api-key": ""}).status_code == 200


def test_the_header_of_its_own_wins(standing: Tenant) -> None:
    assert answer(standing.http.get(RESUMES, headers={"x-api-key": "raik_no"})) == INVALID


def test_bearer_without_a_key_is_a_missing_key(deployment: Deployment) -> None:
    assert answer(deployment.http.get(RESUMES, headers={"authorization": "Bearer"})) == MISSING


def test_another_scheme_is_an_invalid_key(deployment: Deployment, standing: Tenant) -> None:
    headers = {"authorization": f"Basic {standing.key}"}

    assert answer(deployment.http.get(RESUMES, headers=headers)) == INVALID


@pytest.mark.parametrize("key", ["x", "raik_", "raik_\u00e9", "kr_live_" + "0" * 36, "0" * 5000])
def test_what_is_no_key_is_an_invalid_key(deployment: Deployment, key: str) -> None:
    headers = {b"x-api-key": key.encode()}

    assert answer(deployment.http.get(RESUMES, headers=headers)) == INVALID


def test_a_key_that_nobody_issued_is_invalid(deployment: Deployment) -> None:
    headers = {"x-api-key": make_key("organization")}

    assert answer(deployment.http.get(RESUMES, headers=headers)) == INVALID


def test_a_key_with_one_letter_changed_is_invalid(
    deployment: Deployment, standing: Tenant
) -> None:
    middle = "a" if standing.key[20] != "a" else "b"
    headers = {"x-api-key": f"{standing.key[:20]}{middle}{standing.key[21:]}"}

    assert answer(deployment.http.get(RESUMES, headers=headers)) == INVALID


def test_a_revoked_key_is_dead_on_the_next_request(deployment: Deployment) -> None:
    with deployment.tenant() as tenant:
        assert tenant.http.get(RESUMES).status_code == 200
        core = deployment.core
        held = core.door.admit(digest_of(tenant.key), now())
        assert held
        origin = Origin(tenant.organization_id, "operator")

        revoke_key(RevokeKey(held.key_id), origin, streams=core.streams, clock=now)

        assert answer(tenant.http.get(RESUMES)) == INVALID


def test_an_expired_key_is_invalid(deployment: Deployment, tenant: Tenant) -> None:
    key = make_key("organization")
    command = IssueKey(new_id(), "Old", digest_of(key), start_of(key), expires_at=now())
    origin = Origin(tenant.organization_id, "operator")
    issue_key(command, origin, streams=deployment.core.streams, clock=now)

    assert answer(deployment.http.get(RESUMES, headers={"x-api-key": key})) == INVALID


@pytest.mark.parametrize(
    ("method", "path", "more"),
    [
        ("POST", f"{RESUMES}/master/tailor", {"content": b"{"}),
        ("PATCH", f"{RESUMES}/res_none", {"content": b"[]"}),
        ("POST", RESUMES, {"json": {}}),
        ("GET", f"{RESUMES}?limit=none", {}),
        ("GET", f"{RESUMES}/res_none", {}),
        ("GET", "/api/v1/usage?from=never", {}),
    ],
)
def test_the_key_is_checked_before_anything_else(
    deployment: Deployment, method: str, path: str, more: dict[str, Any]
) -> None:
    assert answer(deployment.http.request(method, path, **more)) == MISSING
