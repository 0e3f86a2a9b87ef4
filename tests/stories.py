"""A small world for tests: two organizations, Ada's resume, a posting, and builders of events."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from commands.charge_usage import charge
from events.base import Event
from events.document_text import DocumentText, FieldSource, TextLine
from events.letter import (
    Draft,
    LetterContent,
    LetterDrafted,
    LetterKind,
    LetterRequested,
    LetterTask,
    LetterWritten,
)
from events.organization import OrganizationFounded, PlanChanged
from events.recorded import Origin
from events.resume import (
    EditedContent,
    EditsProposed,
    JobAnalysed,
    Operation,
    ParsedContent,
    ParsingRequested,
    Proposal,
    ResumeDeleted,
    ResumeEdited,
    ResumeParsed,
    ResumeTailored,
    ResumeUploaded,
    TailoredContent,
    TailoringRequested,
    TailoringTask,
    TextExtracted,
    UploadedFile,
    UsageCharged,
)
from events.resume_data import ResumeData
from events.tailoring import (
    Coverage,
    Edit,
    JobAnalysis,
    JobKeywords,
    KeywordMatch,
    RefinementStats,
    TailoringWarning,
    Verdict,
)

NOON: Final = datetime(2026, 3, 2, 12, 0, 0, 250_000, UTC)
ACME: Final = UUID(int=0xAC0)
GLOBEX: Final = UUID(int=0x610)
KEY: Final = UUID(int=0x4E1)
BY_ACME: Final = Origin(ACME, f"key:{KEY}", "req-1")
BY_GLOBEX: Final = Origin(GLOBEX, f"key:{UUID(int=0x4E2)}")
BY_WORKER: Final = Origin(ACME, "worker")
RESUME: Final = UUID(int=0xADA)
OTHER: Final = UUID(int=0xB0B)
RESULT: Final = UUID(int=0x7A1)
LETTER: Final = UUID(int=0x1E7)
USER: Final = UUID(int=0x05E)
PROFILE: Final = UUID(int=0x9F0)
MONTH: Final = UUID(int=0xC4E)

POSTING: Final = """Backend Engineer
Initech

Requirements
- Python and PostgreSQL
"""

DATA: Final = ResumeData.model_validate_json("""
{
  "personalInfo": {"name": "Ada Example", "email": "ada@example.org", "pronouns": "she"},
  "summary": "Backend engineer.",
  "workExperience": [
    {"id": 1, "title": "Engineer", "company": "Robust", "years": "2019 - 2024",
     "description": ["Built REST APIs in Python", "Kept PostgreSQL healthy"]}
  ],
  "additional": {"technicalSkills": ["Go", "Python", "PostgreSQL"]},
  "customSections": {"talks": {"sectionType": "stringList", "strings": ["On logs"]}},
  "x-note": {"kept": ["as", "it", 1.5, null]}
}
""")
"""With keys of the client's own on two levels."""

TEXT: Final = DocumentText(
    kind="pdf",
    pages=1,
    lines=(
        TextLine(page=1, text="Ada Example", x=72.0, size=18.0, bold=True),
        TextLine(page=1, text="ada@example.org  Madrid", x=72.5, size=10.0),
    ),
    links=("mailto:ada@example.org",),
    warnings=("The second page was empty.",),
)
CONTENT: Final = ParsedContent(
    data=DATA,
    sources=(FieldSource(path="personalInfo.name", line=0),),
    warnings=("No dates were found.",),
)
ANALYSIS: Final = JobAnalysis(
    role="Backend Engineer",
    company="Initech",
    keywords=JobKeywords(required_skills=("Python",), experience_years=3),
)
SWAP: Final = Edit(
    path="additional.technicalSkills",
    action="reorder",
    original=("Go", "Python", "PostgreSQL"),
    value=("Python", "PostgreSQL", "Go"),
    reason="Asked for first.",
    evidence=("additional.technicalSkills",),
)
INVENTION: Final = Edit(
    path="summary",
    action="replace",
    original="Backend engineer.",
    value="Backend engineer with a Nobel Prize.",
    reason="It sounds better.",
)
TAILORED: Final = TailoredContent(
    markdown=TEXT.plain,
    data=DATA,
    verdicts=(
        Verdict(edit=SWAP),
        Verdict(edit=INVENTION, refusal="FABRICATED_NAME", detail="Nobel is nowhere."),
    ),
    coverage=Coverage(
        before=50,
        after=100,
        ceiling=100,
        required_before=50,
        required_after=100,
        keywords=(
            KeywordMatch(
                keyword="Python",
                importance="required",
                weight=1.5,
                before="present",
                after="present",
                evidence=("additional.technicalSkills[1]",),
            ),
        ),
    ),
    stats=RefinementStats(diffs_applied=1, rejected_changes=1, ai_phrases_removed=("synergy",)),
    warnings=(
        TailoringWarning(
            code="FABRICATED_NAME",
            detail="Nobel is nowhere.",
            severity="critical",
            field_path="summary",
            value="Nobel",
        ),
    ),
)


