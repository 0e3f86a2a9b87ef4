"""The profile aggregate: what a person says of themselves beside any resume."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from commands.ports import Streams
from events.profile import ProfileChanged, ProfileContent, ProfileErased, ProfileEvent
from events.recorded import Origin


@dataclass(frozen=True, slots=True)
class Profile:
    """Where one profile stands; version 0 says nothing yet."""

    id: UUID
    version: int = 0
    content: ProfileContent = field(default_factory=ProfileContent)
    resume_id: UUID | None = None
    erased: bool = False

    def next(self, at: datetime) -> dict[str, Any]:
        """Return the fields of the event that follows."""
        return {
            "originator_id": self.id,
            "originator_version": self.version + 1,
            "timestamp": at,
        }


def profile_of(organization_id: UUID, user_id: UUID | None) -> UUID:
    """Return the id of a user's profile in an organization, or of the organization's own."""
    return uuid5(organization_id, f"profile/{user_id or 'organization'}")


def find_profile(profile_id: UUID, origin: Origin, streams: Streams) -> Profile:
    """Return the profile; one that says nothing where there is none.

    Whoever left and came back begins anew, on another stream: the key of the first is gone.
    """
    known = streams.load(profile_id, fold, organization_id=origin.organization_id)
    if known is not None and known.erased:
        return find_profile(uuid5(profile_id, "again"), origin, streams)
    return known or Profile(profile_id)


def erasure_of(profile: Profile, at: datetime) -> list[ProfileEvent]:
    """Return what erases a profile: nothing where it says nothing."""
    return [ProfileErased(**profile.next(at))] if profile.version and not profile.erased else []


def fold(state: Profile | None, events: Iterable[ProfileEvent]) -> Profile | None:
    """Apply facts in order. Facts are never judged here: they happened."""
    for event in events:
        before = state or Profile(event.originator_id)
        state = replace(_evolve(before, event), version=event.originator_version)
    return state


def _evolve(state: Profile, event: ProfileEvent) -> Profile:
    match event:
        case ProfileChanged():
            content = event.personal or ProfileContent()
            return replace(state, content=content, resume_id=event.resume_id)
        case ProfileErased():
            return Profile(state.id, erased=True)
