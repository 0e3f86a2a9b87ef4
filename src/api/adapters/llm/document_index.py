"""Find out where a text stands in a document, line breaks and spacing aside."""

import unicodedata
from typing import Final

from events.document_text import DocumentText

_DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")
_QUOTES: Final = {**dict.fromkeys(map(ord, "\u2018\u2019\u02bc"), "'"), 0x201C: '"', 0x201D: '"'}
_LOOSE: Final = " .,;:|·•‣▪●○◦*-–—"
"""What may be missing at either end of a copied text."""
_SUFFIXES: Final = "+#"
"""What makes another name of a letter: C, C++, C#."""
_MOST_PLACES: Final = 100


class DocumentIndex:
    """The lines of one document, made searchable. Building it takes time linear in its length."""

    def __init__(self, text: DocumentText) -> None:
        lines = [line.text for line in text.lines]
        self._forms = (_Form(lines, keep_hyphens=True), _Form(lines, keep_hyphens=False))
        self._links = [_squashed(link) for link in text.links]

    def places(self, text: str) -> list[int]:
        """Return the 0-based lines where *text* begins, in order, at most a hundred.

        Letters, digits and inner punctuation must agree, in order and without a gap; case,
        width, spacing, line breaks, and the kind of dash and quote need not. It must be made of
        whole words.
        """
        needle = _squashed(text.strip(_LOOSE))
        if not needle:
            return []
        return next((found for form in self._forms if (found := form.places(needle))), [])

    def find(self, text: str, *, near: int = 0) -> int | None:
        """Return the line where *text* begins, the one nearest to line *near*, or None."""
        return min(self.places(text), key=lambda line: abs(line - near), default=None)

    def has_link(self, address: str) -> bool:
        """Tell whether *address* is the target of a link, whatever stands on the page."""
        wanted = _bare(_squashed(address))
        return bool(wanted) and any(_bare(link) == wanted for link in self._links)


class _Form:
    """All lines as one text without spaces, with the line and the gaps of every character."""

    def __init__(self, lines: list[str], *, keep_hyphens: bool) -> None:
        letters: list[str] = []
        self._line_of: list[int] = []
        self._after_gap: set[int] = set()
        wrapped = False
        for number, line in enumerate(lines):
            words = line.split()
            for at, word in enumerate(words):
                if not (wrapped and at == 0):
                    self._after_gap.add(len(letters))
                ends = at == len(words) - 1 and word.endswith("-") and word[-2:-1].isalpha()
                wrapped = ends and not keep_hyphens
                squashed = _squashed(word[:-1] if wrapped else word)
                letters += squashed
                self._line_of += [number] * len(squashed)
        self._text = "".join(letters)

    def places(self, needle: str) -> list[int]:
        """Return the lines where *needle* begins, each once, at most a hundred."""
        found: list[int] = []
        start = self._text.find(needle)
        while start >= 0 and len(found) < _MOST_PLACES:
            line = self._line_of[start]
            if self._is_whole(start, start + len(needle)) and line not in found:
                found.append(line)
            start = self._text.find(needle, start + 1)
        return found

    def _is_whole(self, start: int, end: int) -> bool:
        text = self._text
        cut_before = (
            start > 0
            and start not in self._after_gap
            and _is_latin(text[start])
            and _is_latin(text[start - 1])
        )
        cut_after = (
            end < len(text)
            and end not in self._after_gap
            and _is_latin(text[end - 1])
            and (_is_latin(text[end]) or text[end] in _SUFFIXES)
        )
        return not cut_before and not cut_after


def _is_latin(letter: str) -> bool:
    """Tell whether *letter* makes words that are set apart by spaces."""
    return letter.isalnum() and letter < "\u2e80"


def _squashed(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_DASHES | _QUOTES)
    return "".join(plain.split())


def _bare(address: str) -> str:
    for prefix in ("mailto:", "tel:", "https://", "http://", "www."):
        address = address.removeprefix(prefix)
    return address.rstrip("/")
