"""The pages that links in mails lead to: they run no foreign script and change nothing by GET."""

import re

import pytest

from browsing import Street

PAGES = ["/sign-in", "/sign-in/two-factor", "/forgot-password", "/reset-password?token=x"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_for_what_its_route_takes(street: Street, path: str) -> None:
    answer = street.visitor().http.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    actions = re.findall(r'data-action="([^"]+)"', answer.text)
    assert actions
    for action in actions:
        refused = street.visitor().http.post(action, json={})
        assert refused.status_code == 400, action
        assert refused.json()["code"] in {"VALIDATION_ERROR", "INVALID_TOKEN"}


def test_what_a_page_loads_is_there(street: Street) -> None:
    visitor = street.visitor()
    page = visitor.http.get("/sign-in").text

    for path in re.findall(r'(?:src|href)="(/account/[^"]+)"', page):
        loaded = visitor.http.get(path)
        assert loaded.status_code == 200
        assert loaded.headers["content-type"].startswith(("text/css", "text/javascript"))
    assert visitor.http.get("/account/page.html.j2").status_code == 400


def test_what_was_typed_into_an_address_is_shown_as_text(street: Street) -> None:
    text = (
        street.visitor()
        .http.get("/reset-password", params={"token": '"><script>alert(1)</script>'})
        .text
    )

    assert "<script>alert" not in text


@pytest.mark.parametrize("to", ["https://evil.example.org", "//evil.example.org", "javascript:1"])
def test_a_page_leads_to_no_other_site(street: Street, to: str) -> None:
    assert street.visitor().http.get("/sign-in", params={"to": to}).status_code == 403


def test_who_is_not_signed_in_is_asked_to(street: Street) -> None:
    answer = street.visitor().http.get("/account")

    assert (answer.status_code, answer.headers["location"]) == (302, "/sign-in?to=%2Faccount")


def test_who_is_signed_in_is_told_so(street: Street) -> None:
    ada = street.ada()

    text = ada.http.get("/account").text

    assert ada.email in text
    assert "act for Personal" in text
    assert "not verified yet" in text
    assert 'data-action="/api/auth/sign-out"' in text


def test_a_reset_link_without_a_token_offers_another(street: Street) -> None:
    text = street.visitor().http.get("/reset-password?error=INVALID_TOKEN").text

    assert "/forgot-password" in text
    assert "data-action" not in text


def test_an_invitation_that_is_none_is_said_to_be_none(street: Street) -> None:
    ada = street.ada()
    path = ada.http.get("/api/accept-invitation/nonsense").headers["location"]

    assert "no such open invitation" in ada.http.get(path).text
