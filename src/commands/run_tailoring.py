"""Do the tailoring that was asked for, step by recorded step."""

from dataclasses import dataclass
from uuid import UUID

from commands.charge_usage import charge
from commands.fail_tailoring import fail_tailoring
from commands.ports import Clock, Job, NewId, Plans, Streams
from commands.request_letter import letter_request
from commands.resume import Resume, Tailoring, fold
from commands.tailor_steps import Steps, after, judged, settlement, source_of
from commands.tailoring.engine import Engine, EngineUnavailable
from events.letter import LetterRequested
from events.recorded import Origin


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
    task = result.awaited_tailoring if result else None
    if result is None or task is None:
        return
    source = source_of(task, origin.organization_id, streams)
    if source is None or source.data is None:
        reason = "The source was deleted."
        fail_tailoring(result, "NOT_FOUND", reason, origin, streams=streams, clock=clock)
        return
    try:
        steps = Steps(origin, streams, engine, clock)
        result = steps.analyse(result)
        result = steps.propose(result, source.data)
    except EngineUnavailable as unavailable:
        code = "PRIMARY_TAILORING_FAILED"
        fail_tailoring(result, code, str(unavailable), origin, streams=streams, clock=clock)
        return
    if task.strict and _moved_on(source, origin.organization_id, streams):
        reason = "The source was changed meanwhile."
        fail_tailoring(result, "APPLY_CONFLICT", reason, origin, streams=streams, clock=clock)
        return
    _conclude(result, source, origin, streams=streams, plans=plans, clock=clock, new_id=new_id)


def _moved_on(source: Resume, organization_id: UUID, streams: Streams) -> bool:
    now = streams.load(source.id, fold, organization_id=organization_id)
    return now is None or now.data_version != source.data_version


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
    tailored = judged(task, source.data) if task and source.data else None
    if task is None or tailored is None:
        return
    now = clock()
    settled = settlement(result, task, source, tailored, now)
    plan = plans.plan_of(origin.organization_id)
    charged = charge("tailor", stream_id=result.id, version=result.version + 2, at=now, plan=plan)
    letters = _letters(after(after(result, settled), charged), task, clock, new_id)
    jobs = [Job("write", letter.originator_id) for letter in letters]
    streams.append([settled, charged, *letters], origin, jobs=jobs)


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
