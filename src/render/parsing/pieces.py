"""Header lines of an entry, cut into the pieces that each say one thing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from render.parsing.lexicons import mentions, mentions_cjk, words, words_in
from render.parsing.model import Found, Line
from render.parsing.places import is_place, split_place

DASH: Final = " - "
COMMA: Final = ", "

_STRONG: Final = re.compile(r"\s{2,}|\s*[|•·∙]\s*")
_WEAK: Final = re.compile(r"\s+[–—-]{1,2}\s+|\s*[–—]\s*(?=[A-Z])")
_EDGES: Final = " ,;:–—-|•·/"
_AT: Final = re.compile(r"\s+(?:at|@|bei|chez)\s+", re.IGNORECASE)
_LEVEL: Final = re.compile(
    r"\s*(?:\(.*?\)|,?\s*\b(?:[IV]{1,3}|[1-5]|L\d|[jJ]r|[sS]r)\b\.?|/in|:in|\*in)\s*$"
)
_OLOGIST: Final = re.compile(
    r"\w{3,}(?:ologists?|icians?|ographers?|nomists?|apists?|iker(?:in)?|eurin|euse|trice)\b",
    re.IGNORECASE,
)
_OF: Final = re.compile(r"[\w-]+ (?:of|for|de|der|für|du|des|da|do)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a header line.

    `joint` is the dash or comma that parts it from the piece before, "" for anything stronger;
    `behind` tells that it follows an employer after a comma.
    """

    text: str
    line: int
    row: int
    joint: str = ""
    behind: bool = False

    @property
    def weak(self) -> bool:
        """True when only a dash parts it from the piece before."""
        return self.joint == DASH

    @property
    def is_place(self) -> bool:
        """True for the name of a place, and for what stands where only a place can stand."""
        return self.behind or is_place(self.text)

    @property
    def found(self) -> Found:
        """The piece as a find."""
        return Found(self.text, self.line)


def pieces_of(head: Sequence[Line]) -> list[Piece]:
    """Return the pieces of the header lines in order, commas left as they are."""
    pieces: list[Piece] = []
    for row, line in enumerate(head):
        for strong in _STRONG.split(line.text):
            for at, text in enumerate(_weakly(strong)):
                pieces.append(Piece(text, line.index, row, DASH if at else ""))
    return pieces


def _weakly(text: str) -> list[str]:
    bare = text.strip(_EDGES)
    if not any(map(str.isalnum, bare)):
        return []
    if is_place(bare):
        return [bare]
    return [part for part in (one.strip(_EDGES) for one in _WEAK.split(bare)) if part]


def title_score(text: str) -> int:
    """Return how much *text* reads like a job title: 2 by its head word, 1 by any word, or 0."""
    if mentions_cjk(text, "titles_cjk"):
        return 2
    bare = _LEVEL.sub("", text)
    found, known = words_in(bare), words("titles")
    if not found:
        return 0
    inside = bool(known.intersection(found)) or bool(_OLOGIST.search(bare))
    leads = found[-1] in known or (found[0] in known and bool(_OF.match(bare)))
    return max(0, inside + leads - (1 if organization_score(text) else 0))


def organization_score(text: str) -> int:
    """Return how many words of *text* only stand in names of organizations."""
    return mentions(text, "organizations") + mentions_cjk(text, "organizations_cjk")


def with_roles_split(pieces: Sequence[Piece]) -> list[Piece]:
    """Cut "Title at Company", "Title, Company" and a place at the end of a piece."""
    return [part for piece in pieces for part in _role_parts(piece)]


def _role_parts(piece: Piece) -> Iterator[Piece]:
    if is_place(piece.text):
        yield piece
        return
    rest, place = split_place(piece.text)
    title, *company = _AT.split(rest, maxsplit=1)
    if company and title_score(title):
        yield replace(piece, text=title.strip(_EDGES))
        yield replace(piece, text=company[0].strip(_EDGES), joint="")
    else:
        names, behind = _by_commas(rest)
        for at, name in enumerate(names):
            yield replace(piece, text=name, joint=COMMA if at else piece.joint)
        if behind:
            yield replace(piece, text=behind, joint="", behind=True)
    if place:
        yield replace(piece, text=place, joint="")


def _by_commas(text: str) -> tuple[list[str], str]:
    """Part titles from the rest: "Nexus AI, CTO", "Director, Product, Acme Inc, Trier"."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    titled = [bool(title_score(part)) for part in parts]
    if len(parts) < 2 or not any(titled) or all(titled):
        return [text], ""
    first = titled.index(True)
    if first > 0:
        return [", ".join(parts[:first]), ", ".join(parts[first:])], ""
    named = [at for at, part in enumerate(parts) if at and organization_score(part)]
    company = named[0] if named and not _is_legal_form(parts[named[0]]) else len(parts) - 1
    return [", ".join(parts[:company]), parts[company]], ", ".join(parts[company + 1 :])


def _is_legal_form(text: str) -> bool:
    """Tell whether *text* is only the "Inc" of "Acme, Inc"."""
    return len(words_in(text)) == 1
