"""Ada with an account, her organization Acme, Grace beside her: builders of their events."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from events.base import Event
from events.membership import (
    Addressee,
    InvitationSent,
    MemberAdded,
    OrganizationUpdated,
    Presentation,
    Role,
)
from events.recorded import Origin
from events.user import (
    EmailVerified,
    NewUser,
    SecondFactor,
    TwoFactorEnabled,
    TwoFactorPrepared,
    UserSignedUp,
)
from spec import NOW
from stories import ACME, USER, at, founded

ADA: Final = USER
GRACE: Final = UUID(int=0x68ACE)
ADAS: Final = UUID(int=0x1ADA)
"""Ada's membership of Acme."""
GRACES: Final = UUID(int=0x168ACE)
INVITATION: Final = UUID(int=0x171)
PASSWORD: Final = "tidal heron 41"
BY_ADA: Final = Origin(ACME, f"user:{ADA}", "req-2")
BY_GRACE: Final = Origin(ACME, f"user:{GRACE}")
PLAIN: Final = Presentation(logo=None, metadata=None)
SECRET: Final = SecondFactor(secret="JBSWY3DPEHPK3PXP", backup_digests=("d0", "d1"))


def user(
    user_id: UUID = ADA, email: str = "ada@example.org", *, verified: bool = True
) -> list[Event]:
    """Return an account; the e-mail address is its own digest, the hash `1:` and the password."""
    opened = UserSignedUp(
        **at(1, user_id),
        email_digest=email,
        personal=NewUser(email=email, name="Ada", password_hash=f"1:{PASSWORD}"),
    )
    return [opened, EmailVerified(**at(2, user_id))] if verified else [opened]


def grace(*, verified: bool = True) -> list[Event]:
    return user(GRACE, "grace@example.org", verified=verified)


def acme(slug: str = "acme") -> list[Event]:
    """Return an organization with Ada as its admin: version 4."""
    return [
        *founded(),
        OrganizationUpdated(**at(3, ACME), name="Acme", slug=slug, personal=PLAIN),
        added(4, ADAS, ADA, "admin"),
    ]


def added(
    version: int, member_id: UUID = GRACES, user_id: UUID = GRACE, role: Role = "member"
) -> Event:
    return MemberAdded(**at(version, ACME), member_id=member_id, user_id=user_id, role=role)


def team(role: Role = "member") -> list[Event]:
    """Return Acme with Grace as a second member: version 5."""
    return [*acme(), added(5, role=role)]


def invitation(
    version: int = 5,
    expires_at: datetime = NOW + timedelta(hours=1),
    invitation_id: UUID = INVITATION,
    email: str = "grace@example.org",
) -> Event:
    return InvitationSent(
        **at(version, ACME),
        invitation_id=invitation_id,
        email_digest=email,
        role="member",
        inviter_id=ADA,
        expires_at=expires_at,
        personal=Addressee(email=email),
    )


def protected(version: int = 3) -> list[Event]:
    """Return a second factor that was shown to work."""
    return [
        TwoFactorPrepared(**at(version, ADA), personal=SECRET),
        TwoFactorEnabled(**at(version + 1, ADA)),
    ]
