"""Tell of whom each part of a letter speaks: of the writer, or of the posting and its team."""

import re
from dataclasses import dataclass
from typing import Final

from commands.tailoring.gate.case import sentences
from commands.tailoring.letters.vocabulary import group
from commands.tailoring.text import fold, has_cjk
from events.tailoring import Language

_CLAUSES: Final = re.compile(r"(?<=[，、；。,;])")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of one sentence. What is not plainly the posting's is the writer's own word."""

    text: str
    own: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the body of a letter, in parts."""

    text: str
    parts: tuple[Part, ...]

    @property
    def own(self) -> str:
        """What the writer says of themselves."""
        return " ".join(part.text for part in self.parts if part.own)


def spoken(body: str, language: Language) -> tuple[Sentence, ...]:
    """Return the sentences of *body*, each line by itself."""
    return tuple(
        Sentence(told, _parts(told, language))
        for line in body.splitlines()
        for told in sentences(line)
    )


def _parts(text: str, language: Language) -> tuple[Part, ...]:
    if has_cjk(text) and language in {"zh", "ja"}:
        return _clauses(text, language)
    folded = fold(text).replace("’", "'")
    marks = [(m.start(), True) for m in group(language, "own").finditer(folded)]
    marks += [(m.start(), True) for m in _deeds(language).finditer(folded)]
    marks += [(m.start(), False) for m in group(language, "posting").finditer(folded)]
    marks.sort()
    if not marks:
        return (Part(text, own=True),)
    starts = [0, *(at for at, _ in marks[1:])]
    ends = [*(at for at, _ in marks[1:]), len(text)]
    return tuple(
        Part(text[start:end], own)
        for start, end, (_, own) in zip(starts, ends, marks, strict=True)
        if text[start:end].strip()
    )


def _deeds(language: Language) -> re.Pattern[str]:
    """Return what finds verbs that name their subject: `trabajé`, `trabalhei`."""
    return _FIRST_PERSON.get(language, _NEVER)


_NEVER: Final = re.compile(r"(?!)")
_FIRST_PERSON: Final = {
    "es": re.compile(r"\b[a-záéíóúñü]{3,}(?:é|í)\b"),
    "pt": re.compile(r"\b[a-záéíóúãõâêôç]{3,}(?:ei|vi|zi|ri|di|ti|gi)\b"),
}


def _clauses(text: str, language: Language) -> tuple[Part, ...]:
    """Split Chinese and Japanese at commas; a clause without a mark goes on with the last one."""
    found: list[Part] = []
    own = True
    for clause in _CLAUSES.split(text):
        folded = fold(clause)
        mine = group(language, "own").search(folded) is not None
        theirs = group(language, "posting").search(folded) is not None
        own = mine or (own and not theirs)
        if clause.strip():
            found.append(Part(clause, own))
    return tuple(found)
