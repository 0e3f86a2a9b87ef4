"""Ask for a resume to be tailored to a posting, and give up waiting for it."""

from dataclasses import dataclass
from uuid import UUID

from commands.errors import ResumeNotParsed
from commands.fail_tailoring import fail_tailoring
from commands.finding import Versions, check_version, find_resume
from commands.ports import Clock, Job, Streams
from commands.resume import fold
from events.letter import LetterKind
from events.recorded import Origin
from events.resume import TailoringRequested, TailoringTask
from events.tailoring import Language, Strategy


@dataclass(frozen=True, slots=True)
class RequestTailoring:
    """Tailor the source as it is now; the result will be the resume *result_id*.

    `letters` are written about the result. Whoever expects a version of the source wants no result
    either if the source changes before it is done.
    """

    result_id: UUID
    source_id: UUID
    job_description: str
    strategy: Strategy
    language: Language
    engine: str
    letters: tuple[LetterKind, ...] = ()
    expected: Versions | None = None


def request_tailoring(
    command: RequestTailoring, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record the request and enqueue the work.

    Raises:
        ResumeNotFound: the organization has no such source.
        VersionMismatch: it is at another version than expected.
        ResumeNotParsed: the source has no structured data.

    """
    source = find_resume(command.source_id, origin.organization_id, streams)
    check_version(source.shown_version, command.expected)
    if source.data is None or source.data.is_empty:
        raise ResumeNotParsed
    requested = TailoringRequested(
        originator_id=command.result_id,
        originator_version=1,
        timestamp=clock(),
        source_id=source.id,
        source_version=source.version,
        strategy=command.strategy,
        language=command.language,
        engine=command.engine,
        letters=command.letters,
        strict=command.expected is not None,
        personal=TailoringTask(
            job_description=command.job_description,
            filename=f"Tailored - {source.filename}",
        ),
    )
    streams.append([requested], origin, jobs=[Job("tailor", command.result_id)])


@dataclass(frozen=True, slots=True)
class AbandonTailoring:
    """Settle a tailoring that nobody waits for any longer; a late result is then refused."""

    result_id: UUID
    code: str
    reason: str


def abandon_tailoring(
    command: AbandonTailoring, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record the failure unless the tailoring is settled already.

    Raises:
        Conflict: it moved meanwhile; decide again.

    """
    result = streams.load(command.result_id, fold, organization_id=origin.organization_id)
    if result is None or result.awaited_tailoring is None:
        return
    fail_tailoring(result, command.code, command.reason, origin, streams=streams, clock=clock)
