"""Grades: nobody who helped has led, nobody who knows the basics is an expert."""

from collections.abc import Iterable
from functools import cache
from typing import Final

from commands.tailoring.gate.case import Case, Claim, Objection
from commands.tailoring.lexicon import lexicon
from commands.tailoring.text import fold, has_cjk
from commands.tailoring.tongue import word_table, words
from events.tailoring import Edit

_HEDGE: Final = 1
_LONGEST_PHRASE: Final = 4


def grades(case: Case, edit: Edit) -> Objection | None:
    """Refuse a graded word above what the source says, and the loss of a modest one."""
    for claim in case.claims(edit):
        new = graded(claim.text)
        for scale, levels in graded(lexicon().blanked(claim.text)).items():
            allowed = max(_levels(_references(case, claim, scale), scale), default=0)
            if max(levels) > allowed:
                return Objection(
                    "RAISED_CLAIM", f"The new text claims more ({scale}) than the source."
                )
        if claim.grown_from is not None:
            for scale, levels in graded(claim.grown_from).items():
                if _HEDGE in levels and _HEDGE not in new.get(scale, set()):
                    return Objection(
                        "RAISED_CLAIM",
                        f"The new text drops what the source says modestly ({scale}).",
                    )
    return None


def _references(case: Case, claim: Claim, scale: str) -> list[str]:
    origin = [claim.grown_from] if claim.grown_from is not None else []
    if not claim.in_summary:
        return origin
    if scale == "proficiency":
        wanted = lexicon().names(claim.text)
        return [
            *[text for text in origin if wanted <= lexicon().names(text)],
            *[p.text for p in claim.scope if wanted and wanted <= lexicon().names(p.text)],
        ]
    if scale == "seniority":
        kinds = {"title", "heading", "summary"}
        return [p.text for p in claim.scope if p.kind in kinds]
    return [p.text for p in claim.scope if case.overlap(claim.text, p.text) >= 0.4] + origin


def _levels(texts: Iterable[str], scale: str) -> set[int]:
    return {level for text in texts for level in graded(text).get(scale, ())}


def graded(text: str) -> dict[str, set[int]]:
    """Return the scales that *text* touches, each with the grades it names, in any language."""
    spoken = words(text)
    phrases = {
        " ".join(spoken[i : i + length])
        for length in range(1, _LONGEST_PHRASE + 1)
        for i in range(len(spoken) - length + 1)
    }
    found: dict[str, set[int]] = {}
    for phrase in phrases & _spoken().keys():
        for scale, level in _spoken()[phrase]:
            found.setdefault(scale, set()).add(level)
    if has_cjk(text):
        folded = fold(text)
        for phrase, grade in _written():
            if phrase in folded:
                found.setdefault(grade[0], set()).add(grade[1])
    return found


@cache
def _spoken() -> dict[str, tuple[tuple[str, int], ...]]:
    table: dict[str, tuple[tuple[str, int], ...]] = {}
    for phrase, grade in _rows():
        if not has_cjk(phrase):
            key = " ".join(words(phrase))
            table[key] = (*table.get(key, ()), grade)
    return table


@cache
def _written() -> tuple[tuple[str, tuple[str, int]], ...]:
    return tuple((phrase, grade) for phrase, grade in _rows() if has_cjk(phrase))


@cache
def _rows() -> tuple[tuple[str, tuple[str, int]], ...]:
    return tuple(
        (phrase, (group.split()[0], int(group.split()[1])))
        for groups in word_table("grades.tsv").values()
        for group, phrases in groups.items()
        for phrase in phrases
    )
