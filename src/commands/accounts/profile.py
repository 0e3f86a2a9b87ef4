"""What a user shows, and whether the e-mail address is known to be the user's."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from commands.accounts.user import find_user
from commands.ports import Clock, Streams
from events.recorded import Origin
from events.user import EmailVerified, ProfileUpdated


@dataclass(frozen=True, slots=True)
class UpdateProfile:
    """Change fields of `events.user.Profile`."""

    user_id: UUID
    changes: tuple[tuple[str, Any], ...]


def update_profile(
    command: UpdateProfile, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record the profile if it is another one.

    Raises:
        UserNotFound: there is no such user.
        Conflict: the account moved meanwhile; decide again.

    """
    user = find_user(command.user_id, streams)
    profile = user.profile.model_copy(update=dict(command.changes))
    if profile != user.profile:
        streams.append([ProfileUpdated(**user.next(clock()), personal=profile)], origin)


@dataclass(frozen=True, slots=True)
class VerifyEmail:
    """Hold the e-mail address for the user's from now on."""

    user_id: UUID


def verify_email(command: VerifyEmail, origin: Origin, *, streams: Streams, clock: Clock) -> None:
    """Record it, once.

    Raises:
        UserNotFound: there is no such user.
        Conflict: the account moved meanwhile; decide again.

    """
    user = find_user(command.user_id, streams)
    if not user.email_verified:
        streams.append([EmailVerified(**user.next(clock()))], origin)
