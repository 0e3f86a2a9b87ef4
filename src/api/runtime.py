"""What a running Refolio can do, as its edges see it. `api.app` fills it in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from api.account_cases import AccountCases
from api.admissions import Door
from api.generation_cases import GenerationCases
from api.happenings import Page
from api.operations import Operations
from api.settings import Settings
from api.views import GenerationView, LetterView, ResumeDetail, ResumeView
from api.webhook_cases import WebhookCases
from commands.configure_llm import ConfigureLlm, LlmSettings
from commands.delete_letter import DeleteLetter
from commands.delete_resume import DeleteResume
from commands.edit_resume import EditResume
from commands.export_resume import Document, ExportResume
from commands.parse_resume import RetryParsing
from commands.ports import NewId
from commands.request_letter import RegenerateLetter, RequestLetter
from commands.request_tailoring import AbandonTailoring, RequestTailoring
from commands.upload_resume import UploadResume
from commands.write_letter import AbandonLetter
from events.document_text import DocumentText
from events.letter import LetterKind
from events.organization import Plan
from events.recorded import Origin
from events.resume import Status
from events.resume_data import ResumeData
from projections.letters import LetterRow
from projections.usage import UsageQuery, UsageRow


class Library(Protocol):
    """Answers what an organization asks about its resumes."""

    def master_of(self, organization_id: UUID) -> UUID | None:
        """Return the id of the organization's master resume."""
        ...

    def list(
        self, organization_id: UUID, *, include_master: bool, limit: int, offset: int
    ) -> Sequence[ResumeView]:
        """Return the organization's resumes, last changed first."""
        ...

    def status_of(self, organization_id: UUID, resume_id: UUID) -> Status | None:
        """Return where a resume stands; None when the organization has no such one."""
        ...

    def detail(self, organization_id: UUID, resume_id: UUID) -> ResumeDetail | None:
        """Return one resume whole; None when the organization has no such one."""
        ...

    def generation(self, organization_id: UUID, result_id: UUID) -> GenerationView | None:
        """Return one tailoring with its edits; None when the organization has no such one."""
        ...


class Letters(Protocol):
    """Answers what an organization asks about its letters."""

    def list(
        self,
        organization_id: UUID,
        resume_id: UUID,
        kind: LetterKind,
        *,
        limit: int,
        offset: int,
    ) -> Sequence[LetterView]:
        """Return the written letters of one kind about one resume, last changed first."""
        ...

    def letter(self, organization_id: UUID, letter_id: UUID) -> LetterView | None:
        """Return one letter, written or not; None when the organization has no such one."""
        ...

    def all_on(self, organization_id: UUID, resume_id: UUID) -> Sequence[LetterRow]:
        """Return every letter about a resume, written or not, the first asked for first."""
        ...


class Ledger(Protocol):
    """Answers what an organization asks about its usage."""

    def charges(self, query: UsageQuery, *, limit: int, offset: int) -> Sequence[UsageRow]:
        """Return charges, newest first."""
        ...

    def units(self, query: UsageQuery) -> dict[str, int]:
        """Return units by operation."""
        ...


class Outcomes(Protocol):
    """Lets requests wait for what workers do, holding no thread and no connection."""

    async def settled(self, stream_id: UUID, *, timeout_s: float) -> bool:
        """Wait until no work is pending for the stream; False when time ran out first."""
        ...


class Feed(Protocol):
    """What happened in an organization, in the final order of the log."""

    def head(self) -> int:
        """Return the position of the last event of all."""
        ...

    def page(
        self,
        organization_id: UUID,
        *,
        after: int,
        limit: int,
        topics: Sequence[str] | None = None,
        stream_id: UUID | None = None,
    ) -> Page:
        """Return what happened after a position, at most *limit*, and how far was looked."""
        ...

    async def next(self, read: Callable[[], Page], *, timeout_s: float) -> Page:
        """Return a page that is not empty, or the last one looked at when time ran out."""
        ...


@dataclass(frozen=True, slots=True)
class LetterCases:
    """What can be done about letters."""

    request: Callable[[RequestLetter, Origin], None]
    regenerate: Callable[[RegenerateLetter, Origin], None]
    abandon: Callable[[AbandonLetter, Origin], None]
    delete: Callable[[DeleteLetter, Origin], None]


@dataclass(frozen=True, slots=True)
class Runtime:
    """Use cases and questions, ready to call. All block, except those of `outcomes`."""

    settings: Settings
    accounts: AccountCases
    library: Library
    letters: Letters
    ledger: Ledger
    outcomes: Outcomes
    llm_settings_of: Callable[[UUID], LlmSettings]
    configure_llm: Callable[[ConfigureLlm, Origin], None]
    database_answers: Callable[[], bool]
    door: Door
    feed: Feed
    operations: Operations
    webhooks: WebhookCases
    plan_of: Callable[[UUID], Plan]
    read_document: Callable[[bytes], DocumentText]
    upload_resume: Callable[[UploadResume, Origin], bool]
    edit_resume: Callable[[EditResume, Origin], None]
    delete_resume: Callable[[DeleteResume, Origin], None]
    retry_parsing: Callable[[RetryParsing, Origin], None]
    request_tailoring: Callable[[RequestTailoring, Origin], None]
    abandon_tailoring: Callable[[AbandonTailoring, Origin], None]
    writing: LetterCases
    generating: GenerationCases
    export_resume: Callable[[ExportResume, Origin], Document]
    preview_resume: Callable[[ExportResume, Origin], Document]
    data_as_of: Callable[[UUID, UUID, int], ResumeData | None]
    render_html: Callable[[ResumeDetail], str]
    new_id: NewId
    clock: Callable[[], datetime]
