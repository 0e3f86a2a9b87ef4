"""What resumes, usage and keys look like on the wire, and what clients may send."""

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from pydantic_core import to_json

from api.http.bodies import Body, either
from api.http.envelope import Instant
from api.http.filenames import clean
from api.http.problems import Problem
from api.ids import to_wire
from api.views import ResumeDetail, ResumeView
from events.resume import Operation, Status
from events.resume_data import ResumeData
from events.tailoring import (
    JobKeywords,
    Language,
    RefinementStats,
    Strategy,
    TailoringWarning,
)

MAX_JOB_WORDS: Final = 8_000
MAX_JOB_CHARS: Final = 200_000
"""For scripts without spaces, in which nothing is ever 8,000 words long."""


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _resume_data(value: object) -> object:
    """Validate as JSON: strictly, a Python list is no tuple, but a JSON array is."""
    if not isinstance(value, dict):
        raise ValueError("must be an object")  # noqa: TRY004 pydantic wants this kind
    return ResumeData.model_validate_json(to_json(value))


def _filename(value: str) -> str:
    cleaned = clean(value)
    if not cleaned:
        raise ValueError("must have at least 1 printable character")
    return cleaned


class ResumeItem(BaseModel):
    """A resume in a list."""

    id: str
    organization_id: str
    is_master: bool
    parent_id: str | None
    status: Status
    filename: str
    job_description: str | None
    job_keywords: JobKeywords | None
    strategy: Strategy | None
    title: str | None
    output_language: Language
    created_at: Instant
    updated_at: Instant
    pdf_url: str


class ResumeRecord(ResumeItem):
    """A resume whole."""

    markdown: str
    html: str
    structured_data: dict[str, Any]


def item_of(view: ResumeView, base_url: str) -> dict[str, Any]:
    """Return the members of a `ResumeItem`."""
    row = view.row
    wire_id = to_wire("res", row.id)
    return {
        "id": wire_id,
        "organization_id": to_wire("org", row.organization_id),
        "is_master": row.is_master,
        "parent_id": to_wire("res", row.source_id) if row.source_id else None,
        "status": row.status,
        "filename": view.filename,
        "job_description": view.job_description,
        "job_keywords": view.job_keywords,
        "strategy": row.strategy,
        "title": view.title,
        "output_language": row.language,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "pdf_url": f"{base_url}/api/v1/resumes/{wire_id}/pdf",
    }


def record_of(detail: ResumeDetail, html: str, base_url: str) -> ResumeRecord:
    """Return a resume whole; `structured_data` is empty until it is parsed."""
    data = detail.data
    return ResumeRecord(
        **item_of(detail.view, base_url),
        markdown=detail.markdown,
        html=html,
        structured_data=data.model_dump(mode="json", by_alias=True) if data else {},
    )


class Uploaded(BaseModel):
    """A document was taken in and its parsing is under way."""

    resume_id: str
    is_master: bool
    status: Literal["PROCESSING"]
    filename: str
    warnings: list[str]


class Deleted(BaseModel):
    """The thing is gone."""

    success: Literal[True] = True


def _without_null(schema: dict[str, Any]) -> None:
    """Say in a schema that members can be left out but not be null."""
    for name, member in schema["properties"].items():
        kinds = [kind for kind in member.pop("anyOf", [member]) if kind.get("type") != "null"]
        schema["properties"][name] = {**member, **kinds[0]}
        schema["properties"][name].pop("default", None)


class EditBody(Body):
    """Fields to replace; the ones left out stay as they are."""

    model_config = ConfigDict(json_schema_extra=_without_null)

    title: str | None = Field(default=None, max_length=500)
    filename: Annotated[str, AfterValidator(_filename)] | None = Field(
        default=None, max_length=255, json_schema_extra={"minLength": 1, "pattern": r"\w"}
    )
    status: Annotated[Status | None, BeforeValidator(_upper)] = None
    structured_data: Annotated[ResumeData, BeforeValidator(_resume_data)] | None = Field(
        default=None, validation_alias=either("structured_data", "structuredData")
    )

    @field_validator("title", "filename", "status", "structured_data", mode="before")
    @classmethod
    def _not_null(cls, value: object) -> object:
        if value is None:
            raise ValueError("must not be null; leave the field out to keep it as it is")
        return value


class JobBody(Body):
    """A posting."""

    job_description: str | None = Field(
        default=None, validation_alias=either("job_description", "jobDescription")
    )

    @field_validator("job_description")
    @classmethod
    def _not_endless(cls, value: str | None) -> str | None:
        if value is not None and len(value.split()) > MAX_JOB_WORDS:
            raise ValueError("Job description must have at most 8,000 words")
        if value is not None and len(value) > MAX_JOB_CHARS:
            raise ValueError("Job description must have at most 200,000 characters")
        return value

    @property
    def posting(self) -> str:
        """The posting, which has to be there.

        Raises:
            Problem: it is missing or blank.

        """
        if self.job_description is None:
            raise Problem(400, "NO_JOBS_PROVIDED", "job_description: say what to tailor to")
        if not self.job_description.strip():
            raise Problem(400, "EMPTY_JOB_DESCRIPTION", "job_description: must not be blank")
        return self.job_description


def _needs_posting(schema: dict[str, Any]) -> None:
    """Say in a schema that there has to be a posting; what is missing has a code of its own."""
    schema["properties"]["job_description"] = {"type": "string", "pattern": r"\S"}
    schema["required"] = ["job_description"]


class PostingBody(JobBody):
    """A posting, which has to be there."""

    model_config = ConfigDict(json_schema_extra=_needs_posting)


class TaskBody(JobBody):
    """A posting and how a resume is, or was, to be tailored to it."""

    strategy: Annotated[Strategy | None, BeforeValidator(_upper)] = Field(
        default=None, validation_alias=either("strategy", "prompt_id", "promptId")
    )
    output_language: Annotated[Language | None, BeforeValidator(_lower)] = Field(
        default=None, validation_alias=either("output_language", "outputLanguage")
    )


class TailorBody(TaskBody):
    """What to tailor to, and how."""

    model_config = ConfigDict(json_schema_extra=_needs_posting)

    generate_pdf: bool = Field(
        default=False, validation_alias=either("generate_pdf", "generatePdf")
    )
    generate_cover_letter: bool | None = Field(
        default=None, validation_alias=either("generate_cover_letter", "generateCoverLetter")
    )
    generate_outreach: bool | None = Field(
        default=None, validation_alias=either("generate_outreach", "generateOutreach")
    )


class CheckBody(TaskBody):
    """Somebody's tailored version of a resume, and what it was tailored to."""

    structured_data: Annotated[ResumeData, BeforeValidator(_resume_data)] = Field(
        validation_alias=either("structured_data", "structuredData")
    )


class Tailored(BaseModel):
    """The tailored resume and what was done to it."""

    resume_id: str
    is_master: bool
    status: Status
    filename: str
    strategy: Strategy
    job_keywords: JobKeywords | dict[str, Any]
    parent_id: str
    pdf_url: str | None
    refinement_stats: RefinementStats
    warnings: list[TailoringWarning]
    title: str | None
    cover_letter_id: str | None
    outreach_id: str | None


class UsageRecord(BaseModel):
    """One charge."""

    id: str
    operation: Operation
    resume_id: str
    created_at: Instant


class Usage(BaseModel):
    """What was used in a period, and its charges, newest first."""

    plan: str
    period_start: Instant
    period_end: Instant
    summary: dict[str, int]
    records: list[UsageRecord]
