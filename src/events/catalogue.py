"""Every event the log may hold, by the topic it is stored under."""

from typing import Final, get_args

from events.base import Event
from events.credits import CreditEvent
from events.letter import LetterEvent
from events.organization import OrganizationEvent
from events.profile import ProfileEvent
from events.resume import ResumeEvent
from events.user import UserEvent

CATALOGUE: Final[dict[str, type[Event]]] = {
    kind.TOPIC: kind
    for kind in (
        *get_args(ResumeEvent),
        *get_args(LetterEvent),
        *get_args(OrganizationEvent),
        *get_args(UserEvent),
        *get_args(CreditEvent),
        *get_args(ProfileEvent),
    )
}
