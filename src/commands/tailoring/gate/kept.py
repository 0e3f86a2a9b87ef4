"""Kept: a rewritten line still says what it said, and denies nothing it affirmed."""

import re
from typing import Final

from commands.tailoring.gate.case import Case, Claim, Objection
from commands.tailoring.gate.quantities import quantities, wordless
from commands.tailoring.gate.synonyms import family
from commands.tailoring.phrases import inflated, plain_words
from commands.tailoring.places import bullet_path
from commands.tailoring.text import has_cjk
from commands.tailoring.tongue import cjk_runs, stem, word_table, words
from events.tailoring import Edit

_MOST_DROPPED: Final = 0.5
_LEAST_BACKED: Final = 0.4
_LEAST_CONTRAST: Final = 0.8
_CONTRAST: Final = re.compile(
    r"[;；]|\b(?:but|except|while|although|though|pero|salvo|excepto|aunque|mientras|mas|exceto|"
    r"embora|enquanto)\b|但|ただし|ものの",
    re.IGNORECASE,
)


def kept(case: Case, edit: Edit) -> Objection | None:
    """Refuse a replacement that drops half of the original, and an addition out of nowhere."""
    if edit.action == "append":
        return _addition(case, edit)
    if not isinstance(edit.value, str) or case.is_translation(edit.value):
        return None
    told = edit.original if isinstance(edit.original, str) else ""
    counted = set(quantities(told)) <= set(quantities(edit.value))  # however they are spelled
    old = case.content(wordless(told) if counted else told) - inflated()
    new = case.content(edit.value)
    left = frozenset(
        word
        for word in old
        if family(word, case.source_language) & new
        or plain_words(word) & new
        or (has_cjk(word) and set(word) <= set(edit.value))  # pairs break where clauses move
    )
    if edit.path == "summary" and case.strategy == "FULL":
        left = new  # a composed summary may say other true things, as long as it says enough
    if old and len(left) / len(old) <= _MOST_DROPPED:
        return Objection("FACTS_DROPPED", "The new text drops half of what the old one says.")
    if edit.path != "summary" and _blurs(case, str(edit.original), new):
        return Objection("FACTS_DROPPED", "The new text blurs a limit that the old one draws.")
    return None


def _blurs(case: Case, old: str, new: frozenset[str]) -> bool:
    """Tell whether a clause set against the first one is told in part: `; X stayed with them`."""
    first, *others = _CONTRAST.split(old)
    said = case.content(first)
    for clause in others:
        own = case.content(clause) - said
        left = {word for word in own if family(word, case.source_language) & new}
        if 0 < len(left) / len(own or {""}) < _LEAST_CONTRAST:
            return True
    return False


def _addition(case: Case, edit: Edit) -> Objection | None:
    target = bullet_path(edit.path)
    for claim in case.claims(edit):
        lines = [p.text for p in claim.scope if target and p.kind == "bullet"]
        if max((case.overlap(claim.text, line) for line in lines), default=0.0) < _LEAST_BACKED:
            return Objection("UNSUPPORTED_WORD", "No line of this entry backs the new one.")
        if any(case.content(claim.text) == case.content(line) for line in lines):
            return Objection("NO_CHANGE", "A line of this entry says so already.")
    return None


def negation(case: Case, edit: Edit) -> Objection | None:
    """Refuse a negation that comes or goes."""
    for claim in case.claims(edit):
        if negations(case, claim.text) != negations(case, _origin(claim)):
            return Objection("NEGATION_CHANGED", "A negation was added or taken away.")
    return None


def _origin(claim: Claim) -> str:
    return claim.grown_from or ""


def negations(case: Case, text: str) -> int:
    """Return how many words of denial *text* holds."""
    language = case.source_language
    marks = word_table("words.tsv")[language]["negator"]
    latin = {stem(mark, language) for mark in marks}
    spoken = sum(stem(word, language) in latin for word in words(text))
    return spoken + sum(run.count(mark) for run in cjk_runs(text) for mark in marks)
