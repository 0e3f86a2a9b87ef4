"""Erase a resume."""

from dataclasses import dataclass
from uuid import UUID

from commands.delete_letter import erasure_of
from commands.finding import Versions, check_version, find_resume
from commands.letter import fold as fold_letter
from commands.ports import Clock, Letters, Library, Streams
from commands.resume import Resume, fold
from events.base import Event
from events.recorded import Origin
from events.resume import ResumeDeleted


@dataclass(frozen=True, slots=True)
class DeleteResume:
    """Erase this resume; what was charged for it stays on record."""

    resume_id: UUID
    expected: Versions | None = None


def delete_resume(
    command: DeleteResume,
    origin: Origin,
    *,
    streams: Streams,
    library: Library,
    letters: Letters,
    clock: Clock,
) -> None:
    """Record the deletion; the log destroys the resume's key in the same transaction.

    Its letters go with it, and so do tailorings of it that failed: they quote it, and nobody sees
    them to delete them.

    Raises:
        ResumeNotFound: the organization has no such resume.
        VersionMismatch: it is at another version than expected.
        Conflict: the resume moved meanwhile; decide again.

    """
    resume = find_resume(command.resume_id, origin.organization_id, streams)
    check_version(resume.shown_version, command.expected)
    events: list[Event] = [deletion_of(resume, clock)]
    for attempt_id in library.failed_attempts_on(origin.organization_id, resume.id):
        attempt = streams.load(attempt_id, fold, organization_id=origin.organization_id)
        if attempt is not None and not attempt.deleted:
            events.append(deletion_of(attempt, clock))
    for letter_id in letters.letters_on(origin.organization_id, resume.id):
        letter = streams.load(letter_id, fold_letter, organization_id=origin.organization_id)
        if letter is not None and not letter.deleted:
            events.append(erasure_of(letter, clock))
    streams.append(events, origin)


def deletion_of(resume: Resume, clock: Clock, *, after: int = 0) -> ResumeDeleted:
    """Return the deletion, to be recorded *after* so many other events of the same append."""
    return ResumeDeleted(
        originator_id=resume.id,
        originator_version=resume.version + 1 + after,
        timestamp=clock(),
    )
