"""The LaTeX source of a resume: readable, complete, and the same for the same resume."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from events.generation import Template
from events.resume_data import ResumeData
from render.html import TEMPLATES, language_tag
from render.html_view import Entry, Group, Section, View, view_of
from render.latex.escaping import can_be_set, tex, texrich, texurl

SPLIT: Final = "%%% the resume\n"
"""What stands before it is the same for every resume of a template."""


def latex_source(data: ResumeData, template: Template, language: str) -> str:
    """Return a whole LaTeX document that any recent TeX system sets with pdfLaTeX.

    *language* is as for `render.html.render_html`. Every text is escaped; only http, https, mailto
    and tel addresses become links. Takes about 2 ms a page.
    """
    tag = language_tag(language)
    view = view_of(data, language=tag)
    return _environment().get_template(f"{template}/resume.tex.j2").render(view=view, language=tag)


def is_latin(data: ResumeData, language: str) -> bool:
    """Tell whether LaTeX's fonts have every character that the document would show."""
    view = view_of(data, language=language_tag(language))
    return all(map(can_be_set, texts_of(view)))


def texts_of(view: View) -> Iterator[str]:
    """Return every text that a document shows, in order."""
    header = view.header
    yield from (header.name, header.headline)
    yield from (link.text for row in header.contact for link in row)
    for section in view.sections:
        yield from _texts_of_section(section)


def _texts_of_section(section: Section) -> Iterator[str]:
    yield section.heading
    yield from section.paragraphs
    for entry in section.entries:
        yield from _texts_of_entry(entry)
    for group in section.groups:
        yield from _texts_of_group(group)
    yield from section.bullets


def _texts_of_entry(entry: Entry) -> Iterator[str]:
    yield from (entry.title, entry.years, *entry.subtitle)
    yield from (link.text for link in entry.links)
    yield from entry.paragraphs
    yield from entry.bullets


def _texts_of_group(group: Group) -> Iterator[str]:
    yield from (group.label, group.inline, *group.bullets)


@cache
def source_version(template: Template) -> str:
    """Return the template's name and a digest of everything that shapes its source."""
    folders = (TEMPLATES / "latex", TEMPLATES / template)
    written = [path for folder in folders for path in folder.glob("*.tex*")]
    code = [*Path(__file__).parent.glob("*.py"), *Path(__file__).parent.parent.glob("html*.py")]
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in sorted([*written, *code])))
    return f"{template}-{digest.hexdigest()[:8]}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701 every value goes through `tex`, not through HTML
        auto_reload=False,
        undefined=StrictUndefined,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"tex": tex, "texrich": texrich, "texurl": texurl}
    return environment
