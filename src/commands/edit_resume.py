"""Replace fields of a resume by hand."""

from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel

from commands.finding import Versions, check_version, find_resume
from commands.ports import Clock, Streams
from commands.resume import Resume
from events.recorded import Origin
from events.resume import EditedContent, EditedField, ResumeEdited, Status
from events.resume_data import ResumeData


@dataclass(frozen=True, slots=True)
class EditResume:
    """Replace the given fields; None leaves a field as it is.

    With `merge` only those members of the data are replaced that were given; lists are replaced
    whole.
    """

    resume_id: UUID
    title: str | None = None
    filename: str | None = None
    data: ResumeData | None = None
    status: Status | None = None
    merge: bool = False
    expected: Versions | None = None


def edit_resume(command: EditResume, origin: Origin, *, streams: Streams, clock: Clock) -> None:
    """Record the edit; fields that already hold the value are no edit.

    Data set by hand makes a resume READY unless the command sets a status of its own.

    Raises:
        ResumeNotFound: the organization has no such resume.
        VersionMismatch: it is at another version than expected.
        Conflict: the resume moved meanwhile; decide again.

    """
    resume = find_resume(command.resume_id, origin.organization_id, streams)
    check_version(resume.shown_version, command.expected)
    if command.merge and command.data is not None and resume.data is not None:
        command = replace(command, data=merged(resume.data, command.data))
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


ModelT = TypeVar("ModelT", bound=BaseModel)


def merged(now: ModelT, patch: ModelT) -> ModelT:
    """Return *now* with those members of *patch* that were given, objects member by member."""
    given = {name: getattr(patch, name) for name in patch.model_fields_set}
    for name, value in given.items():
        before = getattr(now, name, None)
        if isinstance(value, BaseModel) and isinstance(before, BaseModel):
            given[name] = merged(before, value)
    return now.model_copy(update=given)


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
