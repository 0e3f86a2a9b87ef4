"""Ask for a generation: set a credit aside, and start from the profile and its resume."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from commands.credits.standing import reserved
from commands.errors import NoMasterResume, ResumeNotFound, ResumeNotParsed
from commands.finding import find_resume
from commands.ports import Clock, Job, Library, Plans, Streams
from commands.profile import Profile, find_profile, profile_of
from commands.resume import Resume
from commands.tailoring.tongue import language_of
from events.generation import GenerationRequested, GenerationTask, Template
from events.recorded import Origin
from events.resume import TailoringRequested, TailoringTask
from events.tailoring import Language, Strategy


@dataclass(frozen=True, slots=True)
class RequestGeneration:
    """Tailor the resume of a profile to a job and typeset it; the result is *generation_id*.

    The job is told by an id at LinkedIn, by a text, or by both; a missing text is "". The profile
    is that of the user `owner_id`, None the organization's own. `language` is for a resume whose
    own cannot be told.
    """

    generation_id: UUID
    owner_id: UUID | None
    linkedin_job_id: str | None
    job_description: str
    template: Template
    strategy: Strategy
    language: Language
    engine: str


def request_generation(
    command: RequestGeneration,
    origin: Origin,
    *,
    streams: Streams,
    library: Library,
    plans: Plans,
    clock: Clock,
) -> None:
    """Record the request with the credit set aside for it, and enqueue the work.

    Raises:
        InsufficientCredits, OrganizationNotFound: as the names say.
        NoMasterResume: the profile names no resume, and there is no master.
        ResumeNotParsed: the resume to start from has no structured data.
        Conflict: credits or profile moved meanwhile; decide again.

    """
    now = clock()
    tenant = origin.organization_id
    credits_id, due = reserved(
        command.generation_id, tenant, streams=streams, plans=plans, now=now
    )
    owner_id = profile_of(tenant, command.owner_id)
    profile = find_profile(owner_id, origin, streams)
    base = _base(profile, tenant, streams, library)
    requested = GenerationRequested(
        originator_id=command.generation_id,
        originator_version=2,
        timestamp=now,
        template=command.template,
        source="job_description" if command.linkedin_job_id is None else "linkedin_job_url",
        owner_id=owner_id,
        profile_id=profile.id,
        profile_version=profile.version,
        credits_id=credits_id,
        personal=_task(command),
    )
    jobs = [Job("generate", command.generation_id)]
    streams.append([_tailoring(command, base, now), requested, *due], origin, jobs=jobs)


def _task(command: RequestGeneration) -> GenerationTask:
    return GenerationTask(
        linkedin_job_id=command.linkedin_job_id, job_description=command.job_description
    )


def _base(profile: Profile, organization_id: UUID, streams: Streams, library: Library) -> Resume:
    """Return the resume to start from: the profile's, unless it is gone, or else the master."""
    master_id = library.master_of(organization_id)
    for resume_id in (profile.resume_id, master_id):
        if resume_id is None:
            continue
        try:
            base = find_resume(resume_id, organization_id, streams)
        except ResumeNotFound:
            continue
        if base.data is None or base.data.is_empty:
            raise ResumeNotParsed
        return base
    raise NoMasterResume


def _tailoring(command: RequestGeneration, base: Resume, now: datetime) -> TailoringRequested:
    summary = base.data.summary if base.data else ""
    return TailoringRequested(
        originator_id=command.generation_id,
        originator_version=1,
        timestamp=now,
        source_id=base.id,
        source_version=base.version,
        strategy=command.strategy,
        language=language_of(f"{summary}\n{base.markdown}") or command.language,
        engine=command.engine,
        letters=(),
        strict=False,
        personal=TailoringTask(
            job_description=command.job_description, filename=f"Tailored - {base.filename}"
        ),
    )
