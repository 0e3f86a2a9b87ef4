"""The port `Directory`, and the faces of users, from the read models."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg_pool import ConnectionPool

from api.account_views import Card
from api.adapters.contents import ContentReader
from api.adapters.key_uses import last_uses_of
from commands.accounts.ports import Membership
from commands.ports import Clock
from events.user import NewUser, Profile
from projections import invitations, members, organizations, users
from projections.api_keys import ApiKeyRow, key_of, keys_of
from projections.organizations import OrganizationRow
from projections.users import UserRow


@dataclass(frozen=True, slots=True)
class AccountDirectory:
    """Answers what is asked across users and organizations."""

    pool: ConnectionPool[Connection[Any]]
    contents: ContentReader
    clock: Clock

    def user_with_email(self, email_digest: str) -> UUID | None:
        """Return the user with this e-mail address."""
        with self.pool.connection() as connection:
            row = users.user_with_email(connection, email_digest)
        return row.id if row else None

    def slug_is_taken(self, slug: str) -> bool:
        """Tell whether an organization has this slug."""
        with self.pool.connection() as connection:
            return organizations.slug_is_taken(connection, slug)

    def memberships_of(self, user_id: UUID) -> Sequence[Membership]:
        """Return where a user is a member, the oldest membership first."""
        with self.pool.connection() as connection:
            rows = members.memberships_of(connection, user_id)
        return [Membership(row.organization_id, row.id, row.role) for row in rows]

    def organization_inviting(self, invitation_id: UUID) -> UUID | None:
        """Return the organization that an invitation leads to."""
        with self.pool.connection() as connection:
            row = invitations.invitation_with(connection, invitation_id)
        return row.organization_id if row else None

    def invitations_to(self, email_digest: str) -> Sequence[tuple[UUID, UUID]]:
        """Return organization and id of each invitation open to an e-mail address."""
        with self.pool.connection() as connection:
            rows = invitations.open_invitations_to(connection, email_digest, now=self.clock())
        return [(row.organization_id, row.id) for row in rows]

    def is_invited(self, email_digest: str) -> bool:
        """Tell whether an invitation to this e-mail address is open."""
        return bool(self.invitations_to(email_digest))

    def organization(self, organization_id: UUID) -> OrganizationRow | None:
        """Return an organization as its row has it."""
        with self.pool.connection() as connection:
            return organizations.organization_with(connection, organization_id)

    def keys_of(self, organization_id: UUID) -> Sequence[ApiKeyRow]:
        """Return an organization's keys, newest first, but those that are gone."""
        with self.pool.connection() as connection:
            return keys_of(connection, organization_id, now=self.clock())

    def key(self, key_id: UUID) -> ApiKeyRow | None:
        """Return a key, whosever it is."""
        with self.pool.connection() as connection:
            return key_of(connection, key_id)

    def last_uses_of(self, key_ids: Sequence[UUID]) -> Mapping[UUID, datetime]:
        """Return when each of these keys was used last; one that never was is not among them."""
        with self.pool.connection() as connection:
            return last_uses_of(connection, key_ids)

    def cards(self, user_ids: Iterable[UUID]) -> Mapping[UUID, Card]:
        """Return how users show themselves; erased ones are not among them."""
        with self.pool.connection() as connection:
            rows = users.users_with_ids(connection, [*user_ids])
        places = {(row.id, at) for row in rows for at in (row.email_at, row.profile_at)}
        contents = self.contents.read(places)
        return {row.id: card for row in rows if (card := _card(row, contents))}


def _card(row: UserRow, contents: Mapping[tuple[UUID, int | None], Any]) -> Card | None:
    new, shown = contents.get((row.id, row.email_at)), contents.get((row.id, row.profile_at))
    if not isinstance(new, NewUser):
        return None
    profile = shown if isinstance(shown, Profile) else Profile(name=new.name)
    return Card(row.id, new.email, profile)
