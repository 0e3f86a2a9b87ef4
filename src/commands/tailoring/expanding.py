"""Write an abbreviation out, or abbreviate, where the posting uses the other name."""

from collections.abc import Sequence
from typing import Final

from commands.tailoring.asked import Asked, status_of
from commands.tailoring.evidence import Sighting
from commands.tailoring.gate.case import Case
from commands.tailoring.lexicon import Concept
from commands.tailoring.text import has_cjk, squash
from commands.tailoring.wording import in_sentence
from events.tailoring import Edit

_MOST_EXPANSIONS: Final = 4


def expansion_edits(case: Case, asked: Sequence[Asked]) -> list[Edit]:
    """Propose the posting's name beside the resume's, once a skill and once a line.

    Only strict names of the same thing: `K8s` becomes `Kubernetes (K8s)`. A mere spelling is
    left alone, and so is the list of skills: its entries are the person's own.
    """
    edits: dict[str, Edit] = {}
    for wish in asked:
        if wish.concept is None or status_of(wish, case.evidence) != "alias":
            continue
        sighting = _first_in_prose(case, wish.concept, wish.keyword)
        if sighting is None or sighting.path in edits or len(edits) >= _MOST_EXPANSIONS:
            continue
        text = case.texts[sighting.path]
        pair = _pair(sighting.form, in_sentence(wish.keyword))
        edits[sighting.path] = Edit(
            path=sighting.path,
            action="replace",
            original=text,
            value=text.replace(sighting.form, pair, 1),
            reason=(
                f"The posting says {in_sentence(wish.keyword)} where you write {sighting.form}:"
                " with both names, whoever searches for either finds you."
            ),
            evidence=(sighting.path,),
        )
    return list(edits.values())


def _first_in_prose(case: Case, concept: Concept, keyword: str) -> Sighting | None:
    """Return a bullet that names *concept*, if one name is the short form of the other."""
    for sighting in case.evidence.sightings[concept.name]:
        editable = sighting.entry.startswith(("workExperience", "personalProjects"))
        if sighting.kind == "bullet" and editable and _is_abbreviation(sighting.form, keyword):
            bracketed = f"({sighting.form}" in case.texts[sighting.path]
            return None if bracketed else sighting
    return None


def _is_abbreviation(one: str, other: str) -> bool:
    """Tell whether one name is written in capitals or with digits, and clearly shorter."""
    short, long = sorted((one, other), key=len)
    if has_cjk(one) or has_cjk(other) or len(squash(short)) * 2 > len(squash(long)):
        return False
    return short.upper() == short or any(letter.isdigit() for letter in short)


def _pair(form: str, keyword: str) -> str:
    long, short = (form, keyword) if len(form) > len(keyword) else (keyword, form)
    return f"{long} ({short})"
