"""Replace fields of a resume by hand."""

from dataclasses import dataclass
from uuid import UUID

from commands.finding import find_resume
from commands.ports import Clock, Streams
from commands.resume import Resume
from events.recorded import Origin
from events.resume import EditedContent, EditedField, ResumeEdited, Status
from events.resume_data import ResumeData


@dataclass(frozen=True, slots=True)
class EditResume:
    """Replace the given fields; None leaves a field as it is."""

    resume_id: UUID
    title: str | None = None
    filename: str | None = None
    data: ResumeData | None = None
    status: Status | None = None


def edit_resume(command: EditResume, origin: Origin, *, streams: Streams, clock: Clock) -> None:
    """Record the edit; fields that already hold the value are no edit.

    Data set by hand makes a resume READY unless the command sets a status of its own.

    Raises:
        ResumeNotFound: the organization has no such resume.
        Conflict: the resume moved meanwhile; decide again.

    """
    resume = find_resume(command.resume_id, origin.organization_id, streams)
    changed = _changed(command, resume)
    if not changed:
        return
    edited = ResumeEdited(
        originator_id=resume.id,
        originator_version=resume.version + 1,
        timestamp=clock(),
        changed=changed,
        status=command.status if "status" in changed else None,
        personal=EditedContent(
            title=command.title if "title" in changed else None,
            filename=command.filename if "filename" in changed else None,
            data=command.data if "data" in changed else None,
        ),
    )
    streams.append([edited], origin)


def _changed(command: EditResume, resume: Resume) -> tuple[EditedField, ...]:
    now: dict[EditedField, object] = {
        "title": resume.title,
        "filename": resume.filename,
        "data": resume.data,
    }
    wanted: dict[EditedField, object] = {
        "title": command.title,
        "filename": command.filename,
        "data": command.data,
    }
    changed = [name for name, value in wanted.items() if value not in (None, now[name])]
    status = "READY" if "data" in changed else resume.status
    if command.status not in (None, status):
        changed.append("status")
    return tuple(changed)
