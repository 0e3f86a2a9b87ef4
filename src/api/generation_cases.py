"""What can be done about generations, profiles and credits, as the edge sees it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from commands.change_profile import ChangeProfile
from commands.generating.request_generation import RequestGeneration
from commands.generating.settle_generation import FailGeneration, ResumeGeneration
from commands.profile import Profile
from events.generation import Template
from events.recorded import Origin
from events.resume_data import ResumeData
from events.tailoring import JobAnalysis, Language
from projections.generated_resumes import GeneratedRow, Place


@dataclass(frozen=True, slots=True)
class GeneratedView:
    """A generation as lists show it; the job is None until it is known, and once erased."""

    row: GeneratedRow
    job: JobAnalysis | None

    @property
    def title(self) -> str:
        """`ROLE at COMPANY`, or the role alone."""
        if self.job is None or not self.job.role:
            return "Resume"
        return f"{self.job.role} at {self.job.company}" if self.job.company else self.job.role


class Generations(Protocol):
    """Answers what a person asks about generations."""

    def history(
        self, organization_id: UUID, owner_id: UUID, *, limit: int, before: Place | None
    ) -> Sequence[GeneratedView]:
        """Return the owner's generations, newest first: those after the place *before*."""
        ...

    def one(
        self, organization_id: UUID, owner_id: UUID, generation_id: UUID
    ) -> GeneratedView | None:
        """Return one generation; None when the owner has no such one."""
        ...

    def document(self, row: GeneratedRow) -> bytes | None:
        """Return the PDF that is kept of a generation; None before there is one."""
        ...


class Cursors(Protocol):
    """Seals places in a history, so that only whom they were given to can go on from them."""

    def seal(self, owner_id: UUID, place: Place) -> str:
        """Return an opaque cursor."""
        ...

    def open(self, owner_id: UUID, cursor: str) -> Place | None:
        """Return the place; None for what was never given to this owner."""
        ...


@dataclass(frozen=True, slots=True)
class GenerationCases:
    """Use cases and questions about generations, profiles and credits.

    `base_of` is the resume that a profile starts from, given the organization and the owner.
    `credits_left` is None where nobody counts. `latex_of` is the source that a LaTeX system makes
    the document from.
    """

    shelf: Generations
    cursors: Cursors
    request: Callable[[RequestGeneration, Origin], None]
    resume: Callable[[ResumeGeneration, Origin], None]
    fail: Callable[[FailGeneration, Origin], None]
    profile_of: Callable[[UUID, Origin], Profile]
    change_profile: Callable[[ChangeProfile, Origin], None]
    credits_left: Callable[[UUID], int | None]
    latex_of: Callable[[ResumeData, Template, Language], str]
