"""Know skills and terms by all their names, and find them in text of any script."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from commands.tailoring.text import CJK, LETTER, fold, has_cjk, squash, unhyphened

_WORD: Final = re.compile(f"[{LETTER}]+")
_HAN: Final = re.compile(f"[{CJK}]")
_LISTED_BEFORE: Final = re.compile(
    r"(?:^|[,;:/|(（、，·•&+＋]|\b(?:in|with|using|of|on|and|or|y|e|o|ou|en|em|con|com))\s*$"
)
_LISTED_AFTER: Final = re.compile(r"^\s*(?:$|[,;/|)）、，·.。]|(?:and|or|y|e|o|ou)\b)")
_MID_SENTENCE: Final = re.compile(r"[a-zà-ÿ0-9] +$")
_NAME_GOES_ON: Final = re.compile(r"^(?: [A-ZÀ-Ý0-9]|-)")
_LEAST_NAME: Final = 4
_NEAR: Final = 100
"""So many letters around a name tell how it is used; to look further costs in long texts."""
"""From here on a capital in mid-sentence makes a common word a name: `jobs to Airflow`."""
_LOOSE_CASE: Final = frozenset({"lang", "web", "data", "cloud", "ops", "tool", "mobile"})
TECHNICAL: Final = _LOOSE_CASE | {"ml", "security"}
"""Categories whose presence makes a lone `C` or `Go` in the same text a language."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One skill or term: its name, its kind, and what having it means by definition."""

    name: str
    category: str
    spellings: frozenset[str]
    implies: tuple[str, ...]

    def key(self, form: str) -> str:
        """Return the same key for forms that differ only in spelling."""
        squashed = squash(form)
        return squash(self.name) if squashed in self.spellings else squashed


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text where a concept is named."""

    concept: Concept
    form: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Alias:
    folded: str
    lead: int
    concept: Concept
    exact: str | None
    listed: bool


class Lexicon:
    """All concepts, ready to be found. Finding costs about 1 ms a 1,000 words."""

    def __init__(self, concepts: dict[str, Concept], aliases: tuple[_Alias, ...]) -> None:
        self.concepts = concepts
        self._latin: dict[str, list[_Alias]] = {}
        self._han: dict[str, list[_Alias]] = {}
        for alias in sorted(aliases, key=lambda a: (-len(a.folded), a.folded)):
            first = _WORD.search(alias.folded)
            if has_cjk(alias.folded[0]):
                self._han.setdefault(alias.folded[0], []).append(alias)
            elif first is not None:
                self._latin.setdefault(first.group(), []).append(alias)

    def find(self, text: str) -> tuple[Mention, ...]:
        """Return the concepts named in *text*, in order, the longest name where several fit."""
        folded = unhyphened(fold(text))
        spans = [(m.start(), self._latin.get(m.group())) for m in _WORD.finditer(folded)]
        spans += [(m.start(), self._han.get(m.group())) for m in _HAN.finditer(folded)]
        found: list[tuple[_Alias, int, int]] = []
        taken = 0
        for start, candidates in sorted(spans, key=lambda span: span[0]):
            for alias in candidates or ():
                begin = start - alias.lead
                end = _fits(alias, text, folded, begin) if begin >= taken else None
                if end is not None:
                    found.append((alias, begin, end))
                    taken = end
                    break
        technical = any(a.concept.category in TECHNICAL and not a.listed for a, _, _ in found)
        return tuple(
            Mention(alias.concept, text[begin:end], begin, end)
            for alias, begin, end in found
            if not alias.listed or _is_listed(text, begin, end, alias, technical=technical)
        )

    def names(self, text: str) -> frozenset[str]:
        """Return the names of the concepts in *text*."""
        return frozenset(mention.concept.name for mention in self.find(text))

    def blanked(self, text: str) -> str:
        """Return *text* with spaces where it names concepts, every offset kept."""
        letters = list(text)
        for mention in self.find(text):
            letters[mention.start : mention.end] = " " * (mention.end - mention.start)
        return "".join(letters)


def _fits(alias: _Alias, text: str, folded: str, begin: int) -> int | None:
    """Return where *alias* ends when it stands at *begin*, or None."""
    end = begin + len(alias.folded)
    if begin < 0 or not folded.startswith(alias.folded, begin):
        return None
    if has_cjk(alias.folded[0]):
        return end
    if begin and re.match(f"[{LETTER}#@]", folded[begin - 1]):
        return None
    if alias.exact not in {None, text[begin:end]} and not _is_alone(text, begin, end):
        return None
    if folded[end : end + 1] == "s" and len(alias.folded) > 2 and not alias.listed:
        end += 1
    after = folded[end : end + 2]
    if re.match(f"[{LETTER}]", after) or (
        after[:1] in {"+", "#"} and after[:1] not in alias.folded
    ):
        return None
    return end


def _is_alone(text: str, begin: int, end: int) -> bool:
    return len(text) - (end - begin) <= _NEAR and text.strip() == text[begin:end]


def _is_listed(text: str, begin: int, end: int, alias: _Alias, *, technical: bool) -> bool:
    if _is_alone(text, begin, end):
        return True
    before, after = text[max(0, begin - _NEAR) : begin], text[end : end + _NEAR]
    if after[:1] in {"&", "'", "’"}:
        return False
    if len(alias.folded) >= _LEAST_NAME and has_cjk(before[-1:] + after[:1]):
        return True  # a Latin word amid Chinese or Japanese is a name
    if len(alias.folded) >= _LEAST_NAME and _MID_SENTENCE.search(before):
        return not _NAME_GOES_ON.match(after)
    listed = _LISTED_BEFORE.search(before) if before.strip() else _LISTED_AFTER.search(after)
    if len(alias.folded) <= 2:
        return technical and listed is not None and _LISTED_AFTER.search(after) is not None
    return listed is not None


@cache
def lexicon() -> Lexicon:
    """Return the packaged lexicon, read once (about 10 ms)."""
    rows = (files("commands.tailoring") / "lexicon.tsv").read_text("utf-8").splitlines()
    concepts: dict[str, Concept] = {}
    aliases: list[_Alias] = []
    for row in rows:
        if row and not row.startswith("# "):
            concept, own = _parse(row)
            concepts[concept.name] = concept
            aliases += own
    return Lexicon(concepts, tuple(aliases))


def _parse(row: str) -> tuple[Concept, list[_Alias]]:
    name, others, category, implied = (row + "\t\t\t").split("\t")[:4]
    marked = _items(others)
    spellings = {squash(name)} | {squash(item) for item in marked if item.startswith("=")}
    listed = {item[1:] for item in marked if item.startswith("!")}
    concept = Concept(name, category, frozenset(spellings), _items(implied))
    forms = {name, *(item.lstrip("=!") for item in marked)}
    return concept, [_alias(form, concept, listed=form in listed) for form in sorted(forms)]


def _items(cell: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in cell.split(";") if item.strip())


def _alias(form: str, concept: Concept, *, listed: bool) -> _Alias:
    folded = unhyphened(fold(form))
    first = _WORD.search(folded)
    acronym = form.isascii() and form.isalpha() and form.isupper() and len(form) <= 5
    exact = listed or (acronym and (len(form) <= 2 or concept.category not in _LOOSE_CASE))
    lead = 0 if first is None or has_cjk(folded[0]) else first.start()
    return _Alias(folded, lead, concept, form if exact else None, listed)
