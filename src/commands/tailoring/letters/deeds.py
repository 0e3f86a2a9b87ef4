"""What a letter says was done: no grade, outcome or deed that no entry of the resume tells."""

import re
from collections.abc import Iterator
from typing import Final

from commands.tailoring.gate.grades import graded
from commands.tailoring.gate.quantities import wordless
from commands.tailoring.gate.synonyms import family
from commands.tailoring.letters.facts import Facts
from commands.tailoring.letters.objection import LetterObjection
from commands.tailoring.letters.speaking import Sentence
from commands.tailoring.letters.vocabulary import first, group
from commands.tailoring.lexicon import lexicon
from commands.tailoring.places import Place
from commands.tailoring.text import fold, has_cjk
from commands.tailoring.tongue import cjk_runs, neutral, stem, word_table, words
from events.tailoring import Language

_LEAST_COVERED: Final = 0.7
_FEWEST_TELLING: Final = 3
_RETOLD: Final = 0.4
_FREE_GRADES: Final = {"role": 2, "scope": 2, "proficiency": 2, "seniority": 1}
"""Grades that anybody may name; `extent` is not judged in letters."""
_UNSPACED: Final = frozenset({"zh", "ja"})
_DEED: Final[dict[Language, re.Pattern[str]]] = {
    "en": re.compile(
        r"\bi (?:have |had |also |then |first |once |even )*(?:[a-z]+ed|built|led|wrote|made|ran|"
        r"kept|took|taught|drove|grew|cut|set|held|won|sold|met|gave|brought|began|chose|spoke|"
        r"oversaw|rebuilt|rewrote|sent|spent|dealt|did|found)\b"
    ),
    "es": re.compile(r"\b(?:[a-záéíóúñü]{3,}[éí]|hice|tuve|fui|he [a-z]+[ai]do)\b"),
    "pt": re.compile(r"\b(?:[a-záéíóúãõâêôç]{3,}(?:ei|vi|zi|ri|di|ti|gi)|fiz|tive|fui)\b"),
}
_FELT: Final = re.compile(r"\bi (?:noticed|liked|wanted|hoped|enjoyed|decided|learned)\b")


def grades(facts: Facts, sentence: Sentence) -> Iterator[LetterObjection]:
    """Refuse a graded word above what the resume says."""
    own = lexicon().blanked(facts.without_job(sentence.own))
    for scale, levels in graded(own).items():
        if scale not in _FREE_GRADES:
            continue
        texts = _comparable(facts, sentence.own, scale)
        shown = {level for text in texts for level in graded(text).get(scale, ())}
        if max(levels) > max(shown | {_FREE_GRADES[scale]}):
            said = f"It claims more ({scale}) than the resume does."
            yield LetterObjection("RAISED_CLAIM", said)


def _comparable(facts: Facts, text: str, scale: str) -> list[str]:
    """Return the texts that may bear out a grade in *text*; in a translation, all of them."""
    case = facts.case
    if scale == "role" and not case.translating:
        kinds = {"bullet", "summary", "custom"}
        lines = [place.text for place in case.evidence.places if place.kind in kinds]
        return [line for line in lines if case.overlap(line, text) >= _RETOLD]
    named = lexicon().names(text) if scale == "proficiency" else frozenset()
    texts = list(case.texts.values())
    return [t for t in texts if lexicon().names(t) & named] if named else texts


def outcomes(facts: Facts, sentence: Sentence) -> Iterator[LetterObjection]:
    """Refuse a success that the resume says nothing of."""
    for part in sentence.parts:
        if facts.case.translating or not part.own or facts.is_wish(part):
            continue
        named = first(facts.language, "outcome", part.text)
        if named and not facts.tells(named):
            yield LetterObjection("RAISED_CLAIM", f"The resume says nothing of {named!r}.")


def deeds(facts: Facts, sentence: Sentence) -> Iterator[LetterObjection]:
    """Refuse a deed whose words are not those of one entry of the resume."""
    own = _told(facts, sentence)
    pattern = _DEED.get(facts.language)
    folded = fold(own)
    done = pattern.search(folded) if pattern else first(facts.language, "deed", own)
    if facts.case.translating or not done or _FELT.search(folded):
        return
    telling = _telling(facts, wordless(own))
    best = max((_covered(facts, telling, places) for places in _entries(facts)), default=0.0)
    if len(telling) >= _FEWEST_TELLING and best < _LEAST_COVERED:
        said = f"No entry of the resume tells this: {own.strip()[:120]!r}."
        yield LetterObjection("UNSUPPORTED_WORD", said)


def _told(facts: Facts, sentence: Sentence) -> str:
    """Return what the writer tells as done; of Chinese and Japanese, clause by clause."""
    if facts.language not in _UNSPACED:
        return sentence.own
    return " ".join(p.text for p in sentence.parts if p.own and not facts.is_wish(p))


def _telling(facts: Facts, text: str) -> frozenset[str]:
    language = facts.language
    if language in _UNSPACED:
        return facts.case.content(group(language, "own").sub(" ", fold(text)))
    plain = word_table("letters/words.tsv")[language]["plain"]
    free = {stem(word, language) for word in (*plain, *words(facts.case.analysis.company))}
    said = {stem(word, language) for word in words(text) if word not in neutral(language)}
    return frozenset(said - free)


def _covered(facts: Facts, telling: frozenset[str], places: list[Place]) -> float:
    said = frozenset().union(*(facts.case.content(place.text) for place in places))
    letters = {letter for place in places for run in cjk_runs(place.text) for letter in run}
    covered = [
        word
        for word in telling
        if family(word, facts.language) & said or (has_cjk(word) and set(word) <= letters)
    ]
    return len(covered) / len(telling) if telling else 1.0


def _entries(facts: Facts) -> list[list[Place]]:
    """Return the places of each job and project, with what is said of the whole person."""
    places = facts.case.evidence.places
    everywhere = [place for place in places if place.kind in {"title", "summary", "item"}]
    names = sorted({place.entry for place in places if place.entry})
    return [[*(p for p in places if p.entry == name), *everywhere] for name in names] or [
        everywhere
    ]
