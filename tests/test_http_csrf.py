"""No other site can act through a browser that is signed in here."""

from typing import Final

import pytest

from browsing import Browser, Street
from server import Deployment

EVIL: Final = "https://evil.example.org"
JSON: Final = {"content-type": "application/json"}


@pytest.fixture
def ada(street: Street) -> Browser:
    """Return somebody whose browser says nothing of where requests come from."""
    ada = street.ada()
    del ada.http.headers["origin"]
    return ada


def posting(deployment: Deployment) -> list[tuple[str, str]]:
    """Return method and path of everything that changes something with a session."""
    paths = deployment.http.get("/openapi.json").json()["paths"]
    return [
        (method.upper(), path.replace("{key_id}", "key_x"))
        for path, operations in paths.items()
        for method in operations
        if method != "get" and path.startswith(("/api/auth", "/api/keys"))
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": EVIL},
        {"origin": "null"},
        {"origin": EVIL, "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {},
    ],
    ids=str,
)
def test_nothing_is_changed_for_another_site(ada: Browser, headers: dict[str, str]) -> None:
    answer = ada.http.post("/api/keys", json={"name": "Theirs"}, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (401, "UNAUTHORIZED")
    assert answer.json()["detail"] in {"Invalid origin", "Missing origin"}
    answer = ada.http.post("/api/auth/sign-out", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "INVALID_ORIGIN")

    assert ada.session is not None
    assert ada.http.get("/api/keys").json() == {"data": {"keys": []}}


@pytest.mark.parametrize(
    "headers", [{"origin": "own"}, {"sec-fetch-site": "same-origin"}], ids=str
)
def test_ones_own_site_may(ada: Browser, deployment: Deployment, headers: dict[str, str]) -> None:
    sent = {name: deployment.url if v == "own" else v for name, v in headers.items()}

    answer = ada.http.post("/api/keys", json={"name": "Mine"}, headers=sent)

    assert answer.status_code == 201


def test_every_operation_that_changes_something_looks_at_the_origin(
    ada: Browser, deployment: Deployment
) -> None:
    found = posting(deployment)
    assert len(found) > 35
    for method, path in found:
        answer = ada.http.request(method, path, json={}, headers={"origin": EVIL})

        envelope = path.startswith("/api/keys")
        assert answer.status_code == (401 if envelope else 403), (method, path)
        said = "Invalid origin" if envelope else "INVALID_ORIGIN"
        assert said in answer.text, (method, path)


def test_nobody_is_signed_in_from_another_site(street: Street) -> None:
    ada, victim = street.ada(), street.visitor()
    body = {"email": ada.email, "password": "tidal heron 41"}

    answer = victim.http.post("/api/auth/sign-in/email", json=body, headers={"origin": EVIL})

    assert (answer.status_code, answer.json()["code"]) == (403, "INVALID_ORIGIN")
    assert victim.session is None


def test_a_program_without_cookies_needs_no_origin(street: Street) -> None:
    ada, program = street.ada(), street.visitor()
    del program.http.headers["origin"]

    assert program.sign_in(ada.email)["user"]["id"] == ada.user["id"]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_what_a_form_can_send_is_not_taken(street: Street, kind: str) -> None:
    ada = street.ada()

    answer = ada.http.post("/api/keys", content=b'{"name": "x"}', headers={"content-type": kind})

    assert (answer.status_code, answer.json()) == (
        400,
        {"error": "VALIDATION_ERROR", "detail": "Send JSON, as application/json"},
    )


def test_reading_takes_no_origin(ada: Browser) -> None:
    assert ada.session is not None


def test_every_operation_with_a_session_is_documented_so(
    street: Street, deployment: Deployment
) -> None:
    nobody = street.visitor()
    paths = deployment.http.get("/openapi.json").json()["paths"]
    found = 0
    for path, operations in paths.items():
        if not path.startswith(("/api/auth", "/api/keys", "/api/subscription")):
            continue
        for method, operation in operations.items():
            if {} in operation.get("security", [{}]):  # who is not signed in may do it, too
                continue
            found += 1
            nobody = street.visitor()
            named = path.replace("{key_id}", "x").replace("{organization_id}", "x")
            assert nobody.http.request(method, named, json={}).status_code == 401, (method, path)
    assert found > 30
