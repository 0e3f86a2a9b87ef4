"""Turn the text of a resume into structured data: ask for it, ask again, do it."""

from dataclasses import dataclass
from time import perf_counter
from uuid import UUID

from commands.charge_usage import charge
from commands.errors import ParsingNotRetryable, SourceTextMissing
from commands.finding import Versions, check_version, find_resume
from commands.ports import Clock, Job, Parsed, Parser, ParserFailed, Plans, Streams
from commands.resume import Resume, fold
from events.base import Event
from events.organization import Plan
from events.recorded import Origin
from events.resume import ParsingFailure, ParsingRequested, ResumeParsed, ResumeParsingFailed


@dataclass(frozen=True, slots=True)
class RetryParsing:
    """Parse the stored text of this resume again."""

    resume_id: UUID
    expected: Versions | None = None


def retry_parsing(
    command: RetryParsing, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record the request and enqueue it.

    Raises:
        ResumeNotFound: the organization has no such resume.
        VersionMismatch: it is at another version than expected.
        ParsingNotRetryable: it is neither FAILED nor PROCESSING.
        SourceTextMissing: there is nothing to parse.
        Conflict: the resume moved meanwhile; decide again.

    """
    resume = find_resume(command.resume_id, origin.organization_id, streams)
    check_version(resume.shown_version, command.expected)
    if resume.status not in ("FAILED", "PROCESSING"):
        raise ParsingNotRetryable(resume.status)
    if resume.text is None:
        raise SourceTextMissing
    requested = ParsingRequested(
        originator_id=resume.id, originator_version=resume.version + 1, timestamp=clock()
    )
    streams.append([requested], origin, jobs=[Job("parse", resume.id)])


@dataclass(frozen=True, slots=True)
class RunParsing:
    """Do the parsing that was asked for."""

    resume_id: UUID


def run_parsing(
    command: RunParsing,
    origin: Origin,
    *,
    streams: Streams,
    parser: Parser,
    plans: Plans,
    clock: Clock,
) -> None:
    """Record what the parser understood, or that it failed. Does nothing when nobody waits.

    Raises:
        Conflict: the resume moved meanwhile; look again whether it still wants parsing.

    """
    resume = streams.load(command.resume_id, fold, organization_id=origin.organization_id)
    if resume is None or not resume.awaits_parsing or resume.text is None:
        return
    started = perf_counter()
    try:
        parsed = parser.parse(resume.text)
    except ParserFailed as failure:
        streams.append([_failed(resume, "LLM_PARSING_FAILED", str(failure), clock)], origin)
        return
    if parsed.content.data.is_empty:
        reason = "No part of a resume was recognised in the text."
        streams.append([_failed(resume, "LLM_PARSING_FAILED", reason, clock)], origin)
        return
    duration_ms = round((perf_counter() - started) * 1000)
    plan = plans.plan_of(origin.organization_id)
    streams.append(_parsed(resume, parsed, duration_ms, plan, clock), origin)


@dataclass(frozen=True, slots=True)
class FailParsing:
    """Settle a parsing that broke down."""

    resume_id: UUID
    reason: str


def fail_parsing(command: FailParsing, origin: Origin, *, streams: Streams, clock: Clock) -> None:
    """Record the failure unless the parsing is settled already.

    Raises:
        Conflict: the resume moved meanwhile; look again.

    """
    resume = streams.load(command.resume_id, fold, organization_id=origin.organization_id)
    if resume is not None and resume.awaits_parsing:
        streams.append([_failed(resume, "RETRY_FAILED", command.reason, clock)], origin)


def _parsed(
    resume: Resume, parsed: Parsed, duration_ms: int, plan: Plan, clock: Clock
) -> list[Event]:
    now = clock()
    event = ResumeParsed(
        originator_id=resume.id,
        originator_version=resume.version + 1,
        timestamp=now,
        parser=parsed.parser,
        duration_ms=duration_ms,
        usage=parsed.usage,
        personal=parsed.content,
    )
    return [
        event,
        charge("parse", stream_id=resume.id, version=resume.version + 2, at=now, plan=plan),
    ]


def _failed(
    resume: Resume, code: ParsingFailure, reason: str, clock: Clock
) -> ResumeParsingFailed:
    return ResumeParsingFailed(
        originator_id=resume.id,
        originator_version=resume.version + 1,
        timestamp=clock(),
        code=code,
        reason=reason,
    )
