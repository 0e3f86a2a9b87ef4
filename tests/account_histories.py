"""Random histories of people who sign up, invite, join, promote, leave and delete as they may."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID, uuid5

from hypothesis import strategies as st

from account_stories import PASSWORD
from accounts import Plain
from commands.accounts.credentials import ResetPassword, reset_password
from commands.accounts.delete_user import DeleteUser, delete_user
from commands.accounts.invitations import (
    Answer,
    CancelInvitation,
    Invite,
    accept_invitation,
    cancel_invitation,
    invite,
    reject_invitation,
)
from commands.accounts.members import ChangeRole, RemoveMember, change_role, remove_member
from commands.accounts.organizations import (
    DeleteOrganization,
    UpdateOrganization,
    delete_organization,
    update_organization,
)
from commands.accounts.ports import Directory
from commands.accounts.profile import UpdateProfile, VerifyEmail, update_profile, verify_email
from commands.accounts.sign_up import SignUp, sign_up
from commands.accounts.two_factor import (
    PrepareTwoFactor,
    ReplaceBackupCodes,
    UseBackupCode,
    disable_two_factor,
    enable_two_factor,
    prepare_two_factor,
    replace_backup_codes,
    use_backup_code,
)
from commands.again import again
from commands.errors import DomainError
from commands.manage_keys import IssueKey, issue_key
from commands.organization import fold
from commands.ports import Streams
from commands.rename_key import RenameKey, rename_key
from events.membership import Role
from events.recorded import Origin
from stories import NOON

EMAILS: Final = tuple(f"{name}@example.org" for name in ("ada", "grace", "edsger", "barbara"))


class Registry(Directory, Protocol):
    """A directory that also tells where invitations lead."""

    def organization_inviting(self, invitation_id: UUID) -> UUID | None: ...


@dataclass
class Town:
    """People and their organizations. The same steps give the same history, ids included."""

    streams: Streams
    directory: Registry
    people: list[UUID] = field(default_factory=list)
    organizations: list[UUID] = field(default_factory=list)
    invitations: list[UUID] = field(default_factory=list)
    invited: dict[UUID, str] = field(default_factory=dict)
    keys: list[UUID] = field(default_factory=list)
    ticks: int = 0

    def clock(self) -> datetime:
        self.ticks += 1
        return NOON + timedelta(minutes=self.ticks)

    def new_id(self) -> UUID:
        self.ticks += 1
        return uuid5(UUID(int=1), str(self.ticks))

    @property
    def ports(self) -> dict[str, Any]:
        return {"streams": self.streams, "clock": self.clock}

    def sign_up(self, which: int, say: str) -> None:
        email = EMAILS[which % len(EMAILS)]
        user_id, organization_id, member_id = self.new_id(), self.new_id(), self.new_id()
        sign_up(
            SignUp(user_id, email, email, say, PASSWORD),
            Origin(organization_id, f"user:{user_id}"),
            directory=self.directory,
            passwords=Plain(),
            new_id=lambda: member_id,
            new_slug=lambda: f"slug-{self.ticks % 7}-{which}",
            **self.ports,
        )
        self.people.append(user_id)
        self.organizations.append(organization_id)

    def invite(self, which: int, _say: str) -> None:
        email = EMAILS[which // 3 % len(EMAILS)]
        role: Role = "admin" if which % 5 == 0 else "member"
        command = Invite(self.who(which), self.new_id(), email, email, role, which % 4 == 0)
        invited = invite(command, self.at(which), directory=self.directory, **self.ports)
        self.invitations.append(invited)
        self.invited[invited] = email

    def answer(self, which: int, _say: str) -> None:
        invitation_id = one(self.invitations, which)
        where = self.directory.organization_inviting(invitation_id) or UUID(int=0)
        owner = self.directory.user_with_email(self.invited.get(invitation_id, ""))
        answers = owner if owner and which % 5 else self.who(which // 3)
        command = Answer(answers, invitation_id, self.new_id())
        act = reject_invitation if which % 6 == 0 else accept_invitation
        act(command, Origin(where, f"user:{command.user_id}"), **self.ports)

    def cancel(self, which: int, _say: str) -> None:
        command = CancelInvitation(self.who(which), one(self.invitations, which))
        cancel_invitation(command, self.at(which), **self.ports)

    def promote(self, which: int, _say: str) -> None:
        role: Role = "admin" if which % 2 else "member"
        command = ChangeRole(self.who(which), self.member_at(which), role)
        change_role(command, self.at(which), **self.ports)

    def remove(self, which: int, _say: str) -> None:
        command = RemoveMember(self.who(which), self.member_at(which))
        remove_member(command, self.at(which), **self.ports)

    def rename(self, which: int, say: str) -> None:
        command = UpdateOrganization(
            self.who(which), say or None, f"slug-{which % 9}", (("logo", say),)
        )
        update_organization(command, self.at(which), directory=self.directory, **self.ports)

    def end(self, which: int, _say: str) -> None:
        delete_organization(DeleteOrganization(self.who(which)), self.at(which), **self.ports)

    def key(self, which: int, say: str) -> None:
        key_id = self.new_id()
        issue_key(IssueKey(key_id, say, str(key_id), "raik_"), self.at(which), **self.ports)
        self.keys.append(key_id)
        rename_key(RenameKey(one(self.keys, which), f"{say}!"), self.at(which), **self.ports)

    def show(self, which: int, say: str) -> None:
        command = UpdateProfile(self.who(which), (("name", say), ("bio", say or None)))
        update_profile(command, self.by(which), **self.ports)

    def verify(self, which: int, _say: str) -> None:
        verify_email(VerifyEmail(self.who(which)), self.by(which), **self.ports)

    def reset(self, which: int, say: str) -> None:
        command = ResetPassword(self.who(which), f"{say} and a heron", "reset")
        reset_password(command, self.by(which), passwords=Plain(), **self.ports)

    def protect(self, which: int, say: str) -> None:
        user_id, origin = self.who(which), self.by(which)
        prepare_two_factor(PrepareTwoFactor(user_id, say, ("a", say)), origin, **self.ports)
        if which % 3:
            enable_two_factor(user_id, origin, **self.ports)
        if which % 5 == 0:
            use_backup_code(UseBackupCode(user_id, "a"), origin, **self.ports)
        if which % 7 == 0:
            replace_backup_codes(ReplaceBackupCodes(user_id, ("a",)), origin, **self.ports)
        if which % 11 == 0:
            disable_two_factor(user_id, origin, **self.ports)

    def go(self, which: int, _say: str) -> None:
        command = DeleteUser(self.who(which))
        delete_user(command, self.by(which), directory=self.directory, **self.ports)

    def who(self, which: int) -> UUID:
        return one(self.people, which)

    def by(self, which: int) -> Origin:
        return Origin(UUID(int=0), f"user:{self.who(which)}")

    def at(self, which: int) -> Origin:
        mine = self.directory.memberships_of(self.who(which))
        places = [membership.organization_id for membership in mine] or self.organizations
        return Origin(one(places, which // 2), f"user:{self.who(which)}")

    def member_at(self, which: int) -> UUID:
        where = self.at(which).organization_id
        organization = self.streams.load(where, fold, organization_id=where)
        return one([*organization.people.members] if organization else [], which // 3)


def one(known: list[UUID], which: int) -> UUID:
    return known[which % len(known)] if known else UUID(int=which + 1)


Act = Callable[[Town, int, str], None]
Step = tuple[Act, int, str]

OFTEN: Final[tuple[Act, ...]] = (
    Town.sign_up, Town.invite, Town.invite, Town.answer, Town.answer, Town.verify, Town.promote,
)  # fmt: skip
NOW_AND_THEN: Final[tuple[Act, ...]] = (
    Town.cancel, Town.remove, Town.rename, Town.end, Town.key, Town.show, Town.reset,
    Town.protect, Town.go,
)  # fmt: skip


def take(town: Town, step: Step) -> None:
    """Do one thing; that it may be refused is part of the story."""
    act, which, say = step
    with suppress(DomainError):
        again(act)(town, which, say)


def steps(longest: int) -> st.SearchStrategy[list[Step]]:
    """Return histories that begin with two people whose addresses are verified."""
    says = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    act = st.sampled_from(OFTEN * 2 + NOW_AND_THEN)
    rest = st.lists(
        st.tuples(act, st.integers(0, 400), says), min_size=longest // 3, max_size=longest
    )
    begin: list[Step] = [
        (Town.sign_up, 0, "Ada"), (Town.sign_up, 1, "Grace"), (Town.verify, 0, ""),
        (Town.verify, 1, ""), (Town.invite, 4, ""),
    ]  # fmt: skip
    return rest.map(lambda later: [*begin, *later])
