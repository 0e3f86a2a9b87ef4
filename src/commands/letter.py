"""The letter aggregate: where one cover letter or outreach message stands."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from events.letter import (
    LetterDeleted,
    LetterDrafted,
    LetterEvent,
    LetterFailed,
    LetterKind,
    LetterRequested,
    LetterWritten,
)
from events.tailoring import Language


@dataclass(frozen=True, slots=True)
class Letter:
    """Where one letter stands.

    `times_asked` counts the requests; `drafts` are the engine's answers to the last one. `written`
    is true once there is a text to read, whatever became of later requests. `shown_version` is the
    version of the event that brought that text.
    """

    id: UUID
    version: int
    kind: LetterKind
    resume_id: UUID
    resume_version: int
    language: Language
    job_description: str
    requested_at: datetime
    times_asked: int = 1
    drafts: tuple[str, ...] = ()
    pending: bool = True
    written: bool = False
    deleted: bool = False
    shown_version: int = 1

    @property
    def exists(self) -> bool:
        """True for a letter its owner can see."""
        return self.written and not self.deleted


def fold(state: Letter | None, events: Iterable[LetterEvent]) -> Letter | None:
    """Apply facts in order. Facts are never judged here: they happened.

    A stream that was not opened as a letter is none.
    """
    for event in events:
        if state is not None:
            state = replace(_evolve(state, event), version=event.originator_version)
        elif isinstance(event, LetterRequested):
            state = _opened(event)
    return state


def _opened(event: LetterRequested) -> Letter:
    return Letter(
        id=event.originator_id,
        version=event.originator_version,
        kind=event.kind,
        resume_id=event.resume_id,
        resume_version=event.resume_version,
        language=event.language,
        job_description=event.personal.job_description if event.personal else "",
        requested_at=event.timestamp,
    )


def _evolve(state: Letter, event: LetterEvent) -> Letter:
    match event:
        case LetterRequested():
            again = _opened(event)
            return replace(
                again,
                times_asked=state.times_asked + 1,
                written=state.written,
                shown_version=state.shown_version,
            )
        case LetterDrafted():
            text = event.personal.text if event.personal else ""
            return replace(state, drafts=(*state.drafts, text))
        case LetterWritten():
            return replace(
                state, pending=False, written=True, shown_version=event.originator_version
            )
        case LetterFailed():
            return replace(state, pending=False)
        case LetterDeleted():
            return replace(state, pending=False, deleted=True, job_description="", drafts=())
