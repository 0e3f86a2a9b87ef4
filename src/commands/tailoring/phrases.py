"""Put plain words for inflated ones, in prose only and never inside a name."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from commands.tailoring.lexicon import lexicon
from commands.tailoring.text import LETTER, fold
from commands.tailoring.tongue import content
from events.tailoring import Language, Strategy

_ADDRESS: Final = re.compile(
    r"\b[^\s@]{1,64}@\S{1,200}|(?:https?://|www\.)\S+|\b[a-z0-9-]{1,63}\.[a-z]{2,4}/\S*",
    re.IGNORECASE,
)
_DASH: Final = re.compile(r"(?<=[^\W\d_)\]\"'”%+])(?:\s*—\s*|\s*---?\s*)(?=[^\W\d_(\[\"'“])")
_DASH_NAME: Final = "em dash"


@dataclass(frozen=True, slots=True)
class _Row:
    """A phrase and its plain words; `meant` when people may well have chosen it over these."""

    level: str
    phrase: str
    plain: str
    meant: str


@dataclass(frozen=True, slots=True)
class Plainer:
    """A text in plainer words, and the phrases that went, each once."""

    text: str
    removed: tuple[str, ...]


def plainer(
    text: str,
    *,
    language: Language,
    strategy: Strategy,
    names: tuple[str, ...],
    asked: frozenset[str],
    own: str,
) -> Plainer:
    """Return *text* without inflated phrases; dashes between words become commas.

    Phrases are English and go only from English text; under NUDGE only the worst ones do. *names*
    (employers, titles, projects, listed skills), skills of the lexicon, addresses and whatever is
    *asked* for stay as they are, and so does what stands in the person's *own* text where the
    plain word would say less, or something else. A number range such as `2019—2020` keeps its
    dash.
    """
    kept = _kept_spans(text, names)
    removed: list[str] = []
    result = text
    if language == "en":
        for phrase, plain, pattern in _phrases():
            meant = phrase in _meant() and pattern.search(own)
            if (strategy == "NUDGE" and phrase not in _least()) or phrase in asked or meant:
                continue
            result, count = _replace(result, pattern, plain, kept)
            if count:
                removed.append(phrase)
                kept = _kept_spans(result, names)
    result, count = _replace(result, _DASH, ", ", kept)
    if count:
        removed.append(_DASH_NAME)
    return Plainer(_tidy(result) if removed else text, tuple(removed))


def _kept_spans(text: str, names: tuple[str, ...]) -> list[tuple[int, int]]:
    folded = fold(text)
    spans = [(m.start(), m.end()) for m in _ADDRESS.finditer(text)]
    spans += [(m.start, m.end) for m in lexicon().find(text)]
    for name in names:
        wanted = fold(name).strip()
        if wanted:
            spans += [(m.start(), m.end()) for m in re.finditer(re.escape(wanted), folded)]
    return spans


def _replace(
    text: str, pattern: re.Pattern[str], plain: str, kept: list[tuple[int, int]]
) -> tuple[str, int]:
    count = 0

    def swap(match: re.Match[str]) -> str:
        nonlocal count
        if any(start < match.end() and match.start() < end for start, end in kept):
            return match.group()
        count += 1
        capital = match.group()[:1].isupper()
        return plain[:1].upper() + plain[1:] if capital else plain

    return pattern.sub(swap, text), count


def _tidy(text: str) -> str:
    tidy = re.sub(r"\s+([,.;:])", r"\1", re.sub(r"\s{2,}", " ", text)).strip()
    tidy = re.sub(r"^[,;:]\s*|,(?=[,.])", "", tidy)
    return tidy[:1].upper() + tidy[1:]


def phrases_in(posting: str) -> frozenset[str]:
    """Return the inflated phrases that a posting uses itself: these are its own words."""
    folded = fold(posting)
    return frozenset(phrase for phrase, _, pattern in _phrases() if pattern.search(folded))


@cache
def _rows() -> tuple[_Row, ...]:
    lines = (files("commands.tailoring") / "phrases.tsv").read_text("utf-8").splitlines()
    return tuple(_Row(*(line + "\t").split("\t")[:4]) for line in lines if line)


@cache
def _least() -> frozenset[str]:
    return frozenset(row.phrase for row in _rows() if row.level == "least")


@cache
def _meant() -> frozenset[str]:
    """Return the phrases that say more than their plain words, or something else at times."""
    return frozenset(row.phrase for row in _rows() if row.meant)


@cache
def _phrases() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Return phrase, plain word and pattern, the longest phrase first."""
    return tuple(
        (row.phrase, row.plain, _pattern(row.phrase))
        for row in sorted(_rows(), key=lambda row: (-len(row.phrase), row.phrase))
    )


def swapped(phrase: str) -> str:
    """Say what became of *phrase*, a name that `Plainer.removed` holds."""
    if phrase == _DASH_NAME:
        return "a comma stands for a long dash"
    plain = next(plain for known, plain, _ in _phrases() if known == phrase)
    return f"“{plain}” stands for “{phrase}”" if plain else f"“{phrase}” is gone"


def _pattern(phrase: str) -> re.Pattern[str]:
    words = r"[\s-]+".join(re.escape(word) for word in re.split(r"[\s-]", phrase))
    return re.compile(f"(?<![{LETTER}-]){words}(?![{LETTER}-])", re.IGNORECASE)


@cache
def inflated() -> frozenset[str]:
    """Return the stems of the English words that say nothing once put plainly."""
    return frozenset(
        word
        for row in _rows()
        if not content(row.plain, "en")
        for word in content(row.phrase, "en")
    )


@cache
def plain_words(stem: str) -> frozenset[str]:
    """Return the stems that may stand for an inflated English word, given by its *stem*."""
    return frozenset(
        word
        for row in _rows()
        if stem in content(row.phrase, "en")
        for word in content(row.plain, "en")
    )
