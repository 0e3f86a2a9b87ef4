"""What the use cases need from outside: the log, the queue, the clock, the helpers at work."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar
from uuid import UUID

from events.base import Event
from events.document_text import DocumentText
from events.organization import Plan
from events.recorded import Origin
from events.resume import Page, ParsedContent
from events.resume_data import ResumeData
from events.tailoring import Language, ModelUsage

Clock = Callable[[], datetime]
"""Now, in UTC."""

NewId = Callable[[], UUID]
"""A fresh id; ids made later sort later."""

StateT = TypeVar("StateT")
Fold = Callable[[StateT | None, Iterable[Any]], StateT | None]
"""Applies facts to a state, which is None before the first."""


@dataclass(frozen=True, slots=True)
class Job:
    """Work that a worker shall do for a stream once the events asking for it are committed."""

    work: Literal["parse", "tailor", "generate", "write", "mail", "erase"]
    stream_id: UUID


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A document to be kept with the event that tells of it, until its stream is erased."""

    stream_id: UUID
    version: int
    content: bytes


class Conflict(Exception):
    """Someone else extended the stream, or took the place, first. Load again, decide again."""


class ParserFailed(Exception):
    """The parser gave nothing. The message says why, in words for the owner of the resume."""


class RenderingFailed(Exception):
    """The document could not be made, or not in time. It is safe to ask again."""


class Streams(Protocol):
    """The log, seen as one stream an aggregate, always within one organization."""

    def load(
        self,
        stream_id: UUID,
        fold: Fold[StateT],
        *,
        organization_id: UUID,
        version: int | None = None,
    ) -> StateT | None:
        """Fold a stream, up to *version* when given.

        None when the organization has no such stream.
        """
        ...

    def append(
        self,
        events: Sequence[Event],
        origin: Origin,
        *,
        jobs: Sequence[Job] = (),
        files: Sequence[StoredFile] = (),
    ) -> None:
        """Record *events*, keep *files* and enqueue *jobs*, all or nothing.

        Raises:
            Conflict: a version is taken, or the events break a rule across streams.

        """
        ...


class Library(Protocol):
    """What is known across the resumes of an organization, as of the last commit."""

    def master_of(self, organization_id: UUID) -> UUID | None:
        """Return the id of the organization's master resume."""
        ...

    def newest_result_of(self, organization_id: UUID, source_id: UUID) -> UUID | None:
        """Return the id of the newest resume tailored from the source, None before the first."""
        ...

    def failed_attempts_on(self, organization_id: UUID, source_id: UUID) -> Sequence[UUID]:
        """Return the ids of tailorings of the source that failed: what nobody else can delete."""
        ...


class Letters(Protocol):
    """What is known across letters, as of the last commit."""

    def letters_on(self, organization_id: UUID, resume_id: UUID) -> Sequence[UUID]:
        """Return the ids of all letters about a resume, finished or not."""
        ...


class Plans(Protocol):
    """Who may use how much."""

    def plan_of(self, organization_id: UUID) -> Plan:
        """Return the plan in force now."""
        ...


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a parser understood, which parser it was in the end, and what a model took for it."""

    content: ParsedContent
    parser: str
    usage: ModelUsage | None = None


class Parser(Protocol):
    """Turns the lines of a document into a resume."""

    def parse(self, text: DocumentText) -> Parsed:
        """Return what was understood.

        Raises:
            ParserFailed: nothing was.

        """
        ...


class Renderer(Protocol):
    """Turns a resume into a PDF. The same data, page, language and `name` give the same bytes."""

    @property
    def name(self) -> str:
        """Everything that decides the bytes besides the resume."""
        ...

    def render(
        self, resume_id: UUID, data: ResumeData, *, page: Page, language: Language
    ) -> bytes:
        """Return the PDF. What is kept of it is kept under the resume's own key.

        Raises:
            RenderingFailed: it could not be made.

        """
        ...
