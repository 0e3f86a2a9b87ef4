"""Problem details (RFC 9457) for those who ask; for everybody else two members, no more."""

import html

import pytest

from api.http.error_codes import CODES
from api.http.errors import prefers_details
from server import Deployment, Tenant

RESUMES = "/api/v1/resumes"
DETAILED = {"accept": "application/problem+json"}


@pytest.mark.parametrize(
    "accept",
    [
        "application/problem+json",
        "application/json, application/problem+json",
        "application/problem+json;q=0.9, application/json;q=0.5",
    ],
)
def test_details_are_for_who_asks_for_them(accept: str) -> None:
    assert prefers_details(accept)


@pytest.mark.parametrize(
    "accept",
    [
        "application/json, application/problem+json;q=0.5",
        "application/problem+json;q=0",
        "application/json",
        "*/*",
        "",
    ],
)
def test_details_are_for_nobody_else(accept: str) -> None:
    assert not prefers_details(accept)


def test_details_tell_what_it_is_and_what_to_do(standing: Tenant) -> None:
    answer = standing.http.get(f"{RESUMES}/res_none", headers=DETAILED)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/errors/NOT_FOUND",
        "title": "There is no such thing",
        "status": 404,
        "detail": "There is no such resume.",
        "code": "NOT_FOUND",
        "retryable": False,
        "request_id": answer.headers["x-request-id"],
    }


def test_each_wrong_member_is_pointed_at(standing: Tenant) -> None:
    body = {"title": 1, "structured_data": {"workExperience": [{"title": 2}]}}

    answer = standing.http.patch(f"{RESUMES}/res_none", json=body, headers=DETAILED)

    pointers = [issue["pointer"] for issue in answer.json()["errors"]]
    assert "/title" in pointers
    assert all(pointer.startswith("/structured_data") for pointer in pointers[1:])


def test_a_wrong_parameter_is_named(standing: Tenant) -> None:
    answer = standing.http.get(f"{RESUMES}?limit=x", headers=DETAILED)

    assert [issue["parameter"] for issue in answer.json()["errors"]] == ["limit"]


@pytest.mark.parametrize("path", [f"{RESUMES}/res_none", "/nope", f"{RESUMES}?limit=x"])
def test_others_get_two_members_and_a_link_to_the_page(standing: Tenant, path: str) -> None:
    answer = standing.http.get(path)

    assert answer.json().keys() == {"error", "detail"}
    assert answer.headers["content-type"] == "application/json"
    page = answer.links["help"]["url"]
    assert page == f"/errors/{answer.json()['error']}"
    assert answer.json()["error"] in standing.http.get(page).text


def test_head_tells_the_length_that_get_would_have(standing: Tenant) -> None:
    head = standing.http.head(f"{RESUMES}/res_none", headers=DETAILED)

    assert (head.status_code, head.content) == (404, b"")


def test_there_is_a_page_for_every_code_and_for_no_other(deployment: Deployment) -> None:
    everything = deployment.http.get("/errors").text
    for code, told in CODES.items():
        page = deployment.http.get(f"/errors/{code}")

        assert page.status_code == 200
        assert told.title in html.unescape(page.text)
        assert f'id="{code}"' in everything
        assert "script" not in page.headers["content-security-policy"].replace("script-src", "")
    assert deployment.http.get("/errors/NOPE").status_code == 404


def test_success_is_passed_on_as_it_is(standing: Tenant) -> None:
    answer = standing.http.get(RESUMES, headers=DETAILED)

    assert answer.headers["content-type"] == "application/json"
    assert "data" in answer.json()
