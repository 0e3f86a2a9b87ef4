"""Given facts, when one thing is done, then exactly these new facts, or this refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import pytest

from commands.charge_usage import charge
from commands.delete_resume import DeleteResume, delete_resume
from commands.errors import DomainError
from commands.ports import Job, Parsed, ParserFailed, RenderingFailed
from commands.tailoring.engine import (
    NO_BACKGROUND,
    Background,
    Brief,
    Drafted,
    Proposed,
    Suggested,
)
from events.base import Event
from events.document_text import DocumentText
from events.organization import Plan
from events.recorded import Origin
from events.resume import Operation, Page, ParsedContent, UsageCharged
from events.resume_data import ResumeData
from events.tailoring import Edit, JobAnalysis, Language, Strategy
from memory_streams import MemoryStreams
from stories import BY_ACME, CONTENT, NOON, RESUME

NOW: Final = NOON + timedelta(hours=1)
"""When things are done; what is given happened before."""


@dataclass
class Spec:
    """One rule, told as a story over an in-memory log."""

    streams: MemoryStreams = field(default_factory=MemoryStreams)
    _told: int = 0
    _jobs: int = 0
    _act: Callable[[], object] = field(default=lambda: None)

    def given(self, *facts: Sequence[Event], by: Origin = BY_ACME) -> Spec:
        """Start from history."""
        for story in facts:
            self.streams.append(story, by)
        self._told, self._jobs = len(self.streams.recorded), len(self.streams.jobs)
        return self

    def when(self, act: Callable[[], object]) -> Spec:
        """Name the one thing that is done. It runs in `then`."""
        self._act = act
        return self

    def then(self, *facts: Event, jobs: Sequence[Job] = ()) -> None:
        """Expect exactly these new facts and jobs, in order; how long it took is not compared."""
        self._act()
        assert [at_leisure(event) for event in self.new()] == list(facts)
        assert self.streams.jobs[self._jobs :] == list(jobs)

    def then_refused(self, refusal: DomainError) -> None:
        """Expect this refusal, with these facts behind it, and nothing recorded."""
        self.then_fails(type(refusal), **refusal.facts())

    def then_fails(self, failure: type[Exception], **facts: object) -> None:
        """Expect this exception, and nothing recorded."""
        with pytest.raises(failure) as caught:
            self._act()
        assert {name: getattr(caught.value, name) for name in facts} == facts
        assert self.new() == []
        assert self.streams.jobs[self._jobs :] == []

    def new(self) -> list[Event]:
        """Return what was recorded since `given`."""
        return [fact.event for fact in self.streams.recorded[self._told :]]


@pytest.fixture
def spec() -> Spec:
    return Spec()


def clock() -> datetime:
    return NOW


def now(version: int, stream_id: UUID = RESUME) -> dict[str, Any]:
    """Return the fields that every event done in `when` has."""
    return {"originator_id": stream_id, "originator_version": version, "timestamp": NOW}


def charge_now(operation: Operation, version: int, stream_id: UUID = RESUME) -> UsageCharged:
    return charge(operation, stream_id=stream_id, version=version, at=NOW, plan="PRO")


def erase(spec: Spec, resume_id: UUID, *, by: Origin) -> None:
    """Delete a resume."""
    delete_resume(
        DeleteResume(resume_id),
        by,
        streams=spec.streams,
        library=spec.streams,
        letters=spec.streams,
        clock=clock,
    )


def at_leisure(event: Event) -> Event:
    """Return the event without how long the work took, which no two runs agree on."""
    took = "duration_ms" in type(event).model_fields and event.TOPIC != "resume-tailored"
    return event.model_copy(update={"duration_ms": 0}) if took else event


@dataclass
class OnPro:
    """Everyone has the plan PRO."""

    meanwhile: Callable[[], object] = lambda: None

    def plan_of(self, organization_id: UUID) -> Plan:  # noqa: ARG002 every organization alike
        self.meanwhile()
        return "PRO"


@dataclass
class Scripted:
    """A parser that was told what to understand; None is nothing."""

    content: ParsedContent | None = CONTENT
    meanwhile: Callable[[], object] = lambda: None
    asked: list[object] = field(default_factory=list)

    def parse(self, text: DocumentText) -> Parsed:
        self.asked.append(text)
        self.meanwhile()
        if self.content is None:
            raise ParserFailed("Nothing was understood.")
        return Parsed(self.content, "scripted")


@dataclass
class Rendering:
    """A renderer whose documents say what they are made of."""

    works: bool = True
    meanwhile: Callable[[], object] = lambda: None
    asked: list[object] = field(default_factory=list)
    name: str = "rendering 1"

    def render(
        self, resume_id: UUID, data: ResumeData, *, page: Page, language: Language
    ) -> bytes:
        self.asked.append((resume_id, data, page, language))
        self.meanwhile()
        if not self.works:
            raise RenderingFailed("no ink")
        return f"{page} {language} {data.model_dump_json(by_alias=True)}".encode()


@dataclass
class Proposing:
    """An engine that was told what to propose."""

    edits: tuple[Edit, ...] = ()
    drafts: Iterator[str] = field(default_factory=lambda: iter(()))
    meanwhile: Callable[[], object] = lambda: None
    asked: list[object] = field(default_factory=list)
    told: list[Background] = field(default_factory=list)
    name: str = "scripted"

    def propose(
        self,
        source: ResumeData,
        analysis: JobAnalysis,
        job_description: str,
        strategy: Strategy,
        language: Language,
        background: Background = NO_BACKGROUND,
    ) -> Proposed:
        self.asked.append((source, analysis, job_description, strategy, language))
        self.told.append(background)
        self.meanwhile()
        return Proposed(self.edits)

    def suggest(self, analysis: JobAnalysis, job_description: str) -> Suggested:  # noqa: ARG002 nothing to add
        return Suggested(analysis)

    def draft(self, brief: Brief, rejected: str | None, objections: Sequence[str]) -> Drafted:
        """Answer with the drafts that it was told, one after the other."""
        self.asked.append((brief, rejected, tuple(objections)))
        self.meanwhile()
        return Drafted(next(self.drafts))
