"""Histories of resumes that benchmarks fill the log with."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src"))

from events.base import Event  # noqa: E402 - found through the line above, like the rest
from events.document_text import DocumentText, TextLine  # noqa: E402
from events.organization import Plan  # noqa: E402
from events.resume import (  # noqa: E402
    ParsedContent,
    ParsingRequested,
    ResumeExported,
    ResumeParsed,
    ResumeUploaded,
    TextExtracted,
    UploadedFile,
)
from events.resume_data import PersonalInfo, ResumeData, WorkExperience  # noqa: E402

LINE = "Built and ran services that answer questions of many people at once, reliably."
TEXT = DocumentText(
    kind="pdf", pages=1, lines=tuple(TextLine(page=1, text=LINE) for _ in range(40))
)
DATA = ResumeData(
    personal_info=PersonalInfo(name="Ada Example", email="ada@example.com"),
    summary=LINE,
    work_experience=tuple(
        WorkExperience(id=n, title="Engineer", company="Example", description=(LINE,) * 5)
        for n in range(4)
    ),
)
PLAN: Plan = "PRO"


def uploaded_and_parsed(resume_id: UUID, at: datetime) -> Iterator[Event]:
    """Yield the first four events of a resume of ordinary size."""
    yield ResumeUploaded(
        originator_id=resume_id,
        originator_version=1,
        timestamp=at,
        kind="pdf",
        size_bytes=9,
        digest="ab",
        pages=1,
        personal=UploadedFile(filename="ada.pdf"),
    )
    yield TextExtracted(
        originator_id=resume_id,
        originator_version=2,
        timestamp=at,
        line_count=40,
        personal=TEXT,
    )
    yield ParsingRequested(originator_id=resume_id, originator_version=3, timestamp=at)
    yield ResumeParsed(
        originator_id=resume_id,
        originator_version=4,
        timestamp=at,
        parser="built-in",
        duration_ms=9,
        usage=None,
        personal=ParsedContent(data=DATA, sources=(), warnings=()),
    )


def exported(resume_id: UUID, version: int, at: datetime) -> ResumeExported:
    """Return an export of a parsed resume."""
    return ResumeExported(
        originator_id=resume_id,
        originator_version=version,
        timestamp=at,
        export_format="pdf",
        page="A4",
        language="en",
        renderer="benchmark",
        data_version=4,
        digest="ab",
        size_bytes=9,
    )
