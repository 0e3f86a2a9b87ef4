"""The resume aggregate: where one resume stands, folded from its stream, and what may follow."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from events.document_text import DocumentText
from events.generation import (
    GenerationFailed,
    GenerationRequested,
    GenerationResumed,
    GenerationTask,
    JobResolved,
    PostedJob,
    ResumeGenerated,
    Template,
)
from events.letter import LetterKind
from events.resume import (
    EditsProposed,
    JobAnalysed,
    MasterChosen,
    MasterReplaced,
    ParsingRequested,
    ResumeDeleted,
    ResumeEdited,
    ResumeEvent,
    ResumeParsed,
    ResumeParsingFailed,
    ResumeTailored,
    ResumeUploaded,
    Status,
    TailoringFailed,
    TailoringRequested,
    TextExtracted,
)
from events.resume_data import ResumeData
from events.tailoring import Edit, JobAnalysis, Language, Strategy

SHOWN: Final = (
    TextExtracted,
    ParsingRequested,
    ResumeParsed,
    ResumeParsingFailed,
    ResumeEdited,
    MasterChosen,
    MasterReplaced,
    GenerationRequested,
    JobResolved,
    JobAnalysed,
    ResumeTailored,
    GenerationFailed,
    GenerationResumed,
)
"""The events that change what the owner of a resume sees of it."""


@dataclass(frozen=True, slots=True)
class Generation:
    """What makes a tailoring a generation: how it is typeset, for whom, and for which job."""

    template: Template
    owner_id: UUID
    profile_id: UUID
    profile_version: int
    credits_id: UUID | None
    task: GenerationTask | None
    job: PostedJob | None = None
    document: ResumeGenerated | None = None
    failure: GenerationFailed | None = None


@dataclass(frozen=True, slots=True)
class Tailoring:
    """How a tailored resume comes to be: what was asked for and which steps are done."""

    source_id: UUID
    source_version: int
    strategy: Strategy
    language: Language
    job_description: str
    requested_at: datetime
    engine: str
    letters: tuple[LetterKind, ...]
    strict: bool = False
    analysis: JobAnalysis | None = None
    edits: tuple[Edit, ...] | None = None
    settled: bool = False
    generation: Generation | None = None


@dataclass(frozen=True, slots=True)
class Resume:
    """Where one resume stands.

    `text` are the lines of the document it was uploaded as, `markdown` the same as one text.
    `data_version` is the version of the event that brought the data, 0 for none; `shown_version`
    that of the last event that changed what its owner sees.
    """

    id: UUID
    version: int
    status: Status
    filename: str
    title: str | None = None
    text: DocumentText | None = None
    markdown: str = ""
    data: ResumeData | None = None
    data_version: int = 0
    shown_version: int = 1
    is_master: bool = False
    awaits_parsing: bool = False
    tailoring: Tailoring | None = None
    deleted: bool = False

    @property
    def language(self) -> Language:
        """The language of its words; uploads count as English."""
        return self.tailoring.language if self.tailoring else "en"

    @property
    def awaited_tailoring(self) -> Tailoring | None:
        """The tailoring that it is to come of, unless that is settled, or is a generation."""
        task = self.tailoring
        return None if task is None or task.settled or task.generation else task

    @property
    def exists(self) -> bool:
        """True for a resume its owner can see: not deleted, and tailored if it was to be."""
        return not self.deleted and (self.tailoring is None or self.data is not None)


def fold(state: Resume | None, events: Iterable[ResumeEvent]) -> Resume | None:
    """Apply facts in order. Facts are never judged here: they happened.

    A stream that was not opened as a resume is none.
    """
    version = 0
    for event in events:
        state = _opened(event) if state is None else _evolve(state, event)
        version = event.originator_version
        if state is not None and isinstance(event, SHOWN):
            state = replace(state, shown_version=version)
    return replace(state, version=version) if state is not None and version else state


def _evolve(state: Resume, event: ResumeEvent) -> Resume:
    match event:
        case TextExtracted():
            text = event.personal
            return replace(state, text=text, markdown=text.plain if text else "")
        case ParsingRequested():
            return replace(state, status="PROCESSING", awaits_parsing=True)
        case ResumeParsed():
            return _with_data(state, event, event.personal.data if event.personal else None)
        case ResumeParsingFailed():
            return replace(state, status="FAILED", awaits_parsing=False)
        case ResumeEdited():
            return _edited(state, event)
        case MasterChosen() | MasterReplaced():
            return replace(state, is_master=isinstance(event, MasterChosen))
        case ResumeDeleted():
            return Resume(state.id, state.version, state.status, filename="", deleted=True)
        case _:
            return _tailored(state, event)


def _opened(event: ResumeEvent) -> Resume | None:
    match event:
        case ResumeUploaded():
            return Resume(
                id=event.originator_id,
                version=1,
                status="PENDING",
                filename=event.personal.filename if event.personal else "",
            )
        case TailoringRequested():
            task = event.personal
            return Resume(
                id=event.originator_id,
                version=1,
                status="PROCESSING",
                filename=task.filename if task else "",
                tailoring=Tailoring(
                    source_id=event.source_id,
                    source_version=event.source_version,
                    strategy=event.strategy,
                    language=event.language,
                    job_description=task.job_description if task else "",
                    requested_at=event.timestamp,
                    engine=event.engine,
                    letters=event.letters,
                    strict=event.strict,
                ),
            )
        case _:
            return None


def _tailored(state: Resume, event: ResumeEvent) -> Resume:
    if state.tailoring is None:
        return state
    match event:
        case JobAnalysed():
            analysis = event.personal
            return replace(
                state,
                title=(analysis.title or None) if analysis else None,
                tailoring=replace(state.tailoring, analysis=analysis),
            )
        case EditsProposed():
            edits = event.personal.edits if event.personal else None
            return replace(state, tailoring=replace(state.tailoring, edits=edits))
        case ResumeTailored():
            content = event.personal
            settled = replace(
                state,
                tailoring=replace(state.tailoring, settled=True),
                markdown=content.markdown if content else "",
            )
            return _with_data(settled, event, content.data if content else None)
        case TailoringFailed():
            return replace(
                state, status="FAILED", tailoring=replace(state.tailoring, settled=True)
            )
        case GenerationRequested():
            return replace(
                state, tailoring=replace(state.tailoring, generation=_generation(event))
            )
        case _:
            return _generated(state, state.tailoring, event)


def _generation(event: GenerationRequested) -> Generation:
    return Generation(
        template=event.template,
        owner_id=event.owner_id,
        profile_id=event.profile_id,
        profile_version=event.profile_version,
        credits_id=event.credits_id,
        task=event.personal,
    )


def _generated(state: Resume, tailoring: Tailoring, event: ResumeEvent) -> Resume:
    generation = tailoring.generation
    if generation is None:
        return state
    match event:
        case JobResolved():
            job = event.personal
            moved = replace(tailoring, job_description=job.text if job else "")
            return _with_generation(state, moved, replace(generation, job=job))
        case ResumeGenerated():
            return _with_generation(state, tailoring, replace(generation, document=event))
        case GenerationFailed():
            failed = _with_generation(
                state, replace(tailoring, settled=True), replace(generation, failure=event)
            )
            return replace(failed, status="FAILED")
        case GenerationResumed():
            again = replace(generation, credits_id=event.credits_id, failure=None)
            resumed = _with_generation(state, replace(tailoring, settled=False), again)
            return replace(resumed, status="PROCESSING")
        case _:
            return state


def _with_generation(state: Resume, tailoring: Tailoring, generation: Generation) -> Resume:
    return replace(state, tailoring=replace(tailoring, generation=generation))


def _edited(state: Resume, event: ResumeEdited) -> Resume:
    content = event.personal
    if content is not None and "title" in event.changed:
        state = replace(state, title=content.title)
    if content is not None and "filename" in event.changed:
        state = replace(state, filename=content.filename or "")
    if "data" in event.changed:
        state = _with_data(state, event, content.data if content else None)
    if event.status:
        # What was set by hand is not overwritten by a parsing that was asked for before.
        return replace(state, status=event.status, awaits_parsing=False)
    return state


def _with_data(state: Resume, event: ResumeEvent, data: ResumeData | None) -> Resume:
    return replace(
        state,
        status="READY",
        data=data,
        data_version=event.originator_version,
        awaits_parsing=False,
    )
