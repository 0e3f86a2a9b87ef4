"""Runs in reading order become lines, and words broken at the end of a line become whole."""

import re
from dataclasses import dataclass, replace
from typing import Final

from events.document_text import TextLine
from render.reading.characters import HYPHEN, Run
from render.reading.cleaning import normalise


def words(text: str) -> frozenset[str]:
    """Return the words of *text*."""
    return frozenset(text.split())


_COMPOUND_ENDS: Final = words(
    """agnostic aware based build built centered centric class compatible critical driven edge
    end ended facing first focused free friendly functional grade heavy intensive level like
    native oriented party person powered purpose quality ready related risk scale side sized
    source specific speed stack stakeholder standing step strong style tech tenant term test
    throughput tier time wide winning year"""
)
"""Words that are written with a hyphen before them, so that it stays when a line ends there."""
_COMPOUND_STARTS: Final = words(
    """cloud community cross customer data event fast full half hands high long low mid object
    open problem real self server short single state third top two user well"""
)
_SUFFIXES: Final = words(
    """able ably age al ally ant ate ated ates ation ed ence ent ers ery est ful ic ical ics ies
    ing ings ion ions ish ism ist ists ity ive ize ized izes less ling ly ment ments ness or ous
    ship sion sive some ster tic tion tions ual ually ure ward wards"""
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Row:
    """A line before its text is normalised."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool


def lines_of(runs: list[Run], page: int) -> list[TextLine]:
    """Return the lines that *runs* in reading order make on this *page*."""
    rows: list[Row] = []
    for run in runs:
        row = Row(run.text, run.left, run.right, run.base, run.size, run.bold)
        before = rows[-1] if rows else None
        if before and abs(before.base - row.base) < 0.4 * row.size and row.left >= before.right:
            rows[-1] = replace(
                before,
                text=f"{before.text}\t{row.text}",
                right=row.right,
                size=max(before.size, row.size),
            )
        else:
            rows.append(row)
    return [line for row in rows if (line := _line(row, page)).text]


def _line(row: Row, page: int) -> TextLine:
    broken = row.text.endswith(HYPHEN)
    text = normalise(row.text.replace(HYPHEN, "-"))
    return TextLine(
        page=page,
        text=text[:-1] + HYPHEN if broken and text.endswith("-") else text,
        x=round(max(row.left, 0.0), 1),
        size=row.size,
        bold=row.bold,
    )


def join_hyphens(lines: list[TextLine]) -> list[TextLine]:
    """Make words whole that end one line with a hyphen and go on in the next."""
    known = {word.casefold() for line in lines for word in _WORD.findall(line.text)}
    joined: list[TextLine] = []
    for line in lines:
        if joined and joined[-1].text.endswith((HYPHEN, "-")) and line.text[:1].islower():
            head, (tail, _, rest) = joined[-1], line.text.partition(" ")
            joined[-1] = head.model_copy(update={"text": _whole(head.text, tail, known)})
            if not rest.strip():
                continue
            joined.append(line.model_copy(update={"text": rest.strip()}))
        else:
            joined.append(line)
    return [line.model_copy(update={"text": line.text.replace(HYPHEN, "-")}) for line in joined]


def _whole(head: str, tail: str, known: set[str]) -> str:
    """Return *head* with *tail*; the hyphen stays where the word is known to be written so."""
    stem = head[:-1]
    first = stem.rsplit(" ", 1)[-1].rsplit("-", 1)[-1].casefold().strip("(\"'“‘")
    second = tail.casefold().split("-", 1)[0].strip(".,;:)!?\"'”’")
    if not first.isalpha() or not second.isalpha():
        return f"{stem}-{tail}"
    if f"{first}-{second}" in known:
        return f"{stem}-{tail}"
    if first + second in known:
        return stem + tail
    if second in _SUFFIXES:
        return stem + tail
    compound = first in _COMPOUND_STARTS or second in _COMPOUND_ENDS
    return f"{stem}-{tail}" if compound else stem + tail
