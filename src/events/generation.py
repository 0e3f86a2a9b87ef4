"""The events that make a tailored resume a generation: its job, its document, its end."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import NonNegativeInt, PositiveInt

from events.base import Event, Value

Template = Literal["template1", "template2", "template3"]
JobSource = Literal["job_description", "linkedin_job_url"]


class GenerationTask(Value):
    """Where the job is told: an id at LinkedIn, a text, or both. A missing text is ""."""

    linkedin_job_id: str | None
    job_description: str


class GenerationRequested(Event):
    """The tailoring asked for just before is to end in a typeset document.

    `owner_id` is whose generation it is: the id of a profile. What `profile_id` said at
    `profile_version` goes into it; version 0 said nothing. `credits_id` is the month that a credit
    was set aside in, None where nobody counts.
    """

    TOPIC: ClassVar[str] = "generation-requested"

    template: Template
    source: JobSource
    owner_id: UUID
    profile_id: UUID
    profile_version: NonNegativeInt
    credits_id: UUID | None
    personal: GenerationTask | None


class PostedJob(Value):
    """A job as it was posted. What the posting does not tell is ""."""

    title: str
    company: str
    location: str
    requirements: tuple[str, ...]
    text: str


class JobResolved(Event):
    """It is known what job it is. `source` is where that was read in the end."""

    TOPIC: ClassVar[str] = "job-resolved"

    source: JobSource
    personal: PostedJob | None


class ResumeGenerated(Event):
    """The tailored resume was typeset, and the document is kept.

    `renderer` is all that decides the bytes besides the resume; `fallback` tells why it is not
    the template's first choice, None where it is. `digest` is SHA-256 of the PDF, in hex.
    """

    TOPIC: ClassVar[str] = "resume-generated"

    template: Template
    renderer: str
    fallback: str | None
    pages: PositiveInt
    digest: str
    size_bytes: PositiveInt


class GenerationFailed(Event):
    """Nothing came of the generation so far, and nothing was charged for it."""

    TOPIC: ClassVar[str] = "generation-failed"

    code: str
    reason: str


class GenerationResumed(Event):
    """A failed generation goes on from the last step on record; `credits_id` as when asked for."""

    TOPIC: ClassVar[str] = "generation-resumed"

    credits_id: UUID | None


GenerationEvent = (
    GenerationRequested | JobResolved | ResumeGenerated | GenerationFailed | GenerationResumed
)
