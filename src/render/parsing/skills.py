"""Skills and languages: lists behind labels, in rows, in bullets, in grids."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from render.parsing.entries import glued, is_prose
from render.parsing.lexicons import mentions, words, words_in
from render.parsing.model import Found, Line

MAX_WORDS: Final = 7
"""A skill has at most as many words; more is a sentence about skills."""
MAX_CJK: Final = 14

_LABEL: Final = re.compile(r"(?P<label>[^:]{2,45}?)\s*:\s*(?P<rest>.*)")
_SEPARATOR: Final = re.compile(r"\s{2,}|\s*[,;|•·∙、,;]\s*(?![^()]*\))")
_AND: Final = re.compile(r"^(?:and|&|und|y|e|et)\s+", re.IGNORECASE)
_CONJUNCTION: Final = re.compile(r" (?:and|und|y|e|et|&) ")
_LEAD: Final = re.compile(
    r"^(?:highly |very )?(?:proficient|fluent|skilled|experienced?|familiar|expert|competent|"
    r"knowledge(?:able)?|advanced|intermediate|working knowledge|strong|basic)"
    r"(?: knowledge| experience)? (?:in|with|at|of)\s+",
    re.IGNORECASE,
)
_LANGUAGE_LABEL: Final = re.compile(
    r"(?:spoken |foreign |natural )?(?:languages?|idiomas?|sprachen|langues|línguas|语言|言語)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Skills:
    """What a section of skills holds; `notes` are sentences, by the label above them."""

    skills: list[Found] = field(default_factory=list)
    languages: list[Found] = field(default_factory=list)
    notes: list[tuple[Found | None, Found]] = field(default_factory=list)


def skills_of(lines: Sequence[Line]) -> Skills:
    """Return the skills of a section, each once, and the natural languages among them."""
    found, label = Skills(), None
    for item in _items(lines):
        match = _LABEL.fullmatch(item.text)
        if match and not match["rest"]:
            label = Found(match["label"], item.line)
            found.skills.append(label)
        elif match and _LANGUAGE_LABEL.fullmatch(match["label"]) and _natural(match["rest"]):
            found.languages += split_list(Found(match["rest"], item.line))
        elif _is_sentence(match["rest"] if match else item.text):
            found.notes.append((label, item))
        else:
            found.skills += split_list(Found(match["rest"], item.line) if match else item)
    found.skills = unique(found.skills)
    return found


def _items(lines: Sequence[Line]) -> list[Found]:
    """Return the lines with wrapped ones joined; a row of a grid never joins the next."""
    items: list[Found] = []
    for at, line in enumerate(lines):
        before = lines[at - 1] if at else None
        wraps = before is not None and not line.bullet and _wraps(before, line)
        if wraps:
            items[-1] = Found(glued(items[-1].text, line.text), items[-1].line)
        else:
            items.append(line.found)
    return items


def _wraps(before: Line, line: Line) -> bool:
    if "  " in line.text or "  " in before.text or _LABEL.fullmatch(line.text):
        return False
    if before.text.endswith((",", "、", "&", "/")) or line.text[:1].islower():
        return True
    listed = before.text.count(",") > 1 and len(before.text) > 60
    return (listed and line.x <= before.x + 30) or (before.bullet and line.x > before.x + 3)


def split_list(item: Found) -> list[Found]:
    """Return the members of a written list, "and" and "proficient in" left out."""
    rest = _LEAD.sub("", item.text.strip(" ."))
    parts = [_AND.sub("", part.strip(" .")) for part in _SEPARATOR.split(rest)]
    return [Found(part, item.line) for one in parts for part in _by_and(one) if part]


def _by_and(text: str) -> list[str]:
    """Part "Windows and Mac OS", but not "Research and Development"."""
    left, _, right = _CONJUNCTION.sub("\n", text, count=1).partition("\n")
    named = right and left.count(" ") < 2 and right.count(" ") < 2
    products = any(char.isdigit() or char.isupper() for char in right[1:].split(" ")[-1])
    return [left, right] if named and products else [text]


def _natural(text: str) -> bool:
    return mentions(text, "languages") > 0


def _is_sentence(text: str) -> bool:
    parts = _SEPARATOR.split(text)
    if text.endswith("。") or (text.endswith(".") and len(text.split()) > MAX_WORDS):
        return True
    if not text.isascii() and sum(ord(char) > 0x2E80 for char in text) * 3 > len(text):
        return max(map(len, parts)) > MAX_CJK and is_prose(text)
    longest = max(len(part.split()) for part in parts)
    return longest > MAX_WORDS and not _LEAD.match(text)


def languages_of(lines: Iterable[Line]) -> Iterator[Found]:
    """Yield "English (Native)" for each language of a section, however it is written."""
    for line in lines:
        parts = [part for part in re.split(r"\s{2,}|\s*[|•·,;:]\s*", line.text) if part]
        if len(parts) == 2 and not _natural(parts[1]) and _natural(parts[0]):
            yield Found(f"{parts[0].rstrip(' :-–')} ({parts[1].strip('()')})", line.index)
        else:
            yield from (Found(part, line.index) for part in parts)


def unique(found: Iterable[Found]) -> list[Found]:
    """Return the finds without repeats, letter case aside, in their first order."""
    seen: dict[str, Found] = {}
    for one in found:
        seen.setdefault(one.text.casefold(), one)
    return list(seen.values())


def are_natural(found: Iterable[Found]) -> bool:
    """Tell whether most of the finds are names of human languages, not of programming ones."""
    marks = [bool(words("languages").intersection(words_in(one.text))) for one in found]
    return sum(marks) * 2 > len(marks)
