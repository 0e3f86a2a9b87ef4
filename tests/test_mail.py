"""Mail is handed to a server, again if it was not taken, and none is lost on the way."""

import os
import signal
from collections.abc import Iterator
from smtplib import SMTPNotSupportedError, SMTPRecipientsRefused

import pytest
from pydantic import SecretStr

from api.adapters.accounts.mail import ConsoleMailer, Mail, SmtpMailer, mailer_of
from api.settings import InvalidSetting, Settings, read_settings
from browsing import an_email, browser
from mail_server import Postman, mail_server
from postgres import until
from server import Deployment, deployed, state

MAIL = Mail(
    "ada@example.org", "Grüße aus Refolio", "Hello Ada,\n\nfollow this link:\n\nhttp://x\n"
)


@pytest.fixture
def postman() -> Iterator[Postman]:
    with mail_server() as postman:
        yield postman


def mailer(url: str) -> SmtpMailer:
    made = mailer_of(Settings(smtp_url=SecretStr(url), mail_from="Refolio <post@example.org>"))
    assert isinstance(made, SmtpMailer)
    return made


def test_a_mail_arrives_as_it_was_written(postman: Postman) -> None:
    mailer(postman.url).send(MAIL)

    (arrived,) = postman.mails
    assert (arrived["To"], arrived["From"]) == (MAIL.to, "Refolio <post@example.org>")
    assert arrived["Subject"] == MAIL.subject
    assert arrived["Message-ID"]
    assert arrived["Date"]
    assert arrived.get_content().replace("\r\n", "\n") == MAIL.text  # type: ignore[attr-defined]


def test_an_addressee_that_is_busy_is_tried_again_and_one_that_is_none_is_not(
    postman: Postman,
) -> None:
    postman.refusals += ["450 later", "550 unknown"]

    with pytest.raises(SMTPRecipientsRefused):
        mailer(postman.url).send(MAIL)
    mailer(postman.url).send(MAIL)

    assert postman.mails == []


def test_a_server_that_is_not_there_is_an_error_to_try_again() -> None:
    with pytest.raises(OSError, match="refused"):
        mailer("smtp://127.0.0.1:9").send(MAIL)


def test_a_password_is_sent_under_tls_or_not_at_all(postman: Postman) -> None:
    with pytest.raises(SMTPNotSupportedError):
        mailer(postman.url.replace("//", "//user:word@")).send(MAIL)

    assert postman.mails == []


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://"])
def test_what_is_no_mail_server_is_refused_at_start(url: str) -> None:
    with pytest.raises(InvalidSetting, match="SMTP_URL") as refused:
        read_settings(smtp_url=url)

    assert "mail.example" not in str(refused.value)


def test_without_a_server_mail_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    made = mailer_of(Settings())
    assert isinstance(made, ConsoleMailer)

    made.send(MAIL)

    assert "Mail to ada@example.org: Grüße aus Refolio\n\nHello Ada," in capsys.readouterr().err


@pytest.fixture(scope="module")
def posted() -> Iterator[tuple[Deployment, Postman]]:
    """Yield a server of its own that sends by a mail server."""
    url = "https://resumes.example.org"
    with (
        mail_server() as postman,
        state() as home,
        deployed(home, smtp_url=postman.url, public_url=url, sign_up="on") as running,
    ):
        yield running, postman


def sign_up(deployment: Deployment) -> str:
    email = an_email("post")
    with browser(deployment) as ada:
        body = {"name": "Ada", "email": email, "password": "tidal heron 41"}
        answer = ada.http.post("/api/auth/sign-up/email", json=body)
        assert answer.status_code == 200, answer.text
    return email


def to(postman: Postman, email: str) -> list[str]:
    return [mail.get_content() for mail in postman.mails if mail["To"] == email]  # type: ignore[attr-defined]


def test_mail_leads_to_where_people_reach_the_server(posted: tuple[Deployment, Postman]) -> None:
    deployment, postman = posted

    email = sign_up(deployment)

    until(lambda: to(postman, email))
    link = "https://resumes.example.org/api/auth/verify-email?token="
    assert link in to(postman, email)[0]
    assert email not in deployment.serving.complained


def test_a_mail_that_was_not_taken_is_sent_later(posted: tuple[Deployment, Postman]) -> None:
    deployment, postman = posted
    postman.refusals.append("450 later")

    email = sign_up(deployment)

    until(lambda: to(postman, email), 30)
    assert len(to(postman, email)) == 1


def test_a_mail_outlives_the_worker_that_was_to_send_it(
    posted: tuple[Deployment, Postman],
) -> None:
    deployment, postman = posted
    worker = deployment.serving.worker()
    worker.suspend()
    email = sign_up(deployment)
    assert to(postman, email) == []

    os.kill(worker.pid, signal.SIGKILL)

    until(lambda: to(postman, email), 40)


def test_by_https_a_cookie_is_bound_to_its_host(posted: tuple[Deployment, Postman]) -> None:
    deployment, _ = posted
    with browser(deployment) as ada:
        ada.http.headers["origin"] = "https://resumes.example.org"
        body = {"name": "Ada", "email": an_email(), "password": "tidal heron 41"}
        answer = ada.http.post("/api/auth/sign-up/email", json=body)

        (cookie,) = answer.headers.get_list("set-cookie")
        assert cookie.startswith("__Host-refolio.session_token=")
        assert {"secure", "httponly", "path=/"} <= {p.strip().lower() for p in cookie.split(";")}
        assert "domain" not in cookie.lower()
        token = cookie.split(";")[0]
        me = ada.http.get("/api/auth/get-session", headers={"cookie": token})
        assert me.json()["user"]["email"] == body["email"]
        plain = token.removeprefix("__Host-")
        assert ada.http.get("/api/auth/get-session", headers={"cookie": plain}).json() is None
