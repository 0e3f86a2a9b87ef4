"""The text of a document as a resume: every section read by its own rules."""

from collections.abc import Iterable, Sequence
from typing import Final

from events.document_text import DocumentText
from events.resume_data import (
    Additional,
    CustomItem,
    CustomSection,
    Education,
    PersonalInfo,
    PersonalProject,
    ResumeData,
    WorkExperience,
)
from render.parsing.education import Study, studies_of
from render.parsing.entries import items_of
from render.parsing.model import Found, Line, ParsedResume, Section, SectionKind
from render.parsing.others import custom_section, key_of, list_items
from render.parsing.person import Person
from render.parsing.projects import Project, projects_of
from render.parsing.sections import lines_of, sections_of
from render.parsing.skills import Skills, are_natural, languages_of, skills_of, unique
from render.parsing.trail import Trail, joined
from render.parsing.work import Role, roles_of

NOTES_KEY: Final = "skill_details"


def parse_resume(text: DocumentText) -> ParsedResume:
    """Return the resume that *text* holds; the same text always gives the same resume.

    Every field that is not empty has its source. Nothing is guessed from outside the text, and
    what fits no field goes into a custom section.
    """
    lines = lines_of(text)
    if not lines:
        return ParsedResume(data=ResumeData(), sources=(), warnings=("The document is empty.",))
    trail = Trail()
    top, sections = sections_of(lines)
    reader = _Reader(sections, text.links, trail)
    person = Person(top, reader.lines("contact"), lines, text.links)
    data = ResumeData(
        personal_info=_personal_info(person, trail),
        summary=reader.summary(person),
        work_experience=reader.work(),
        education=reader.education(),
        personal_projects=reader.projects(),
        additional=reader.additional(),
        custom_sections=reader.custom_sections(),
    )
    return ParsedResume(
        data=data,
        sources=tuple(trail.sources),
        warnings=(*text.warnings, *_doubts(data, sections, trail)),
    )


def _personal_info(person: Person, trail: Trail) -> PersonalInfo:
    name = person.name()
    at = "personalInfo"
    return PersonalInfo(
        name=trail.text(f"{at}.name", name),
        title=trail.text(f"{at}.title", person.title(name)),
        email=trail.text(f"{at}.email", person.email()),
        phone=trail.text(f"{at}.phone", person.phone()),
        location=trail.text(f"{at}.location", person.location()),
        website=trail.optional(f"{at}.website", person.website()),
        linkedin=trail.optional(f"{at}.linkedin", person.linkedin()),
        github=trail.optional(f"{at}.github", person.github()),
    )


class _Reader:
    """Reads the sections of one document; sections of one kind count as one."""

    def __init__(self, sections: Sequence[Section], links: Sequence[str], trail: Trail) -> None:
        self._sections = sections
        self._links = links
        self._trail = trail
        self._skills = [skills_of(section.lines) for section in self._of("skills")]

    def _of(self, kind: SectionKind) -> list[Section]:
        return [section for section in self._sections if section.kind == kind]

    def lines(self, kind: SectionKind) -> list[Line]:
        """Return the lines of all sections of this *kind*."""
        return [line for section in self._of(kind) for line in section.lines]

    def summary(self, person: Person) -> str:
        """Return the summary, or the sentences at the top of the document."""
        items = items_of(self.lines("summary"))
        found = joined(items) if items else joined(person.prose())
        return self._trail.text("summary", found)

    def work(self) -> tuple[WorkExperience, ...]:
        """Return the roles of all sections of working life."""
        roles = [role for section in self._of("work") for role in roles_of(section.lines)]
        return tuple(_work(role, at, self._trail) for at, role in enumerate(roles))

    def education(self) -> tuple[Education, ...]:
        """Return the courses of study."""
        studies = [one for section in self._of("education") for one in studies_of(section.lines)]
        return tuple(_education(study, at, self._trail) for at, study in enumerate(studies))

    def projects(self) -> tuple[PersonalProject, ...]:
        """Return the projects."""
        projects = [
            one
            for section in self._of("projects")
            for one in projects_of(section.lines, self._links)
        ]
        return tuple(_project(project, at, self._trail) for at, project in enumerate(projects))

    def additional(self) -> Additional:
        """Return skills, languages, certificates and awards."""
        spoken = list(languages_of(self.lines("languages")))
        skills = [one for read in self._skills for one in read.skills]
        languages = [one for read in self._skills for one in read.languages]
        if are_natural(spoken) or not spoken:
            languages = [*spoken, *languages]
        else:
            skills += skills_of(self.lines("languages")).skills
        return Additional(
            technical_skills=self._list("technicalSkills", unique(skills)),
            languages=self._list("languages", unique(languages)),
            certifications_training=self._list(
                "certificationsTraining", list_items(self.lines("certifications"))
            ),
            awards=self._list("awards", list_items(self.lines("awards"))),
        )

    def _list(self, name: str, found: Iterable[Found]) -> tuple[str, ...]:
        return self._trail.texts(f"additional.{name}", found)

    def custom_sections(self) -> dict[str, CustomSection]:
        """Return every other section by its key, in the order of the document."""
        custom: dict[str, CustomSection] = {}
        for section in self._of("custom"):
            key = key_of(section.heading.text, tuple(custom))
            read = custom_section(section, f"customSections.{key}", self._trail)
            if read is not None:
                custom[key] = read
        if any(read.notes for read in self._skills):
            key = key_of(NOTES_KEY, tuple(custom))
            custom[key] = _notes(self._skills, f"customSections.{key}", self._trail)
        return custom


