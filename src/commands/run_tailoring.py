"""Do the tailoring that was asked for, step by recorded step."""

from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from uuid import UUID

from commands.charge_usage import charge
from commands.fail_tailoring import fail_tailoring
from commands.ports import Clock, Job, NewId, Plans, Streams
from commands.request_letter import letter_request
from commands.resume import Resume, Tailoring, fold
from commands.tailoring.conclude import Tailored, conclude
from commands.tailoring.engine import Engine, EngineUnavailable, Suggested
from commands.tailoring.posting import analyse_job
from events.letter import LetterRequested
from events.recorded import Origin
from events.resume import (
    EditsProposed,
    JobAnalysed,
    Proposal,
    ResumeEvent,
    ResumeTailored,
    TailoredContent,
)
from events.resume_data import ResumeData
from events.tailoring import Edit, JobAnalysis


@dataclass(frozen=True, slots=True)
class RunTailoring:
    """Do what is left to do for this requested tailoring."""

    result_id: UUID


def run_tailoring(
    command: RunTailoring,
    origin: Origin,
    *,
    streams: Streams,
    engine: Engine,
    plans: Plans,
    clock: Clock,
    new_id: NewId,
) -> None:
    """Take the steps that are not on record yet, and settle. A settled tailoring stays as it is.

    Raises:
        Conflict: somebody settled it meanwhile; look again.

    """
    result = streams.load(command.result_id, fold, organization_id=origin.organization_id)
    if result is None or result.tailoring is None or result.tailoring.settled:
        return
    task = result.tailoring
    source = _source(task, origin.organization_id, streams)
    if source is None or source.data is None:
        reason = "The source was deleted."
        fail_tailoring(result, "NOT_FOUND", reason, origin, streams=streams, clock=clock)
        return
    try:
        result = _with_analysis(result, task, origin, streams, engine, clock)
        result = _with_edits(result, source.data, origin, streams, engine, clock)
    except EngineUnavailable as unavailable:
        code = "PRIMARY_TAILORING_FAILED"
        fail_tailoring(result, code, str(unavailable), origin, streams=streams, clock=clock)
        return
    if task.strict and _moved_on(source, origin.organization_id, streams):
        reason = "The source was changed meanwhile."
        fail_tailoring(result, "APPLY_CONFLICT", reason, origin, streams=streams, clock=clock)
        return
    _conclude(result, source, origin, streams=streams, plans=plans, clock=clock, new_id=new_id)


def _source(task: Tailoring, organization_id: UUID, streams: Streams) -> Resume | None:
    now = streams.load(task.source_id, fold, organization_id=organization_id)
    if now is None or now.deleted:
        return None
    then = streams.load(
        task.source_id, fold, organization_id=organization_id, version=task.source_version
    )
    return then if then and then.data is not None else None


def _moved_on(source: Resume, organization_id: UUID, streams: Streams) -> bool:
    now = streams.load(source.id, fold, organization_id=organization_id)
    return now is None or now.data_version != source.data_version


def _with_analysis(
    result: Resume,
    task: Tailoring,
    origin: Origin,
    streams: Streams,
    engine: Engine,
    clock: Clock,
) -> Resume:
    if task.analysis is not None:
        return result
    own = analyse_job(task.job_description)
    try:
        suggested = engine.suggest(own, task.job_description)
    except EngineUnavailable:
        suggested = Suggested(own)
    analysed = JobAnalysed(
        originator_id=result.id,
        originator_version=result.version + 1,
        timestamp=clock(),
        usage=suggested.usage,
        personal=suggested.analysis,
    )
    streams.append([analysed], origin)
    return _after(result, analysed)


def _with_edits(
    result: Resume,
    data: ResumeData,
    origin: Origin,
    streams: Streams,
    engine: Engine,
    clock: Clock,
) -> Resume:
    task = result.tailoring
    if task is None or task.analysis is None or task.edits is not None:
        return result
    started = perf_counter()
    proposed = engine.propose(
        data, task.analysis, task.job_description, task.strategy, task.language
    )
    answered = EditsProposed(
        originator_id=result.id,
        originator_version=result.version + 1,
        timestamp=clock(),
        engine=engine.name,
        edit_count=len(proposed.edits),
        duration_ms=round((perf_counter() - started) * 1000),
        usage=proposed.usage,
        personal=Proposal(edits=proposed.edits),
    )
    streams.append([answered], origin)
    return _after(result, answered)


def _after(result: Resume, event: ResumeEvent) -> Resume:
    """Return the state that an event just recorded leads to."""
    return fold(result, [event]) or result


def _conclude(
    result: Resume,
    source: Resume,
    origin: Origin,
    *,
    streams: Streams,
    plans: Plans,
    clock: Clock,
    new_id: NewId,
) -> None:
    task = result.tailoring
    if task is None or task.analysis is None or task.edits is None or source.data is None:
        return
    now = clock()
    tailored = _judged(task, source.data, task.analysis, task.edits)
    settled = _settled(result, task, source, tailored, now)
    plan = plans.plan_of(origin.organization_id)
    charged = charge("tailor", stream_id=result.id, version=result.version + 2, at=now, plan=plan)
    letters = _letters(_after(_after(result, settled), charged), task, clock, new_id)
    jobs = [Job("write", letter.originator_id) for letter in letters]
    streams.append([settled, charged, *letters], origin, jobs=jobs)


def _settled(
    result: Resume, task: Tailoring, source: Resume, tailored: Tailored, now: datetime
) -> ResumeTailored:
    coverage = tailored.coverage
    return ResumeTailored(
        originator_id=result.id,
        originator_version=result.version + 1,
        timestamp=now,
        accepted=sum(verdict.accepted for verdict in tailored.verdicts),
        refused=sum(not verdict.accepted for verdict in tailored.verdicts),
        coverage_before=coverage.before,
        coverage_after=coverage.after,
        coverage_ceiling=coverage.ceiling,
        duration_ms=max(0, round((now - task.requested_at).total_seconds() * 1000)),
        personal=TailoredContent(
            markdown=source.markdown,
            data=tailored.data,
            verdicts=tailored.verdicts,
            coverage=coverage,
            stats=tailored.stats,
            warnings=tailored.warnings,
        ),
    )


def _letters(
    result: Resume, task: Tailoring, clock: Clock, new_id: NewId
) -> list[LetterRequested]:
    return [
        letter_request(
            new_id(),
            result,
            kind,
            engine=task.engine,
            job_description=task.job_description,
            clock=clock,
        )
        for kind in task.letters
    ]


def _judged(
    task: Tailoring, source: ResumeData, analysis: JobAnalysis, edits: tuple[Edit, ...]
) -> Tailored:
    return conclude(source, task.job_description, analysis, task.strategy, task.language, edits)
