"""Operators let people in and set their passwords, where sign-up is closed too."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from api.settings import InvalidSetting, Settings, read_settings
from browsing import PASSWORD, Street, an_email, browser
from server import Deployment, deployed, refolio, state


def test_a_user_is_created_and_signs_in(street: Street, deployment: Deployment) -> None:
    home, email = deployment.serving.home, an_email("op")
    organization = refolio(home, "org", "create", "--name", "Acme").stdout.strip()

    done = refolio(
        home, "user", "create", "--email", email.upper(), "--password", PASSWORD,
        "--organization", organization, "--admin", "--name", "Grace",
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    grace = street.visitor()
    assert grace.sign_in(email)["user"]["id"] == done.stdout.strip()
    assert grace.me["emailVerified"] is True
    assert grace.me["role"] == "admin"
    assert grace.organization == organization
    assert grace.send_key().startswith("raik_")


def test_a_password_is_set_and_sessions_end(street: Street, deployment: Deployment) -> None:
    ada = street.ada()

    done = refolio(
        deployment.serving.home, "user", "reset-password", "--email", ada.email,
        "--password", "a better heron 7",
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert ada.session is None
    street.visitor().sign_in(ada.email, "a better heron 7")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["create", "--email", "ada", "--password", PASSWORD], "no e-mail address"),
        (["create", "--email", "a@b.org", "--password", "password"], "choose another one"),
        (["create", "--email", "a@b.org", "--password", "short"], "at least 8 characters"),
        (["reset-password", "--email", "x@b.org", "--password", PASSWORD], "no such account"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(
    deployment: Deployment, arguments: list[str], says: str
) -> None:
    done = refolio(deployment.serving.home, "user", *arguments)

    assert done.returncode != 0
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def closed() -> Iterator[Deployment]:
    """Yield a server where nobody signs up uninvited."""
    with state() as home, deployed(home, sign_up="off") as running:
        yield running


def test_where_sign_up_is_closed_the_invited_sign_up_and_nobody_else(closed: Deployment) -> None:
    street = Street(closed)
    email, invited = an_email("admin"), an_email("invited")
    refused = street.visitor().refused(
        "/api/auth/sign-up/email", name="Eve", email=an_email("eve"), password=PASSWORD
    )
    assert refused == (400, "EMAIL_PASSWORD_SIGN_UP_DISABLED")
    done = refolio(
        closed.serving.home, "user", "create", "--email", email, "--password", PASSWORD, "--admin"
    )
    assert done.returncode == 0, done.stderr
    admin = street.visitor()
    admin.sign_in(email)
    admin.send("/api/auth/organization/invite-member", email=invited, role="member")

    with browser(closed) as guest:
        guest.email = invited
        assert guest.sign_up().me["email"] == invited


@pytest.mark.parametrize(
    ("given", "is_open"),
    [
        ({}, True),
        ({"host": "::1"}, True),
        ({"host": "127.0.0.9"}, True),
        ({"host": "0.0.0.0"}, False),
        ({"host": "10.0.0.1"}, False),
        ({"public_url": "https://resumes.example.org"}, False),
        ({"host": "0.0.0.0", "sign_up": "on"}, True),
        ({"sign_up": "off"}, False),
    ],
)
def test_sign_up_is_open_by_itself_only_where_no_other_machine_comes(
    given: dict[str, str], *, is_open: bool
) -> None:
    assert read_settings(**given).sign_up_is_open is is_open


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({}, "http://localhost:8000"),
        ({"host": "::1", "port": "81"}, "http://[::1]:81"),
        ({"host": "10.0.0.1"}, "http://10.0.0.1:8000"),
        ({"public_url": "https://a.example.org"}, "https://a.example.org"),
    ],
)
def test_links_lead_to_where_people_reach_the_server(given: dict[str, str], url: str) -> None:
    assert read_settings(**given).url == url


@pytest.mark.parametrize(
    "url", ["ftp://a.org", "https://", "https://a.org/path", "https://u@a.org", "a.org"]
)
def test_an_address_that_is_no_origin_is_refused(url: str) -> None:
    with pytest.raises(InvalidSetting, match="PUBLIC_URL"):
        read_settings(public_url=url)


def test_the_password_of_a_mail_server_is_not_shown() -> None:
    settings = Settings(smtp_url=SecretStr("smtps://user:canary@mail.example.org"))

    assert "canary" not in repr(settings)
