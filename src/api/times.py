"""Times as clients and operators read them."""

from datetime import UTC, datetime


def instant(value: datetime) -> str:
    """Return a time in UTC with milliseconds: `2026-05-18T09:30:00.000Z`."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
