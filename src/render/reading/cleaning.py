"""How characters from documents become plain text: one spelling, nothing invisible."""

import re
import unicodedata
from typing import Final

T1_LIGATURES: Final = {0x1B: "ff", 0x1C: "fi", 0x1D: "fl", 0x1E: "ffi", 0x1F: "ffl"}
"""Where TeX's T1 fonts without a Unicode map keep their ligatures."""

BULLETS: Final = "•◦‣▪▫■□●○◆◇◈►▶▸➢➤➔→⁃∙★☆✓✔✦❖❑❒⦁⚫◾◽"
"""Glyphs that only ever stand at the start of a list item."""

_SPELLINGS: Final = str.maketrans(
    {
        "\u00ad": "-",
        "\u2010": "-",
        "\u2011": "-",
        "\u2212": "-",
        "\uf0b7": "•",  # Symbol and Wingdings bullets as Word writes them
        "\uf0a7": "•",
        "\uf0d8": "•",
        "\uf076": "•",
        "\uf0fc": "•",
        "\uf02d": "-",
    }
)
_DIGIT_FROM: Final = 0xF356
"""Font Awesome 4's private digits 0-9, which some templates use for phone numbers."""

_HYPHEN_TWINS: Final = re.compile(r"[-\u2010\u2011]*\u00ad[-\u2010\u2011\u00ad]*")
"""One hyphen that a word processor wrote as two or three characters."""
_SPACES: Final = re.compile(r"\s+")
_WIDE: Final = re.compile(r"\s*(?:\t|\s\s)\s*")
_LEADING_BULLET: Final = re.compile(rf"[{BULLETS}]\s*(?=\S)")
_INVISIBLE: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))


def normalise(text: str) -> str:
    """Return *text* as one line: NFKC, no control, private or unpaired characters.

    A gap (a tab or two spaces) stays two spaces, every other white space is one space, and a
    list item starts with "• " whatever its glyph.
    """
    hyphened = _HYPHEN_TWINS.sub("-", text).translate(_SPELLINGS)
    spelled = unicodedata.normalize("NFKC", hyphened).translate(_SPELLINGS)
    kept = "".join(_visible(char) for char in spelled)
    pieces = [_SPACES.sub(" ", piece).strip() for piece in _WIDE.split(kept)]
    return _with_bullet("  ".join(piece for piece in pieces if piece))


def _with_bullet(line: str) -> str:
    found = _LEADING_BULLET.match(line)
    return "• " + line[found.end() :] if found else line


def _visible(char: str) -> str:
    if char == "\t" or char.isprintable():
        return char
    code = ord(char)
    if _DIGIT_FROM <= code < _DIGIT_FROM + 10:
        return str(code - _DIGIT_FROM)
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) in _INVISIBLE else char


def quality(text: str) -> float:
    """Return 1 for clean text, less for control characters, unmapped glyphs and glued words."""
    if not text:
        return 0.0
    control = sum(1 for char in text if unicodedata.category(char) == "Cc" and char not in "\n\t")
    control += text.count("\ufffd")
    glued = sum(len(word) for word in re.findall(r"[A-Za-z]{24,}", text))
    unmapped = len(re.findall(r"\(cid:\d+\)", text)) * 7
    return 1 - (3 * control + glued + unmapped) / len(text)
