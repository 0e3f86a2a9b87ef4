"""Keys that may little or not for long, keys that take another's place, and their last use."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from api.ids import new_id, to_wire
from browsing import Browser, Street
from server import Deployment

KEYS = "/api/keys"
RESUMES = "/api/v1/resumes"
DAY_S = 24 * 60 * 60


def made(browser: Browser, **body: Any) -> dict[str, Any]:
    """Return a key that was made."""
    answer = browser.http.post(KEYS, json={"name": "Test"} | body)
    assert answer.status_code == 201, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


def rotated(browser: Browser, key_id: str, **body: Any) -> dict[str, Any]:
    """Return the key that took another one's place."""
    answer = browser.http.post(f"{KEYS}/{key_id}/rotate", json=body)
    assert answer.status_code == 201, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


def listed(browser: Browser) -> list[dict[str, Any]]:
    keys: list[dict[str, Any]] = browser.ask(KEYS)["data"]["keys"]
    return keys


def asked(deployment: Deployment, key: str, method: str = "GET") -> httpx2.Response:
    return deployment.http.request(method, RESUMES, headers={"x-api-key": key})


def refused(browser: Browser, path: str, **more: Any) -> tuple[int, str, str]:
    answer = browser.http.post(path, **more)
    body = answer.json()
    assert body.keys() <= {"error", "detail"}, body
    return answer.status_code, body["error"], body.get("detail", "")


def seconds_from_now(instant: str) -> float:
    return (datetime.fromisoformat(instant) - datetime.now(UTC)).total_seconds()


def test_a_key_may_do_what_it_was_made_for(street: Street, deployment: Deployment) -> None:
    key = made(street.ada(), scopes=["read", "READ"])["key"]

    assert asked(deployment, key).status_code == 200
    answer = asked(deployment, key, "POST")
    assert (answer.status_code, answer.json()["error"]) == (401, "UNAUTHORIZED")


def test_a_list_tells_what_may_be_known_of_a_key(street: Street) -> None:
    ada = street.ada()
    key = made(ada, scopes=["write", "read"], expires_in_days=30, kind="developer")

    (item,) = listed(ada)

    assert [*item] == [
        "id", "name", "created_at", "last_used", "start", "scopes", "expires_at", "kind",
        "enabled", "replaced_by",
    ]  # fmt: skip
    assert re.fullmatch(r"kr_live_[0-9A-Za-z]{36}", key["key"])
    assert item["start"] == key["key"][:12]
    assert item["scopes"] == ["write", "read"]
    assert item["kind"] == "developer"
    assert (item["enabled"], item["replaced_by"]) == (True, None)
    assert 0 <= 30 * DAY_S - seconds_from_now(item["expires_at"]) < 60


def test_a_key_that_is_not_limited_may_everything_for_ever(street: Street) -> None:
    ada = street.ada()
    made(ada, scopes=None, expires_in_days=None)

    (item,) = listed(ada)

    assert (item["scopes"], item["expires_at"], item["kind"]) == (None, None, "organization")


def test_the_other_spelling_is_understood(street: Street) -> None:
    ada = street.ada()
    old = made(ada, expiresInDays=1)

    new = rotated(ada, old["id"], gracePeriodSeconds=60)

    assert 0 <= DAY_S - seconds_from_now(new["expires_at"]) < 60
    assert 0 <= 60 - seconds_from_now(new["previous_expires_at"]) < 60


