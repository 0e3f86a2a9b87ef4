"""A PDF page as runs of text: what stands together on one baseline, with its place."""

import ctypes
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

import pypdfium2.raw as pdfium_c

from render.reading.cleaning import T1_LIGATURES

GAP_EM: Final = 1.2
"""A gap wider than this, in letter heights, parts two runs."""
WORD_EM: Final = 0.15
"""A gap wider than this parts two words, whether or not the file has a space there."""
SPACED_EM: Final = 0.1
"""A usual gap wider than this between letters means that the run is set letter-spaced."""
HYPHEN: Final = "\x02"
"""Stands for a hyphen at the end of a line, which may or may not be part of the word."""

_HYPHENS: Final = (0x02, 0xFFFE)
_BOLD_WEIGHT: Final = 600
_SMALLEST_PT: Final = 3.0
"""What is smaller nobody can read; it is there for machines."""
_PALE: Final = 240
"""From here on, of 255, all three of red, green and blue are as good as white."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text without a wide gap. Places and `size`, the letter height, are in points.

    `pale` tells that it is white or nearly so: on a white page nobody sees it.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool = False
    pale: bool = False


@dataclass(frozen=True, slots=True)
class Glyph:
    """One visible character; `spaced` tells that the file has white space before it."""

    text: str
    left: float
    right: float
    base: float
    size: float
    index: int
    spaced: bool


def runs_of(text_page: Any, width: float, height: float) -> list[Run]:
    """Return the runs of a pdfium text page of this size in points, in the file's own order."""
    runs: list[Run] = []
    current: list[Glyph] = []
    for glyph in _glyphs(text_page, width, height):
        if current and not _continues(current[-1], glyph):
            runs.append(_run(text_page, current))
            current = []
        current.append(glyph)
    if current:
        runs.append(_run(text_page, current))
    return runs


def _glyphs(text_page: Any, width: float, height: float) -> Iterator[Glyph]:
    raw, box = text_page.raw, pdfium_c.FS_RECTF()
    x, y, matrix = ctypes.c_double(), ctypes.c_double(), pdfium_c.FS_MATRIX()
    spaced = False
    for index in range(text_page.count_chars()):
        code = pdfium_c.FPDFText_GetUnicode(raw, index)
        text = HYPHEN if code in _HYPHENS else T1_LIGATURES.get(code) or _char(code)
        if not text or text.isspace():
            spaced = True
            continue
        pdfium_c.FPDFText_GetLooseCharBox(raw, index, box)
        pdfium_c.FPDFText_GetCharOrigin(raw, index, x, y)
        if not (-1 <= box.left <= width + 1 and -1 <= y.value <= height + 1):
            spaced = True
            continue
        pdfium_c.FPDFText_GetMatrix(raw, index, matrix)
        scale = (matrix.b**2 + matrix.d**2) ** 0.5
        size = pdfium_c.FPDFText_GetFontSize(raw, index) * scale or box.top - box.bottom
        if 0 < size < _SMALLEST_PT:
            spaced = True
            continue
        yield Glyph(text, box.left, box.right, y.value, max(size, 1.0), index, spaced)
        spaced = False


def _char(code: int) -> str:
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF or code == 0:
        return ""
    return chr(code)


def _continues(before: Glyph, after: Glyph) -> bool:
    if (before.left, before.right, before.base) == (after.left, after.right, after.base):
        return True  # the letters of a ligature share its box
    size = max(before.size, after.size)
    gap = after.left - before.right
    return abs(after.base - before.base) < 0.4 * size and -0.8 * size <= gap <= GAP_EM * size


def _run(text_page: Any, glyphs: list[Glyph]) -> Run:
    gaps = [after.left - before.right for before, after in itertools.pairwise(glyphs)]
    size = median(glyph.size for glyph in glyphs)
    usual = median(gaps) if len(gaps) > 3 else 0.0
    parts = [glyphs[0].text]
    for glyph, gap in zip(glyphs[1:], gaps, strict=True):
        if _parts_words(glyph, gap, usual):
            parts.append(" ")
        parts.append(glyph.text)
    ends = (glyphs[min(2, len(glyphs) - 1)], glyphs[-1])
    return Run(
        text="".join(parts),
        left=glyphs[0].left,
        right=glyphs[-1].right,
        base=glyphs[0].base,
        size=round(size, 1),
        bold=all(_is_bold(text_page, glyph.index) for glyph in ends),
        pale=all(_is_pale(text_page, glyph.index) for glyph in ends),
    )


def _parts_words(glyph: Glyph, gap: float, usual: float) -> bool:
    if usual > SPACED_EM * glyph.size:
        return gap > 1.6 * usual
    return gap > (SPACED_EM if glyph.spaced else WORD_EM) * glyph.size


def _is_bold(text_page: Any, index: int) -> bool:
    if pdfium_c.FPDFText_GetFontWeight(text_page.raw, index) >= _BOLD_WEIGHT:
        return True
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    pdfium_c.FPDFText_GetFontInfo(text_page.raw, index, name, len(name), flags)
    return b"bold" in name.value.lower()


def _is_pale(text_page: Any, index: int) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    told = pdfium_c.FPDFText_GetFillColor(text_page.raw, index, red, green, blue, alpha)
    return bool(told) and min(red.value, green.value, blue.value) >= _PALE
