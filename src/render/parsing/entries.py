"""Lines of a section as entries: a header that carries a date, and what hangs below it."""

import itertools
import re
from collections.abc import Sequence
from typing import Final

from render.parsing.dates import is_length, span_of, without
from render.parsing.model import Entry, Found, Line
from render.parsing.places import is_place

LONG_CHARS: Final = 70
"""A header line without a date is shorter than this; longer is prose."""
LONG_CJK: Final = 22
MIN_INDENT: Final = 8.0
MAX_INDENT: Final = 60.0
"""Points by which list items stand to the right of their header, with or without a bullet."""

_LABEL: Final = re.compile(
    r"^(?:company|employer|organi[sz]ation|client|designation|role|position|job title|title|"
    r"duration|period|dates?|institution|university|college|degree|course|location)\s*:\s*",
    re.IGNORECASE,
)
_CLAUSE_END: Final = re.compile(r".*(?:[.;!?。;]|\.\)|…)$")
_OPEN_END: Final = re.compile(
    r".*(?:[,&(/+–-]|\b(?:a|an|the|and|or|of|in|for|with|to|by|on|at|as|from|using|that|which|und|"
    r"y|de|en|e|et|für|mit|con|com|pour))$",
    re.IGNORECASE,
)
_OPEN_HEAD: Final = re.compile(
    r".*\b(?:of|in|and|for|de|en|em|in der|der|für|et|y|e|&)$", re.IGNORECASE
)


def entries_of(lines: Sequence[Line]) -> list[Entry]:
    """Return the entries of a section in order; every line belongs to exactly one."""
    entries: list[Entry] = []
    head: list[Line] = []
    body: list[Line] = []
    for line, is_body in zip(lines, _body_lines(lines), strict=True):
        if is_body:
            body.append(line)
            continue
        if body:
            entries += _block(head, body)
            head, body = [], []
        head.append(line)
    entries += _block(head, body) if head or body else []
    return _with_footnotes(entries)


def _with_footnotes(entries: Sequence[Entry]) -> list[Entry]:
    """Give lines that only look like a header, set unlike the first one, to the entry above."""
    kept: list[Entry] = []
    for entry in entries:
        foreign = kept and not entry.years and not entry.body and entry.head
        if foreign and kept[0].head and not _set_alike(entry.head[0], kept[0].head[0]):
            kept[-1].body += [line.found for line in entry.head]
        else:
            kept.append(entry)
    return kept


def _set_alike(line: Line, other: Line) -> bool:
    return line.bold == other.bold and abs(line.size - other.size) < 0.6


def _body_lines(lines: Sequence[Line]) -> list[bool]:
    """Tell for each line whether it describes; the others are headers."""
    marks: list[bool] = []
    for at, line in enumerate(lines):
        before = lines[at - 1] if at else None
        if line.bullet:
            marks.append(True)
        elif before is not None and marks[-1]:
            marks.append(_goes_on(lines, at))
        else:
            under = before is not None and (_is_indented(before, line) or line.text.endswith(":"))
            described = is_prose(line.text) or under
            marks.append(described and span_of(line.text) is None)
    return marks


def _is_indented(before: Line, line: Line) -> bool:
    """Tell whether *line* stands a little to the right of a header, like a list item."""
    indent = line.x - before.x
    small = MIN_INDENT <= indent <= MAX_INDENT and bool(before.x)
    return small and not line.bold and not is_place(line.text) and not is_length(line.text)


def _goes_on(lines: Sequence[Line], at: int) -> bool:
    """Tell whether the line at *at*, after a line that describes, goes on describing."""
    line, before = lines[at], lines[at - 1]
    if line.text.endswith(":") and span_of(line.text) is None:
        return True
    if line.text[:1].islower() or _OPEN_END.fullmatch(before.text):
        return True
    if line.bold and not before.bold:
        return False
    item = next((other for other in reversed(lines[:at]) if other.bullet), None)
    if item is not None and line.x and line.x > item.x + 3 and line.size <= before.size + 0.3:
        return True
    if span_of(line.text) is not None:
        return False
    if is_prose(line.text):
        return True
    wrapped = item is None and len(before.text) > LONG_CHARS - 20 and line.x == before.x
    return wrapped and bool(line.x) and not _CLAUSE_END.fullmatch(before.text)


