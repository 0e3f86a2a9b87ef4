"""The events on a resume's stream: from upload or tailoring to export, charge and deletion."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field, NonNegativeInt, PositiveInt

from events.base import Event, Value
from events.document_text import DocumentKind, DocumentText, FieldSource
from events.generation import GenerationEvent
from events.letter import LetterKind
from events.resume_data import ResumeData
from events.tailoring import (
    Coverage,
    Edit,
    JobAnalysis,
    Language,
    ModelUsage,
    RefinementStats,
    Strategy,
    TailoringWarning,
    Verdict,
)

Status = Literal["PENDING", "PROCESSING", "READY", "FAILED"]
Page = Literal["A4", "LETTER"]
Operation = Literal[
    "tailor", "generate", "pdf_export", "cover_letter", "outreach", "parse", "export"
]
ParsingFailure = Literal["LLM_PARSING_FAILED", "RETRY_FAILED"]
EditedField = Literal["title", "filename", "data", "status"]


class UploadedFile(Value):
    """The name a person gave to the file, as sent."""

    filename: str


class ResumeUploaded(Event):
    """Someone handed in a document as a resume. Its digest is SHA-256 of the bytes, in hex."""

    TOPIC: ClassVar[str] = "resume-uploaded"

    kind: DocumentKind
    size_bytes: PositiveInt
    digest: str
    pages: PositiveInt
    personal: UploadedFile | None


class TextExtracted(Event):
    """The document's lines were read, in reading order."""

    TOPIC: ClassVar[str] = "text-extracted"

    line_count: PositiveInt
    personal: DocumentText | None


class ParsingRequested(Event):
    """The text is to be turned into structured data, by upload or by retry."""

    TOPIC: ClassVar[str] = "parsing-requested"


class ParsedContent(Value):
    """The structured resume and the line each of its fields was read from."""

    data: ResumeData
    sources: tuple[FieldSource, ...]
    warnings: tuple[str, ...]


class ResumeParsed(Event):
    """The text became structured data; `usage` is None where no model was asked."""

    TOPIC: ClassVar[str] = "resume-parsed"

    parser: str
    duration_ms: NonNegativeInt
    usage: ModelUsage | None
    personal: ParsedContent | None


class ResumeParsingFailed(Event):
    """The text could not be turned into structured data.

    `code` is the one the API answers with: RETRY_FAILED if the work broke down, not the text.
    """

    TOPIC: ClassVar[str] = "resume-parsing-failed"
    SCHEMA: ClassVar[int] = 2

    code: ParsingFailure
    reason: str


class EditedContent(Value):
    """The new content of the fields named in `ResumeEdited.changed`; the others are None."""

    title: str | None = None
    filename: str | None = None
    data: ResumeData | None = None


class ResumeEdited(Event):
    """The owner replaced fields of the resume."""

    TOPIC: ClassVar[str] = "resume-edited"

    changed: tuple[EditedField, ...] = Field(min_length=1)
    status: Status | None
    personal: EditedContent | None


class MasterChosen(Event):
    """The resume became the master of its organization."""

    TOPIC: ClassVar[str] = "master-chosen"


class MasterReplaced(Event):
    """Another resume became the master in place of this one."""

    TOPIC: ClassVar[str] = "master-replaced"

    successor_id: UUID


class TailoringTask(Value):
    """The posting to tailor to, and the name the result will carry."""

    job_description: str
    filename: str


class TailoringRequested(Event):
    """Someone asked for the source resume, as of a version of it, to be tailored to a posting.

    It opens the stream of the result. `letters` are to be written about the result. `strict` asks
    for no result at all if the source changes meanwhile.
    """

    TOPIC: ClassVar[str] = "tailoring-requested"
    SCHEMA: ClassVar[int] = 3

    source_id: UUID
    source_version: PositiveInt
    strategy: Strategy
    language: Language
    engine: str
    letters: tuple[LetterKind, ...]
    strict: bool
    personal: TailoringTask | None


class JobAnalysed(Event):
    """The posting was understood: role, employer, keywords.

    `usage` is None where no model was asked.
    """

    TOPIC: ClassVar[str] = "job-analysed"

    usage: ModelUsage | None
    personal: JobAnalysis | None


class Proposal(Value):
    """The edits as the engine proposed them, before any judgement."""

    edits: tuple[Edit, ...]


class EditsProposed(Event):
    """The engine answered. Its answer is kept, so that a crash never asks twice.

    `usage` is None where no model was asked.
    """

    TOPIC: ClassVar[str] = "edits-proposed"

    engine: str
    edit_count: NonNegativeInt
    duration_ms: NonNegativeInt
    usage: ModelUsage | None
    personal: Proposal | None


class TailoredContent(Value):
    """The tailored resume, what became of every edit, and why.

    `markdown` is the source's text, so that the result outlives its source.
    """

    markdown: str
    data: ResumeData
    verdicts: tuple[Verdict, ...]
    coverage: Coverage
    stats: RefinementStats
    warnings: tuple[TailoringWarning, ...]


class ResumeTailored(Event):
    """The edits that stood up to the truth gate became a resume. Coverage is in percent."""

    TOPIC: ClassVar[str] = "resume-tailored"

    accepted: NonNegativeInt
    refused: NonNegativeInt
    coverage_before: int | None
    coverage_after: int | None
    coverage_ceiling: int | None
    duration_ms: NonNegativeInt
    personal: TailoredContent | None


class TailoringFailed(Event):
    """No tailored resume came of the request. `code` is the one the API answered with."""

    TOPIC: ClassVar[str] = "tailoring-failed"

    code: str
    reason: str


class ResumeExported(Event):
    """The resume was handed out as a document.

    The same data, renderer and page give the same digest (SHA-256, hex) again. `data_version`
    is the version of the event that holds the data.
    """

    TOPIC: ClassVar[str] = "resume-exported"

    export_format: Literal["pdf"]
    page: Page
    language: Language
    renderer: str
    data_version: PositiveInt
    digest: str
    size_bytes: PositiveInt


class UsageCharged(Event):
    """One operation succeeded and was written to the ledger.

    `charge_id` is stable: whoever counts the charge elsewhere counts it under this id.
    """

    TOPIC: ClassVar[str] = "usage-charged"

    charge_id: UUID
    operation: Operation
    units: NonNegativeInt
    plan: str


class ResumeDeleted(Event):
    """The owner had the resume erased. Its key is destroyed; its ledger facts stay."""

    TOPIC: ClassVar[str] = "resume-deleted"
    ERASES: ClassVar[bool] = True


ResumeEvent = (
    ResumeUploaded
    | TextExtracted
    | ParsingRequested
    | ResumeParsed
    | ResumeParsingFailed
    | ResumeEdited
    | MasterChosen
    | MasterReplaced
    | TailoringRequested
    | JobAnalysed
    | EditsProposed
    | ResumeTailored
    | TailoringFailed
    | ResumeExported
    | UsageCharged
    | ResumeDeleted
    | GenerationEvent
)
