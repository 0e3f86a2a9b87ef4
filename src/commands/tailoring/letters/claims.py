"""What a letter says of its writer: skills, numbers, names and studies of the resume only."""

import re
from collections.abc import Iterator
from typing import Final

from commands.tailoring.gate.quantities import Quantity, quantities
from commands.tailoring.letters.facts import Facts
from commands.tailoring.letters.objection import LetterObjection
from commands.tailoring.letters.speaking import Sentence
from commands.tailoring.letters.vocabulary import first, group
from commands.tailoring.lexicon import lexicon
from commands.tailoring.text import fold
from commands.tailoring.tongue import neutral, stem, words

_CAPITALISED: Final = re.compile(r"(?<![^\W_])[A-ZÀ-ÖØ-Þ][^\W_]*(?:[&.'’-][^\W_]+)*")
_STARTS: Final = '.!?:;。“«"「¿¡'
_LEARNS: Final = re.compile(
    r"learn|aprend|not yet|new to me|学|まだ|未|尚|todavía no|aún no|ainda não|mejorar|melhorar"
)
_PAST: Final = re.compile(
    r"\b(?:i (?:have )?(?:worked|interned|spent|served)|as a former|"
    r"my (?:time|years|work|internship|role) (?:at|for|with)|"
    r"trabajé en|mi etapa en|trabalhei na?|meu período)\b|"
    r"(?:曾|期间).{0,12}(?:工作|任职|实习)|在籍|勤務して(?:い|お|まい)"
)
_STUDIES: Final = frozenset(
    {"degree", "graduated", "título", "titulado", "titulada", "formado", "formada", "毕业", "学位",
     "学历", "卒業", "学歴"}
)  # fmt: skip
"""What everyone can say who has an education to show."""
_SMALL: Final = 3


def skills(facts: Facts, sentence: Sentence) -> Iterator[LetterObjection]:
    """Refuse a skill that the resume does not show, unless it is the posting's wish."""
    asked_for = False
    for part in sentence.parts:
        strange = facts.foreign(part.text)
        if not _claims(facts, part.text):
            strange -= facts.traits
        if part.own and strange and not (strange <= facts.asked and _hopes(facts, part.text)):
            yield _no_skill(strange)
        elif not part.own and strange - facts.asked:
            yield _no_skill(strange - facts.asked)
        if asked_for and part.own and _claims(facts, part.text):
            yield _no_skill(facts.foreign(sentence.text))
        asked_for = asked_for or (not part.own and bool(strange))


def takes_up(facts: Facts, sentence: Sentence) -> bool:
    """Tell whether a sentence claims what the one before it spoke of: `I have used it`."""
    return bool(first(facts.language, "it", sentence.own)) and _claims(facts, sentence.own)


def unshown(names: frozenset[str]) -> LetterObjection:
    """Return what speaks against claiming these skills."""
    return _no_skill(names)


def _no_skill(names: frozenset[str]) -> LetterObjection:
    named = min(names, default="this")
    return LetterObjection("FABRICATED_SKILL", f"Nothing in the resume shows {named}.")


def _claims(facts: Facts, text: str) -> bool:
    claims = first(facts.language, "claim", text)
    return bool(claims) and not first(facts.language, "wish", text)


def _hopes(facts: Facts, text: str) -> bool:
    return _LEARNS.search(fold(text)) is not None and bool(first(facts.language, "wish", text))


def numbers(facts: Facts, sentence: Sentence) -> Iterator[LetterObjection]:
    """Refuse a quantity that the resume, or of the posting's own the posting, does not have."""
    for part in sentence.parts:
        texts = facts.texts if part.own else (*facts.texts, facts.case.job_description)
        backing = {_key(each) for text in texts for each in quantities(text)}
        spelled = not any(character.isdigit() for character in part.text)
        for wanted in quantities(part.text):
            few = wanted.kind == "count" and wanted.value <= _SMALL and spelled
            call = "minute" in wanted.kind and facts.is_wish(part)
            habit = wanted.kind.startswith("every") and not _claims(facts, part.text)
            if not few and not call and not habit and _key(wanted) not in backing:
                yield LetterObjection(
                    "INVENTED_METRIC", "It holds a number that the resume does not have."
                )
                return


def _key(quantity: Quantity) -> tuple[str, str]:
    return quantity.kind, str(quantity.value)


def names(facts: Facts, sentence: Sentence) -> Iterator[LetterObjection]:
    """Refuse a name that neither resume nor posting knows, and a past with whom it is sent to."""
    text = sentence.text
    spans = [(mention.start, mention.end) for mention in lexicon().find(text)]
    for match in _CAPITALISED.finditer(text):
        before = text[: match.start()].rstrip()
        starts = not before or before[-1] in _STARTS
        known = any(start < match.end() and match.start() < end for start, end in spans)
        if not starts and not known and _is_strange(facts, match.group()):
            yield LetterObjection("FABRICATED_NAME", f"Nobody named {match.group()[:40]!r} yet.")
    company = fold(facts.case.analysis.company)
    told = fold(text)
    if company and company not in facts.own and company in told and _PAST.search(told):
        yield LetterObjection(
            "FABRICATED_COMPANY", "The resume does not know this employer as a past one."
        )


def _is_strange(facts: Facts, form: str) -> bool:
    language = facts.language
    return any(
        stem(word, language) not in facts.named
        and word not in neutral(language)
        and not group(language, "own").fullmatch(word)
        and not group(language, "courtesy").fullmatch(word)
        for word in words(re.sub(r"['’]s$", "", form))
    )


def studies(facts: Facts, sentence: Sentence) -> Iterator[LetterObjection]:
    """Refuse a degree or certificate that the resume does not have."""
    named = first(facts.language, "degree", sentence.own)
    studied = bool(facts.case.source.education) and named in _STUDIES
    roots = {named, named.split("'")[0], stem(named, facts.language)} - {""}
    if named and not studied and not any(root in facts.own for root in roots):
        yield LetterObjection("UNSUPPORTED_WORD", f"The resume has no {named!r}.")
