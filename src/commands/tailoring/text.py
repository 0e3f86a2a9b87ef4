"""Compare texts of any script letter by letter, without moving a single offset."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

LETTER: Final = "a-z0-9à-öø-ÿ"
"""What makes a Latin word, folded. Never `\\w`: it counts Han and kana as part of the word."""

CJK: Final = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Han, hiragana and katakana, as the inside of a character class."""

_HYPHENS: Final = "\u2010\u2011\u2012\u2013\u2014\u2212"
_SPACES: Final = str.maketrans("\t\n\r\v\f", "     ")
_JOINING_HYPHEN: Final = re.compile(f"(?<=[{LETTER}])-(?=[{LETTER}])")
_CJK_LETTER: Final = re.compile(f"[{CJK}]")


def fold(text: str) -> str:
    """Return *text* in lower case and plain width, every character at its old offset."""
    if text.isascii():
        return text.lower().translate(_SPACES)
    return "".join(_fold(letter) for letter in text)


@lru_cache(maxsize=4096)
def _fold(letter: str) -> str:
    if letter.isspace():
        return " "
    if letter in _HYPHENS:
        return "-"
    plain = unicodedata.normalize("NFKC", letter)
    low = (plain if len(plain) == 1 else letter).lower()
    return low if len(low) == 1 else letter


def unhyphened(folded: str) -> str:
    """Return *folded* text with a space for each hyphen inside a word: `full-stack`."""
    return _JOINING_HYPHEN.sub(" ", folded)


def plain(text: str) -> str:
    """Return *text* as it compares: NFKC, trimmed, without case."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def has_cjk(text: str) -> bool:
    """Tell whether *text* holds a Han character or kana."""
    return _CJK_LETTER.search(text) is not None


def squash(form: str) -> str:
    """Return what is left of a name when spelling does not count: `Type-Script` is `typescript`.

    A plural counts as its singular; `+` and `#` stay, so that C, C++ and C# differ.
    """
    words = re.findall(f"[{LETTER}{CJK}+#]+", fold(form))
    return "".join(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words)


def shortened(text: str, limit: int) -> str:
    """Return *text* cut to *limit* characters, with an ellipsis where it was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
