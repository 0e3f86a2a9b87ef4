"""Name every text of a resume by its path, and put new texts where old ones stood."""

import re
from dataclasses import dataclass
from typing import Any, Final, Literal

from events.resume_data import ResumeData

PlaceKind = Literal["title", "summary", "bullet", "heading", "item", "study", "custom"]

_BULLET: Final = re.compile(
    r"(workExperience|personalProjects)\[(0|[1-9][0-9]{0,2})\]\.description"
    r"(?:\[(0|[1-9][0-9]{0,2})\])?"
)
SKILLS: Final = "additional.technicalSkills"
_LISTS: Final = ("technicalSkills", "languages", "certificationsTraining", "awards")


@dataclass(frozen=True, slots=True)
class Place:
    """One text of the resume. `entry` is the path of what it belongs to: a job, a project."""

    path: str
    text: str
    kind: PlaceKind
    entry: str = ""


@dataclass(frozen=True, slots=True)
class BulletPath:
    """Where an edit of bullets points: a list, or one line of it when `line` is not None."""

    section: Literal["workExperience", "personalProjects"]
    entry: int
    line: int | None

    @property
    def owner(self) -> str:
        """The path of the job or project."""
        return f"{self.section}[{self.entry}]"


def bullet_path(path: str) -> BulletPath | None:
    """Read a path of bullets; None when it is anything else, to the last character."""
    match = _BULLET.fullmatch(path)
    if match is None:
        return None
    section: Literal["workExperience", "personalProjects"] = (
        "workExperience" if match[1] == "workExperience" else "personalProjects"
    )
    return BulletPath(section, int(match[2]), None if match[3] is None else int(match[3]))


def bullets_at(data: ResumeData, path: BulletPath) -> tuple[str, ...] | None:
    """Return the bullets of the entry that *path* names, or None when there is no such entry."""
    entries = data.work_experience if path.section == "workExperience" else data.personal_projects
    return entries[path.entry].description if path.entry < len(entries) else None


def places(data: ResumeData) -> tuple[Place, ...]:
    """Return every text that says something about the person, in reading order.

    Names, addresses and dates are left out: they say nothing about what someone can do.
    """
    found = [
        Place("personalInfo.title", data.personal_info.title, "title"),
        Place("summary", data.summary, "summary"),
        *_work(data),
        *_projects(data),
        *_studies(data),
        *_lists(data),
        *_customs(data),
    ]
    return tuple(place for place in found if place.text.strip())


def _work(data: ResumeData) -> list[Place]:
    found = []
    for i, job in enumerate(data.work_experience):
        entry = f"workExperience[{i}]"
        found.append(Place(f"{entry}.title", job.title, "heading", entry))
        found.append(Place(f"{entry}.company", job.company, "heading", entry))
        found += _bullets(entry, job.description)
    return found


def _projects(data: ResumeData) -> list[Place]:
    found = []
    for i, project in enumerate(data.personal_projects):
        entry = f"personalProjects[{i}]"
        found.append(Place(f"{entry}.name", project.name, "heading", entry))
        found.append(Place(f"{entry}.role", project.role, "heading", entry))
        found += _bullets(entry, project.description)
    return found


def _bullets(entry: str, lines: tuple[str, ...]) -> list[Place]:
    return [
        Place(f"{entry}.description[{j}]", line, "bullet", entry) for j, line in enumerate(lines)
    ]


def _studies(data: ResumeData) -> list[Place]:
    found = []
    for i, study in enumerate(data.education):
        entry = f"education[{i}]"
        found.append(Place(f"{entry}.degree", study.degree, "study", entry))
        found.append(Place(f"{entry}.institution", study.institution, "study", entry))
        found.append(Place(f"{entry}.description", study.description or "", "study", entry))
    return found


def _lists(data: ResumeData) -> list[Place]:
    lists = data.additional.model_dump(by_alias=True)
    return [
        Place(f"additional.{key}[{i}]", text, "item")
        for key in _LISTS
        for i, text in enumerate(lists[key])
    ]


def _customs(data: ResumeData) -> list[Place]:
    found = []
    for key, section in data.custom_sections.items():
        base = f"customSections.{key}"
        found.append(Place(f"{base}.text", section.text or "", "custom", base))
        for i, text in enumerate(section.strings or ()):
            found.append(Place(f"{base}.strings[{i}]", text, "custom", base))
        for i, item in enumerate(section.items or ()):
            entry = f"{base}.items[{i}]"
            found.append(Place(f"{entry}.title", item.title, "custom", entry))
            found.append(Place(f"{entry}.subtitle", item.subtitle or "", "custom", entry))
            found += [
                Place(f"{entry}.description[{j}]", line, "custom", entry)
                for j, line in enumerate(item.description)
            ]
    return found


def with_summary(data: ResumeData, summary: str) -> ResumeData:
    """Return *data* with another summary."""
    return data.model_copy(update={"summary": summary})


def with_skills(data: ResumeData, skills: tuple[str, ...]) -> ResumeData:
    """Return *data* with its technical skills in another order."""
    lists = data.additional.model_copy(update={"technical_skills": skills})
    return data.model_copy(update={"additional": lists})


def with_bullets(data: ResumeData, path: BulletPath, bullets: tuple[str, ...]) -> ResumeData:
    """Return *data* with other bullets in one entry."""
    field = "work_experience" if path.section == "workExperience" else "personal_projects"
    entries: list[Any] = list(getattr(data, field))
    entries[path.entry] = entries[path.entry].model_copy(update={"description": bullets})
    return data.model_copy(update={field: tuple(entries)})
