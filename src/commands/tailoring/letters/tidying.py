"""Bring what a model wrote into the form that is kept: plain paragraphs, signed once."""

import re
import unicodedata
from typing import Final

from commands.tailoring.text import has_cjk, plain

_FENCE: Final = re.compile(r"^```[a-z]*\s*|\s*```$", re.IGNORECASE)
_SUBJECT: Final = re.compile(
    r"^\s*(?:subject|re|betreff|asunto|assunto|主题|件名)\s*[:：].*\n+", re.IGNORECASE
)
_DASH: Final = re.compile(r"\s*(?:[—―⸺]+|\s–\s|\s--+\s|(?<=\w)--+(?=\w))\s*")
_BLANKS: Final = re.compile(r"[ \t\u00a0\u3000]+")
_GAP: Final = re.compile(r"\n\s*\n\s*")


def tidy(text: str, name: str) -> str:
    """Return *text* without fences, subject and dashes, its paragraphs parted by a blank line.

    It ends with *name*, once; an empty name adds nothing. Words are never changed.
    """
    body = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    body = _SUBJECT.sub("", _FENCE.sub("", body.strip()))
    body = _DASH.sub("，" if has_cjk(body) else ", ", body)
    lines = (_BLANKS.sub(" ", line).strip() for line in _GAP.sub("\n\n", body).split("\n"))
    body = "\n".join(lines).strip()
    signature = " ".join(name.split())
    if not body or not signature:
        return body
    head, _, last = body.rpartition("\n")
    unsigned = head.rstrip() if plain(last).rstrip(".") == plain(signature) else body
    return f"{unsigned}\n{signature}"