def _work(role: Role, number: int, trail: Trail) -> WorkExperience:
    at = f"workExperience[{number}]"
    return WorkExperience(
        id=number + 1,
        title=trail.text(f"{at}.title", role.title),
        company=trail.text(f"{at}.company", role.company),
        location=trail.optional(f"{at}.location", role.location),
        years=trail.text(f"{at}.years", role.years),
        description=trail.texts(f"{at}.description", role.description),
    )


def _education(study: Study, number: int, trail: Trail) -> Education:
    at = f"education[{number}]"
    return Education(
        id=number + 1,
        institution=trail.text(f"{at}.institution", study.institution),
        degree=trail.text(f"{at}.degree", study.degree),
        years=trail.text(f"{at}.years", study.years),
        description=trail.optional(f"{at}.description", joined(study.description, "; ")),
    )


def _project(project: Project, number: int, trail: Trail) -> PersonalProject:
    at = f"personalProjects[{number}]"
    return PersonalProject(
        id=number + 1,
        name=trail.text(f"{at}.name", project.name),
        role=trail.text(f"{at}.role", project.role),
        years=trail.text(f"{at}.years", project.years),
        github=trail.optional(f"{at}.github", project.github),
        website=trail.optional(f"{at}.website", project.website),
        description=trail.texts(f"{at}.description", project.description),
    )


def _notes(read: Sequence[Skills], path: str, trail: Trail) -> CustomSection:
    """Return sentences about skills as items, one for each label."""
    grouped: dict[Found | None, list[Found]] = {}
    for label, note in (pair for skills in read for pair in skills.notes):
        grouped.setdefault(label, []).append(note)
    items = tuple(
        CustomItem(
            id=number + 1,
            title=trail.text(f"{path}.items[{number}].title", label),
            description=trail.texts(f"{path}.items[{number}].description", notes),
        )
        for number, (label, notes) in enumerate(grouped.items())
    )
    return CustomSection(section_type="itemList", items=items)


def _doubts(data: ResumeData, sections: Sequence[Section], trail: Trail) -> list[str]:
    """Return what a person should look at, in sentences."""
    person = data.personal_info
    doubts = [
        (not sections, "No headings were recognised; sections may be missing."),
        (not person.name, "No name was found."),
        (not person.email, "No e-mail address was found."),
        (not data.work_experience, "No work experience was found."),
        (
            any(not role.years for role in data.work_experience),
            "Some roles have no dates.",
        ),
        (
            any(not (role.title and role.company) for role in data.work_experience),
            "Some roles lack a title or an employer.",
        ),
        (trail.cut, "Some texts were too long and were cut."),
    ]
    return [sentence for holds, sentence in doubts if holds]
