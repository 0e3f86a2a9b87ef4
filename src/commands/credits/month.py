"""One month of an organization's credits, folded from its stream, and what may follow."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from commands.credits.months import Month
from commands.errors import InsufficientCredits
from events.credits import (
    CreditEvent,
    CreditReleased,
    CreditReserved,
    CreditsExpired,
    CreditsGranted,
    CreditsWithdrawn,
    CreditTaken,
)


@dataclass(frozen=True, slots=True)
class CreditMonth:
    """Where the credits of one month stand; `granted` is less what was withdrawn.

    `reserved` names the generations that a credit is set aside for. A month that nobody was given
    anything for has version 0.
    """

    id: UUID
    month: Month
    version: int = 0
    granted: int = 0
    taken: int = 0
    expired: int = 0
    reserved: frozenset[UUID] = field(default_factory=frozenset)

    @property
    def free(self) -> int:
        """How many credits can still be set aside."""
        return self.granted - self.taken - self.expired - len(self.reserved)

    def next(self, at: datetime) -> dict[str, Any]:
        """Return the fields of the event that follows."""
        return {
            "originator_id": self.id,
            "originator_version": self.version + 1,
            "timestamp": at,
        }

    def reserve(self, generation_id: UUID, *, at: datetime) -> CreditReserved:
        """Set one credit aside.

        Raises:
            InsufficientCredits: none is free.

        """
        if self.free < 1:
            raise InsufficientCredits(self.month.ends_at)
        return CreditReserved(**self.next(at), generation_id=generation_id)

    def take(self, generation_id: UUID, *, at: datetime) -> CreditTaken:
        """Take the credit that was set aside for the generation."""
        return CreditTaken(**self.next(at), generation_id=generation_id)

    def release(self, generation_id: UUID, *, at: datetime) -> CreditReleased:
        """Let go of the credit that was set aside for the generation."""
        return CreditReleased(**self.next(at), generation_id=generation_id)

    def expire(self, *, at: datetime) -> CreditsExpired | None:
        """End what nobody used once the month has ended; None while there is nothing to end."""
        if at < self.month.ends_at or self.free < 1:
            return None
        return CreditsExpired(**self.next(at), amount=self.free)

    def after(self, event: CreditEvent) -> "CreditMonth":
        """Return the month after a fact."""
        return replace(self._moved(event), version=event.originator_version)

    def _moved(self, event: CreditEvent) -> "CreditMonth":
        match event:
            case CreditsGranted():
                return replace(self, granted=self.granted + event.amount)
            case CreditsWithdrawn():
                return replace(self, granted=self.granted - event.amount)
            case CreditReserved():
                return replace(self, reserved=self.reserved | {event.generation_id})
            case CreditTaken():
                rest = self.reserved - {event.generation_id}
                return replace(self, reserved=rest, taken=self.taken + 1)
            case CreditReleased():
                return replace(self, reserved=self.reserved - {event.generation_id})
            case CreditsExpired():
                return replace(self, expired=self.expired + event.amount)


def fold(state: CreditMonth | None, events: Iterable[CreditEvent]) -> CreditMonth | None:
    """Apply facts in order. Facts are never judged here: they happened."""
    for event in events:
        if state is None and isinstance(event, CreditsGranted):
            state = CreditMonth(event.originator_id, Month(event.starts_at, event.ends_at))
        if state is not None:
            state = state.after(event)
    return state
