"""Names: whoever and whatever is named with a capital must be named in the source."""

import re
from typing import Final

from commands.tailoring.gate.case import Case, Objection
from commands.tailoring.lexicon import lexicon
from commands.tailoring.text import fold
from commands.tailoring.tongue import neutral, stem, words
from events.tailoring import Edit

_CAPITALISED: Final = re.compile(r"(?<![^\W_])[A-ZÀ-ÖØ-Þ][^\W_]*(?:[&.'’-][^\W_]+)*")


def names(case: Case, edit: Edit) -> Objection | None:
    """Refuse a capitalised word or an acronym that the claim's places don't hold."""
    for claim in case.claims(edit):
        spans = [(m.start, m.end) for m in lexicon().find(claim.text)]
        known = case.stems(claim.scope)
        tokens = {word for place in claim.scope for word in fold(place.text).split()}
        for match in _CAPITALISED.finditer(claim.text):
            form = match.group()
            if any(start < match.end() and match.start() < end for start, end in spans):
                continue
            if _starts_sentence(claim.text, match) and form[1:] == form[1:].lower():
                continue  # an ordinary word as far as its capital tells: the vocabulary judges it
            if not _is_known(case, form, known, tokens):
                employer = fold(form) in fold(case.analysis.company)
                return Objection(
                    "FABRICATED_COMPANY" if employer else "FABRICATED_NAME",
                    f"The source does not name {form[:40]!r} here.",
                )
    return None


def _starts_sentence(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()].rstrip()
    return not before or before[-1] in ".!?:;。"


def _is_known(case: Case, form: str, known: frozenset[str], tokens: set[str]) -> bool:
    if any(character.isdigit() for character in form):
        return any(fold(form) in token for token in tokens)
    return all(
        stem(word, case.source_language) in known or word in neutral(case.source_language)
        for word in words(form)
    )
