"""Renders a resume to one self-contained HTML page: for a browser, and for the PDF engine."""

import hashlib
import re
from functools import cache, partial
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from events.resume_data import ResumeData
from render.html_text import plain, rich
from render.html_view import view_of

PageSize = Literal["A4", "LETTER"]
Look = Literal["classic", "template1", "template2", "template3"]
"""The styles of a page: the classic ones, or those of a LaTeX template whose twin it is."""

TEMPLATE = "classic"
TEMPLATES = Path(__file__).parent / "templates"

_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_PAGE_CSS = {
    "A4": "@page{size:A4;margin:16mm 18mm 15mm}",
    "LETTER": "@page{size:letter;margin:15mm 18mm 14mm}",
}


def render_html(data: ResumeData, *, page: PageSize, language: str) -> str:
    """Return *data* as one HTML page that needs nothing from outside itself.

    *language* is a BCP 47 tag: it sets the document's language and the headings (English, Spanish,
    Portuguese, Chinese and Japanese are known; others get English ones). Every text is escaped;
    only http, https, mailto and tel addresses become links. Takes about 2 ms a page.
    """
    return _render(data, language=language, style=stylesheet(page))


def render_unstyled(data: ResumeData, *, language: str) -> str:
    """Return the same page without its styles, for an engine that has parsed them already."""
    return _render(data, language=language, style="")


def stylesheet(page: PageSize, look: Look = "classic") -> str:
    """Return all styles of the template for one page size."""
    twin = "" if look == "classic" else _css(TEMPLATES / look / "twin.css")
    return _PAGE_CSS[page] + _css(TEMPLATES / TEMPLATE / "resume.css") + twin


@cache
def template_version() -> str:
    """Return the template's name and a digest of everything that shapes the HTML."""
    styles = [*(TEMPLATES / TEMPLATE).iterdir(), *TEMPLATES.glob("*/twin.css")]
    sources = sorted([*Path(__file__).parent.glob("html*.py"), *styles])
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in sources))
    return f"{TEMPLATE}-{digest.hexdigest()[:8]}"


def _render(data: ResumeData, *, language: str, style: str) -> str:
    tag = language_tag(language)
    return (
        _environment()
        .get_template("resume.html.j2")
        .render(
            view=view_of(data, language=tag),
            language=tag,
            rich=partial(rich, language=tag),
            plain=partial(plain, language=tag),
            style=Markup(style),  # noqa: S704 - our own stylesheet
        )
    )


def language_tag(language: str) -> str:
    """Return *language* as a tag that names its script where fonts depend on it."""
    if not _LANGUAGE_TAG.fullmatch(language):
        return "en"
    primary = language.split("-", maxsplit=1)[0].lower()
    return {"zh": "zh-Hans", "ja": "ja", "ko": "ko"}.get(primary, language)


@cache
def _css(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES / TEMPLATE),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
