"""Erase an account, and what only it held together."""

from dataclasses import dataclass
from uuid import UUID

from commands.accounts.members import RemoveMember, remove_member
from commands.accounts.organizations import (
    DeleteOrganization,
    delete_organization,
    organization_for,
    within,
)
from commands.accounts.ports import Directory
from commands.accounts.refusals import LastAdminStays
from commands.accounts.user import find_user
from commands.organization import Organization
from commands.ports import Clock, Streams
from events.recorded import Origin
from events.user import UserDeleted


@dataclass(frozen=True, slots=True)
class DeleteUser:
    """Erase this account."""

    user_id: UUID


def delete_user(
    command: DeleteUser,
    origin: Origin,
    *,
    streams: Streams,
    directory: Directory,
    clock: Clock,
) -> None:
    """Leave every organization, delete those with nobody else in them, then erase the account.

    The account goes last: interrupted, the same request does the rest.

    Raises:
        LastAdminStays: others are left in an organization without an admin; nothing was done.
        UserNotFound: there is no such user.
        Conflict: something moved meanwhile; decide again.

    """
    user = find_user(command.user_id, streams)
    places = [
        within(membership.organization_id, origin)
        for membership in directory.memberships_of(user.id)
    ]
    left = [(place, organization_for(user.id, place, streams)) for place in places]
    if any(_would_be_lost(organization, user.id) for _, organization in left):
        raise LastAdminStays
    for place, organization in left:
        me = organization.people.member(user.id)
        if len(organization.people.members) == 1:
            delete_organization(DeleteOrganization(user.id), place, streams=streams, clock=clock)
        elif me is not None:
            leave = RemoveMember(user.id, me.id)
            remove_member(leave, place, streams=streams, clock=clock)
    streams.append([UserDeleted(**user.next(clock()))], origin)


def _would_be_lost(organization: Organization, user_id: UUID) -> bool:
    people = organization.people
    me = people.member(user_id)
    return me is not None and me.role == "admin" and people.admins == 1 and len(people.members) > 1
