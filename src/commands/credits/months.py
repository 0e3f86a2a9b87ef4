"""The months of an organization: from an anchor day to the next, at midnight UTC."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid5

_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Month:
    """A month of credits: from `starts_at` on and before `ends_at`."""

    starts_at: datetime
    ends_at: datetime

    def stream_of(self, organization_id: UUID) -> UUID:
        """Return the stream of this month of the organization."""
        return uuid5(organization_id, f"credits/{self.starts_at:%Y-%m-%d}")


def month_at(now: datetime, *, anchor: datetime) -> Month:
    """Return the month that *now* is in, of those that begin on the day of *anchor*.

    In a month without such a day, as the 31st of April, it begins on the last one. Days are UTC.
    """
    today, day = now.astimezone(UTC), anchor.astimezone(UTC).day
    this = today.year * _MONTHS + today.month - 1
    if today < _beginning(this, day):
        this -= 1
    return Month(_beginning(this, day), _beginning(this + 1, day))


def _beginning(month: int, day: int) -> datetime:
    """Return the beginning in a month that is counted from the year 0."""
    year, index = divmod(month, _MONTHS)
    last = monthrange(year, index + 1)[1]
    return datetime(year, index + 1, min(day, last), tzinfo=UTC)
