"""Managing keys with a session: by `/api/keys`, and by the routes of Better Auth's pages."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from api.ids import new_id, to_wire
from browsing import Browser, Street
from server import Deployment

KEYS = "/api/keys"
BETTER = "/api/auth/api-key"


def works(deployment: Deployment, key: str) -> bool:
    answer = deployment.http.get("/api/v1/resumes", headers={"x-api-key": key})
    return answer.status_code == 200


def refused(browser: Browser, method: str, path: str, **more: Any) -> tuple[int, str, str]:
    answer = browser.http.request(method, path, **more)
    body = answer.json()
    assert body.keys() <= {"error", "detail"}, body
    return answer.status_code, body["error"], body.get("detail", "")


def test_a_key_is_shown_once_listed_and_revoked(street: Street, deployment: Deployment) -> None:
    ada = street.ada()

    answer = ada.http.post(KEYS, json={"name": "Production"})

    assert answer.status_code == 201
    made = answer.json()["data"]
    assert [*made] == ["id", "name", "key"]
    assert re.fullmatch(r"raik_[0-9A-Za-z]{36}", made["key"])
    assert works(deployment, made["key"])
    listed = ada.http.get(KEYS)
    assert made["key"] not in listed.text
    (item,) = listed.json()["data"]["keys"]
    assert [*item][:4] == ["id", "name", "created_at", "last_used"]
    assert (item["id"], item["name"]) == (made["id"], "Production")
    revoked = ada.http.delete(f"{KEYS}/{made['id']}")
    assert (revoked.status_code, revoked.json()) == (200, {"data": {"message": "API key revoked"}})
    assert not works(deployment, made["key"])
    assert ada.http.get(KEYS).json() == {"data": {"keys": []}}


def test_who_issued_a_key_is_on_record(street: Street, deployment: Deployment) -> None:
    ada = street.ada()
    ada.send_key()

    with deployment.core.connect() as connection:
        found = connection.execute(
            "SELECT count(*) FROM events WHERE topic = 'key-issued' AND actor = %s",
            (f"user:{ada.user['id']}",),
        ).fetchone()

    assert found == (1,)


@pytest.mark.parametrize("name", ["x", "x" * 33, "x" * 60, "  padded  "])
def test_a_name_has_up_to_sixty_characters(street: Street, name: str) -> None:
    answer = street.ada().http.post(KEYS, json={"name": name})

    assert answer.json()["data"]["name"] == name.strip()


@pytest.mark.parametrize(
    ("content", "status"),
    [(b'{"name": ""}', 422), (b'{"name": " "}', 422), (b"{}", 422), (b'{"name": 1}', 422),
     (b'{"name": "' + b"x" * 61 + b'"}', 422), (b"{", 400), (b"", 400)],
)  # fmt: skip
def test_a_key_without_a_proper_name_is_not_made(
    street: Street, content: bytes, status: int
) -> None:
    ada = street.ada()

    answer = refused(
        ada, "POST", KEYS, content=content, headers={"content-type": "application/json"}
    )

    assert answer[:2] == (status, "VALIDATION_ERROR")
    assert ada.http.get(KEYS).json() == {"data": {"keys": []}}


@pytest.mark.parametrize(
    ("method", "path"), [("GET", KEYS), ("POST", KEYS), ("DELETE", f"{KEYS}/key_x")]
)
def test_without_a_session_keys_are_nobodys_business(
    street: Street, method: str, path: str
) -> None:
    answer = refused(street.visitor(), method, path)

    assert answer == (401, "UNAUTHORIZED", "Unauthorized")


def test_a_key_does_not_manage_keys(street: Street, deployment: Deployment) -> None:
    key = street.ada().send_key()

    answer = deployment.http.get(KEYS, headers={"x-api-key": key})

    assert (answer.status_code, answer.json()["error"]) == (401, "UNAUTHORIZED")


def test_a_member_manages_no_keys(street: Street) -> None:
    ada, grace = street.ada(), street.verified("Grace")
    street.joins(grace, ada)
    made = ada.http.post(KEYS, json={"name": "Ada's"}).json()["data"]

    for method, path, body in (
        ("GET", KEYS, None), ("POST", KEYS, {"name": "Mine"}),
        ("DELETE", f"{KEYS}/{made['id']}", None),
    ):  # fmt: skip
        status, code, detail = refused(grace, method, path, json=body)
        assert (status, code) == (401, "UNAUTHORIZED")
        assert "Only an admin" in detail


def test_a_foreign_key_is_answered_like_one_that_is_missing(
    street: Street, deployment: Deployment
) -> None:
    ada, eve = street.ada(), street.ada("Eve")
    made = ada.http.post(KEYS, json={"name": "Ada's"}).json()["data"]

    foreign = eve.http.delete(f"{KEYS}/{made['id']}")

    assert (foreign.status_code, foreign.json()) == (
        404,
        {"error": "NOT_FOUND", "detail": "API key not found"},
    )
    for missing in (to_wire("key", new_id()), "key_x", "x"):
        assert eve.http.delete(f"{KEYS}/{missing}").content == foreign.content
    assert works(deployment, made["key"])


def test_a_key_is_revoked_once(street: Street) -> None:
    ada = street.ada()
    made = ada.http.post(KEYS, json={"name": "Ada's"}).json()["data"]
    ada.http.delete(f"{KEYS}/{made['id']}")

    assert refused(ada, "DELETE", f"{KEYS}/{made['id']}")[:2] == (404, "NOT_FOUND")


def test_a_key_is_made_by_the_pages_of_better_auth(street: Street, deployment: Deployment) -> None:
    ada = street.ada()

    made = ada.send(f"{BETTER}/create", name="CI", organizationId=ada.organization)

    assert made.keys() == {
        "id", "configId", "name", "start", "prefix", "key", "referenceId", "enabled",
        "rateLimitEnabled", "rateLimitTimeWindow", "rateLimitMax", "requestCount", "remaining",
        "refillInterval", "refillAmount", "lastRefillAt", "lastRequest", "expiresAt",
        "permissions", "metadata", "createdAt", "updatedAt",
    }  # fmt: skip
    assert made["key"].startswith(made["start"])
    assert made["referenceId"] == ada.organization
    without = {name: value for name, value in made.items() if name != "key"}
    listed = ada.ask(f"{BETTER}/list", organizationId=ada.organization)
    assert listed == {"apiKeys": [without], "total": 1}
    assert ada.ask(f"{BETTER}/list") == {"apiKeys": [], "total": 0}
    assert ada.ask(f"{BETTER}/get", id=made["id"]) == without
    renamed = ada.send(f"{BETTER}/update", keyId=made["id"], name="Staging", enabled=True)
    assert renamed == without | {"name": "Staging", "updatedAt": renamed["updatedAt"]}
    assert renamed["updatedAt"] > made["updatedAt"]
    assert works(deployment, made["key"])
    assert ada.send(f"{BETTER}/delete", keyId=made["id"]) == {"success": True}
    assert not works(deployment, made["key"])
    assert ada.refused(f"{BETTER}/delete", keyId=made["id"]) == (404, "KEY_NOT_FOUND")


def test_a_disabled_key_opens_nothing_until_it_is_enabled_again(
    street: Street, deployment: Deployment
) -> None:
    ada = street.ada()
    made = ada.send(f"{BETTER}/create", organizationId=ada.organization)

    assert ada.send(f"{BETTER}/update", keyId=made["id"], enabled=False)["enabled"] is False
    answer = deployment.http.get("/api/v1/resumes", headers={"x-api-key": made["key"]})
    assert (answer.status_code, answer.json()) == (401, {"error": "INVALID_KEY"})
    assert [item["enabled"] for item in ada.ask(KEYS)["data"]["keys"]] == [False]

    assert ada.send(f"{BETTER}/update", keyId=made["id"], enabled=True)["enabled"] is True
    assert works(deployment, made["key"])


def test_a_key_can_end_by_itself(street: Street) -> None:
    ada = street.ada()
    body: dict[str, Any] = {"organizationId": ada.organization}

    made = ada.send(f"{BETTER}/create", expiresIn=7 * 86_400, **body)

    days = (datetime.fromisoformat(made["expiresAt"]) - datetime.now(UTC)).total_seconds() / 86_400
    assert 6.9 < days <= 7
    for seconds, size in ((3_600, "SMALL"), (366 * 86_400, "LARGE")):
        refusal = ada.refused(f"{BETTER}/create", expiresIn=seconds, **body)
        assert refusal == (400, f"EXPIRES_IN_IS_TOO_{size}")


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({"name": "CI"}, (400, "ORGANIZATION_ID_REQUIRED")),
        ({"name": "", "organizationId": "own"}, (400, "INVALID_NAME_LENGTH")),
        ({"name": "x" * 61, "organizationId": "own"}, (400, "INVALID_NAME_LENGTH")),
        ({"remaining": 3, "organizationId": "own"}, (400, "SERVER_ONLY_PROPERTY")),
        ({"permissions": {}, "organizationId": "own"}, (400, "SERVER_ONLY_PROPERTY")),
        ({"userId": "usr_x", "organizationId": "own"}, (401, "UNAUTHORIZED_SESSION")),
        ({"organizationId": "org_x"}, (403, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION")),
    ],
)
def test_a_key_that_may_not_be_made_so_is_not(
    street: Street, body: dict[str, Any], answer: tuple[int, str]
) -> None:
    ada = street.ada()
    named = {"organizationId": ada.organization} if body.get("organizationId") == "own" else {}

    assert ada.refused(f"{BETTER}/create", **body | named) == answer


def test_by_these_routes_too_a_member_manages_no_keys(street: Street) -> None:
    ada, grace, eve = street.ada(), street.verified("Grace"), street.ada("Eve")
    street.joins(grace, ada)
    named = {"organizationId": ada.organization}
    made = ada.send(f"{BETTER}/create", **named)
    refusal = (403, "INSUFFICIENT_API_KEY_PERMISSIONS")

    assert grace.refused(f"{BETTER}/create", **named) == refusal
    assert grace.refused_to_read(f"{BETTER}/list", **named) == refusal
    assert grace.refused_to_read(f"{BETTER}/get", id=made["id"]) == refusal
    assert grace.refused(f"{BETTER}/update", keyId=made["id"], name="Mine") == refusal
    assert grace.refused(f"{BETTER}/delete", keyId=made["id"]) == refusal
    assert eve.refused_to_read(f"{BETTER}/get", id=made["id"]) == (404, "KEY_NOT_FOUND")
    assert eve.refused(f"{BETTER}/delete", keyId=made["id"]) == (404, "KEY_NOT_FOUND")
