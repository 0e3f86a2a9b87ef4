"""Every error has the same shape, whoever raised it, and tells nothing of the inside."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.http import problems
from api.http.accounts import refusals
from api.http.middleware import HeadAsGet, RequestIds
from commands.accounts.refusals import AccountRefusal
from commands.errors import DomainError
from server import Deployment, Tenant


@pytest.mark.parametrize("path", ["/nope", "/api/v1/nope", "/api/v1/resumes/a/b/c", "/%00", "//"])
def test_an_unknown_path_is_not_found(deployment: Deployment, path: str) -> None:
    answer = deployment.http.get(path)

    assert answer.status_code == 404
    assert answer.json()["error"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/v1/resumes", "GET, HEAD, POST"),
        ("OPTIONS", "/api/v1/resumes", "GET, HEAD, POST"),
        ("POST", "/api/v1/resumes/res_x", "DELETE, GET, HEAD, PATCH"),
        ("GET", "/api/v1/resumes/res_x/tailor", "POST"),
        ("HEAD", "/api/v1/resumes/res_x/tailor", "POST"),
        ("DELETE", "/api/v1/health", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(
    deployment: Deployment, method: str, path: str, allowed: str
) -> None:
    answer = deployment.http.request(method, path)

    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed
    assert method == "HEAD" or answer.json()["error"] == "VALIDATION_ERROR"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/auth/sign-in/email", "POST"),
        ("HEAD", "/api/auth/sign-in/email", "POST"),
        ("POST", "/api/auth/get-session", "GET, HEAD"),
        ("PUT", "/api/auth/organization/create", "POST"),
        ("DELETE", "/api/auth/reset-password/x", "GET, HEAD"),
        ("PATCH", "/api/auth/reset-password", "POST"),
        ("OPTIONS", "/api/auth/get-session", "GET, HEAD"),
        ("TRACE", "/api/auth/leave", "GET, POST, PUT, PATCH, DELETE"),
    ],
)
def test_accounts_tell_the_right_methods_in_their_own_shape(
    deployment: Deployment, method: str, path: str, allowed: str
) -> None:
    answer = deployment.http.request(method, path)

    assert answer.status_code == 405
    assert {*answer.headers["allow"].split(", ")} == {*allowed.split(", ")}
    if method != "HEAD":
        body = answer.json()
        assert body.keys() == {"message", "code"}
        assert body["code"] == "VALIDATION_ERROR"


def test_keys_and_plans_tell_the_right_methods_in_their_own_shapes(
    deployment: Deployment,
) -> None:
    keys = deployment.http.put("/api/keys")
    plan = deployment.http.post("/api/subscription/org_x")

    assert (keys.status_code, keys.headers["allow"]) == (405, "GET, HEAD, POST")
    assert keys.json()["error"] == "VALIDATION_ERROR"
    assert (plan.status_code, plan.headers["allow"]) == (405, "GET, HEAD")
    assert plan.json().keys() == {"success", "error"}


@pytest.mark.parametrize("path", ["/api/auth/nope", "/api/auth/organization/nope/x"])
def test_what_accounts_do_not_have_is_not_found(deployment: Deployment, path: str) -> None:
    answer = deployment.http.get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


def test_a_body_that_is_too_large_is_refused_in_the_shape_of_accounts(
    deployment: Deployment,
) -> None:
    body = b'{"email": "' + b"x" * (11 * 2**20) + b'"}'

    answer = deployment.http.post("/api/auth/sign-in/email", content=body)

    assert (answer.status_code, answer.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")


def test_a_json_body_that_is_too_large_is_refused(standing: Tenant) -> None:
    body = b'{"title": "' + b"x" * (11 * 2**20) + b'"}'

    refusal = standing.refused("PATCH", "/api/v1/resumes/master", content=body)

    assert refusal[:2] == (413, "PAYLOAD_TOO_LARGE")


def test_a_detail_is_left_out_rather_than_empty(deployment: Deployment) -> None:
    assert deployment.http.get("/api/v1/resumes").json() == {"error": "MISSING_KEY"}


@pytest.mark.parametrize(
    "path", ["/api/v1/health", "/api/v1/resumes", "/nope", "/docs", "/openapi.json"]
)
def test_every_answer_has_safe_headers_and_an_id(deployment: Deployment, path: str) -> None:
    headers = deployment.http.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert re.fullmatch(r"req_[0-9a-f]{32}", headers["x-request-id"])
    assert "server" not in headers


def test_a_request_keeps_the_id_it_brought(deployment: Deployment) -> None:
    answer = deployment.http.get("/nope", headers={"x-request-id": "trace-1.a_B"})

    assert answer.headers["x-request-id"] == "trace-1.a_B"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "<script>", "a;b"])
def test_an_id_that_is_not_sane_is_replaced(deployment: Deployment, given: str) -> None:
    answer = deployment.http.get("/nope", headers={"x-request-id": given})

    assert answer.headers["x-request-id"].startswith("req_")


@pytest.mark.parametrize("path", ["/api/v1/health", "/api/v1/resumes", "/api/v1/usage"])
def test_head_answers_like_get_without_the_body(standing: Tenant, path: str) -> None:
    get, head = standing.http.get(path), standing.http.head(path)

    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers["content-length"] == get.headers["content-length"]


def test_every_refusal_of_a_rule_has_a_status() -> None:
    assert {*problems.STATUS, AccountRefusal} == set(DomainError.__subclasses__())
    assert set(refusals.STATUS) == set(AccountRefusal.__subclasses__())


def broken(error: Exception) -> TestClient:
    """Return a client of an application whose only route raises *error*."""
    app = FastAPI()

    @app.get("/")
    def route() -> None:
        raise error

    problems.install(app)
    app.add_middleware(HeadAsGet)
    app.add_middleware(RequestIds)
    return TestClient(app)


def told(client: TestClient) -> tuple[int, Any]:
    answer = client.get("/")
    assert answer.headers["x-request-id"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    return answer.status_code, answer.json()


def test_what_nobody_foresaw_is_told_without_its_message(
    capfd: pytest.CaptureFixture[str],
) -> None:
    secret = "Mira Holloway, +44 20 7946 0958"

    assert told(broken(RuntimeError(secret))) == (
        500,
        {"error": "INTERNAL_ERROR", "detail": "Something went wrong on our side."},
    )
    out, err = capfd.readouterr()
    assert "RuntimeError" in out + err
    assert secret not in out + err


def test_a_client_is_answered_after_an_error_on_the_same_connection(
    capfd: pytest.CaptureFixture[str],
) -> None:
    client = broken(RuntimeError())

    assert [client.get("/").status_code for _ in range(2)] == [500, 500]


API = "/api/v1/"


def documented(deployment: Deployment) -> dict[str, Any]:
    """Return the documentation of what takes a key: what takes a session is another matter."""
    document: dict[str, Any] = deployment.http.get("/openapi.json").json()
    paths = document["paths"].items()
    return document | {"paths": {path: told for path, told in paths if path.startswith(API)}}


def test_the_documentation_shows_refusals_as_they_are(deployment: Deployment) -> None:
    document = documented(deployment)
    envelope = {"$ref": "#/components/schemas/Failure"}

    for operations in document["paths"].values():
        for operation in operations.values():
            refusals = [r for status, r in operation["responses"].items() if status >= "4"]
            assert refusals
            for refusal in refusals:
                assert refusal["content"]["application/json"]["schema"] == envelope
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_documented_operation_but_health_wants_a_key(deployment: Deployment) -> None:
    call: Callable[..., Any] = deployment.http.request
    for path, operations in documented(deployment)["paths"].items():
        for method, operation in operations.items():
            status = call(method, path).status_code

            assert status == (200 if path == "/api/v1/health" else 401), (method, path)
            assert ("security" in operation) == (status == 401), (method, path)
