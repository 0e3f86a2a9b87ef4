"""The steps of a tailoring, each on record once it is taken, so that a crash never pays twice."""

from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any
from uuid import UUID

from commands.ports import Clock, Streams
from commands.resume import Resume, Tailoring, fold
from commands.tailoring.conclude import Tailored, conclude
from commands.tailoring.engine import (
    NO_BACKGROUND,
    Background,
    Engine,
    EngineUnavailable,
    Suggested,
)
from commands.tailoring.posting import analyse_job
from commands.tailoring.stating import NOTHING_STATED, Statements, informed
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
from events.tailoring import JobAnalysis


def source_of(task: Tailoring, organization_id: UUID, streams: Streams) -> Resume | None:
    """Return the source as it was when the tailoring was asked for; None once it is deleted."""
    now = streams.load(task.source_id, fold, organization_id=organization_id)
    if now is None or now.deleted:
        return None
    then = streams.load(
        task.source_id, fold, organization_id=organization_id, version=task.source_version
    )
    return then if then and then.data is not None else None


@dataclass(frozen=True, slots=True)
class Steps:
    """Takes the steps that ask an engine."""

    origin: Origin
    streams: Streams
    engine: Engine
    clock: Clock

    def analyse(self, result: Resume) -> Resume:
        """Return the tailoring with its posting understood, by rules alone if the model fails."""
        task = result.tailoring
        if task is None or task.analysis is not None:
            return result
        own = _analysed(task)
        try:
            suggested = self.engine.suggest(own, task.job_description)
        except EngineUnavailable:
            suggested = Suggested(own)
        analysed = JobAnalysed(
            **self._next(result), usage=suggested.usage, personal=suggested.analysis
        )
        self.streams.append([analysed], self.origin)
        return after(result, analysed)

    def propose(
        self,
        result: Resume,
        data: ResumeData,
        statements: Statements = NOTHING_STATED,
        background: Background = NO_BACKGROUND,
    ) -> Resume:
        """Return the tailoring with the engine's answer.

        Raises:
            EngineUnavailable: there is none to be had.

        """
        task = result.tailoring
        if task is None or task.analysis is None or task.edits is not None:
            return result
        started = perf_counter()
        known = informed(data, statements, task.analysis, task.job_description)
        proposed = self.engine.propose(
            known.source,
            task.analysis,
            task.job_description,
            task.strategy,
            task.language,
            background,
        )
        answered = EditsProposed(
            **self._next(result),
            engine=self.engine.name,
            edit_count=len(proposed.edits),
            duration_ms=round((perf_counter() - started) * 1000),
            usage=proposed.usage,
            personal=Proposal(edits=proposed.edits),
        )
        self.streams.append([answered], self.origin)
        return after(result, answered)

    def _next(self, result: Resume) -> dict[str, Any]:
        return {
            "originator_id": result.id,
            "originator_version": result.version + 1,
            "timestamp": self.clock(),
        }


def _analysed(task: Tailoring) -> JobAnalysis:
    own = analyse_job(task.job_description)
    job = task.generation.job if task.generation else None
    if job is None:
        return own
    return own.model_copy(
        update={"role": job.title or own.role, "company": job.company or own.company}
    )


def after(result: Resume, event: ResumeEvent) -> Resume:
    """Return the state that an event just recorded leads to."""
    return fold(result, [event]) or result


def judged(
    task: Tailoring, source: ResumeData, statements: Statements = NOTHING_STATED
) -> Tailored | None:
    """Return what comes of the engine's answer; None while a step is missing."""
    if task.analysis is None or task.edits is None:
        return None
    return conclude(
        source,
        task.job_description,
        task.analysis,
        task.strategy,
        task.language,
        task.edits,
        statements,
    )


def settlement(
    result: Resume, task: Tailoring, source: Resume, tailored: Tailored, now: datetime
) -> ResumeTailored:
    """Return the event that ends a tailoring well."""
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
