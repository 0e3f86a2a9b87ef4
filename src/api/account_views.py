"""What accounts look like between the edge and the tables of their own."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from events.user import Profile

TokenPurpose = Literal[
    "verify-email", "reset-password", "magic-link", "second-factor", "trusted-device"
]
MailPurpose = Literal["verify-email", "reset-password", "magic-link"]


@dataclass(frozen=True, slots=True)
class Client:
    """What a browser told of itself."""

    address: str
    user_agent: str


@dataclass(frozen=True, slots=True)
class Session:
    """A user being signed in. Times are UTC."""

    id: UUID
    user_id: UUID
    active_organization_id: UUID | None
    remembered: bool
    client: Client
    created_at: datetime
    refreshed_at: datetime
    expires_at: datetime

    def lasting(self, until: datetime, now: datetime) -> "Session":
        """Return the session as refreshed *now*."""
        return replace(self, expires_at=until, refreshed_at=now)


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session that has just begun, with the token that only the browser keeps."""

    session: Session
    token: str


@dataclass(frozen=True, slots=True)
class Card:
    """A user as others see them."""

    id: UUID
    email: str
    profile: Profile


@dataclass(frozen=True, slots=True)
class Limit:
    """How many requests in how many seconds."""

    requests: int
    window_s: int


@dataclass(eq=False)
class TooManyTries(Exception):
    """Somebody tried too often; it is of no use before so many seconds have passed."""

    retry_after_s: int
