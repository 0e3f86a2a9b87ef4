"""Grades: nobody who helped has led, nobody who knows the basics is an expert."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from commands.tailoring.gate.case import Case, Claim, Objection, sentences
from commands.tailoring.lexicon import lexicon
from commands.tailoring.places import SKILLS
from commands.tailoring.text import fold, has_cjk
from commands.tailoring.tongue import word_table, words
from events.tailoring import Edit

_HEDGE: Final = 1
_DEED: Final = 2
_WORKING: Final = 2
_STILL_TOLD: Final = 0.5
_RETOLD: Final = 0.8
_CLAUSE: Final = re.compile(r"[,;:.，、。；：]")
_LONGEST_PHRASE: Final = 4


def grades(case: Case, edit: Edit) -> Objection | None:
    """Refuse a graded word above what the source says, and the loss of a modest one."""
    for claim in case.claims(edit):
        for text in _judged_texts(case, claim):
            for scale, levels in graded(lexicon().blanked(text)).items():
                if max(levels) > _allowed(case, claim, text, scale):
                    return Objection(
                        "RAISED_CLAIM", f"The new text claims more ({scale}) than the source."
                    )
        new = graded(claim.text)
        for scale, levels in graded(claim.grown_from or "").items():
            if _HEDGE in levels and _HEDGE not in new.get(scale, set()):
                return Objection(
                    "RAISED_CLAIM",
                    f"The new text drops what the source says modestly ({scale}).",
                )
    if edit.path == "summary" and _forgets_modesty(case, str(edit.value)):
        return Objection("RAISED_CLAIM", "The new summary drops what the old one says modestly.")
    return None


def _forgets_modesty(case: Case, new: str) -> bool:
    """Tell whether a clause of the old summary is still told, but its modest word isn't."""
    kept = graded(new)
    for clause in _CLAUSE.split(case.source.summary):
        for scale, levels in graded(clause).items():
            lost = _HEDGE in levels and _HEDGE not in kept.get(scale, set())
            if lost and case.overlap(clause, new) >= _STILL_TOLD:
                return True
    return False


def _judged_texts(case: Case, claim: Claim) -> list[str]:
    """Return the clauses of a sentence of the summary that are new; other claims as they are.

    A line out of nowhere is not judged here: another rule refuses it for that.
    """
    if not claim.in_summary:
        return [claim.text] if claim.grown_from is not None else []
    old = {clause.strip() for clause in _CLAUSE.split(fold(case.source.summary))}
    return [clause for clause in _CLAUSE.split(claim.text) if fold(clause).strip() not in old]


def _allowed(case: Case, claim: Claim, text: str, scale: str) -> int:
    """Return the highest grade *text* may name: modesty always, deeds where nobody only helped."""
    named = _levels(_references(case, claim, text, scale), scale)
    if scale == "proficiency" and _listed(case, text):
        named.add(_WORKING)
    plain_deed = scale == "role" and not named and bool(claim.grown_from)
    return max(named, default=_DEED if plain_deed else _HEDGE)


def _references(case: Case, claim: Claim, text: str, scale: str) -> list[str]:
    origin = [claim.grown_from] if claim.grown_from is not None else []
    if not claim.in_summary:
        return origin
    if scale == "proficiency":
        wanted = lexicon().names(text)
        return [
            *[other for other in origin if wanted <= lexicon().names(other)],
            *[p.text for p in claim.scope if wanted and wanted <= lexicon().names(p.text)],
            *[s for s in sentences(case.source.summary) if case.overlap(text, s) >= _RETOLD],
        ]
    if scale == "seniority":
        kinds = {"title", "heading", "summary"}
        return [p.text for p in claim.scope if p.kind in kinds]
    return [p.text for p in claim.scope if case.overlap(claim.text, p.text) >= 0.4] + origin


def _listed(case: Case, text: str) -> bool:
    """Tell whether *text* names skills, and the list of skills has them all."""
    shown = case.evidence.sightings
    wanted = lexicon().names(text)
    return bool(wanted) and all(
        any(sighting.path.startswith(SKILLS) for sighting in shown.get(name, ()))
        for name in wanted
    )


def _levels(texts: Iterable[str], scale: str) -> set[int]:
    return {level for text in texts for level in graded(text).get(scale, ())}


_GUIDED: Final = re.compile(
    r"在[^，。、]{1,12}(?:指导|带领|带教|监督)下|[^、。]{1,12}の(?:指導|監督)の?(?:もと|下)"
)
"""Under whose guidance somebody worked says nothing of guiding."""


def graded(text: str) -> dict[str, set[int]]:
    """Return the scales that *text* touches, each with the grades it names, in any language."""
    text = _GUIDED.sub(" ", text)
    spoken = words(text)
    found: dict[str, set[int]] = {}
    taken: set[int] = set()
    for length in range(_LONGEST_PHRASE, 0, -1):
        for i in range(len(spoken) - length + 1):
            phrase = " ".join(spoken[i : i + length])
            if phrase in _spoken() and i not in taken:
                taken.update(range(i, i + length) if length > 1 else ())
                for scale, level in _spoken()[phrase]:
                    found.setdefault(scale, set()).add(level)
    for word in {word for i, word in enumerate(spoken) if i not in taken}:
        for prefix, grade in _begun():
            if word.startswith(prefix):
                found.setdefault(grade[0], set()).add(grade[1])
    if has_cjk(text):
        folded = fold(text)
        for phrase, grade in _written():
            if phrase in folded:
                found.setdefault(grade[0], set()).add(grade[1])
    return found


@cache
def modest() -> frozenset[str]:
    """Return the words that only ever make a claim smaller: whoever adds one claims nothing."""
    return frozenset(
        phrase
        for phrase, (scale, level) in _rows()
        if level == _HEDGE and scale in {"role", "extent"} and phrase.isalpha()
    )


@cache
def _spoken() -> dict[str, tuple[tuple[str, int], ...]]:
    table: dict[str, tuple[tuple[str, int], ...]] = {}
    for phrase, grade in _rows():
        if not has_cjk(phrase) and not phrase.endswith("*"):
            key = " ".join(words(phrase))
            table[key] = (*table.get(key, ()), grade)
    return table


@cache
def _begun() -> tuple[tuple[str, tuple[str, int]], ...]:
    """Return the beginnings, written `supervis*`, that stand for all words with them."""
    return tuple((phrase[:-1], grade) for phrase, grade in _rows() if phrase.endswith("*"))


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
