"""Events as clients are told of them: what happened to what, when, and where in the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args
from uuid import UUID

from api.ids import Prefix, to_wire
from events.letter import LetterEvent
from events.resume import ResumeEvent

SubjectKind = Literal["resume", "cover_letter", "outreach", "organization"]

PREFIXES: Final[dict[SubjectKind, Prefix]] = {
    "resume": "res",
    "cover_letter": "cl",
    "outreach": "om",
    "organization": "org",
}

_LETTER_ONLY: Final = {kind.TOPIC for kind in get_args(LetterEvent)}
_RESUME: Final = {kind.TOPIC for kind in get_args(ResumeEvent)} - _LETTER_ONLY


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of an organization. `timestamp` is as the log has it: ISO 8601, UTC."""

    position: int
    stream_id: UUID
    version: int
    topic: str
    timestamp: str
    subject_kind: SubjectKind

    @property
    def type(self) -> str:
        """How clients call the kind of event: `resume.tailored` for the topic resume-tailored."""
        return type_of(self.topic)

    @property
    def id(self) -> str:
        """The id of the event, the same however often it is told."""
        return f"{to_wire('evt', self.stream_id)}_{self.version}"

    def body(self) -> dict[str, Any]:
        """Return what is told of it: ids, and nothing that was entrusted to us."""
        return {
            "type": self.type,
            "timestamp": self.timestamp,
            "data": {
                "id": self.id,
                "position": self.position,
                "subject": {
                    "kind": self.subject_kind,
                    "id": to_wire(PREFIXES[self.subject_kind], self.stream_id),
                },
                "version": self.version,
            },
        }


@dataclass(frozen=True, slots=True)
class Page:
    """Some happenings in order, how far the log was looked through, and whether to its end."""

    happenings: Sequence[Happening]
    looked_to: int
    at_end: bool


def type_of(topic: str) -> str:
    """Return what clients call a topic."""
    return topic.replace("-", ".", 1)


def topic_of(name: str) -> str:
    """Return the topic of a type of event, known or not."""
    return name.replace(".", "-", 1)


def subject_kind_of(topic: str, letter_kind: str | None) -> SubjectKind:
    """Return what an event is about; its stream's first event tells the kind of a letter."""
    if letter_kind == "cover_letter":
        return "cover_letter"
    if letter_kind == "outreach":
        return "outreach"
    return "resume" if topic in _RESUME else "organization"