def is_prose(text: str) -> bool:
    """Tell whether *text* reads like a sentence rather than like a name."""
    if text.isascii() or sum(ord(char) > 0x2E80 for char in text) < len(text) / 3:
        words = text.split()
        lower = sum(word[0].islower() for word in words)
        sentence = len(words) > 6 and lower >= 0.6 * len(words)
        stopped = len(words) > 4 and text.endswith(".")
        return "  " not in text and (len(text) > LONG_CHARS or sentence or stopped)
    return len(text) > LONG_CJK and bool(re.search(r"[,。;、]", text))


def _block(head: Sequence[Line], body: Sequence[Line]) -> list[Entry]:
    """Return the entries of one run of header lines; the body belongs to the last."""
    lines = _joined(head)
    anchors = [at for at, line in enumerate(lines) if span_of(line.text)]
    starts = [0]
    for before, anchor in itertools.pairwise(anchors):
        starts.append(max(before + 1, anchor - anchors[0]))
    ends = [*starts[1:], len(lines)]
    entries = [_entry(lines[start:end]) for start, end in zip(starts, ends, strict=True)]
    entries[-1].body += items_of(body)
    return entries


def _joined(head: Sequence[Line]) -> list[Line]:
    """Put together header lines of which the first breaks off, like "Bachelor of Science in"."""
    joined: list[Line] = []
    for line in head:
        if joined and _OPEN_HEAD.fullmatch(joined[-1].text):
            last = joined[-1]
            text = f"{last.text} {line.text}"
            joined[-1] = Line(last.index, text, last.x, last.size, last.bold, last.bullet)
        else:
            joined.append(line)
    return joined


def _entry(lines: Sequence[Line]) -> Entry:
    entry = Entry()
    for line in lines:
        span = span_of(line.text)
        if span is None or entry.years is not None:
            text = line.text
        else:
            entry.years = Found(span.text, line.index)
            text = without(line.text, span)
        text = "  ".join(part for part in text.split("  ") if not is_length(part))
        text = _LABEL.sub("", text)
        if text:
            entry.head.append(Line(line.index, text, line.x, line.size, line.bold, line.bullet))
    return entry


def items_of(body: Sequence[Line]) -> list[Found]:
    """Return list items and paragraphs, each as one text although it was wrapped."""
    items: list[Found] = []
    for at, line in enumerate(body):
        before = body[at - 1] if at else None
        if before is None or line.bullet or _is_new_paragraph(before, line, body[:at]):
            items.append(line.found)
        else:
            items[-1] = Found(glued(items[-1].text, line.text), items[-1].line)
    return items


def _is_new_paragraph(before: Line, line: Line, earlier: Sequence[Line]) -> bool:
    if line.text[:1].islower() or _OPEN_END.fullmatch(before.text):
        return False
    if not line.x:
        return True
    listed = next((other for other in reversed(earlier) if other.bullet), None)
    if listed is not None:
        return line.x <= listed.x + 1
    longest = max(len(other.text) for other in (*earlier, line))
    ended = bool(_CLAUSE_END.fullmatch(before.text)) and len(before.text) < LONG_CHARS - 10
    return ended or len(before.text) < 0.8 * longest


def glued(head: str, tail: str) -> str:
    """Return two lines as one; Chinese and Japanese need no space between them."""
    wide = ord(head[-1]) > 0x2E80 and ord(tail[0]) > 0x2E80
    return head + tail if wide else f"{head} {tail}"
