"""A document as sections: what stands above the first heading, then heading after heading."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, TypeAlias

from events.document_text import DocumentText, TextLine
from render.parsing.contacts import has_contact
from render.parsing.headings import kind_of, named_headings, styled_headings
from render.parsing.model import Found, Line, Section, SectionKind
from render.parsing.places import find_place

_BULLET: Final = re.compile(r"(?:•|[-–*·›»](?=\s)|\(?\d{1,2}[.)](?=\s))\s*")
_PAGE: Final = re.compile(
    r"(?:.{0,40}\D)?(?:page\s+)?\d{1,2}\s*(?:/|of|von|de|sur)\s*\d{1,2}|(?:page|seite|página)?\s*\d",
    re.IGNORECASE,
)
_UPDATED: Final = re.compile(r"(?:last )?updated\b.{0,30}", re.IGNORECASE)
_INLINE: Final = re.compile(r"([^:]{3,30}):\s+(\S.*)")

_Open: TypeAlias = tuple[SectionKind, Found, list[Line]]


def lines_of(text: DocumentText) -> list[Line]:
    """Return the lines of *text* without page numbers and what every page repeats."""
    digitless = Counter(
        (re.sub(r"\d", "", line.text), line.page > 1) for line in text.lines if len(line.text) < 60
    )
    return [
        _line(index, line)
        for index, line in enumerate(text.lines)
        if not _is_furniture(line, digitless)
    ]


def _is_furniture(line: TextLine, digitless: Counter[tuple[str, bool]]) -> bool:
    if _PAGE.fullmatch(line.text) or _UPDATED.fullmatch(line.text):
        return True
    key = re.sub(r"\d", "", line.text)
    return line.page > 1 and key != line.text and digitless[(key, False)] == 1 and _ends(line.text)


def _ends(text: str) -> bool:
    return bool(re.search(r"\d\s*$", text)) and not re.search(r"(?:19|20)\d\d", text)


def _line(index: int, line: TextLine) -> Line:
    mark = _BULLET.match(line.text)
    text = line.text[mark.end() :] if mark else line.text
    bullet = bool(mark and text)
    return Line(index, text if bullet else line.text, line.x, line.size, line.bold, bullet)


def sections_of(lines: Sequence[Line]) -> tuple[list[Line], list[Section]]:
    """Return the lines above the first heading and the sections in order."""
    named = named_headings(lines)
    top = _top(lines, named)
    styled = _with_lines(lines, named, {at for at in styled_headings(lines, named) if at > top})
    head: list[Line] = []
    found: list[_Open] = []
    for line in lines:
        inline = None if found else _inline_heading(line)
        if line.index in named or line.index in styled:
            heading = Found(line.text.rstrip(" :-–—"), line.index)
            found.append((named.get(line.index, "custom"), heading, []))
        elif inline:
            found.append(inline)
        else:
            (found[-1][2] if found else head).append(line)
    if not found:
        head, found = _without_headings(head)
    return head, [Section(kind, heading, tuple(body)) for kind, heading, body in found]


def _with_lines(
    lines: Sequence[Line], named: dict[int, SectionKind], styled: set[int]
) -> set[int]:
    """Return the *styled* headings that neither follow a heading nor are followed by one."""
    kept: set[int] = set()
    for at, line in enumerate(lines):
        near = {other.index for other in (*lines[max(0, at - 1) : at], *lines[at + 1 : at + 2])}
        alone = not near & (named.keys() | kept) and at + 1 < len(lines)
        if line.index in styled and alone:
            kept.add(line.index)
    return kept


def _without_headings(lines: list[Line]) -> tuple[list[Line], list[_Open]]:
    """Keep what a document without headings says below its contacts as one section."""
    contacts = [at for at, line in enumerate(lines) if _is_contact(line.text)]
    last = max(contacts, default=0)
    head, body = lines[: last + 1], lines[last + 1 :]
    return head, [("custom", Found("Content", body[0].index), body)] if body else []


def _is_contact(text: str) -> bool:
    return has_contact(text) or bool(find_place(text))


def _top(lines: Sequence[Line], named: dict[int, SectionKind]) -> int:
    """Return the index down to which lines belong to name and contacts."""
    first = min(named, default=-1)
    contacts = [line.index for line in lines if has_contact(line.text) and line.index < first]
    return contacts[-1] if contacts else first


def _inline_heading(line: Line) -> _Open | None:
    """Return the section that a line like "Skills: Python, Go" opens and fills."""
    match = _INLINE.fullmatch(line.text)
    kind = kind_of(match[1]) if match and not line.bullet else None
    if match is None or kind is None or kind == "contact":
        return None
    rest = Line(line.index, match[2], line.x, line.size, line.bold, bullet=False)
    return kind, Found(match[1], line.index), [rest]
