"""Change what a person says of themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from commands.finding import find_resume
from commands.ports import Clock, Streams
from commands.profile import Profile, find_profile, profile_of
from events.profile import ProfileChanged, ProfileContent, ProfileField
from events.recorded import Origin

_FIELDS: Final[tuple[ProfileField, ...]] = ("description", "skills", "niche", "resume_id")


@dataclass(frozen=True, slots=True)
class ChangeProfile:
    """Say this in the profile of a user, or the organization's own, in place of what is named.

    `changed` names the fields to take over; the others stay.
    """

    owner_id: UUID | None
    changed: frozenset[ProfileField]
    content: ProfileContent
    resume_id: UUID | None


def change_profile(
    command: ChangeProfile, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record the change; what says the same again is none.

    Raises:
        ResumeNotFound: the organization has no such resume to start from.
        Conflict: the profile moved meanwhile; decide again.

    """
    stream_id = profile_of(origin.organization_id, command.owner_id)
    profile = find_profile(stream_id, origin, streams)
    if command.resume_id is not None and "resume_id" in command.changed:
        find_resume(command.resume_id, origin.organization_id, streams)
    resume_id = command.resume_id if "resume_id" in command.changed else profile.resume_id
    content = _merged(profile, command)
    if (content, resume_id) == (profile.content, profile.resume_id):
        return
    changed = ProfileChanged(
        **profile.next(clock()),
        owner_id=command.owner_id,
        changed=tuple(name for name in _FIELDS if name in command.changed),
        resume_id=resume_id,
        personal=content,
    )
    streams.append([changed], origin)


def _merged(profile: Profile, command: ChangeProfile) -> ProfileContent:
    taken: Callable[[ProfileField], ProfileContent] = lambda name: (  # noqa: E731
        command.content if name in command.changed else profile.content
    )
    return ProfileContent(
        description=taken("description").description,
        skills=taken("skills").skills,
        niche=taken("niche").niche,
    )
