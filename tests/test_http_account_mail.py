"""What is sent by mail: links that work once, to whom it concerns, and to nobody else."""

import re

import pyotp

from browsing import PASSWORD, Street, an_email, refusal

FORGOT = "/api/auth/request-password-reset"
RESET = "/api/auth/reset-password"
MAGIC = "/api/auth/sign-in/magic-link"
NEW = "a better heron 7"


def test_a_new_address_is_verified_by_the_link_that_it_gets(street: Street) -> None:
    ada = street.ada()
    assert ada.me["emailVerified"] is False

    answer = street.visitor().http.get(street.link_to(ada.email, "Verify"))

    assert (answer.status_code, answer.headers["location"]) == (302, "/account")
    assert ada.me["emailVerified"] is True


def test_the_link_works_once(street: Street) -> None:
    ada = street.ada()
    link = street.link_to(ada.email, "Verify")
    street.visitor().http.get(link)

    answer = street.visitor().http.get(link)

    assert answer.headers["location"] == "/account?error=INVALID_TOKEN"


def test_the_link_is_sent_again_to_who_has_an_account(street: Street) -> None:
    ada = street.ada()
    first = street.link_to(ada.email, "Verify")

    body = {"email": ada.email, "callbackURL": "/welcome"}
    assert street.visitor().send("/api/auth/send-verification-email", **body) == {"status": True}
    street.until_mails(ada.email, 2)

    link = street.link_to(ada.email, "Verify")
    assert link != first
    assert street.visitor().http.get(link).headers["location"] == "/welcome"


def test_a_forgotten_password_is_replaced_by_a_link(street: Street) -> None:
    ada = street.ada()
    asked = street.visitor().send(FORGOT, email=ada.email)
    assert asked.keys() == {"status", "message"}
    reader = street.visitor()

    page = reader.http.get(street.link_to(ada.email, "new password")).headers["location"]

    assert page.startswith("/reset-password?token=")
    token = page.partition("=")[2]
    assert f'"token": "{token}"' in reader.http.get(page).text.replace("&#34;", '"')
    assert reader.refused(RESET, token=token, newPassword="short") == (400, "PASSWORD_TOO_SHORT")
    assert reader.send(RESET, token=token, newPassword=NEW) == {"status": True}
    assert reader.refused(RESET, token=token, newPassword=NEW) == (400, "INVALID_TOKEN")
    assert ada.session is None
    street.visitor().sign_in(ada.email, NEW)
    assert street.visitor().refused("/api/auth/sign-in/email", email=ada.email, password=PASSWORD)


def test_who_followed_a_reset_link_has_shown_that_the_address_is_theirs(street: Street) -> None:
    ada = street.ada()
    street.visitor().send(FORGOT, email=ada.email)
    reader = street.visitor()
    page = reader.http.get(street.link_to(ada.email, "new password")).headers["location"]
    reader.send(RESET, token=page.partition("=")[2], newPassword=NEW)

    reader.sign_in(ada.email, NEW)

    assert reader.me["emailVerified"] is True


def test_a_reset_link_that_is_none_leads_to_the_page_that_says_so(street: Street) -> None:
    answer = street.visitor().http.get(f"{RESET}/nonsense?callbackURL=/reset-password")

    assert answer.headers["location"] == "/reset-password?error=INVALID_TOKEN"


def test_a_link_signs_in(street: Street) -> None:
    ada, phone = street.ada(), street.visitor()

    assert phone.send(MAGIC, email=ada.email, callbackURL="/dashboard") == {"status": True}
    answer = phone.http.get(street.link_to(ada.email, "sign in"))

    assert (answer.status_code, answer.headers["location"]) == (302, "/dashboard")
    assert phone.me["emailVerified"] is True
    again = street.visitor()
    answer = again.http.get(street.link_to(ada.email, "sign in"))
    assert answer.headers["location"] == "/dashboard?error=INVALID_TOKEN"
    assert again.session is None


def test_a_link_does_not_stand_in_for_the_second_factor(street: Street) -> None:
    ada, phone = street.ada(), street.visitor()
    prepared = ada.send("/api/auth/two-factor/enable", password=PASSWORD)
    app = pyotp.parse_uri(prepared["totpURI"])
    assert isinstance(app, pyotp.TOTP)
    ada.send("/api/auth/two-factor/verify-totp", code=app.now())
    phone.send(MAGIC, email=ada.email, callbackURL="/dashboard")

    answer = phone.http.get(street.link_to(ada.email, "sign in"))

    assert answer.headers["location"] == "/sign-in/two-factor?to=%2Fdashboard"
    assert phone.session is None
    phone.send("/api/auth/two-factor/verify-backup-code", code=prepared["backupCodes"][0])
    assert phone.session is not None


def test_nobody_learns_whether_there_is_an_account(street: Street) -> None:
    ada, stranger = street.ada(), an_email("nobody")
    for path in (FORGOT, MAGIC, "/api/auth/send-verification-email"):
        one, other = (
            street.visitor().http.post(path, json={"email": email})
            for email in (ada.email, stranger)
        )

        assert one.content == other.content
        assert one.status_code == other.status_code == 200

    street.link_to(ada.email, "sign in")
    assert street.mails_to(stranger) == []


def test_nobody_can_have_many_mails_sent_to_one_address(street: Street) -> None:
    email = an_email("victim")

    codes = [
        street.visitor().http.post(MAGIC, json={"email": email}).status_code for _ in range(7)
    ]

    assert codes == [200] * 5 + [429] * 2


def test_a_link_leads_to_no_other_site(street: Street) -> None:
    for url in (
        "https://evil.example.org/", "//evil.example.org", "/\\evil.example.org", "javascript:x",
        "http:evil.example.org", "/\t/evil.example.org",
    ):  # fmt: skip
        refused = street.visitor().refused(MAGIC, email=an_email(), callbackURL=url)
        assert refused == (403, "INVALID_CALLBACK_URL"), url
        answer = street.visitor().http.get(
            "/api/auth/verify-email", params={"token": "x", "callbackURL": url}
        )
        assert refusal(answer) == (403, "INVALID_CALLBACK_URL"), url


def test_a_name_makes_no_lines_in_a_mail(street: Street) -> None:
    ada = street.ada("Ada\nBcc: grace@example.org\n\nhttp://evil.example.org")

    street.link_to(ada.email, "Verify")

    assert re.search(r"^Hello Ada Bcc: grace", street.mails_to(ada.email)[0], re.MULTILINE)
