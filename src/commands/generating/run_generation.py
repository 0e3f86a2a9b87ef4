"""Do the generation that was asked for, step by recorded step."""

import hashlib
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from commands.again import again
from commands.charge_usage import charge
from commands.credits.standing import credits_of
from commands.generating.ports import History, JobBoard, JobUnavailable, Typeset, Typesetter
from commands.generating.settle_generation import FailGeneration, fail_generation, under_way
from commands.ports import Clock, Plans, RenderingFailed, StoredFile, Streams
from commands.profile import fold as fold_profile
from commands.resume import Generation, Resume
from commands.tailor_steps import Steps, after, judged, settlement, source_of
from commands.tailoring.conclude import Tailored
from commands.tailoring.engine import Background, Engine, EngineUnavailable
from commands.tailoring.stating import Statements
from commands.tailoring.vacancy import job_in
from events.base import Event
from events.generation import JobResolved, JobSource, PostedJob, ResumeGenerated
from events.profile import ProfileContent
from events.recorded import Origin
from events.resume import ResumeTailored
from events.resume_data import ResumeData
from events.tailoring import Language

SOURCE_GONE: Final = "The resume that the generation started from was deleted."


@dataclass(frozen=True, slots=True)
class RunGeneration:
    """Do what is left to do for this requested generation."""

    generation_id: UUID


@dataclass(frozen=True, slots=True)
class Helpers:
    """Whoever a generation asks: a model, a job board, a typesetter, and what was done before."""

    engine: Engine
    jobs: JobBoard
    typesetter: Typesetter
    history: History


def run_generation(
    command: RunGeneration,
    origin: Origin,
    *,
    streams: Streams,
    helpers: Helpers,
    plans: Plans,
    clock: Clock,
) -> None:
    """Take the steps that are not on record yet, and settle. A settled one stays as it is.

    Raises:
        Conflict: somebody settled it meanwhile; look again.

    """
    found = under_way(command.generation_id, origin, streams)
    if found is None:
        return
    run = _Run(origin, streams, helpers, plans, clock)
    try:
        run.generate(*found)
    except _Failed as failed:
        failure = FailGeneration(command.generation_id, failed.code, failed.reason)
        again(fail_generation)(failure, origin, streams=streams, clock=clock)


class _Failed(Exception):
    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Run:
    """One worker's turn at a generation."""

    origin: Origin
    streams: Streams
    helpers: Helpers
    plans: Plans
    clock: Clock

    def generate(self, result: Resume, generation: Generation) -> None:
        """Take every step that is left."""
        task = result.tailoring
        source = source_of(task, self.origin.organization_id, self.streams) if task else None
        if source is None or source.data is None:
            raise _Failed("NOT_FOUND", SOURCE_GONE)
        profile = self._profile(generation)
        result = self._with_job(result, generation)
        result = self._with_edits(result, generation, source.data, profile)
        task = result.tailoring
        tailored = judged(task, source.data, _statements(profile)) if task else None
        if task is None or tailored is None:
            return
        document = self._typeset(tailored.data, generation, task.language)
        again(self._record)(result.id, source, tailored, document)

    def _profile(self, generation: Generation) -> ProfileContent:
        """Return what the profile said when the generation was asked for; nothing once erased."""
        if not generation.profile_version:
            return ProfileContent()
        profile = self.streams.load(
            generation.profile_id,
            fold_profile,
            organization_id=self.origin.organization_id,
            version=generation.profile_version,
        )
        return profile.content if profile else ProfileContent()

    def _with_job(self, result: Resume, generation: Generation) -> Resume:
        """Return the generation with its job: as posted, or as pasted if that cannot be read."""
        if generation.job is not None or generation.task is None:
            return result
        job_id, pasted = generation.task.linkedin_job_id, generation.task.job_description
        source: JobSource = "job_description"
        job = None
        if job_id is not None:
            try:
                job, source = self.helpers.jobs.resolve(job_id), "linkedin_job_url"
            except JobUnavailable as unavailable:
                if not pasted.strip():
                    raise _Failed("UNPROCESSABLE", str(unavailable)) from unavailable
        resolved = JobResolved(
            originator_id=result.id,
            originator_version=result.version + 1,
            timestamp=self.clock(),
            source=source,
            personal=job_in(pasted) if job is None else _supplemented(job, pasted),
        )
        self.streams.append([resolved], self.origin)
        return after(result, resolved)

    def _with_edits(
        self, result: Resume, generation: Generation, data: ResumeData, profile: ProfileContent
    ) -> Resume:
        earlier = self.helpers.history.accepted_edits(
            self.origin.organization_id, generation.owner_id
        )
        background = Background(profile.niche or "", tuple(earlier))
        steps = Steps(self.origin, self.streams, self.helpers.engine, self.clock)
        try:
            return steps.propose(steps.analyse(result), data, _statements(profile), background)
        except EngineUnavailable as unavailable:
            raise _Failed("TAILORING_FAILED", str(unavailable)) from unavailable

    def _typeset(self, data: ResumeData, generation: Generation, language: Language) -> Typeset:
        try:
            return self.helpers.typesetter.typeset(
                data, template=generation.template, language=language
            )
        except RenderingFailed as failure:
            reason = f"The document could not be typeset: {failure}"
            raise _Failed("PDF_RENDER_FAILED", reason) from failure

    def _record(
        self, generation_id: UUID, source: Resume, tailored: Tailored, document: Typeset
    ) -> None:
        """Record result, document, charge and credit in one go, unless it was settled meanwhile.

        Nothing is worked out again if only the organization's credits moved.
        """
        found = under_way(generation_id, self.origin, self.streams)
        if found is None or found[0].tailoring is None:
            return
        result, generation = found
        now, organization_id = self.clock(), self.origin.organization_id
        settled = settlement(result, found[0].tailoring, source, tailored, now)
        version = settled.originator_version
        events: list[Event] = [
            settled,
            _generated(generation, document, settled),
            charge(
                "generate",
                stream_id=result.id,
                version=version + 2,
                at=now,
                plan=self.plans.plan_of(organization_id),
            ),
        ]
        month = credits_of(generation.credits_id, organization_id, self.streams)
        if month is not None:
            events.append(month.take(result.id, at=now))
        kept = StoredFile(result.id, version + 1, document.pdf)
        self.streams.append(events, self.origin, files=[kept])


def _statements(profile: ProfileContent) -> Statements:
    return Statements(profile.description or "", profile.skills)


def _supplemented(job: PostedJob, pasted: str) -> PostedJob:
    """Return the posted job with what was pasted as its context."""
    if not pasted.strip():
        return job
    return job.model_copy(update={"text": f"{job.text}\n\n{pasted.strip()}"})


def _generated(
    generation: Generation, document: Typeset, settled: ResumeTailored
) -> ResumeGenerated:
    return ResumeGenerated(
        originator_id=settled.originator_id,
        originator_version=settled.originator_version + 1,
        timestamp=settled.timestamp,
        template=generation.template,
        renderer=document.renderer,
        fallback=document.fallback,
        pages=document.pages,
        digest=hashlib.sha256(document.pdf).hexdigest(),
        size_bytes=len(document.pdf),
    )
