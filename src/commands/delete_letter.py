"""Erase a letter."""

from dataclasses import dataclass
from uuid import UUID

from commands.finding import Versions, check_version
from commands.letter import Letter
from commands.ports import Clock, Streams
from commands.request_letter import find_letter
from events.letter import LetterDeleted, LetterKind
from events.recorded import Origin


@dataclass(frozen=True, slots=True)
class DeleteLetter:
    """Erase this letter of this resume; what was charged for it stays on record."""

    letter_id: UUID
    kind: LetterKind
    resume_id: UUID
    expected: Versions | None = None


def delete_letter(
    command: DeleteLetter, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record the deletion; the log destroys the letter's key in the same transaction.

    Raises:
        LetterNotFound: the resume has no such letter.
        VersionMismatch: it is at another version than expected.
        Conflict: the letter moved meanwhile; decide again.

    """
    letter = find_letter(command.letter_id, command.kind, command.resume_id, origin, streams)
    check_version(letter.shown_version, command.expected)
    streams.append([erasure_of(letter, clock)], origin)


def erasure_of(letter: Letter, clock: Clock, *, after: int = 0) -> LetterDeleted:
    """Return the deletion, to be recorded *after* so many other events of the same append."""
    return LetterDeleted(
        originator_id=letter.id,
        originator_version=letter.version + 1 + after,
        timestamp=clock(),
    )
