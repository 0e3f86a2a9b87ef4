"""What the use cases about accounts need beside the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from events.membership import Role


@dataclass(frozen=True, slots=True)
class Membership:
    """Where a user is a member, and as what."""

    organization_id: UUID
    member_id: UUID
    role: Role


class Directory(Protocol):
    """What is known across users and organizations, as of the last commit."""

    def user_with_email(self, email_digest: str) -> UUID | None:
        """Return the user with this e-mail address."""
        ...

    def slug_is_taken(self, slug: str) -> bool:
        """Tell whether an organization has this slug."""
        ...

    def memberships_of(self, user_id: UUID) -> Sequence[Membership]:
        """Return where a user is a member, the oldest membership first."""
        ...

    def is_invited(self, email_digest: str) -> bool:
        """Tell whether an invitation to this e-mail address is open."""
        ...


class Passwords(Protocol):
    """Turns passwords into what may be stored. Each call of either takes about as long."""

    def hash(self, password: str) -> str:
        """Return a hash that says by itself how it was made."""
        ...

    def match(self, password: str, known: str | None) -> bool:
        """Tell whether *known* was made of *password*; None never was, but takes as long."""
        ...

    def is_outdated(self, known: str) -> bool:
        """Tell whether a hash of today would be made otherwise."""
        ...
