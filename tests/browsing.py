"""Browsers for tests: each at an address of its own, with its cookies and its site's origin."""

import itertools
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
import pytest

from postgres import until
from server import Deployment

PASSWORD: Final = "tidal heron 41"
ADDRESSES: Final = itertools.count(secrets.randbelow(200) << 16 | 1)

Told = tuple[int, dict[str, Any]]


def an_address() -> str:
    """Return a loopback address that nobody else here uses."""
    number = next(ADDRESSES)
    return f"127.{1 + (number >> 16) % 250}.{number >> 8 & 255}.{number & 255}"


def an_email(who: str = "ada") -> str:
    return f"{who}-{secrets.token_hex(6)}@example.org"


@dataclass
class Browser:
    """A browser on a page of the site."""

    http: httpx2.Client
    email: str = ""
    user: dict[str, Any] = field(default_factory=dict)

    def ask(self, path: str, **query: str) -> Any:
        """Return what a GET that has to succeed answers."""
        answer = self.http.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def send(self, path: str, **body: Any) -> Any:
        """Return what a POST that has to succeed answers."""
        answer = self.http.post(path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, path: str, **body: Any) -> tuple[int, str]:
        """Return status and code of a POST that has to be refused."""
        return refusal(self.http.post(path, json=body))

    def refused_to_read(self, path: str, **query: str) -> tuple[int, str]:
        """Return status and code of a GET that has to be refused."""
        return refusal(self.http.get(path, params=query))

    def sign_up(self, name: str = "Ada Example") -> "Browser":
        """Open an account and sign in."""
        self.email = self.email or an_email()
        body = {"name": name, "email": self.email, "password": PASSWORD}
        self.user = self.send("/api/auth/sign-up/email", **body)["user"]
        return self

    def sign_in(self, email: str, password: str = PASSWORD, **more: Any) -> Any:
        """Sign in and return the answer."""
        self.email = email
        path = "/api/auth/sign-in/email"
        return self.send(path, email=email, password=password, **more)

    def send_key(self, name: str = "Test") -> str:
        """Issue a key of the active organization and return it."""
        answer = self.http.post("/api/keys", json={"name": name})
        assert answer.status_code == 201, answer.text
        key: str = answer.json()["data"]["key"]
        return key

    @property
    def session(self) -> Any:
        """What get-session tells."""
        told: Any = self.ask("/api/auth/get-session")
        return told

    @property
    def organization(self) -> str:
        """The id of the active organization."""
        told = self.session
        assert told
        active: str = told["activeOrganizationId"]
        return active

    @property
    def me(self) -> dict[str, Any]:
        """The user that get-session tells of."""
        told = self.session
        assert told
        user: dict[str, Any] = told["user"]
        return user


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    body = answer.json()
    assert body.keys() == {"message", "code"}, body
    assert body["message"]
    return answer.status_code, body["code"]


def until_told_to_wait(guess: Callable[[int], int]) -> list[int]:
    """Return the statuses of guesses up to the first that is too early; each wait is longer."""
    statuses: list[int] = []
    while 429 not in statuses and len(statuses) < 12:
        statuses.append(guess(len(statuses)))
    return statuses


@contextmanager
def browser(deployment: Deployment) -> Iterator[Browser]:
    transport = httpx2.HTTPTransport(local_address=an_address())
    headers = {"origin": deployment.url, "user-agent": "Test/1"}
    with httpx2.Client(
        base_url=deployment.url, headers=headers, transport=transport, timeout=60
    ) as client:
        yield Browser(client)


@dataclass
class Street:
    """Where people come from, each with a browser."""

    deployment: Deployment
    browsers: list[Any] = field(default_factory=list)

    def visitor(self) -> Browser:
        """Return a browser that nobody is signed in with."""
        opened = browser(self.deployment)
        self.browsers.append(opened)
        return opened.__enter__()

    def ada(self, name: str = "Ada Example") -> Browser:
        """Return a browser whose user has just signed up."""
        return self.visitor().sign_up(name)

    def mails_to(self, email: str) -> list[str]:
        """Return the mails that were shown on the console, the oldest first."""
        said = self.deployment.serving.complained
        return [
            mail.split("\nMail to ")[0]
            for mail in re.split(rf"^Mail to (?={re.escape(email)}:)", said, flags=re.MULTILINE)[
                1:
            ]
        ]

    def until_mails(self, email: str, count: int) -> None:
        """Wait until so many mails were shown."""
        until(lambda: len(self.mails_to(email)) >= count)

    def link_to(self, email: str, subject: str) -> str:
        """Return path and query of the link in the newest mail, once it is there."""

        def links() -> list[str]:
            mails = [m for m in self.mails_to(email) if subject in m.splitlines()[0]]
            return [found[0] for m in mails if (found := re.findall(r"^http\S+", m, re.MULTILINE))]

        until(links)
        link = urlsplit(links()[-1])
        assert f"{link.scheme}://{link.netloc}" == self.deployment.url.replace(
            "127.0.0.1", "localhost"
        )
        return f"{link.path}?{link.query}" if link.query else link.path

    def joins(self, who: Browser, host: Browser, role: str = "member") -> dict[str, Any]:
        """Have *who*, whose address is verified, become a member of *host*'s organization."""
        path = "/api/auth/organization"
        invited = host.send(f"{path}/invite-member", email=who.email, role=role)
        accepted = who.send(f"{path}/accept-invitation", invitationId=invited["id"])
        member: dict[str, Any] = accepted["member"]
        return member

    def verified(self, name: str = "Ada Example") -> Browser:
        """Return a browser whose user has followed the link to verify the address."""
        person = self.ada(name)
        person.http.get(self.link_to(person.email, "Verify"))
        return person


@pytest.fixture
def street(deployment: Deployment) -> Iterator[Street]:
    street = Street(deployment)
    yield street
    for opened in street.browsers:
        opened.__exit__(None, None, None)
