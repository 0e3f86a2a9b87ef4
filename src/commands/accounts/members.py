"""Admit, promote, demote and remove members. One admin always stays."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from commands.accounts.organizations import organization_for
from commands.accounts.people import Member, People
from commands.accounts.refusals import (
    AlreadyMember,
    LastAdminStays,
    MemberNotFound,
    OnlyAdminsChangeRoles,
    OnlyAdminsRemove,
    TooManyMembers,
)
from commands.ports import Clock, Streams
from commands.profile import erasure_of, find_profile, profile_of
from events.base import Event
from events.membership import MemberRemoved, MemberRoleChanged, Role
from events.organization import KeyRevoked
from events.recorded import Origin

MOST_MEMBERS: Final = 100


@dataclass(frozen=True, slots=True)
class ChangeRole:
    """Give a member another role."""

    user_id: UUID
    member_id: UUID
    role: Role


def change_role(command: ChangeRole, origin: Origin, *, streams: Streams, clock: Clock) -> None:
    """Record the role; the same role again is no change.

    Raises:
        NotAMember, OnlyAdminsChangeRoles: this user may not.
        MemberNotFound: the organization has no such member.
        LastAdminStays: nobody would be left to decide.
        Conflict: the organization moved meanwhile; decide again.

    """
    organization = organization_for(
        command.user_id, origin, streams, unless_admin=OnlyAdminsChangeRoles
    )
    member = _member(organization.people, command.member_id)
    if member.role == command.role:
        return
    _check_an_admin_stays(organization.people, without=member)
    changed = MemberRoleChanged(
        **organization.next(clock()), member_id=member.id, role=command.role
    )
    streams.append([changed], origin)


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """Send a member away, or leave: a member may remove himself."""

    user_id: UUID
    member_id: UUID


def remove_member(
    command: RemoveMember, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record the removal; it holds from the next request on.

    The member's developer keys open nothing any more, and the profile is erased.

    Raises:
        NotAMember, OnlyAdminsRemove: this user may not.
        MemberNotFound: the organization has no such member.
        LastAdminStays: nobody would be left to decide.
        Conflict: the organization moved meanwhile; decide again.

    """
    organization = organization_for(command.user_id, origin, streams)
    me = organization.people.member(command.user_id)
    if me is None or (me.id != command.member_id and me.role != "admin"):
        raise OnlyAdminsRemove
    member = _member(organization.people, command.member_id)
    _check_an_admin_stays(organization.people, without=member)
    now = clock()
    events: list[Event] = [MemberRemoved(**organization.next(now), member_id=member.id)]
    for key in organization.keyring.developer_keys_of(member.user_id):
        after = len(events)
        events.append(KeyRevoked(**organization.next(now, after=after), key_id=key.id))
    profile = find_profile(profile_of(origin.organization_id, member.user_id), origin, streams)
    streams.append([*events, *erasure_of(profile, now)], origin)


def check_admission(people: People, user_id: UUID) -> None:
    """Refuse who is a member already, and anybody once there are 100.

    Raises:
        AlreadyMember, TooManyMembers: as the names say.

    """
    if people.member(user_id) is not None:
        raise AlreadyMember
    if len(people.members) >= MOST_MEMBERS:
        raise TooManyMembers


def _member(people: People, member_id: UUID) -> Member:
    member = people.members.get(member_id)
    if member is None:
        raise MemberNotFound
    return member


def _check_an_admin_stays(people: People, *, without: Member) -> None:
    if without.role == "admin" and people.admins == 1:
        raise LastAdminStays
