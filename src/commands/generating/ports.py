"""What generating needs from outside: job boards, a typesetter, and what was done before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from events.generation import PostedJob, Template
from events.resume_data import ResumeData
from events.tailoring import Edit, Language


class JobUnavailable(Exception):
    """The posting cannot be read. The message is a sentence for whoever asked for it."""


class JobBoard(Protocol):
    """Reads what is posted under an id."""

    def resolve(self, job_id: str) -> PostedJob:
        """Return the job.

        Raises:
            JobUnavailable: it cannot be read, now or ever.

        """
        ...


@dataclass(frozen=True, slots=True)
class Typeset:
    """A document: its bytes, what made them, why not the first choice, and how many pages."""

    pdf: bytes
    renderer: str
    fallback: str | None
    pages: int


class Typesetter(Protocol):
    """Sets a resume in one of the templates. The same input and renderer give the same bytes."""

    def typeset(self, data: ResumeData, *, template: Template, language: Language) -> Typeset:
        """Return the document.

        Raises:
            RenderingFailed: it could not be made.

        """
        ...


class History(Protocol):
    """What was generated before."""

    def accepted_edits(self, organization_id: UUID, owner_id: UUID) -> Sequence[Edit]:
        """Return what the owner's last generations changed, the newest first."""
        ...
