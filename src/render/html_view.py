"""Orders a resume into what a template shows: a header and sections, none of them empty."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from events.resume_data import (
    Additional,
    CustomItem,
    CustomSection,
    Education,
    PersonalInfo,
    PersonalProject,
    ResumeData,
    SectionMeta,
    WorkExperience,
)
from render.html_text import (
    Link,
    bullet,
    clean,
    email_link,
    is_bulleted,
    lines,
    phone_link,
    web_link,
)
from render.html_words import Words, is_standard_name, words_of

DEFAULT_ORDER = (
    "personalInfo",
    "summary",
    "workExperience",
    "education",
    "personalProjects",
    "additional",
)
"""The sections of a resume that brings no section meta, in their order."""

MAX_DESCRIPTION_CHARS = 200

MAX_CONTACT_CHARS = 90
"""What fits on one line; more goes on two: how to reach the person, and their pages."""

MAX_YEARS_CHARS = 40
"""Longer ones than "September 2019 – December 2023, full-time" go below the title and wrap."""


@dataclass(frozen=True, slots=True)
class Header:
    """Who the resume is about and how to reach them, in rows."""

    name: str
    headline: str
    contact: tuple[tuple[Link, ...], ...]


_NOBODY = Header("", "", ())


@dataclass(frozen=True, slots=True)
class Entry:
    """One role, course, project or item."""

    title: str
    years: str = ""
    subtitle: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    paragraphs: tuple[str, ...] = ()
    bullets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A labelled list: on one line (`inline`) or as bullets. An empty label isn't shown."""

    label: str
    inline: str = ""
    bullets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One headed part of the resume."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    groups: tuple[Group, ...] = ()
    bullets: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True when only the heading would show."""
        return not (self.paragraphs or self.entries or self.groups or self.bullets)


@dataclass(frozen=True, slots=True)
class View:
    """A resume as a template shows it, with the facts about the document itself."""

    title: str
    author: str
    description: str
    keywords: str
    header: Header
    sections: tuple[Section, ...]
    colon: str


def view_of(data: ResumeData, *, language: str) -> View:
    """Return *data* in display order, named in *language* wherever the resume names nothing.

    A section is left out when it is empty or its meta hides it; a section the meta forgot comes
    last. A hidden `personalInfo` leaves its owner's name out of the document's facts as well.
    """
    words = words_of(language)
    metas = _metas(data)
    shown = [key for key, meta in metas.items() if meta is None or meta.is_visible]
    header = _header(data.personal_info) if "personalInfo" in shown else _NOBODY
    name = header.name
    sections = (_section(data, key, metas[key], words) for key in shown)
    summary = clean(data.summary) if "summary" in shown else ""
    skills = data.additional.technical_skills if "additional" in shown else ()
    return View(
        title=f"{name} – {words.document}" if name else words.document,
        author=name,
        description=header.headline or summary[:MAX_DESCRIPTION_CHARS],
        keywords=", ".join(_texts(skills)),
        header=header,
        sections=tuple(section for section in sections if section and not section.is_empty),
        colon=words.colon,
    )


def _metas(data: ResumeData) -> Mapping[str, SectionMeta | None]:
    ordered = sorted(data.section_meta or (), key=lambda meta: meta.order)
    metas: dict[str, SectionMeta | None] = {}
    for meta in ordered:
        metas.setdefault(meta.key, meta)
    for key in (*DEFAULT_ORDER, *data.custom_sections):
        metas.setdefault(key, None)
    return metas


def _header(info: PersonalInfo) -> Header:
    reach = _shown([email_link(info.email), phone_link(info.phone), Link(clean(info.location))])
    web = _shown(web_link(url or "") for url in (info.website, info.linkedin, info.github))
    fits = sum(len(link.text) + len(" · ") for link in reach + web) <= MAX_CONTACT_CHARS
    rows = (reach + web,) if fits else (reach, web)
    return Header(clean(info.name), clean(info.title), tuple(row for row in rows if row))


def _section(data: ResumeData, key: str, meta: SectionMeta | None, words: Words) -> Section | None:
    given = clean(meta.display_name) if meta else ""
    own_name = "" if is_standard_name(key, given) else given
    heading = own_name or words.sections.get(key, "")
    match key:
        case "personalInfo":
            return None
        case "summary":
            return Section(heading, paragraphs=lines(data.summary))
        case "workExperience":
            return Section(heading, entries=_entries(map(_work, data.work_experience)))
        case "education":
            return Section(heading, entries=_entries(map(_education, data.education)))
        case "personalProjects":
            return Section(heading, entries=_entries(map(_project, data.personal_projects)))
        case "additional":
            return _additional(data.additional, own_name, words)
        case _ if key in data.custom_sections:
            return _custom(data.custom_sections[key], own_name or _spoken(key))
        case _:
            return None


def _additional(additional: Additional, own_name: str, words: Words) -> Section:
    found = {
        "technicalSkills": _texts(additional.technical_skills),
        "languages": _texts(additional.languages),
        "certificationsTraining": _texts(additional.certifications_training),
        "awards": _texts(additional.awards),
    }
    keys = [key for key, texts in found.items() if texts]
    if len(keys) == 1:
        only = _group("", keys[0], found[keys[0]], words)
        return Section(own_name or words.groups[keys[0]], groups=(only,))
    heading = words.sections["additional"]
    if keys and keys[0] == "technicalSkills":
        heading = words.skills_and[keys[-1]]
    groups = (_group(words.groups[key], key, found[key], words) for key in keys)
    return Section(own_name or heading, groups=tuple(groups))


def _group(label: str, key: str, texts: tuple[str, ...], words: Words) -> Group:
    if key in {"technicalSkills", "languages"}:
        return Group(label, inline=words.comma.join(texts))
    return Group(label, bullets=texts)


def _custom(section: CustomSection, heading: str) -> Section:
    return Section(
        heading,
        paragraphs=lines(section.text or ""),
        entries=_entries(map(_item, section.items or ())),
        bullets=_texts(section.strings or ()),
    )


def _work(work: WorkExperience) -> Entry:
    return _entry(work.title, work.years, [work.company, work.location], _texts(work.description))


def _project(project: PersonalProject) -> Entry:
    links = (web_link(url) for url in (project.website, project.github) if url)
    return _entry(
        project.name,
        project.years,
        [project.role],
        _texts(project.description),
        links=_shown(links),
    )


def _item(item: CustomItem) -> Entry:
    return _entry(item.title, item.years, [item.subtitle, item.location], _texts(item.description))


def _education(education: Education) -> Entry:
    text = education.description or ""
    told = lines(text)
    listed = len(told) > 1 and all(map(is_bulleted, told))
    return _entry(
        education.degree,
        education.years,
        [education.institution],
        tuple(map(bullet, told)) if listed else (),
        paragraphs=() if listed else told,
    )


def _entry(
    title: str,
    years: str,
    subtitle: Iterable[str | None],
    bullets: tuple[str, ...],
    *,
    links: tuple[Link, ...] = (),
    paragraphs: tuple[str, ...] = (),
) -> Entry:
    """Return an entry whose first known name is its title, so that no entry stands nameless."""
    names = [name for part in (title, *subtitle) if (name := clean(part or ""))]
    when = clean(years)
    if len(when) > MAX_YEARS_CHARS:
        names, when = [*names, when], ""
    return Entry(names[0] if names else "", when, tuple(names[1:]), links, paragraphs, bullets)


def _entries(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry != Entry(""))


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(shown for text in texts if (shown := bullet(text)))


def _shown(links: Iterable[Link]) -> tuple[Link, ...]:
    return tuple(link for link in links if link.text)


def _spoken(key: str) -> str:
    """Make a heading of a key: `volunteer_work` reads Volunteer Work."""
    return " ".join(word[:1].upper() + word[1:] for word in clean(key).replace("_", " ").split())
