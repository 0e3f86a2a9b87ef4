"""The events on a letter's stream: a cover letter or an outreach message for one resume."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import NonNegativeInt, PositiveInt

from events.base import Event, Value
from events.tailoring import Language, ModelUsage

LetterKind = Literal["cover_letter", "outreach"]


class LetterTask(Value):
    """The posting to write to."""

    job_description: str


class LetterRequested(Event):
    """Someone asked for a letter about the resume as of a version of it.

    It opens the letter's stream; later in it, the letter is to be written anew.
    """

    TOPIC: ClassVar[str] = "letter-requested"

    kind: LetterKind
    resume_id: UUID
    resume_version: PositiveInt
    language: Language
    engine: str
    personal: LetterTask | None


class Draft(Value):
    """A letter as the engine wrote it, before any judgement."""

    text: str


class LetterDrafted(Event):
    """The engine answered. Its answer is kept, so that a crash never asks twice.

    `usage` is None where no model was asked.
    """

    TOPIC: ClassVar[str] = "letter-drafted"

    engine: str
    duration_ms: NonNegativeInt
    usage: ModelUsage | None
    personal: Draft | None


class LetterContent(Value):
    """The letter: plain text, paragraphs parted by a blank line."""

    text: str


class LetterWritten(Event):
    """A draft that holds became the letter, or the template's letter where none did.

    `refused` has, draft by draft, the codes of what spoke against those that did not hold.
    """

    TOPIC: ClassVar[str] = "letter-written"

    author: Literal["engine", "template"]
    refused: tuple[tuple[str, ...], ...]
    duration_ms: NonNegativeInt
    personal: LetterContent | None


class LetterFailed(Event):
    """No letter came of the request. `code` is the one the API answered with."""

    TOPIC: ClassVar[str] = "letter-failed"

    code: str
    reason: str


class LetterDeleted(Event):
    """The letter was erased, by its owner or together with its resume. Its key is destroyed."""

    TOPIC: ClassVar[str] = "letter-deleted"
    ERASES: ClassVar[bool] = True


LetterEvent = LetterRequested | LetterDrafted | LetterWritten | LetterFailed | LetterDeleted
