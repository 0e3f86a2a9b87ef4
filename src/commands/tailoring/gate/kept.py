"""Kept: a rewritten line still says what it said, and denies nothing it affirmed."""

from typing import Final

from commands.tailoring.gate.case import Case, Claim, Objection
from commands.tailoring.phrases import plain_words
from commands.tailoring.places import bullet_path
from commands.tailoring.tongue import cjk_runs, stem, word_table, words
from events.tailoring import Edit

_LEAST_KEPT: Final = 0.5
_LEAST_BACKED: Final = 0.4


def kept(case: Case, edit: Edit) -> Objection | None:
    """Refuse a replacement that drops half of the original, and an addition out of nowhere."""
    if edit.action == "append":
        return _addition(case, edit)
    if not isinstance(edit.value, str) or case.is_translation(edit.value):
        return None
    old = case.content(edit.original if isinstance(edit.original, str) else "")
    new = case.content(edit.value)
    left = frozenset(word for word in old if word in new or plain_words(word) & new)
    if edit.path == "summary" and case.strategy == "FULL":
        left = new  # a composed summary may say other true things, as long as it says enough
    if old and len(left) / len(old) < _LEAST_KEPT:
        return Objection("FACTS_DROPPED", "The new text drops half of what the old one says.")
    return None


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
        if _negations(case, claim.text) != _negations(case, _origin(claim)):
            return Objection("NEGATION_CHANGED", "A negation was added or taken away.")
    return None


def _origin(claim: Claim) -> str:
    return claim.grown_from or ""


def _negations(case: Case, text: str) -> int:
    language = case.source_language
    marks = word_table("words.tsv")[language]["negator"]
    latin = {stem(mark, language) for mark in marks}
    spoken = sum(stem(word, language) in latin for word in words(text))
    return spoken + sum(run.count(mark) for run in cjk_runs(text) for mark in marks)
