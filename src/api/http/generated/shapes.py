"""What generations and profiles look like under `/v1`, bare, and what clients may send."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import BaseModel, Field, PlainSerializer, StringConstraints, field_validator

from api.generation_cases import GeneratedView
from api.http.bodies import Body
from api.http.explanations import Change
from api.http.models import MAX_JOB_CHARS
from api.http.problems import Problem
from api.ids import to_wire
from events.generation import JobSource, Template
from projections.generated_resumes import Status

Second = Annotated[
    datetime, PlainSerializer(lambda at: f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", str)
]
"""A moment, told in whole seconds of UTC."""

TEMPLATES: Final[tuple[Template, ...]] = get_args(Template)
MAX_DESCRIPTION: Final = 20_000
MAX_SKILLS: Final = 200


class GenerateBody(Body):
    """The job, by link or by text, and how the result is wanted."""

    linkedin_job_url: str | None = Field(
        default=None, max_length=2_000, description="Public LinkedIn job URL"
    )
    job_description: str | None = Field(
        default=None, max_length=MAX_JOB_CHARS, description="Full pasted job text"
    )
    template_id: str | None = Field(
        default=None, description="template1 (default), template2 or template3"
    )
    response_format: Literal["pdf", "json"] | None = Field(
        default=None, description="pdf (default) or json"
    )

    @property
    def url(self) -> str | None:
        """The link; None where it is missing or blank."""
        return (self.linkedin_job_url or "").strip() or None

    @property
    def text(self) -> str:
        """The text; "" where it is missing or blank."""
        return (self.job_description or "").strip() and (self.job_description or "")

    @property
    def template(self) -> Template:
        """The template asked for.

        Raises:
            Problem: there is no such template.

        """
        for template in TEMPLATES:
            if (self.template_id or "template1") == template:
                return template
        known = ", ".join(TEMPLATES)
        raise Problem(400, "VALIDATION_ERROR", f"template_id: must be one of {known}")

    def check(self) -> None:
        """Refuse a body that names no job.

        Raises:
            Problem: both fields are missing or blank.

        """
        if self.url is None and not self.text:
            detail = "Send linkedin_job_url or job_description: one of them is required."
            raise Problem(400, "NO_JOBS_PROVIDED", detail)


class GenerationItem(BaseModel):
    """A generation in the history."""

    id: str
    title: str
    template_id: Template
    source_type: JobSource
    status: Status
    created_at: Second
    download_url: str | None


class GenerationPage(BaseModel):
    """A page of the history, newest first; `next_cursor` leads to the next, null on the last."""

    items: list[GenerationItem]
    next_cursor: str | None


class GenerationRecord(BaseModel):
    """A generation whole: its LaTeX, the resume in it, and what was changed and why."""

    id: str
    title: str
    template_id: Template
    source_type: JobSource
    created_at: Second
    latex: str
    resume: dict[str, Any]
    changes: list[Change]
    download_url: str


class ProfileShape(BaseModel):
    """What a person says of themselves beside any resume."""

    description: str | None
    skills: list[str]
    niche: str | None
    resume_id: str | None


Skill = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class ProfileBody(Body):
    """Fields to replace; the ones left out stay as they are, null clears one."""

    description: str | None = Field(default=None, max_length=MAX_DESCRIPTION)
    skills: list[Skill] | None = Field(default=None, max_length=MAX_SKILLS)
    niche: str | None = Field(default=None, max_length=200)
    resume_id: str | None = Field(default=None, max_length=100)

    @field_validator("skills")
    @classmethod
    def _once(cls, value: list[str] | None) -> list[str] | None:
        return None if value is None else list(dict.fromkeys(value))


def item_of(view: GeneratedView, base_url: str) -> GenerationItem:
    """Return a generation as the history shows it."""
    row = view.row
    done = row.status == "completed"
    return GenerationItem(
        id=to_wire("gen", row.id),
        title=view.title,
        template_id=row.template,
        source_type=row.source,
        status=row.status,
        created_at=row.requested_at,
        download_url=download_url(view, base_url) if done else None,
    )


def download_url(view: GeneratedView, base_url: str) -> str:
    """Return where the document of a generation is."""
    return f"{base_url}/v1/resumes/{to_wire('gen', view.row.id)}/pdf"


def filename_of(view: GeneratedView) -> str:
    """Return `ROLE_COMPANY.pdf`."""
    job = view.job
    parts = [part for part in (job.role, job.company) if part] if job else []
    stem = re.sub(r"[^\w.+#-]+", "_", "_".join(parts)).strip("_")[:120] or "resume"
    return f"{stem}.pdf"
