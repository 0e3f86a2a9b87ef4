"""Know where a resume shows a skill, under which name, and what follows by definition."""

import re
from dataclasses import dataclass
from functools import cached_property

from commands.tailoring.lexicon import Concept, lexicon
from commands.tailoring.places import Place, PlaceKind, places
from commands.tailoring.text import LETTER, fold, has_cjk
from events.resume_data import ResumeData


@dataclass(frozen=True, slots=True)
class Sighting:
    """One place where a concept is named."""

    path: str
    kind: PlaceKind
    entry: str
    form: str


class Evidence:
    """What one resume shows. Made in 2 to 10 ms for a resume of two pages."""

    def __init__(self, data: ResumeData) -> None:
        self.places: tuple[Place, ...] = places(data)
        self.sightings: dict[str, list[Sighting]] = {}
        for place in self.places:
            for mention in lexicon().find(place.text):
                self.sightings.setdefault(mention.concept.name, []).append(
                    Sighting(place.path, place.kind, place.entry, mention.form)
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
            for consequence in _closure(name) - self.concepts:
                found[consequence] = (*found.get(consequence, ()), *self.sightings[name])
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


def _closure(name: str) -> frozenset[str]:
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
