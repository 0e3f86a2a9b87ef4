"""The events on a profile's stream: what a person says of themselves beside any resume."""

from typing import ClassVar, Literal
from uuid import UUID

from events.base import Event, Value

ProfileField = Literal["description", "skills", "niche", "resume_id"]


class ProfileContent(Value):
    """What the person says: a text, skills, and the niche that they look for work in.

    Description and skills are statements about the person; the niche is a wish.
    """

    description: str | None = None
    skills: tuple[str, ...] = ()
    niche: str | None = None


class ProfileChanged(Event):
    """The profile says this from now on.

    `owner_id` is the user, None for the organization's own. `resume_id` is the resume that
    generations start from; None is the organization's master.
    """

    TOPIC: ClassVar[str] = "profile-changed"

    owner_id: UUID | None
    changed: tuple[ProfileField, ...]
    resume_id: UUID | None
    personal: ProfileContent | None


class ProfileErased(Event):
    """The person left, and what the profile said is gone with its key."""

    TOPIC: ClassVar[str] = "profile-erased"
    ERASES: ClassVar[bool] = True


ProfileEvent = ProfileChanged | ProfileErased
