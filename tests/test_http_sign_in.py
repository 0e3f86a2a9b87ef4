"""Signing up, in and out, and what a session is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest

from api.adapters.accounts.digests import Digests
from api.ids import from_wire
from browsing import PASSWORD, Browser, Street, an_email, refusal, until_told_to_wait
from server import Deployment

SIGN_UP = "/api/auth/sign-up/email"
SIGN_IN = "/api/auth/sign-in/email"
COOKIE = "refolio.session_token"


def body(email: str | None = None, **more: object) -> dict[str, object]:
    return {"name": "Ada", "email": email or an_email(), "password": PASSWORD} | more


def test_who_signs_up_is_signed_in_with_an_organization_of_their_own(street: Street) -> None:
    ada = street.visitor()
    email = an_email()

    signed = ada.send(SIGN_UP, **body(email.upper()))

    assert signed.keys() == {"redirect", "token", "user"}
    assert signed["user"].keys() == {
        "id", "name", "email", "emailVerified", "image", "createdAt", "updatedAt",
        "twoFactorEnabled", "title", "bio", "theme",
    }  # fmt: skip
    assert signed["user"]["email"] == email
    assert (signed["user"]["emailVerified"], signed["user"]["theme"]) == (False, "system")
    (own,) = ada.ask("/api/auth/organization/list")
    assert own["name"] == "Personal"
    assert ada.organization == own["id"]
    assert ada.me["role"] == "admin"


def test_each_sign_up_has_a_slug_of_its_own(street: Street) -> None:
    slugs = {street.ada().ask("/api/auth/organization/list")[0]["slug"] for _ in range(3)}

    assert len(slugs) == 3
    assert all(slug.startswith("personal-") for slug in slugs)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("password", "1234567", "PASSWORD_TOO_SHORT"),
        ("password", "x y" * 43, "PASSWORD_TOO_LONG"),
        ("password", "P4ssword1!", "PASSWORD_COMPROMISED"),
        ("password", 12345678, "VALIDATION_ERROR"),
        ("email", "ada", "VALIDATION_ERROR"),
        ("email", "ada@example", "VALIDATION_ERROR"),
        ("name", "  ", "VALIDATION_ERROR"),
    ],
)
def test_what_makes_no_account_is_refused(
    street: Street, field: str, value: object, code: str
) -> None:
    ada = street.visitor()

    assert ada.refused(SIGN_UP, **(body() | {field: value})) == (400, code)
    assert ada.session is None


def test_an_address_has_one_account(street: Street) -> None:
    ada = street.ada()

    refused = street.visitor().refused(SIGN_UP, **body(ada.email.upper()))

    assert refused == (422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL")


def test_a_session_tells_who_and_for_whom(street: Street) -> None:
    ada = street.ada()

    told = ada.session

    assert told.keys() == {"user", "session", "activeOrganizationId", "subscription"}
    assert told["user"]["email"] == ada.email
    assert told["session"].keys() == {
        "id", "userId", "token", "expiresAt", "createdAt", "updatedAt", "ipAddress", "userAgent",
        "activeOrganizationId",
    }  # fmt: skip
    assert told["session"]["userAgent"] == "Test/1"
    assert told["session"]["activeOrganizationId"] == told["activeOrganizationId"]
    assert told["subscription"]["plan"] == "ENTERPRISE"


def test_nobody_signed_in_is_null(street: Street) -> None:
    assert street.visitor().session is None


def test_a_password_opens_its_account_and_no_other_does(street: Street) -> None:
    ada, again = street.ada(), street.visitor()

    signed = again.sign_in(ada.email)

    assert signed["user"] == ada.user
    assert again.me["id"] == ada.user["id"]
    assert again.organization == ada.organization
    wrong = street.visitor().refused(SIGN_IN, email=ada.email, password="another one 9")
    assert wrong == (401, "INVALID_EMAIL_OR_PASSWORD")


def test_an_unknown_address_is_answered_like_a_wrong_password(street: Street) -> None:
    ada = street.ada()
    answers = [
        street.visitor().http.post(SIGN_IN, json={"email": email, "password": "another one 9"})
        for email in (ada.email, an_email())
    ]

    assert answers[0].content == answers[1].content
    assert answers[0].status_code == answers[1].status_code == 401


def test_the_cookie_is_for_this_site_alone_and_no_script_reads_it(street: Street) -> None:
    answer = street.visitor().http.post(SIGN_UP, json=body())

    (cookie,) = answer.headers.get_list("set-cookie")
    assert cookie.startswith(f"{COOKIE}=")
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert attributes >= {"httponly", "samesite=lax", "path=/"}
    assert any(part.startswith("max-age=604") for part in attributes)
    assert len(answer.cookies[COOKIE]) >= 43
    assert answer.cookies[COOKIE] not in answer.text


def test_a_session_that_is_not_to_be_remembered_ends_with_the_browser(street: Street) -> None:
    ada = street.ada()

    answer = street.visitor().http.post(
        SIGN_IN, json={"email": ada.email, "password": PASSWORD, "rememberMe": False}
    )

    assert "max-age" not in answer.headers["set-cookie"].lower()


def test_each_sign_in_has_a_new_id_and_ends_the_one_before(street: Street) -> None:
    ada = street.ada()
    before = ada.http.cookies[COOKIE]

    ada.sign_in(ada.email)

    assert ada.http.cookies[COOKIE] != before
    assert with_cookie(street, before).session is None


def test_after_signing_out_the_cookie_opens_nothing(street: Street) -> None:
    ada = street.ada()
    stolen = ada.http.cookies[COOKIE]

    assert ada.send("/api/auth/sign-out") == {"success": True}

    assert ada.session is None
    assert with_cookie(street, stolen).session is None
    assert with_cookie(street, stolen).refused_to_read("/api/auth/list-sessions") == (
        401,
        "UNAUTHORIZED",
    )


def with_cookie(street: Street, token: str) -> Browser:
    thief = street.visitor()
    thief.http.cookies.set(COOKIE, token)
    return thief


@pytest.mark.parametrize("path", ["nothing", "sign-in/social", "get-session/x"])
def test_what_is_not_there_is_refused_like_all_else(street: Street, path: str) -> None:
    assert street.visitor().refused(f"/api/auth/{path}") == (404, "NOT_FOUND")
    assert street.visitor().refused_to_read(f"/api/auth/{path}") == (404, "NOT_FOUND")


def test_no_answer_about_an_account_is_kept_on_the_way(street: Street) -> None:
    ada = street.ada()

    for path in ("/api/auth/get-session", "/api/keys", "/api/auth/nothing"):
        assert ada.http.get(path).headers["cache-control"] == "no-store"


def test_the_server_says_that_it_is_there(street: Street) -> None:
    assert street.visitor().ask("/api/auth/ok") == {"ok": True}


def test_sessions_are_listed_and_ended_one_by_one(street: Street) -> None:
    ada, other, third = street.ada(), street.visitor(), street.visitor()
    other.sign_in(ada.email)
    third.sign_in(ada.email)
    listed = ada.ask("/api/auth/list-sessions")
    assert len(listed) == 3

    assert ada.send("/api/auth/revoke-session", token=listed[1]["token"]) == {"status": True}

    assert other.session is None
    assert third.session is not None
    assert ada.send("/api/auth/revoke-other-sessions") == {"status": True}
    assert third.session is None
    assert ada.session is not None
    assert ada.send("/api/auth/revoke-sessions") == {"status": True}
    assert ada.session is None


def test_the_session_of_somebody_else_cannot_be_ended(street: Street) -> None:
    ada, grace = street.ada(), street.ada("Grace")

    grace.send("/api/auth/revoke-session", token=ada.session["session"]["token"])

    assert ada.session is not None


def test_a_session_that_is_used_lasts_longer_once_a_day_up_to_thirty_days(
    street: Street, deployment: Deployment
) -> None:
    ada = street.ada()
    session_id = uuid_of(ada.session["session"]["id"])
    expires: Callable[[], str] = lambda: ada.session["session"]["expiresAt"]  # noqa: E731
    first = expires()
    assert expires() == first

    age(deployment, session_id, timedelta(hours=25))
    answer = ada.http.get("/api/auth/get-session")

    assert "max-age=604" in answer.headers["set-cookie"].lower()
    assert answer.json()["session"]["expiresAt"] > first
    assert "set-cookie" not in ada.http.get("/api/auth/get-session").headers
    age(deployment, session_id, timedelta(days=27))
    assert ada.session is None


def test_a_session_ends_thirty_days_after_sign_in_however_busy(
    street: Street, deployment: Deployment
) -> None:
    ada = street.ada()
    session_id = uuid_of(ada.session["session"]["id"])
    for _ in range(5):
        age(deployment, session_id, timedelta(days=5))
        assert ada.session is not None

    age(deployment, session_id, timedelta(days=5))

    assert ada.session is None


def age(deployment: Deployment, session_id: UUID, by: timedelta) -> None:
    """Let time pass for one session."""
    with deployment.core.connect() as connection:
        connection.execute(
            "UPDATE sessions SET created_at = created_at - %(by)s,"
            " refreshed_at = refreshed_at - %(by)s, expires_at = expires_at - %(by)s"
            " WHERE id = %(id)s",
            {"by": by, "id": session_id},
        )


def uuid_of(wire_id: str) -> UUID:
    known = from_wire("ses", wire_id)
    assert known
    return known


def test_guessing_makes_the_account_wait_wherever_the_guesses_come_from(street: Street) -> None:
    ada = street.ada()
    answers: list[httpx2.Response] = []

    def guess(number: int) -> int:
        body = {"email": ada.email, "password": f"guess {number}!"}
        answers.append(street.visitor().http.post(SIGN_IN, json=body))
        return answers[-1].status_code

    codes = until_told_to_wait(guess)

    assert codes[:3] == [401, 401, 401]
    assert refusal(answers[-1]) == (429, "TOO_MANY_REQUESTS")
    wait = int(answers[-1].headers["x-retry-after"])
    assert 1 <= wait <= 60
    assert answers[-1].headers["retry-after"] == str(wait)


def test_a_delay_holds_for_the_right_password_too(street: Street, deployment: Deployment) -> None:
    ada = street.ada()
    tries = Digests(deployment.core.vault)
    key = tries.of_caller("password", tries.of_email(ada.email))
    with deployment.core.connect() as connection:
        connection.execute(
            "INSERT INTO account_tries VALUES (%s, 9, clock_timestamp() + interval '1 minute')",
            (key,),
        )

    right = street.visitor().refused(SIGN_IN, email=ada.email, password=PASSWORD)

    assert right == (429, "TOO_MANY_REQUESTS")
    assert ada.session is not None


def test_an_unknown_account_waits_as_a_known_one(street: Street) -> None:
    email = an_email()

    codes = until_told_to_wait(
        lambda _: street.visitor().refused(SIGN_IN, email=email, password="guess it 1")[0]
    )

    assert codes[:3] == [401, 401, 401]
    assert codes[-1] == 429


def test_the_right_password_forgives_the_wrong_ones(street: Street) -> None:
    ada = street.ada()
    for _ in range(2):
        for n in range(2):
            street.visitor().refused(SIGN_IN, email=ada.email, password=f"guess {n}!")
        street.visitor().sign_in(ada.email)


def test_one_address_signs_in_three_times_in_ten_seconds(street: Street) -> None:
    one = street.visitor()

    codes = [one.http.post(SIGN_IN, json={}).status_code for _ in range(5)]

    assert codes == [400, 400, 400, 429, 429]
    assert street.visitor().refused(SIGN_IN)[0] == 400


def test_one_address_asks_a_hundred_times_in_ten_seconds(street: Street) -> None:
    one = street.visitor()

    codes = [one.http.get("/api/auth/ok").status_code for _ in range(300)]

    assert codes[:100] == [200] * 100
    assert 429 in codes[100:]


def test_what_is_wrong_with_a_body_is_told(street: Street) -> None:
    ada = street.visitor()
    answers: list[httpx2.Response] = [
        ada.http.post(SIGN_IN, content=b"{", headers={"content-type": "application/json"}),
        ada.http.post(SIGN_IN, json=[]),
    ]

    assert [refusal(answer) for answer in answers] == [
        (400, "VALIDATION_ERROR"),
        (422, "VALIDATION_ERROR"),
    ]


def test_a_profile_is_changed_field_by_field(street: Street) -> None:
    ada = street.ada()
    changes: dict[str, Any] = {
        "name": "Ada L.",
        "title": "Countess",
        "bio": "Engines",
        "theme": "dark",
    }

    assert ada.send("/api/auth/update-user", **changes) == {"status": True}
    ada.send("/api/auth/update-user", bio=None, name=None)

    user = ada.me
    assert [user[name] for name in ("name", "title", "bio", "theme")] == [
        "Ada L.", "Countess", None, "dark",
    ]  # fmt: skip
    assert ada.refused("/api/auth/update-user", title="x" * 101) == (400, "VALIDATION_ERROR")
    assert ada.refused("/api/auth/update-user", image="javascript:1") == (400, "VALIDATION_ERROR")


def test_another_password_takes_the_old_one(street: Street) -> None:
    ada, other = street.ada(), street.visitor()
    other.sign_in(ada.email)
    path, new = "/api/auth/change-password", "a better heron 7"

    assert ada.refused(path, currentPassword="wrong heron", newPassword=new) == (
        400,
        "INVALID_PASSWORD",
    )
    assert ada.refused(path, currentPassword=PASSWORD, newPassword="password") == (
        400,
        "PASSWORD_COMPROMISED",
    )
    told = ada.send(path, currentPassword=PASSWORD, newPassword=new, revokeOtherSessions=True)

    assert told["user"]["id"] == ada.user["id"]
    assert other.session is None
    assert ada.session is not None
    street.visitor().sign_in(ada.email, new)
    assert street.visitor().refused(SIGN_IN, email=ada.email, password=PASSWORD)[0] == 401


def test_a_deleted_account_is_gone_with_all_that_only_it_held(
    street: Street, deployment: Deployment
) -> None:
    ada, other = street.ada(), street.visitor()
    other.sign_in(ada.email)
    key = ada.send_key()

    assert ada.refused("/api/auth/delete-user", password="wrong heron") == (
        400,
        "INVALID_PASSWORD",
    )
    assert ada.send("/api/auth/delete-user", password=PASSWORD) == {"success": True}

    assert ada.session is other.session is None
    assert deployment.http.get("/api/v1/resumes", headers={"x-api-key": key}).status_code == 401
    gone = street.visitor().refused(SIGN_IN, email=ada.email, password=PASSWORD)
    assert gone == (401, "INVALID_EMAIL_OR_PASSWORD")
    again = street.visitor()
    again.email = ada.email
    again.sign_up()


def test_who_is_a_lonely_admin_among_others_cannot_go(street: Street) -> None:
    ada, grace = street.ada(), street.verified("Grace")
    street.joins(grace, ada)

    refused = ada.refused("/api/auth/delete-user", password=PASSWORD)

    assert refused == (400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER")
    assert ada.session is not None
