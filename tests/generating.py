"""Whoever a generation asks, told what to answer: a job board, a typesetter, what was before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from commands.generating.ports import JobUnavailable, Typeset
from commands.ports import RenderingFailed
from events.generation import PostedJob, Template
from events.resume_data import ResumeData
from events.tailoring import Edit, Language
from stories import POSTING

JOB: Final = PostedJob(
    title="Platform Engineer",
    company="Umbrella",
    location="Lisbon",
    requirements=("PostgreSQL",),
    text=POSTING,
)
UNREADABLE: Final = "LinkedIn asks to sign in; send the text of the posting."


@dataclass
class Board:
    """A job board with one job."""

    works: bool = True
    asked: list[str] = field(default_factory=list)

    def resolve(self, job_id: str) -> PostedJob:
        self.asked.append(job_id)
        if not self.works:
            raise JobUnavailable(UNREADABLE)
        return JOB


@dataclass
class Setting:
    """A typesetter whose documents say what they are made of."""

    works: bool = True
    meanwhile: Callable[[], object] = lambda: None
    asked: list[ResumeData] = field(default_factory=list)

    def typeset(self, data: ResumeData, *, template: Template, language: Language) -> Typeset:
        self.asked.append(data)
        self.meanwhile()
        if not self.works:
            raise RenderingFailed("no ink")
        return Typeset(f"{template} {language}".encode(), "setting 1", None, 1)


@dataclass
class Told:
    """What was changed before."""

    edits: Sequence[Edit] = ()

    def accepted_edits(self, organization_id: UUID, owner_id: UUID) -> Sequence[Edit]:  # noqa: ARG002 everyone alike
        return self.edits
