"""Entries of projects: name, role, links, and what was done."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from render.parsing.contacts import URL, urls_in
from render.parsing.entries import entries_of
from render.parsing.model import Entry, Found, Line
from render.parsing.pieces import pieces_of, title_score
from render.parsing.trail import joined

MIN_NAME: Final = 6
"""A shorter name is found in too many addresses."""
MAX_LABEL: Final = 60

_ANCHOR: Final = re.compile(
    r"(?:github|gitlab|code|source|repo(?:sitory)?|demo|live|production|website|link|app|url)"
    r"(?: (?:link|demo|code|repo))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Project:
    """One project as it stands in the document."""

    name: Found | None
    role: Found | None
    years: Found | None
    github: Found | None
    website: Found | None
    description: tuple[Found, ...]


def projects_of(lines: Sequence[Line], links: Sequence[str]) -> list[Project]:
    """Return the projects of a section in order; *links* are those of the whole document."""
    return [_project(entry, links) for entry in entries_of(lines)]


def _project(entry: Entry, links: Sequence[str]) -> Project:
    urls = [Found(url, line.index) for line in entry.head for url in urls_in(line.text)]
    bare = [
        Line(line.index, URL.sub("", line.text), line.x, line.size, line.bold, line.bullet)
        for line in entry.head
    ]
    pieces = [one for one in pieces_of(bare) if not _ANCHOR.fullmatch(one.text)]
    role = next((one for one in pieces[1:] if title_score(one.text)), None)
    rest = [one.found for one in pieces[1:] if one != role]
    if pieces:
        name: Found | None = pieces[0].found
        body = list(entry.body)
    else:
        name, body = _named_by_body(entry.body)
    urls += _linked(name, links)
    left_over = joined(rest, " - ")
    return Project(
        name=name,
        role=role.found if role else None,
        years=entry.years,
        github=next((url for url in urls if "github.com/" in url.text.casefold()), None),
        website=next((url for url in urls if "github.com/" not in url.text.casefold()), None),
        description=((left_over,) if left_over else ()) + tuple(body),
    )


def _named_by_body(body: Sequence[Found]) -> tuple[Found | None, list[Found]]:
    """Return the name and the rest of a list item like "Refolio: Built a thing"."""
    if not body:
        return None, []
    first, *rest = body
    label, colon, said = first.text.partition(": ")
    if colon and len(label) < MAX_LABEL:
        return Found(label, first.line), [Found(said, first.line), *rest]
    return first, rest


def _linked(name: Found | None, links: Sequence[str]) -> list[Found]:
    """Return the links whose path holds the name of the project."""
    bare = _letters(name.text) if name else ""
    if name is None or len(bare) < MIN_NAME:
        return []
    web = [link for link in links if link.startswith("http")]
    return [Found(link, name.line) for link in web if bare in _letters(link.partition("//")[2])]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
