"""Write the letter that was asked for, step by recorded step."""

from dataclasses import dataclass
from time import perf_counter
from typing import Final
from uuid import UUID

from commands.charge_usage import charge
from commands.delete_letter import erasure_of
from commands.letter import Letter, fold
from commands.ports import Clock, Plans, Streams
from commands.resume import Resume
from commands.resume import fold as fold_resume
from commands.tailoring.engine import Brief, Engine, EngineUnavailable
from commands.tailoring.letters.checking import objections
from commands.tailoring.letters.objection import LetterObjection
from commands.tailoring.letters.template import template_letter
from commands.tailoring.letters.tidying import tidy
from commands.tailoring.posting import analyse_job
from events.base import Event
from events.letter import (
    Draft,
    LetterContent,
    LetterDrafted,
    LetterFailed,
    LetterKind,
    LetterWritten,
)
from events.recorded import Origin

MOST_DRAFTS: Final = 2
"""One, and one more that knows what spoke against the first."""

BROKEN: Final[dict[LetterKind, str]] = {
    "cover_letter": "COVER_LETTER_PROCESS_FAILED",
    "outreach": "OUTREACH_PROCESS_FAILED",
}
"""What a first letter fails with when there is no answer; a later one, with REGENERATE_FAILED."""

GONE: Final = ("RESUME_NOT_FOUND", "The resume was deleted.")


@dataclass(frozen=True, slots=True)
class WriteLetter:
    """Do what is left to do for this requested letter."""

    letter_id: UUID


def write_letter(
    command: WriteLetter,
    origin: Origin,
    *,
    streams: Streams,
    engine: Engine,
    plans: Plans,
    clock: Clock,
) -> None:
    """Take the steps that are not on record yet, and settle. A settled letter stays as it is.

    Raises:
        Conflict: somebody settled it meanwhile; look again.

    """
    letter = streams.load(command.letter_id, fold, organization_id=origin.organization_id)
    if letter is None or not letter.pending:
        return
    brief = _brief(letter, origin.organization_id, streams)
    if brief is None:
        fail_letter(letter, *GONE, origin, streams=streams, clock=clock)
        return
    try:
        letter = _with_drafts(letter, brief, origin, streams, engine, clock)
    except EngineUnavailable as unavailable:
        code = broken(letter)
        fail_letter(letter, code, str(unavailable), origin, streams=streams, clock=clock)
        return
    if not any(draft.strip() for draft in letter.drafts):
        nothing = "The model answered without a word."
        fail_letter(letter, "LLM_GENERATION_FAILED", nothing, origin, streams=streams, clock=clock)
        return
    _settle(letter, brief, origin, streams=streams, plans=plans, clock=clock)


def broken(letter: Letter) -> str:
    """Return the code of a letter that could not be made."""
    return BROKEN[letter.kind] if letter.times_asked == 1 else "REGENERATE_FAILED"


@dataclass(frozen=True, slots=True)
class AbandonLetter:
    """Settle a request that nobody waits for any longer; None is the code for a breakdown."""

    letter_id: UUID
    code: str | None
    reason: str


def abandon_letter(
    command: AbandonLetter, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record the failure unless the request is settled already.

    Raises:
        Conflict: it moved meanwhile; decide again.

    """
    letter = streams.load(command.letter_id, fold, organization_id=origin.organization_id)
    if letter is None or not letter.pending:
        return
    code = command.code or broken(letter)
    fail_letter(letter, code, command.reason, origin, streams=streams, clock=clock)


def fail_letter(
    letter: Letter, code: str, reason: str, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record the failure; where the resume is gone, the letter goes with it."""
    failed = LetterFailed(
        originator_id=letter.id,
        originator_version=letter.version + 1,
        timestamp=clock(),
        code=code,
        reason=reason,
    )
    events: list[Event] = [failed]
    if _resume(letter, origin.organization_id, streams) is None:
        events.append(erasure_of(letter, clock, after=1))
    streams.append(events, origin)


def _resume(letter: Letter, organization_id: UUID, streams: Streams) -> Resume | None:
    resume = streams.load(letter.resume_id, fold_resume, organization_id=organization_id)
    return None if resume is None or resume.deleted else resume


def _brief(letter: Letter, organization_id: UUID, streams: Streams) -> Brief | None:
    if _resume(letter, organization_id, streams) is None:
        return None
    then = streams.load(
        letter.resume_id,
        fold_resume,
        organization_id=organization_id,
        version=letter.resume_version,
    )
    if then is None or then.data is None:
        return None
    task = then.tailoring
    known = task.analysis if task and task.job_description == letter.job_description else None
    return Brief(
        kind=letter.kind,
        source=then.data,
        analysis=known or analyse_job(letter.job_description),
        job_description=letter.job_description,
        language=letter.language,
        variant=letter.times_asked - 1,
    )


def _with_drafts(
    letter: Letter, brief: Brief, origin: Origin, streams: Streams, engine: Engine, clock: Clock
) -> Letter:
    """Ask the engine until a draft holds, twice at most; every answer goes on record."""
    while len(letter.drafts) < MOST_DRAFTS:
        refused = _objections(brief, letter.drafts[-1]) if letter.drafts else ()
        if letter.drafts and not refused:
            return letter
        started = perf_counter()
        said = [objection.detail for objection in refused]
        drafted = engine.draft(brief, letter.drafts[-1] if letter.drafts else None, said)
        answered = LetterDrafted(
            originator_id=letter.id,
            originator_version=letter.version + 1,
            timestamp=clock(),
            engine=engine.name,
            duration_ms=round((perf_counter() - started) * 1000),
            usage=drafted.usage,
            personal=Draft(text=drafted.text),
        )
        streams.append([answered], origin)
        letter = fold(letter, [answered]) or letter
    return letter


def _objections(brief: Brief, draft: str) -> tuple[LetterObjection, ...]:
    return objections(
        brief.kind,
        _tidy(brief, draft),
        brief.source,
        brief.analysis,
        brief.job_description,
        brief.language,
    )


def _tidy(brief: Brief, draft: str) -> str:
    return tidy(draft, brief.source.personal_info.name)


def _settle(
    letter: Letter, brief: Brief, origin: Origin, *, streams: Streams, plans: Plans, clock: Clock
) -> None:
    resume = _resume(letter, origin.organization_id, streams)
    if resume is None:
        fail_letter(letter, *GONE, origin, streams=streams, clock=clock)
        return
    spoke_against = [_objections(brief, draft) for draft in letter.drafts]
    holds = not spoke_against[-1]
    now = clock()
    written = LetterWritten(
        originator_id=letter.id,
        originator_version=letter.version + 1,
        timestamp=now,
        author="engine" if holds else "template",
        refused=tuple(tuple(o.code for o in each) for each in spoke_against if each),
        duration_ms=max(0, round((now - letter.requested_at).total_seconds() * 1000)),
        personal=LetterContent(
            text=_tidy(brief, letter.drafts[-1]) if holds else from_template(brief)
        ),
    )
    plan = plans.plan_of(origin.organization_id)
    charged = charge(
        letter.kind, stream_id=resume.id, version=resume.version + 1, at=now, plan=plan
    )
    streams.append([written, charged], origin)


def from_template(brief: Brief) -> str:
    """Return the letter that needs no model."""
    return template_letter(
        brief.kind,
        brief.source,
        brief.analysis,
        brief.job_description,
        brief.language,
        variant=brief.variant,
    )
