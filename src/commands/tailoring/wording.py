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
    work_at: str
    stop: str
    between: str
    comma: str
    last: str

    def list_of(self, items: Sequence[str]) -> str:
        """Return *items* as a list in running text."""
        if len(items) < 2:
            return "".join(items)
        return f"{self.comma.join(items[:-1])}{self.last}{items[-1]}"


_COMMON_NOUN: Final = re.compile(r"[A-Z][a-z]+(?: [a-z-]+)+")
_WORDINGS: Final[dict[Language, Wording]] = {
    "en": Wording(
        skills="Skills include {skills}.",
        work_at="Work at {company} involved {skills}.",
        stop=".",
        between=" ",
        comma=", ",
        last=" and ",
    ),
    "es": Wording(
        skills="Competencias: {skills}.",
        work_at="Experiencia en {company}: {skills}.",
        stop=".",
        between=" ",
        comma=", ",
        last=" y ",
    ),
    "pt": Wording(
        skills="Competências: {skills}.",
        work_at="Experiência em {company}: {skills}.",
        stop=".",
        between=" ",
        comma=", ",
        last=" e ",
    ),
    "zh": Wording(
        skills="技能包括{skills}。",
        work_at="在{company}的工作涉及{skills}。",
        stop="。",
        between="",
        comma="、",
        last="和",
    ),
    "ja": Wording(
        skills="スキルには{skills}が含まれます。",
        work_at="{company}の業務は{skills}を含みます。",
        stop="。",
        between="",
        comma="、",
        last="、",
    ),
}


def in_sentence(form: str) -> str:
    """Return *form* as it stands amid a sentence: `Machine learning` is no proper name."""
    return form[0].lower() + form[1:] if _COMMON_NOUN.fullmatch(form) else form


def wording(language: Language) -> Wording:
    """Return the sentence patterns of *language*."""
    return _WORDINGS[language]
