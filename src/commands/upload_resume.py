"""Take in a document as a resume and ask for it to be parsed."""

from dataclasses import dataclass
from uuid import UUID

from commands.ports import Clock, Job, Library, Streams
from commands.resume import fold
from events.base import Event
from events.document_text import DocumentText
from events.recorded import Origin
from events.resume import (
    MasterChosen,
    MasterReplaced,
    ParsingRequested,
    ResumeUploaded,
    TextExtracted,
    UploadedFile,
)


@dataclass(frozen=True, slots=True)
class UploadResume:
    """Keep the text of this document as a resume.

    `set_as_master`: True makes it the master in place of any other, False leaves the master
    alone, None makes it the master only where there is none. `digest` is SHA-256 in hex.
    """

    resume_id: UUID
    filename: str
    size_bytes: int
    digest: str
    text: DocumentText
    set_as_master: bool | None


def upload_resume(
    command: UploadResume, origin: Origin, *, streams: Streams, library: Library, clock: Clock
) -> bool:
    """Record the upload and enqueue its parsing. Tells whether it became the master.

    Raises:
        Conflict: another upload took the master's place meanwhile; decide again.

    """
    now = clock()
    master_id = library.master_of(origin.organization_id)
    becomes_master = command.set_as_master or (command.set_as_master is None and not master_id)
    events: list[Event] = [
        ResumeUploaded(
            originator_id=command.resume_id,
            originator_version=1,
            timestamp=now,
            kind=command.text.kind,
            size_bytes=command.size_bytes,
            digest=command.digest,
            pages=command.text.pages,
            personal=UploadedFile(filename=command.filename),
        ),
        TextExtracted(
            originator_id=command.resume_id,
            originator_version=2,
            timestamp=now,
            line_count=len(command.text.lines),
            personal=command.text,
        ),
        ParsingRequested(originator_id=command.resume_id, originator_version=3, timestamp=now),
    ]
    if becomes_master:
        chosen = MasterChosen(originator_id=command.resume_id, originator_version=4, timestamp=now)
        # The old master steps down first: at no moment may there be two.
        events = [*_stepping_down(master_id, command.resume_id, origin, streams, clock), *events]
        events.append(chosen)
    streams.append(events, origin, jobs=[Job("parse", command.resume_id)])
    return becomes_master


def _stepping_down(
    master_id: UUID | None, successor_id: UUID, origin: Origin, streams: Streams, clock: Clock
) -> list[Event]:
    if master_id is None:
        return []
    master = streams.load(master_id, fold, organization_id=origin.organization_id)
    if master is None or not master.is_master:
        return []
    return [
        MasterReplaced(
            originator_id=master.id,
            originator_version=master.version + 1,
            timestamp=clock(),
            successor_id=successor_id,
        )
    ]
