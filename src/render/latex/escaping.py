"""Texts for LaTeX: every character means itself, and it is known which ones can be set at all."""

import re
from typing import Final

from render.html_text import clean, web_links

_SPECIAL: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
}
_SPECIALS: Final = re.compile("[" + re.escape("".join(_SPECIAL)) + "]")
_LIGATURES: Final = re.compile(r"-(?=-)|,(?=,)|[?!](?=\\textasciigrave)")
_SPELT: Final = str.maketrans(
    {
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "–",
        "\u2015": "—",
        "\u2026": "...",
        "\u2212": "–",
        "\ufb00": "ff",
        "\ufb01": "fi",
        "\ufb02": "fl",
    }
)
"""Signs that the fonts lack, by what looks the same."""
LETTERS: Final = frozenset(
    "¡¢£¤¥¦§©ª«¬®°±µ¶·¸º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ"
    "ĂăĄąĆćČčĎďđĘęĚěĞğİıĹĺĽľŁłŃńŇňŊŋŐőŒœŔŕŘřŚśŞşŠšŢţŤťŮůŰűŸŹźŻżŽž"
    "–—‘’‚“”„†‡•‰‹›⁄€₩№™←↑→↓"
)
"""What both font families set in each weight so that readers of the PDF get the same back.

Found by setting every candidate alone and extracting it by pypdf and PDFium.
"""
_LONG: Final = re.compile(r"[^\s]{31,}")
_PIECE: Final = 20


def spelt(text: str) -> str:
    """Return cleaned *text* with signs that LaTeX's fonts lack by what looks the same."""
    return clean(text).translate(_SPELT)


def can_be_set(text: str) -> bool:
    """Tell whether LaTeX sets every character of *text*."""
    return all(" " <= char <= "~" or char in LETTERS for char in spelt(text))


def tex(text: str) -> str:
    """Return *text* so that LaTeX shows just its characters; long words may break."""
    return "".join(_escaped(piece) for piece in _pieces(spelt(text)))


def texrich(text: str) -> str:
    """Return *text* as `tex` does, with its web addresses live."""
    return "".join(
        rf"\href{{{texurl(piece.href)}}}{{\cvlink{{{tex(piece.text)}}}}}"
        if piece.href
        else _spaced(piece.text)
        for piece in web_links(spelt(text))
    )


def texurl(url: str) -> str:
    """Return an address for `href`: what TeX would read otherwise is percent-encoded."""
    return re.sub(
        r"[^A-Za-z0-9:/?#@!$&'()*+,;=._~\[\]%-]|[{}\\^~#%&$_]",
        lambda char: {"#": r"\#", "%": r"\%", "&": r"\&", "_": r"\_", "$": r"\$"}.get(
            char[0], "".join(rf"\%{byte:02X}" for byte in char[0].encode())
        ),
        url,
    )


def _spaced(text: str) -> str:
    """Return *text* escaped, with the blanks at its ends, which stand beside a link."""
    before = " " if text[:1] == " " else ""
    after = " " if len(text) > 1 and text[-1:] == " " else ""
    return f"{before}{tex(text)}{after}"


def _pieces(text: str) -> list[str]:
    return re.split(r"(\s+)", text)


def _escaped(word: str) -> str:
    if not _LONG.fullmatch(word):
        return _protected(word)
    parts = (word[i : i + _PIECE] for i in range(0, len(word), _PIECE))
    return r"\cvspace{}".join(_protected(part) for part in parts)


def _protected(text: str) -> str:
    safe = _SPECIALS.sub(lambda match: _SPECIAL[match[0]], text)
    return _LIGATURES.sub(lambda match: match[0] + "{}", safe)