DRAFT: Final = "Dear team,"
"""A letter, as far as stories are concerned."""


def at(version: int, stream_id: UUID = RESUME) -> dict[str, Any]:
    """Return the fields that every event has; version *n* happens *n* seconds after noon."""
    return {
        "originator_id": stream_id,
        "originator_version": version,
        "timestamp": NOON + timedelta(seconds=version),
    }


def data_of(name: str) -> ResumeData:
    return ResumeData.model_validate({"personalInfo": {"name": name}})


def founded() -> list[Event]:
    return [
        OrganizationFounded(**at(1, ACME), name="Acme"),
        PlanChanged(**at(2, ACME), plan="PRO"),
    ]


def uploaded(stream_id: UUID = RESUME, filename: str = "ada.pdf") -> list[Event]:
    """Return a resume's first three events: it waits for the parser."""
    return [
        ResumeUploaded(
            **at(1, stream_id),
            kind="pdf",
            size_bytes=9,
            digest="ab" * 32,
            pages=1,
            personal=UploadedFile(filename=filename),
        ),
        TextExtracted(**at(2, stream_id), line_count=2, personal=TEXT),
        ParsingRequested(**at(3, stream_id)),
    ]


def parsed(version: int = 4, stream_id: UUID = RESUME) -> list[Event]:
    """Return an outcome of parsing and its charge."""
    return [
        ResumeParsed(
            **at(version, stream_id),
            parser="scripted",
            duration_ms=0,
            usage=None,
            personal=CONTENT,
        ),
        charged("parse", version + 1, stream_id),
    ]


def ready(stream_id: UUID = RESUME) -> list[Event]:
    """Return a whole resume: version 5, with data."""
    return [*uploaded(stream_id), *parsed(4, stream_id)]


def requested(
    stream_id: UUID = RESULT,
    source_id: UUID = RESUME,
    source: int = 5,
    letters: tuple[LetterKind, ...] = (),
) -> list[Event]:
    """Return the opening of a tailoring."""
    return [
        TailoringRequested(
            **at(1, stream_id),
            source_id=source_id,
            source_version=source,
            strategy="FULL",
            language="en",
            engine="scripted",
            letters=letters,
            strict=False,
            personal=TailoringTask(job_description=POSTING, filename="Tailored - ada.pdf"),
        )
    ]


def proposed(*edits: Edit, analysis: JobAnalysis = ANALYSIS) -> list[Event]:
    """Return the engine's answer to `requested`."""
    return [
        JobAnalysed(**at(2, RESULT), usage=None, personal=analysis),
        EditsProposed(
            **at(3, RESULT),
            engine="scripted",
            edit_count=len(edits),
            duration_ms=0,
            usage=None,
            personal=Proposal(edits=edits),
        ),
    ]


def tailored(version: int = 4) -> list[Event]:
    """Return the end of `requested` and its charge."""
    return [
        ResumeTailored(
            **at(version, RESULT),
            accepted=1,
            refused=2,
            coverage_before=10,
            coverage_after=20,
            coverage_ceiling=30,
            duration_ms=40,
            personal=TAILORED,
        ),
        charged("tailor", version + 1, RESULT),
    ]


def letter_requested(
    version: int = 1, kind: LetterKind = "cover_letter", resume: int = 5
) -> list[Event]:
    """Return the request for a letter about `ready`, as of a version of it."""
    return [
        LetterRequested(
            **at(version, LETTER),
            kind=kind,
            resume_id=RESUME,
            resume_version=resume,
            language="en",
            engine="scripted",
            personal=LetterTask(job_description=POSTING),
        )
    ]


def letter_drafted(version: int = 2, text: str = DRAFT) -> list[Event]:
    """Return an answer of the engine."""
    return [
        LetterDrafted(
            **at(version, LETTER),
            engine="scripted",
            duration_ms=0,
            usage=None,
            personal=Draft(text=text),
        )
    ]


def letter_written(version: int = 3, text: str = DRAFT) -> list[Event]:
    """Return the letter."""
    return [
        LetterWritten(
            **at(version, LETTER),
            author="engine",
            refused=(),
            duration_ms=0,
            personal=LetterContent(text=text),
        )
    ]


def titled(version: int, title: str = "Mine", stream_id: UUID = RESUME) -> list[Event]:
    return [
        ResumeEdited(
            **at(version, stream_id),
            changed=("title",),
            status=None,
            personal=EditedContent(title=title),
        )
    ]


def deleted(version: int, stream_id: UUID = RESUME) -> list[Event]:
    return [ResumeDeleted(**at(version, stream_id))]


def charged(operation: Operation, version: int, stream_id: UUID = RESUME) -> UsageCharged:
    """Return the charge that stands at *version*, made together with the event before it."""
    moment = NOON + timedelta(seconds=version - 1)
    return charge(operation, stream_id=stream_id, version=version, at=moment, plan="PRO")


def told(so_far: tuple[Any, ...] | None, events: Iterable[Any]) -> tuple[Any, ...] | None:
    """Fold a stream to its events."""
    return (*(so_far or ()), *events) or None
