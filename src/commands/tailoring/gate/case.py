"""What a check gets to see: the source, what was asked for, and the claims an edit makes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from commands.tailoring.evidence import Evidence, holds
from commands.tailoring.places import BulletPath, Place, bullet_path
from commands.tailoring.text import plain
from commands.tailoring.tongue import content, language_of, stems
from events.resume_data import ResumeData
from events.tailoring import Edit, JobAnalysis, Language, Strategy

_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý\"“(0-9])|(?<=[。！？])")


@dataclass(frozen=True, slots=True)
class Objection:
    """Why an edit is refused: a code for machines and a sentence for people."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One new statement, the places that may back it, and the text it grew from, if any."""

    text: str
    scope: tuple[Place, ...]
    grown_from: str | None
    in_summary: bool


@dataclass(frozen=True)
class Case:
    """One tailoring before the gate."""

    source: ResumeData
    strategy: Strategy
    analysis: JobAnalysis
    job_description: str
    language: Language

    @cached_property
    def evidence(self) -> Evidence:
        """What the source shows."""
        return Evidence(self.source)

    @cached_property
    def texts(self) -> dict[str, str]:
        """The texts of the source by their paths."""
        return {place.path: place.text for place in self.evidence.places}

    @cached_property
    def source_language(self) -> Language:
        """The language of the source; the one asked for when it cannot be told."""
        kinds = {"summary", "bullet", "custom"}
        prose = "\n".join(p.text for p in self.evidence.places if p.kind in kinds)
        return language_of(prose) or self.language

    @property
    def translating(self) -> bool:
        """True when the result is asked for in another language than the source's."""
        return self.source_language != self.language

    def is_translation(self, text: str) -> bool:
        """Tell whether *text* is in the language asked for, when that isn't the source's."""
        return self.translating and language_of(text) == self.language

    def claims(self, edit: Edit) -> tuple[Claim, ...]:
        """Return the statements that *edit* would add; none for a mere change of order."""
        if not isinstance(edit.value, str):
            return ()
        target = bullet_path(edit.path)
        if target is not None:
            return (self._claim_of_bullet(edit.path, edit.value, target),)
        old = sentences(self.source.summary)
        known = {plain(sentence).rstrip(".。") for sentence in old}
        return tuple(
            Claim(new, self._scope_of(new), self._nearest(new, old), in_summary=True)
            for new in sentences(edit.value)
            if plain(new).rstrip(".。") not in known
        )

    def _claim_of_bullet(self, path: str, value: str, target: BulletPath) -> Claim:
        """Back a rewritten line by the old one and its heading, a new line by its whole entry.

        Were the whole entry to back a rewriting, one line could claim what another did.
        """
        entry = tuple(p for p in self.evidence.places if p.entry == target.owner)
        if target.line is not None:
            scope = tuple(p for p in entry if p.path == path or p.kind == "heading")
            return Claim(value, scope, self.texts.get(path, ""), in_summary=False)
        lines = [p.text for p in entry if p.kind == "bullet"]
        return Claim(value, entry, self._nearest(value, lines), in_summary=False)

    def _scope_of(self, sentence: str) -> tuple[Place, ...]:
        """Return what may back *sentence*: one that names an employer or project speaks of it."""
        named = {
            place.entry
            for place in self.evidence.places
            if place.path.endswith((".company", ".name", ".institution"))
            and place.text.strip() in sentence  # with its capitals: `Tidy` is a name, `tidy` none
            and holds(sentence, place.text)
        }
        everything = self.evidence.places
        return tuple(p for p in everything if p.entry in named) if named else everything

    def _nearest(self, text: str, candidates: list[str]) -> str | None:
        scored = [(self.overlap(text, other), other) for other in candidates]
        best = max(scored, key=lambda pair: pair[0], default=(0.0, ""))
        return best[1] if best[0] >= 0.4 else None

    def overlap(self, text: str, other: str) -> float:
        """Return which part of the content of *text* stands in *other* too, 0 to 1."""
        own = self.content(text)
        return len(own & self.content(other)) / len(own) if own else 0.0

    def content(self, text: str) -> frozenset[str]:
        """Return what *text* says, in the language of the source."""
        if text not in self._contents:
            self._contents[text] = content(text, self.source_language)
        return self._contents[text]

    def stems(self, scope: tuple[Place, ...]) -> frozenset[str]:
        """Return the stems of all words in *scope*."""
        for place in scope:
            if place.path not in self._stems:
                self._stems[place.path] = stems(place.text, self.source_language)
        return frozenset().union(*(self._stems[place.path] for place in scope))

    @cached_property
    def _contents(self) -> dict[str, frozenset[str]]:
        return {}  # kept with the case, never beyond: these are somebody's texts

    @cached_property
    def _stems(self) -> dict[str, frozenset[str]]:
        return {}


def sentences(text: str) -> list[str]:
    """Return the sentences of *text*, trimmed."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]


Check = Callable[[Case, Edit], Objection | None]
"""One rule of the gate: None when the edit keeps it. It never raises and reads nothing else."""
