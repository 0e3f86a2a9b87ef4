"""Erase what a deleted organization has left behind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from commands.delete_resume import DeleteResume, deletion_of
from commands.errors import ResumeNotFound
from commands.ports import Clock, Streams
from commands.resume import fold
from events.recorded import Origin


@dataclass(frozen=True, slots=True)
class EraseOrganization:
    """Erase every resume of the organization of `origin`, finished or not."""

    resume_ids: Sequence[UUID]


def erase_organization(
    command: EraseOrganization,
    origin: Origin,
    *,
    streams: Streams,
    delete_resume: Callable[[DeleteResume, Origin], None],
    clock: Clock,
) -> None:
    """Erase one resume after the other, each for good: interrupted, the rest is done next time.

    Raises:
        Conflict: a resume moved meanwhile; decide again.

    """
    for resume_id in command.resume_ids:
        try:
            delete_resume(DeleteResume(resume_id), origin)
        except ResumeNotFound:
            # A tailoring that never ended: nobody else sees it to delete it.
            resume = streams.load(resume_id, fold, organization_id=origin.organization_id)
            if resume is not None and not resume.deleted:
                streams.append([deletion_of(resume, clock)], origin)
