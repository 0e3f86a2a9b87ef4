"""The events on a user's stream: what happened to one person's account.

Streams belong to an organization; users belong to none of those that they work in, so all of
their streams belong to one tenant of their own, under which no key and no resume exists.
"""

from typing import ClassVar, Final, Literal
from uuid import UUID

from pydantic import NonNegativeInt

from events.base import Event, Value

ACCOUNTS: Final = UUID("00000000-0000-8000-8000-000000accede")
"""The tenant of every user's stream; no organization can have this id, since it is no ULID."""

PasswordChange = Literal["changed", "reset", "rehashed", "set by operator"]


class NewUser(Value):
    """Who signed up, and the hash of the password."""

    email: str
    name: str
    password_hash: str


class UserSignedUp(Event):
    """A person has an account from now on.

    `email_digest` is a keyed digest of the e-mail address: it finds the account again and makes
    addresses unique, and tells nothing without the deployment's master key.
    """

    TOPIC: ClassVar[str] = "user-signed-up"
    TENANT: ClassVar[UUID | None] = ACCOUNTS

    email_digest: str
    personal: NewUser | None


class EmailVerified(Event):
    """The person proved to receive what is sent to the e-mail address."""

    TOPIC: ClassVar[str] = "email-verified"
    TENANT: ClassVar[UUID | None] = ACCOUNTS


class Profile(Value):
    """What a person shows of themselves."""

    name: str
    image: str | None = None
    title: str | None = None
    bio: str | None = None
    theme: str = "system"


class ProfileUpdated(Event):
    """The person shows this from now on; the profile is whole."""

    TOPIC: ClassVar[str] = "profile-updated"
    TENANT: ClassVar[UUID | None] = ACCOUNTS

    personal: Profile | None


class PasswordHash(Value):
    """A hash that says by itself how it was made."""

    password_hash: str


class PasswordChanged(Event):
    """Another hash is compared with from now on; only when `rehashed` is the password the same."""

    TOPIC: ClassVar[str] = "password-changed"
    TENANT: ClassVar[UUID | None] = ACCOUNTS

    why: PasswordChange
    personal: PasswordHash | None


class SecondFactor(Value):
    """The secret that codes are made from, in base32, and digests of the backup codes."""

    secret: str
    backup_digests: tuple[str, ...]


class TwoFactorPrepared(Event):
    """A second factor was handed out; it is asked for only once it was shown to work."""

    TOPIC: ClassVar[str] = "two-factor-prepared"
    TENANT: ClassVar[UUID | None] = ACCOUNTS

    personal: SecondFactor | None


class TwoFactorEnabled(Event):
    """The prepared second factor is asked for from now on."""

    TOPIC: ClassVar[str] = "two-factor-enabled"
    TENANT: ClassVar[UUID | None] = ACCOUNTS


class TwoFactorDisabled(Event):
    """No second factor is asked for any more."""

    TOPIC: ClassVar[str] = "two-factor-disabled"
    TENANT: ClassVar[UUID | None] = ACCOUNTS


class BackupCodes(Value):
    """Digests of backup codes."""

    backup_digests: tuple[str, ...]


class BackupCodesReplaced(Event):
    """Only these backup codes are good from now on."""

    TOPIC: ClassVar[str] = "backup-codes-replaced"
    TENANT: ClassVar[UUID | None] = ACCOUNTS

    personal: BackupCodes | None


class BackupCodeUsed(Event):
    """The backup code at this place, counted from 0, was used and is good no more."""

    TOPIC: ClassVar[str] = "backup-code-used"
    TENANT: ClassVar[UUID | None] = ACCOUNTS

    place: NonNegativeInt


class UserDeleted(Event):
    """The account was erased. Its key is destroyed."""

    TOPIC: ClassVar[str] = "user-deleted"
    ERASES: ClassVar[bool] = True
    TENANT: ClassVar[UUID | None] = ACCOUNTS


UserEvent = (
    UserSignedUp
    | EmailVerified
    | ProfileUpdated
    | PasswordChanged
    | TwoFactorPrepared
    | TwoFactorEnabled
    | TwoFactorDisabled
    | BackupCodesReplaced
    | BackupCodeUsed
    | UserDeleted
)
