"""Read a job out of a guest page. Everything in it is hostile text: it is only ever text."""

import html
import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from events.generation import PostedJob

MOST_TEXT: Final = 100_000
MOST_LINE: Final = 300
MOST_REQUIREMENTS: Final = 40
LEAST_TEXT: Final = 40
"""A description of fewer characters is none."""

MOST_TAGS: Final = 15_000
"""A job's page has some hundreds."""

_FORMATTING: Final = re.compile(
    r"<(/?)(a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE
)
"""Elements that a parser opens again in each paragraph: a few thousand of them fill the memory.

They are parsed under names that mean nothing, `x-b` for `b`.
"""
_TITLE: Final = "h2.top-card-layout__title, h1.top-card-layout__title, h1.topcard__title"
_COMPANY: Final = ".topcard__org-name-link, span.topcard__flavor"
_LOCATION: Final = "span.topcard__flavor--bullet"
_TEXT: Final = "div.show-more-less-html__markup, div.description__text"
_JSON: Final = 'script[type="application/ld+json"]'
_BLOCKS: Final = frozenset({"p", "div", "ul", "ol", "br", "h1", "h2", "h3", "h4", "li", "tr"})
_UNSEEN: Final = frozenset({"script", "style", "template", "noscript"})
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def job_in_page(page: str) -> PostedJob | None:
    """Return the job of a page: as schema.org has it, else as it is shown; None where none is."""
    if page.count("<") > MOST_TAGS:
        return None
    tree = _parsed(page)
    for told in _postings(tree):
        job = _job(
            told.get("title"),
            _name(told.get("hiringOrganization")),
            _place(told.get("jobLocation")),
            _described(told.get("description")),
        )
        if job is not None:
            return job
    shown = tree.css_first(_TEXT)
    return _job(
        _text(tree, _TITLE),
        _text(tree, _COMPANY),
        _text(tree, _LOCATION),
        _lines_of(shown) if shown is not None else [],
    )


def is_closed(page: str) -> bool:
    """Tell whether a page says that nobody can apply any more."""
    return "no longer accepting applications" in page.casefold()


def _job(title: object, company: object, location: object, lines: list[str]) -> PostedJob | None:
    text = "\n".join(lines)[:MOST_TEXT].strip()
    head = _line(title)
    if not head or len(text) < LEAST_TEXT:
        return None
    bullets = [line[2:] for line in lines if line.startswith("- ")]
    return PostedJob(
        title=head,
        company=_line(company),
        location=_line(location),
        requirements=tuple(bullets[:MOST_REQUIREMENTS]),
        text="\n".join(part for part in (head, _line(company), _line(location), "", text)),
    )


def _postings(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    for script in tree.css(_JSON):
        try:
            told = json.loads(script.text())
        except (ValueError, RecursionError):
            continue
        found = told.get("@graph", [told]) if isinstance(told, dict) else told
        for one in found if isinstance(found, list) else []:
            if isinstance(one, dict) and one.get("@type") == "JobPosting":
                yield one


def _name(told: object) -> object:
    return told.get("name") if isinstance(told, dict) else told


def _place(told: object) -> str:
    first = told[0] if isinstance(told, list) and told else told
    address = first.get("address") if isinstance(first, dict) else None
    if not isinstance(address, dict):
        return ""
    parts = (address.get("addressLocality"), address.get("addressRegion"))
    return ", ".join(part for part in parts if isinstance(part, str) and part.strip())


def _text(tree: LexborHTMLParser, selector: str) -> str:
    found = tree.css_first(selector)
    return found.text(separator=" ") if found is not None else ""


def _line(value: object) -> str:
    text = html.unescape(value) if isinstance(value, str) else ""
    return " ".join(_plain(text).split())[:MOST_LINE]


def _parsed(page: str) -> LexborHTMLParser:
    return LexborHTMLParser(_FORMATTING.sub(r"<\1x-\2", page))


def _described(told: object) -> list[str]:
    """Return the lines of a description, which is HTML, mostly written as text once more."""
    markup = html.unescape(told) if isinstance(told, str) else ""
    body = _parsed(markup).body if markup.count("<") <= MOST_TAGS else None
    return _lines_of(body) if body is not None else []


def _lines_of(node: LexborNode) -> list[str]:
    """Return the lines that a browser shows, entries of lists as `- …`."""
    pieces: list[str] = []
    _gather(node, pieces, depth=0)
    lines = (" ".join(line.split()) for line in _plain("".join(pieces)).split("\n"))
    return [line for line in lines if line and line != "-"]


def _gather(node: LexborNode, pieces: list[str], *, depth: int) -> None:
    if depth > 100:
        return
    child = node.child
    while child is not None:
        if child.tag == "-text":
            pieces.append((child.text_content or "").replace("\n", " "))
        elif child.tag not in _UNSEEN and not _HIDDEN.search(child.attributes.get("style") or ""):
            breaks = child.tag in _BLOCKS
            pieces.append("\n- " if child.tag == "li" else "\n" if breaks else "")
            _gather(child, pieces, depth=depth + 1)
            pieces.append("\n" if breaks else "")
        child = child.next


def _plain(text: str) -> str:
    """Return *text* without what cannot be seen."""
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Co"})
    return "".join(kept)
