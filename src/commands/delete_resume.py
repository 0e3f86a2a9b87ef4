"""Erase a resume."""

from dataclasses import dataclass
from uuid import UUID

from commands.finding import find_resume
from commands.ports import Clock, Library, Streams
from commands.resume import Resume, fold
from events.base import Event
from events.recorded import Origin
from events.resume import ResumeDeleted


@dataclass(frozen=True, slots=True)
class DeleteResume:
    """Erase this resume; what was charged for it stays on record."""

    resume_id: UUID


def delete_resume(
    command: DeleteResume, origin: Origin, *, streams: Streams, library: Library, clock: Clock
) -> None:
    """Record the deletion; the log destroys the resume's key in the same transaction.

    Tailorings of it that failed go with it: they quote it, and nobody sees them to delete them.

    Raises:
        ResumeNotFound: the organization has no such resume.
        Conflict: the resume moved meanwhile; decide again.

    """
    resume = find_resume(command.resume_id, origin.organization_id, streams)
    events: list[Event] = [deletion_of(resume, clock)]
    for attempt_id in library.failed_attempts_on(origin.organization_id, resume.id):
        attempt = streams.load(attempt_id, fold, organization_id=origin.organization_id)
        if attempt is not None and not attempt.deleted:
            events.append(deletion_of(attempt, clock))
    streams.append(events, origin)


def deletion_of(resume: Resume, clock: Clock, *, after: int = 0) -> ResumeDeleted:
    """Return the deletion, to be recorded *after* so many other events of the same append."""
    return ResumeDeleted(
        originator_id=resume.id,
        originator_version=resume.version + 1 + after,
        timestamp=clock(),
    )
