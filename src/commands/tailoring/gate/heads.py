"""Heads: a rewritten line still opens with what was done, not with whom or what it was done to."""

import re
from typing import Final

from commands.tailoring.gate.case import Case, Objection
from commands.tailoring.gate.quantities import wordless
from commands.tailoring.gate.synonyms import family
from commands.tailoring.lexicon import lexicon
from commands.tailoring.tongue import neutral, stem, words
from events.tailoring import Edit

_PART: Final = re.compile(
    r"[,;:.()–—-]|\b(?:and|or|then|while|by|to|for|as|y|e|o|ou|para|com|con|a|al)\b", re.IGNORECASE
)

_WHEN: Final = frozenset(
    {"before", "after", "last", "during", "since", "antes", "después", "tras", "depois", "após"}
)
"""What opens a line with its time: the deed follows."""


def heads(case: Case, edit: Edit) -> Objection | None:
    """Refuse a line whose first word stood deeper in the old one: `Foreman` for `helped the ...`.

    Names of skills, neutral words and prepositions may open any line.
    """
    if edit.action != "replace" or edit.path == "summary":
        return None
    for claim in case.claims(edit):
        language = case.source_language
        opening = words(wordless(lexicon().blanked(claim.text)))[:1]
        if not opening or case.is_translation(claim.text) or opening[0] in neutral(language):
            continue
        if opening[0] in _WHEN:
            continue
        if not claim.text.lower().startswith(opening[0]):
            continue
        own = family(stem(opening[0], language), language)
        known = case.content(claim.grown_from or "")
        if own & known and not own & _deeds(case, claim.grown_from or ""):
            return Objection(
                "RAISED_CLAIM", "The new text makes a deed of what was only spoken of."
            )
    return None


def _deeds(case: Case, text: str) -> frozenset[str]:
    """Return the stems of the telling words that open a part of *text*."""
    found: set[str] = set()
    for part in (*_PART.split(lexicon().blanked(text)), *_PART.split(text)):
        telling = [w for w in words(part) if w not in neutral(case.source_language)]
        adverb = telling[0].endswith(("ly", "mente")) if telling else False
        found |= {stem(word, case.source_language) for word in telling[: 1 + adverb]}
    return frozenset(found)
