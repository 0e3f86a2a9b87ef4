"""Ask for a cover letter or an outreach message, for the first time or anew."""

from dataclasses import dataclass
from uuid import UUID

from commands.errors import (
    LetterNotFound,
    LetterUnderWay,
    NoJobDescription,
    ResumeNotFound,
    ResumeNotParsed,
    SubjectNotFound,
)
from commands.finding import Versions, check_version, find_resume
from commands.letter import Letter, fold
from commands.ports import Clock, Job, Streams
from commands.resume import Resume
from events.letter import LetterKind, LetterRequested, LetterTask
from events.recorded import Origin


@dataclass(frozen=True, slots=True)
class RequestLetter:
    """Write a letter about this resume; it will be the letter *letter_id*.

    A blank or missing posting stands for the one that the resume was tailored to.
    """

    letter_id: UUID
    kind: LetterKind
    resume_id: UUID
    job_description: str | None
    engine: str


def request_letter(
    command: RequestLetter, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record the request and enqueue the work.

    Raises:
        SubjectNotFound: the organization has no such resume.
        ResumeNotParsed: the resume has no structured data.
        NoJobDescription: there is no posting to write to.

    """
    try:
        resume = find_resume(command.resume_id, origin.organization_id, streams)
    except ResumeNotFound:
        raise SubjectNotFound from None
    asked = letter_request(
        command.letter_id,
        resume,
        command.kind,
        engine=command.engine,
        job_description=posting_for(resume, command.job_description),
        clock=clock,
    )
    streams.append([asked], origin, jobs=[Job("write", command.letter_id)])


@dataclass(frozen=True, slots=True)
class RegenerateLetter:
    """Write this letter of this resume anew; the posting is as for `RequestLetter`."""

    letter_id: UUID
    kind: LetterKind
    resume_id: UUID
    job_description: str | None
    engine: str
    expected: Versions | None = None


def regenerate_letter(
    command: RegenerateLetter, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record the request and enqueue the work; until it is done the old text stands.

    Raises:
        LetterNotFound: the resume has no such letter, or the organization no such resume.
        VersionMismatch: it is at another version than expected.
        LetterUnderWay: it is being written at this moment.
        ResumeNotParsed, NoJobDescription: as for a first letter.
        Conflict: the letter moved meanwhile; decide again.

    """
    letter = find_letter(command.letter_id, command.kind, command.resume_id, origin, streams)
    check_version(letter.shown_version, command.expected)
    if letter.pending:
        raise LetterUnderWay
    resume = find_resume(letter.resume_id, origin.organization_id, streams)
    asked = letter_request(
        letter.id,
        resume,
        letter.kind,
        engine=command.engine,
        job_description=posting_for(resume, command.job_description),
        clock=clock,
        version=letter.version + 1,
    )
    streams.append([asked], origin, jobs=[Job("write", letter.id)])


def find_letter(
    letter_id: UUID, kind: LetterKind, resume_id: UUID, origin: Origin, streams: Streams
) -> Letter:
    """Return the letter of this kind that belongs to this resume of the organization.

    Raises:
        LetterNotFound: there is none, or none that its owner can see.

    """
    letter = streams.load(letter_id, fold, organization_id=origin.organization_id)
    if letter is None or not letter.exists or (letter.kind, letter.resume_id) != (kind, resume_id):
        raise LetterNotFound
    return letter


def posting_for(resume: Resume, given: str | None) -> str:
    """Return the posting to write to: the one given, else the one of the resume's tailoring.

    Raises:
        NoJobDescription: there is neither.

    """
    own = resume.tailoring.job_description if resume.tailoring else ""
    posting = given if given and given.strip() else own
    if not posting.strip():
        raise NoJobDescription
    return posting


def letter_request(
    letter_id: UUID,
    resume: Resume,
    kind: LetterKind,
    *,
    engine: str,
    job_description: str,
    clock: Clock,
    version: int = 1,
) -> LetterRequested:
    """Return the request for a letter about *resume* as it is now.

    Raises:
        ResumeNotParsed: the resume has no structured data.

    """
    if resume.data is None or resume.data.is_empty:
        raise ResumeNotParsed
    return LetterRequested(
        originator_id=letter_id,
        originator_version=version,
        timestamp=clock(),
        kind=kind,
        resume_id=resume.id,
        resume_version=resume.version,
        language=resume.language,
        engine=engine,
        personal=LetterTask(job_description=job_description),
    )
