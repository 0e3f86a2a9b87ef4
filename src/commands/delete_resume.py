"""Erase a resume."""

from dataclasses import dataclass
from uuid import UUID

from commands.finding import find_resume
from commands.ports import Clock, Streams
from events.recorded import Origin
from events.resume import ResumeDeleted


@dataclass(frozen=True, slots=True)
class DeleteResume:
    """Erase this resume; what was charged for it stays on record."""

    resume_id: UUID


def delete_resume(
    command: DeleteResume, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record the deletion; the log destroys the resume's key in the same transaction.

    Raises:
        ResumeNotFound: the organization has no such resume.
        Conflict: the resume moved meanwhile; decide again.

    """
    resume = find_resume(command.resume_id, origin.organization_id, streams)
    deleted = ResumeDeleted(
        originator_id=resume.id, originator_version=resume.version + 1, timestamp=clock()
    )
    streams.append([deleted], origin)
