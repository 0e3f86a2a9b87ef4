"""How long a letter may be, and how that is counted."""

import re
from dataclasses import dataclass
from typing import Final

from commands.tailoring.text import has_cjk
from events.letter import LetterKind
from events.tailoring import Language

_UNSPACED: Final[frozenset[Language]] = frozenset({"zh", "ja"})
"""Languages without spaces between words: there characters are counted."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Lengths in words; of Chinese and Japanese in characters, spaces not counted.

    What is asked for lies between `least` and `most`; what a model writes may be somewhat off.
    """

    least: int
    most: int

    @property
    def tolerated(self) -> range:
        """The lengths at which a letter is not refused."""
        return range(self.least * 3 // 4, self.most * 6 // 5 + 1)


_EXTENTS: Final[dict[LetterKind, dict[Language, Extent]]] = {
    "cover_letter": {
        **dict.fromkeys(("en", "es", "pt"), Extent(100, 150)),
        "zh": Extent(200, 350),
        "ja": Extent(250, 450),
    },
    "outreach": {
        **dict.fromkeys(("en", "es", "pt"), Extent(70, 100)),
        "zh": Extent(120, 220),
        "ja": Extent(150, 280),
    },
}


def extent_of(kind: LetterKind, language: Language) -> Extent:
    """Return how long a letter of this kind shall be."""
    return _EXTENTS[kind][language]


def length_of(text: str, language: Language) -> int:
    """Return how long *text* is: words, or characters without spaces."""
    if language in _UNSPACED and has_cjk(text):
        return len(re.sub(r"\s", "", text))
    return len(text.split())
