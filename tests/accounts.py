"""People with accounts, for tests of the rules and of the log."""

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from argon2 import PasswordHasher

from api.adapters.accounts.directory import AccountDirectory
from api.adapters.accounts.passwords import Argon2Passwords
from api.adapters.contents import ContentReader
from commands.accounts.invitations import Invite, invite
from commands.accounts.profile import VerifyEmail, verify_email
from commands.accounts.sign_up import SignUp, sign_up
from commands.manage_organization import find_organization
from commands.organization import Organization
from events.membership import Role
from events.recorded import Origin
from real_log import Store
from spec import clock

CHEAP: Final = Argon2Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
"""The real thing, for those who are in a hurry."""


@dataclass
class Plain:
    """Passwords whose hashes tell them, and that count what was asked."""

    hashed: int = 0
    compared: list[str | None] = field(default_factory=list)
    version: int = 1

    def hash(self, password: str) -> str:
        self.hashed += 1
        return f"{self.version}:{password}"

    def match(self, password: str, known: str | None) -> bool:
        self.compared.append(known)
        return known is not None and known.partition(":")[2] == password

    def is_outdated(self, known: str) -> bool:
        return not known.startswith(f"{self.version}:")


@dataclass(frozen=True)
class Account:
    """Somebody who signed up, with an organization of their own."""

    user_id: UUID
    organization_id: UUID
    email: str

    @property
    def origin(self) -> Origin:
        return Origin(self.organization_id, f"user:{self.user_id}")


def directory_of(store: Store) -> AccountDirectory:
    return AccountDirectory(store.pool, ContentReader(store.log, store.vault), clock)


def signed_up(store: Store, number: int, *, verified: bool = False, **more: Any) -> Account:
    """Sign somebody up; the e-mail address is its own digest."""
    account = Account(
        UUID(int=0xA << 64 | number), UUID(int=0xB << 64 | number), f"ada-{number}@example.org"
    )
    asked: dict[str, Any] = {"name": "Ada", "password": "tidal heron 41"} | more
    email = asked.get("email", account.email)
    command = SignUp(account.user_id, email, account.email, asked["name"], asked["password"])
    sign_up(
        command,
        account.origin,
        streams=store.streams,
        directory=directory_of(store),
        passwords=CHEAP,
        new_id=lambda: UUID(int=0xC << 64 | number),
        new_slug=lambda: f"personal-{number}",
        clock=clock,
    )
    if verified:
        command_to_verify = VerifyEmail(account.user_id)
        verify_email(command_to_verify, account.origin, streams=store.streams, clock=clock)
    return account


def invited(store: Store, *, by: Account, whom: Account, role: Role = "member") -> UUID:
    """Invite somebody to the organization of another and return the invitation's id."""
    invitation_id = UUID(int=0xD << 64 | whom.user_id.int & 0xFFFF)
    command = Invite(by.user_id, invitation_id, whom.email, whom.email, role)
    return invite(
        command,
        by.origin,
        streams=store.streams,
        directory=directory_of(store),
        clock=clock,
    )


def organization_of(store: Store, account: Account) -> Organization:
    return find_organization(account.organization_id, store.streams)
