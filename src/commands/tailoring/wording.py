"""Say in five languages the few things the built-in engine has to say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from events.tailoring import Language


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentence patterns of one language."""

    skills: str
    work: str
    work_at: str
    at: str
    then: str
    stop: str
    between: str
    comma: str
    last: str

    def list_of(self, items: Sequence[str]) -> str:
        """Return *items* as a list in running text."""
        if len(items) < 2:
            return "".join(items)
        return f"{self.comma.join(items[:-1])}{self.last}{items[-1]}"


_AS_NOUN: Final = {
    "backend": "backend development",
    "back end": "backend development",
    "frontend": "frontend development",
    "front end": "frontend development",
    "full stack": "full-stack development",
}
_COMMON_NOUN: Final = re.compile(r"[A-Z][a-z]+(?: [a-z-]+)+")
_WORDINGS: Final[dict[Language, Wording]] = {
    "en": Wording(
        skills="Skills include {skills}.",
        work="Experience with {skills}.",
        work_at="Experience with {places}.",
        at="{skills} at {company}",
        then="; ",
        stop=".",
        between=" ",
        comma=", ",
        last=" and ",
    ),
    "es": Wording(
        skills="Competencias: {skills}.",
        work="Experiencia con {skills}.",
        work_at="Experiencia con {places}.",
        at="{skills} en {company}",
        then="; ",
        stop=".",
        between=" ",
        comma=", ",
        last=" y ",
    ),
    "pt": Wording(
        skills="Competências: {skills}.",
        work="Experiência com {skills}.",
        work_at="Experiência com {places}.",
        at="{skills} em {company}",
        then="; ",
        stop=".",
        between=" ",
        comma=", ",
        last=" e ",
    ),
    "zh": Wording(
        skills="技能包括{skills}。",
        work="工作涉及{skills}。",
        work_at="{places}。",
        at="在{company}的工作涉及{skills}",
        then="；",
        stop="。",
        between="",
        comma="、",
        last="和",
    ),
    "ja": Wording(
        skills="スキルには{skills}が含まれます。",
        work="業務は{skills}を含みます。",
        work_at="{places}。",
        at="{company}の業務は{skills}を含みます",
        then="。",
        stop="。",
        between="",
        comma="、",
        last="、",
    ),
}


def in_sentence(form: str) -> str:
    """Return *form* as it stands amid a sentence: `Machine learning` is no proper name.

    `Backend` says of what kind the work is, not what the work is: it becomes a noun.
    """
    noun = _AS_NOUN.get(form.lower().replace("-", " "))
    if noun:
        return noun
    return form[0].lower() + form[1:] if _COMMON_NOUN.fullmatch(form) else form


def several(items: Sequence[str], most: int = 5) -> str:
    """Return the first *most* of *items* as a list in an English sentence."""
    named = [in_sentence(item) for item in dict.fromkeys(items)]
    more = len(named) - most
    return wording("en").list_of([*named[:most], f"{more} more"] if more > 0 else named)


def wording(language: Language) -> Wording:
    """Return the sentence patterns of *language*."""
    return _WORDINGS[language]
