"""Judge a letter, whoever wrote it: what in it the resume does not bear out, or no letter says."""

import re
from collections.abc import Iterator
from typing import Final

from commands.tailoring.gate.case import Case
from commands.tailoring.letters.claims import names, numbers, skills, studies, takes_up, unshown
from commands.tailoring.letters.deeds import deeds, grades, outcomes
from commands.tailoring.letters.facts import Facts
from commands.tailoring.letters.form import form
from commands.tailoring.letters.objection import LetterObjection
from commands.tailoring.letters.sentences import claimless
from commands.tailoring.letters.speaking import Sentence, spoken
from commands.tailoring.text import plain
from events.letter import LetterKind
from events.resume_data import ResumeData
from events.tailoring import JobAnalysis, Language

_LONGEST: Final = 8_000
_CHECKS: Final = (skills, numbers, names, studies, grades, outcomes, deeds)
_QUOTE: Final = re.compile(r"[“\"«「]([^“”\"«»「」]{4,})[”\"»」]")


def objections(
    kind: LetterKind,
    text: str,
    source: ResumeData,
    analysis: JobAnalysis,
    job_description: str,
    language: Language,
) -> tuple[LetterObjection, ...]:
    """Return everything that speaks against sending *text*; nothing when it holds.

    A clause counts as the writer's own word unless it plainly speaks of the posting: of what the
    posting asks for may be spoken, of what the resume does not show may nothing be claimed. In a
    translation deeds and outcomes cannot be judged word by word; numbers, names, skills and
    grades are. Takes 5 to 50 ms.
    """
    if not text.strip():
        return (LetterObjection("TOO_SHORT", "It is empty."),)
    if len(text) > _LONGEST:
        return (LetterObjection("TOO_LONG", f"It has more than {_LONGEST} characters."),)
    case = Case(source, "FULL", analysis, job_description, language)
    found = form(case, kind, text)
    unsigned = text.strip().removesuffix(source.personal_info.name.strip())
    told = _without_quotes(case, unsigned)
    found += _against(Facts(case), spoken(told, language))
    return tuple(dict.fromkeys(found))


def _against(facts: Facts, told: tuple[Sentence, ...]) -> Iterator[LetterObjection]:
    asked_for: frozenset[str] = frozenset()
    for sentence in told:
        if sentence.text in claimless(facts.language):
            continue
        if asked_for and takes_up(facts, sentence):
            yield unshown(asked_for)
        asked_for = facts.foreign(sentence.text)
        for check in _CHECKS:
            yield from check(facts, sentence)


def _without_quotes(case: Case, body: str) -> str:
    """Return *body* without what it quotes of the resume word for word."""
    own = {plain(place.text).rstrip(".。;；") for place in case.evidence.places}
    return _QUOTE.sub(lambda q: "“”" if plain(q[1]).rstrip(".。;；") in own else q[0], body)
