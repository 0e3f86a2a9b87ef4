"""What each plan allows: how many requests, and which operations."""

from typing import Final

from events.organization import Plan

LEVELS: Final[tuple[Plan, ...]] = ("FREE", "STARTER", "PRO", "ENTERPRISE")
REQUESTS_A_WINDOW: Final[dict[Plan, int]] = {
    "FREE": 10,
    "STARTER": 30,
    "PRO": 100,
    "ENTERPRISE": 500,
}
"""How many requests an organization may send in any 60 seconds, all of its keys together."""


def allows(plan: Plan, needed: Plan) -> bool:
    """Tell whether *plan* includes what *needed* does."""
    return LEVELS.index(plan) >= LEVELS.index(needed)
