"""Resumes, tailorings and letters as readers see them: a row and the content it points at."""

from dataclasses import dataclass

from events.resume import TailoredContent
from events.resume_data import ResumeData
from events.tailoring import JobKeywords
from projections.generations import GenerationRow
from projections.letters import LetterRow
from projections.resumes import ResumeRow


@dataclass(frozen=True, slots=True)
class ResumeView:
    """A resume as lists show it."""

    row: ResumeRow
    filename: str
    title: str | None
    job_description: str | None
    job_keywords: JobKeywords | None


@dataclass(frozen=True, slots=True)
class ResumeDetail:
    """A resume whole. `data` is None until it is parsed."""

    view: ResumeView
    markdown: str
    data: ResumeData | None


@dataclass(frozen=True, slots=True)
class GenerationView:
    """A tailoring and what it did; `content` is None unless it succeeded and was not erased."""

    row: GenerationRow
    content: TailoredContent | None


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter; `text` is None unless one was written and not erased."""

    row: LetterRow
    text: str | None
