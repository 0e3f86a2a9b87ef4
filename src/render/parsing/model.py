"""The values that the parsing rules pass to one another."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from events.base import Value
from events.document_text import FieldSource
from events.resume_data import ResumeData

SectionKind = Literal[
    "summary",
    "work",
    "education",
    "skills",
    "projects",
    "languages",
    "certifications",
    "awards",
    "contact",
    "custom",
]


class ParsedResume(Value):
    """A resume read from a document, where each field came from, and what is doubtful."""

    data: ResumeData
    sources: tuple[FieldSource, ...]
    warnings: tuple[str, ...] = ()


class Found(NamedTuple):
    """A piece of text and the 0-based index of the line it stands on."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the document without its bullet; `index` is its place in the document."""

    index: int
    text: str
    x: float
    size: float
    bold: bool
    bullet: bool

    @property
    def found(self) -> Found:
        """The whole line as a find."""
        return Found(self.text, self.index)


@dataclass(frozen=True, slots=True)
class Section:
    """The lines under one heading."""

    kind: SectionKind
    heading: Found
    lines: tuple[Line, ...]


@dataclass(slots=True)
class Entry:
    """What a dated or titled block holds before its header is understood."""

    head: list[Line] = field(default_factory=list)
    years: Found | None = None
    body: list[Found] = field(default_factory=list)
