"""Which lines are headings of sections, and of which."""

import re
from collections.abc import Callable, Sequence
from statistics import median
from typing import Final, cast

from render.parsing.dates import span_of
from render.parsing.lexicons import phrases
from render.parsing.model import Line, SectionKind
from render.parsing.pieces import organization_score, title_score

MAX_WORDS: Final = 6
LARGER_PT: Final = 0.6
"""A heading without a known name is set at least this much larger than the text."""

_NOISE: Final = re.compile(r"[^\w']+")
_LETTERS: Final = re.compile(r"(?:\b\w{1,2}\b ?){3,}")
_JOINTS: Final = re.compile(
    r"\s*(?:/|&|\+|,|\band\b|\by\b|\be\b|\bund\b|\bet\b|与|和|・)\s*", re.IGNORECASE
)


def heading_kind(line: Line) -> SectionKind | None:
    """Return which section the *line* opens by its wording alone, None for no heading."""
    text = line.text
    if line.bullet or len(text) > 60 or text[:1].islower() or text.endswith("."):
        return None
    return kind_of(text.rstrip(" :-–—"))


def kind_of(text: str) -> SectionKind | None:
    """Return the section that *text* names, alone or as parts like "Honors & Awards"."""
    table = phrases("headings")
    plain = _plain(text)
    if plain in table:
        return cast(SectionKind, table[plain])
    if _LETTERS.fullmatch(text + " "):
        squeezed = {phrase.replace(" ", ""): kind for phrase, kind in table.items()}
        return cast(SectionKind | None, squeezed.get(plain.replace(" ", "")))
    parts = [_plain(part) for part in _JOINTS.split(text)]
    kinds = [table.get(part) for part in parts]
    if len(parts) > 1 and any(kinds) and len(plain.split()) <= MAX_WORDS:
        known = [kind for kind in kinds if kind]
        return cast(SectionKind, known[0]) if len(known) == len(kinds) else None
    return None


def _plain(text: str) -> str:
    return _NOISE.sub(" ", text.casefold()).strip()


def named_headings(lines: Sequence[Line]) -> dict[int, SectionKind]:
    """Return the headings known by name, less those that are set unlike most of the others."""
    named = {line.index: kind for line in lines if (kind := heading_kind(line))}
    known = [line for line in lines if line.index in named]
    if len(known) < 3:
        return named
    for has_style in (_is_capital, _is_bold, _as_large(known)):
        kept = [line for line in known if has_style(line)]
        if len(kept) >= 0.6 * len(known):
            known = kept
    return {line.index: named[line.index] for line in known}


def _is_capital(line: Line) -> bool:
    return line.text.isupper()


def _is_bold(line: Line) -> bool:
    return line.bold


def _as_large(known: Sequence[Line]) -> Callable[[Line], bool]:
    size = median(line.size for line in known)
    return lambda line: line.size > size - 2 * LARGER_PT


def styled_headings(lines: Sequence[Line], named: dict[int, SectionKind]) -> set[int]:
    """Return the indexes of lines set like the *named* headings, though no list knows them."""
    known = [line for line in lines if line.index in named]
    if not known:
        return set()
    usual = median([line.size for line in lines if line.index not in named] or [0.0])
    size = median(line.size for line in known)
    larger = size >= usual + LARGER_PT
    capitals = all(line.text.isupper() for line in known)
    bold = sum(line.bold for line in known) * 2 > len(known)
    if not (larger or capitals):
        return set()
    could_be = _could_be if larger else _could_be_by_capitals
    return {
        line.index
        for line in lines
        if line.index not in named
        and could_be(line)
        and (not larger or abs(line.size - size) < LARGER_PT)
        and (not capitals or line.text.isupper())
        and (not bold or line.bold)
    }


def _could_be(line: Line) -> bool:
    text = line.text
    if line.bullet or "  " in text or "@" in text or len(text.split()) > MAX_WORDS:
        return False
    return any(char.isalpha() for char in text) and span_of(text) is None and len(text) > 3


def _could_be_by_capitals(line: Line) -> bool:
    """Capitals alone are weak: names of employers and titles are often set so, too."""
    text = line.text
    named = organization_score(text) or title_score(text) or any(map(str.isdigit, text))
    return _could_be(line) and " " in text and not named
