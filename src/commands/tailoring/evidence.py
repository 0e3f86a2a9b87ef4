"""Know where a resume shows a skill, under which name, and what follows by definition."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from commands.tailoring.lexicon import TECHNICAL, Concept, Mention, lexicon
from commands.tailoring.places import Place, PlaceKind, places
from commands.tailoring.text import LETTER, fold, has_cjk
from commands.tailoring.titles import disciplines
from commands.tailoring.tongue import language_of, neutral
from events.resume_data import ResumeData

_NEXT_WORD: Final = re.compile(r"[ -]([a-z]+)")
_ADJECTIVES: Final = TECHNICAL | {"practice"}
"""Categories whose names tell what somebody does before a noun too: `backend services`."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One place where a concept is named; `aside` when it only describes something else there."""

    path: str
    kind: PlaceKind
    entry: str
    form: str
    aside: bool


class Evidence:
    """What one resume shows. Made in 2 to 10 ms for a resume of two pages."""

    def __init__(self, data: ResumeData) -> None:
        self.places: tuple[Place, ...] = places(data)
        self.sightings: dict[str, list[Sighting]] = {}
        for place in self.places:
            for mention in lexicon().find(place.text):
                self.sightings.setdefault(mention.concept.name, []).append(
                    Sighting(
                        place.path,
                        place.kind,
                        place.entry,
                        mention.form,
                        _is_aside(place.text, mention),
                    )
                )

    @cached_property
    def concepts(self) -> frozenset[str]:
        """The names of all concepts that the resume names."""
        return frozenset(self.sightings)

    @cached_property
    def implied(self) -> dict[str, tuple[Sighting, ...]]:
        """For each concept that follows by definition only, what it follows from."""
        found: dict[str, tuple[Sighting, ...]] = {}
        for name in sorted(self.sightings):
            for consequence in closure(name) - self.concepts:
                found[consequence] = (*found.get(consequence, ()), *self.sightings[name])
        for place in self.places:
            for name in disciplines(place.text) - self.concepts if _is_title(place) else ():
                titled = Sighting(place.path, place.kind, place.entry, place.text, aside=False)
                found[name] = (*found.get(name, ()), titled)
        return found

    def forms(self, concept: Concept) -> frozenset[str]:
        """Return the keys of the spellings under which the resume names *concept*."""
        return frozenset(concept.key(s.form) for s in self.sightings.get(concept.name, ()))

    def paths(self, name: str) -> tuple[str, ...]:
        """Return where *name* is shown, or what it follows from, each place once, in order."""
        shown = self.sightings.get(name) or self.implied.get(name, ())
        return tuple(dict.fromkeys(sighting.path for sighting in shown))

    def literally(self, phrase: str) -> tuple[str, ...]:
        """Return where *phrase* stands as whole words."""
        return tuple(place.path for place in self.places if holds(place.text, phrase))


def _is_title(place: Place) -> bool:
    return place.path == "personalInfo.title" or (
        place.entry.startswith("workExperience") and place.path == f"{place.entry}.title"
    )


def told_by(text: str) -> frozenset[str]:
    """Return the names of the concepts that *text* is about, and doesn't only name aside."""
    return frozenset(m.concept.name for m in lexicon().find(text) if not _is_aside(text, m))


def _is_aside(text: str, mention: Mention) -> bool:
    """Tell whether a common noun only describes the next one: `the sales warehouse`.

    Who filled that warehouse has not sold. English alone puts nouns side by side like this.
    """
    if mention.concept.category in _ADJECTIVES or not mention.form[0].islower():
        return False
    following = _NEXT_WORD.match(text, mention.end)
    described = following is not None and following[1] not in neutral("en")
    return described and language_of(text) in {None, "en"}


def closure(name: str) -> frozenset[str]:
    """Return the names of the concepts that follow from *name* by definition."""
    known, found, open_names = lexicon().concepts, set[str](), [name]
    while open_names:
        for consequence in known[open_names.pop()].implies:
            if consequence not in found:
                found.add(consequence)
                open_names.append(consequence)
    return frozenset(found)


def holds(text: str, phrase: str) -> bool:
    """Tell whether *phrase* stands in *text* as whole words, whatever its punctuation."""
    wanted = fold(phrase).strip()
    if not wanted:
        return False
    if has_cjk(wanted):
        return wanted in fold(text)
    bounded = f"(?<![{LETTER}]){re.escape(wanted)}(?![{LETTER}+#])"
    return re.search(bounded, fold(text)) is not None