@pytest.mark.parametrize(
    "body",
    [
        {"scopes": []}, {"scopes": ["everything"]}, {"scopes": "read"}, {"scopes": [1]},
        {"expires_in_days": 0}, {"expires_in_days": 366}, {"expires_in_days": "7"},
        {"expires_in_days": 1.5}, {"kind": "personal"}, {"kind": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_key_that_makes_no_sense_is_not_made(street: Street, body: dict[str, Any]) -> None:
    ada = street.ada()

    status, code, detail = refused(ada, KEYS, json={"name": "Test"} | body)

    assert (status, code) == (422, "VALIDATION_ERROR")
    assert next(iter(body)) in detail
    assert listed(ada) == []


def test_after_a_rotation_both_keys_work(street: Street, deployment: Deployment) -> None:
    ada = street.ada()
    old = made(ada, name="CI")

    new = rotated(ada, old["id"])

    assert [*new] == ["id", "name", "key", "replaces", "expires_at", "previous_expires_at"]
    assert (new["name"], new["replaces"], new["expires_at"]) == ("CI", old["id"], None)
    assert 0 <= DAY_S - seconds_from_now(new["previous_expires_at"]) < 60
    assert asked(deployment, old["key"]).status_code == 200
    assert asked(deployment, new["key"]).status_code == 200
    shown = {item["id"]: item for item in listed(ada)}
    assert shown[old["id"]]["expires_at"] == new["previous_expires_at"]
    assert shown[old["id"]]["replaced_by"] == new["id"]
    assert shown[new["id"]]["replaced_by"] is None


def test_without_a_grace_the_old_key_is_dead_on_the_next_request(
    street: Street, deployment: Deployment
) -> None:
    ada = street.ada()
    old = made(ada)

    new = rotated(ada, old["id"], grace_period_seconds=0)

    assert asked(deployment, old["key"]).json() == {"error": "INVALID_KEY"}
    assert asked(deployment, new["key"]).status_code == 200
    assert [item["id"] for item in listed(ada)] == [new["id"]]
    assert seconds_from_now(new["previous_expires_at"]) <= 0


def test_a_rotation_needs_no_body(street: Street) -> None:
    ada = street.ada()
    old = made(ada)

    answer = ada.http.post(f"{KEYS}/{old['id']}/rotate")

    assert answer.status_code == 201
    assert seconds_from_now(answer.json()["data"]["previous_expires_at"]) > DAY_S - 60


def test_the_new_key_is_like_the_old_one(street: Street, deployment: Deployment) -> None:
    ada = street.ada()
    old = made(ada, scopes=["read"], expires_in_days=30, kind="developer")

    new = rotated(ada, old["id"])

    first, second = listed(ada)
    assert new["key"].startswith("kr_live_")
    assert (first["id"], second["id"]) == (new["id"], old["id"])
    assert {name: first[name] for name in ("name", "scopes", "kind")} == {
        name: second[name] for name in ("name", "scopes", "kind")
    }
    assert 0 <= 30 * DAY_S - seconds_from_now(new["expires_at"]) < 60
    assert asked(deployment, new["key"], "POST").json()["error"] == "UNAUTHORIZED"


def test_a_rotation_never_lets_a_key_live_longer(street: Street) -> None:
    ada = street.ada()
    old = made(ada, expires_in_days=1)
    (before,) = listed(ada)

    new = rotated(ada, old["id"], grace_period_seconds=30 * DAY_S)

    assert new["previous_expires_at"] == before["expires_at"]


def test_a_key_is_replaced_once_and_then_its_successor(street: Street) -> None:
    ada = street.ada()
    old = made(ada)
    new = rotated(ada, old["id"])

    status, code, detail = refused(ada, f"{KEYS}/{old['id']}/rotate")

    assert (status, code) == (409, "CONFLICT")
    assert "took the place" in detail
    assert rotated(ada, new["id"])["replaces"] == new["id"]


@pytest.mark.parametrize("grace", [-1, 30 * DAY_S + 1, "60", 1.5, None])
def test_a_grace_is_up_to_thirty_days(street: Street, grace: object) -> None:
    ada = street.ada()
    old = made(ada)

    answer = refused(ada, f"{KEYS}/{old['id']}/rotate", json={"grace_period_seconds": grace})

    assert answer[:2] == (422, "VALIDATION_ERROR")
    assert [item["id"] for item in listed(ada)] == [old["id"]]


def test_a_foreign_key_is_rotated_by_nobody_else(street: Street, deployment: Deployment) -> None:
    ada, eve = street.ada(), street.ada("Eve")
    old = made(ada)

    answers = [
        eve.http.post(f"{KEYS}/{key_id}/rotate").content
        for key_id in (old["id"], to_wire("key", new_id()), "key_x", "x")
    ]

    assert set(answers) == {b'{"error":"NOT_FOUND","detail":"API key not found"}'}
    assert asked(deployment, old["key"]).status_code == 200
    assert listed(ada)[0]["replaced_by"] is None


def test_a_revoked_key_is_not_rotated(street: Street) -> None:
    ada = street.ada()
    old = made(ada)
    ada.http.delete(f"{KEYS}/{old['id']}")

    assert refused(ada, f"{KEYS}/{old['id']}/rotate")[:2] == (404, "NOT_FOUND")


def test_a_member_rotates_no_keys(street: Street) -> None:
    ada, grace = street.ada(), street.verified("Grace")
    street.joins(grace, ada)
    old = made(ada)

    status, code, detail = refused(grace, f"{KEYS}/{old['id']}/rotate")

    assert (status, code) == (401, "UNAUTHORIZED")
    assert "Only an admin" in detail


def test_a_visitor_and_a_key_rotate_no_keys(street: Street) -> None:
    old = made(street.ada())
    visitor = street.visitor()

    for headers in ({}, {"x-api-key": old["key"]}):
        answer = refused(visitor, f"{KEYS}/{old['id']}/rotate", headers=headers)
        assert answer[:2] == (401, "UNAUTHORIZED")


def test_the_last_use_of_a_key_is_told(street: Street, deployment: Deployment) -> None:
    ada = street.ada()
    used, unused = made(ada), made(ada)
    began = datetime.now(UTC) - timedelta(milliseconds=1)

    asked(deployment, used["key"])

    told = {item["id"]: item["last_used"] for item in listed(ada)}
    assert began <= datetime.fromisoformat(told[used["id"]]) <= datetime.now(UTC)
    assert told[unused["id"]] is None
    path = "/api/auth/api-key"
    shown = ada.ask(f"{path}/list", organizationId=ada.organization)["apiKeys"]
    assert {item["id"]: item["lastRequest"] for item in shown} == told
    assert ada.ask(f"{path}/get", id=used["id"])["lastRequest"] == told[used["id"]]


def test_the_uses_of_a_deleted_organizations_keys_are_forgotten(
    street: Street, deployment: Deployment
) -> None:
    ada, other = street.ada(), street.ada("Other")
    for browser in (ada, other):
        asked(deployment, made(browser)["key"])

    ada.send("/api/auth/organization/delete", organizationId=ada.organization)

    assert listed(other)[0]["last_used"]
    with deployment.core.connect() as connection:
        left = connection.execute(
            "SELECT count(*) FROM key_uses u JOIN api_keys k ON k.id = u.key_id"
            " JOIN organizations o ON o.id = k.organization_id WHERE o.deleted_at IS NOT NULL"
        ).fetchone()
    assert left == (0,)
