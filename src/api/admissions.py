"""Who came in, and how much room there is: what the guard of the HTTP surface goes by."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from events.organization import Plan


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many requests of a window of 60 seconds are left.

    `resets_at` is the end of the window in Unix seconds. `retry_after_s` is 0 for a request that
    was let in, otherwise when there is room again.
    """

    quota: int
    left: int
    resets_at: int
    retry_after_s: int


@dataclass(frozen=True, slots=True)
class Admission:
    """The holder of a key. No scopes mean every scope; no allowance, that nobody counts.

    `owner_id` is the user whose profile the key acts for, if it is anybody's.
    """

    key_id: UUID
    organization_id: UUID
    owner_id: UUID | None
    scopes: frozenset[str]
    plan: Plan
    allowance: Allowance | None


class Door(Protocol):
    """Lets the holders of keys in, and counts them."""

    def admit(self, digest: str, now: datetime) -> Admission | None:
        """Return who holds the key of this digest, having counted the request; None for nobody."""
        ...

    def is_open(self, key_id: UUID, now: datetime) -> bool:
        """Tell whether a key still opens its organization."""
        ...

    def give_back(self, organization_id: UUID, allowance: Allowance) -> None:
        """Take back the count of a request that was answered with nothing new."""
        ...
