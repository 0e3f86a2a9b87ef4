"""Dates as people write them in resumes: points, ranges and seasons in seven languages."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from render.parsing.lexicons import phrases

_YEAR: Final = r"(?:19|20)\d\d"
_SEASONS: Final = (
    "spring|summer|fall|autumn|winter|primavera|verano|otoño|invierno|verão|outono|inverno|"
    "frühjahr|frühling|sommer|herbst|printemps|été|automne|hiver|q[1-4]|ws|ss"
)
_PRESENT: Final = (
    "present|till date|date|till now|current|currently|now|today|ongoing|to date|"
    "actualidad|actual|presente|hoy|"
    "la actualidad|el presente|atual|atualmente|o momento|hoje|heute|aktuell|laufend|"
    "aujourd['’]hui|présent|ce jour|actuel|至今|现在|今|現在"
)
_DASH: Final = (
    r"\s*(?:-{1,3}|–|—|~|〜|∼|→|至|から|\bto\b|\buntil\b|\btill\b|\bthrough\b|\bbis\b|\bhasta\b|"
    r"\baté\b|\bjusqu['’]à\b|\bau\b|\ba\b|\bà\b)\s*"
)
_LABELS: Final = re.compile(
    r"(?:\b(?:expected|anticipated|graduat\w+|class of|completed|date|duration|period|from|von|de|"
    r"erwartet)\b[\s:]*)+$",
    re.IGNORECASE,
)
_LENGTH: Final = re.compile(
    r"\(?\s*(?:\d+\s*(?:years?|yrs?|y|años?|anos?|jahre?n?|ans?|年)\s*)?(?:(?:and|,|y|e|und|et)?\s*"
    r"\d+\s*(?:months?|mos?|m|meses|mes|monate?n?|mois|个月|ヶ月|か月))?\s*\)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """A date or range: `start` and `end` are YYYY-MM, YYYY, or "present"; "" is not said.

    `begin` and `finish` bound it in the text, labels and brackets around it included.
    """

    start: str
    end: str
    text: str
    begin: int
    finish: int
    is_range: bool


@cache
def _months() -> str:
    return "|".join(sorted((re.escape(name) for name in phrases("months")), key=len, reverse=True))


@cache
def _point() -> str:
    month = rf"(?:{_months()})\b\.?"
    return (
        rf"(?:(?:{month}|\b(?:{_SEASONS}))\s*(?:\d{{1,2}}(?:st|nd|rd|th)?\s*,\s*)?(?:de|of|,|/)?\s*"
        rf"(?:{_YEAR}|['’]\d\d)"
        rf"|{_YEAR}\s*年(?:\s*\d{{1,2}}\s*月)?"
        rf"|{_YEAR}\s*[-/.]\s*(?:0[1-9]|1[0-2])(?!\d)(?:[-/.]\d{{1,2}}(?!\d))?"
        rf"|(?:\d{{1,2}}[./-])?(?:0?[1-9]|1[0-2])\s*[/.-]\s*{_YEAR}"
        rf"|\d{{1,2}}\.?\s+{month}\s+{_YEAR}"
        rf"|{_YEAR})"
    )


@cache
def _range_pattern() -> re.Pattern[str]:
    point, month = _point(), rf"(?:{_months()}|{_SEASONS})\b\.?"
    return re.compile(
        rf"(?<![\w/.$€£#-])(?P<start>{point}|{month}(?=\s*[-–—]))(?:{_DASH}"
        rf"(?P<end>{point}|{_PRESENT}|\d\d(?!\d))|\s*,\s*(?P<also>{_YEAR}))?(?![\w%+]|[.,/-]\d)",
        re.IGNORECASE,
    )


@cache
def _since_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:since|seit|depuis|desde)\s+(?P<start>{_point()})(?!\w)", re.IGNORECASE
    )


def spans_in(text: str) -> list[Span]:
    """Return the dates and ranges of *text* from left to right."""
    open_ended = [_since(found) for found in _since_pattern().finditer(text)]
    return open_ended or [_span(text, found) for found in _range_pattern().finditer(text)]


def span_of(text: str) -> Span | None:
    """Return the date a header line carries: its last range, or a date that stands apart."""
    spans = spans_in(text)
    ranges = [span for span in spans if span.is_range]
    apart = [span for span in spans if _stands_apart(text, span)]
    return next(reversed(ranges or apart), None)


def _stands_apart(text: str, span: Span) -> bool:
    before, after = text[: span.begin].rstrip(" "), text[span.finish :]
    gap = text[len(before) : span.begin]
    starts = not before or len(gap) > 1 or before[-1] in "|·•,;:–—-/(" or _is_month(span)
    return starts and (not after.strip(" ).]") or after.startswith(("  ", " |", " ·", " •", ":")))


def _is_month(span: Span) -> bool:
    return len(span.end) > 4


def without(text: str, span: Span) -> str:
    """Return *text* without the date, its brackets and the separators left over."""
    left = text[: span.begin].rstrip(" ,|·•–—-/:")
    right = text[span.finish :].lstrip(" ,|·•–—-/:")
    return f"{left}  {right}".strip() if left and right else (left or right).strip()


def is_length(text: str) -> bool:
    """Tell whether *text* only says how long something took, like "4 months"."""
    return bool(text.strip()) and bool(_LENGTH.fullmatch(text.strip()))


def _since(found: re.Match[str]) -> Span:
    return Span(
        start=_value(found["start"]),
        end="present",
        text=_tidy(found[0]),
        begin=found.start(),
        finish=found.end(),
        is_range=True,
    )


def _span(text: str, found: re.Match[str]) -> Span:
    start, end = found["start"], found["end"] or found["also"] or ""
    begin, finish = found.span()
    label = _LABELS.search(text[:begin])
    begin = label.start() if label else begin
    if text[begin - 1 : begin] in ("(", "[") and text[finish : finish + 1] in (")", "]"):
        begin, finish = begin - 1, finish + 1
    first, last = _value(start), _value(end) if end else ""
    if last and len(last) == 2:
        last = first[:2] + last
    if not first and last:
        month = phrases("months").get(start.casefold().rstrip("."))
        first = f"{last[:4]}-{int(month):02d}" if month else last[:4]
    joint = ", " if found["also"] else " - "
    shown = joint.join(_tidy(part) for part in (start, end) if part)
    return Span(first, last or first, shown, begin, finish, bool(end))


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _value(text: str) -> str:
    """Return YYYY-MM, YYYY, "present", a two-digit year as it is, or "" for a month alone."""
    lower = text.casefold()
    if re.fullmatch(_PRESENT, lower):
        return "present"
    if re.fullmatch(r"\d\d", lower):
        return lower
    year = re.search(rf"{_YEAR}|['’](\d\d)", lower)
    if year is None:
        return ""
    full = f"20{year[1]}" if year[1] else year[0]
    named = re.search(rf"\b({_months()})\b", lower)
    if named:
        return f"{full}-{int(phrases('months')[named[1]]):02d}"
    rest = re.findall(r"\d{1,2}(?!\d)", lower.replace(year[0], " ", 1))
    if not rest or re.match(r"(?:q\d|[a-zé])", lower):
        return full
    month = int(rest[-1] if lower.index(year[0]) > 0 else rest[0])
    return f"{full}-{month:02d}" if 1 <= month <= 12 else full
