"""Cut a job posting into lines and tell what each is for: asked, wished, duty or noise."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from commands.tailoring.lexicon import lexicon
from commands.tailoring.text import CJK, fold, has_cjk

SectionKind = Literal["required", "preferred", "duties", "intro", "noise"]

_KINDS: Final[tuple[SectionKind, ...]] = ("preferred", "noise", "required", "duties")
_COMPANY_HEADING: Final = re.compile(
    r"^about (?!you|the (?:role|job|position|opportunity))", re.IGNORECASE
)
_MARKUP: Final = re.compile(r"\[([^\]\[]{0,300})\]\([^()]{0,500}\)|[*_`]{1,3}")
_LEAD: Final = re.compile(r"^\s*(?:#{1,6}\s+|[-*•●▪◦·–‣■・]\s*|\d{1,2}[.)、]\s+)+")
_BULLET: Final = re.compile(r"^\s*(?:[-*•●▪◦·–‣■・]\s*(?!\*)|\d{1,2}[.)、]\s+)\S")
_SOFTENER: Final = re.compile(
    r"\b(?:is|are|would be|considered) (?:a )?(?:strong |big |huge )?(?:plus|bonus)|nice to have|"
    r"preferred|desirable|advantage|ideally|se valora|deseable|es un plus|"
    r"diferencial|desejável|加分|优先|歓迎|尚可",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a posting without its markup, and what it is for."""

    text: str
    kind: SectionKind
    heading: bool
    bullet: bool


def read_lines(posting: str) -> tuple[Line, ...]:
    """Return the lines of *posting* that hold text, each once, with their sections.

    A posting that never says what it requires, requires what its introduction names.
    """
    lines: list[Line] = []
    seen: set[str] = set()
    kind: SectionKind = "intro"
    for raw in posting.splitlines():
        text = _unmarked(raw)
        if not text:
            continue
        if _is_heading(raw, text):
            kind = _kind_of(text, kind)
            lines.append(Line(text, kind, heading=True, bullet=False))
        elif fold(text) not in seen:
            seen.add(fold(text))
            bullet = bool(_BULLET.match(raw))
            lines += [_line(part, kind, bullet=bullet) for part in _parts(text)]
    if not any(line.kind == "required" and not line.heading for line in lines):
        return tuple(_promoted(line) for line in lines)
    return tuple(lines)


def _parts(text: str) -> list[str]:
    """Split where a wish may stand beside a demand: sentences, and Chinese or Japanese clauses."""
    clauses = "，、" if _SOFTENER.search(text) and has_cjk(text) else ""
    cuts = re.compile(rf"(?<=[.!?;])\s+(?=[A-ZÀ-Ý])|(?<=[。；{clauses}])")
    return [part.strip() for part in cuts.split(text) if part.strip()]


def _line(text: str, kind: SectionKind, *, bullet: bool) -> Line:
    wished = kind != "noise" and _SOFTENER.search(text) is not None
    return Line(text, "preferred" if wished else kind, heading=False, bullet=bullet)


def _promoted(line: Line) -> Line:
    if line.kind != "intro" or line.heading:
        return line
    return Line(line.text, "required", line.heading, line.bullet)


def _unmarked(raw: str) -> str:
    text = _MARKUP.sub(lambda match: match[1] or "", _LEAD.sub("", raw))
    return " ".join(text.replace("\u2010", "-").replace("\u2011", "-").split())


def _is_heading(raw: str, text: str) -> bool:
    if len(text) > 70 or text.endswith((".", "。", ",", ";")) or _BULLET.match(raw):
        return False
    marked = raw.lstrip().startswith("#") or re.fullmatch(r"\s*\*\*.+\*\*:?\s*", raw) is not None
    short = len(text.split()) <= 6 and len(re.findall(f"[{CJK}]", text)) <= 14
    ended = (
        text.endswith((":", "：", "?", "？")) or re.fullmatch(r"[【\[].+[】\]]", text) is not None
    )
    if marked or (short and ended):
        return True
    announces = short and _match(text) is not None and text[:1] == text[:1].upper()
    return announces and not lexicon().find(text)  # `Python experience` asks for Python


def _match(text: str) -> SectionKind | None:
    if _COMPANY_HEADING.search(text):
        return "noise"
    return next((kind for kind, pattern in _patterns() if pattern.search(text)), None)


@cache
def _patterns() -> tuple[tuple[SectionKind, re.Pattern[str]], ...]:
    rows = (files("commands.tailoring") / "headings.tsv").read_text("utf-8").splitlines()
    cells = [row.split("\t") for row in rows if row and not row.startswith("#")]
    return tuple(
        (kind, re.compile("|".join(p for k, p in cells if k == kind), re.IGNORECASE))
        for kind in _KINDS
    )


def _kind_of(heading: str, current: SectionKind) -> SectionKind:
    found = _match(heading)
    if found is not None:
        return found
    return "intro" if current == "noise" else current
