"""What a person states beside the resume: it backs edits like the resume's own words.

For a tailoring, statements stand in the source as a section of their own, so that engine and gate
find them where they look for everything; the result is without it. A stated skill that the
posting asks for and the resume does not name joins the resume's skills.
"""

from dataclasses import dataclass
from typing import Final

from commands.tailoring.asked import asked_of, status_of
from commands.tailoring.evidence import Evidence
from commands.tailoring.places import SKILLS, with_skills
from events.resume_data import CustomSection, ResumeData
from events.tailoring import Edit, JobAnalysis, Verdict

_SECTION: Final = "profile"
_NOT_LISTED: Final = frozenset({"soft", "tongue", "cert"})
"""Kinds that do not belong among technical skills."""


@dataclass(frozen=True, slots=True)
class Statements:
    """What somebody states about himself: a text, and skills by their names."""

    description: str = ""
    skills: tuple[str, ...] = ()

    @property
    def are_none(self) -> bool:
        """True when nothing is stated."""
        return not self.description.strip() and not self.skills


NOTHING_STATED: Final = Statements()


@dataclass(frozen=True, slots=True)
class Informed:
    """A source with statements in it, and what they add of themselves."""

    source: ResumeData
    verdicts: tuple[Verdict, ...] = ()
    section: str | None = None

    def without_statements(self, data: ResumeData) -> ResumeData:
        """Return a result without the section that the statements stood in."""
        if self.section is None:
            return data
        rest = {key: part for key, part in data.custom_sections.items() if key != self.section}
        return data.model_copy(update={"custom_sections": rest})


def informed(
    source: ResumeData, statements: Statements, analysis: JobAnalysis, job_description: str
) -> Informed:
    """Return *source* with what is stated beside it."""
    if statements.are_none:
        return Informed(source)
    key = _free_key(source)
    section = CustomSection(
        section_type="stringList",
        text=statements.description.strip() or None,
        strings=statements.skills,
    )
    told = source.model_copy(update={"custom_sections": {**source.custom_sections, key: section}})
    joining = _joining(source, statements, analysis, job_description)
    skills = (*source.additional.technical_skills, *(statements.skills[i] for i in joining))
    verdicts = tuple(_verdict(statements.skills[i], f"{_path(key)}[{i}]") for i in joining)
    return Informed(with_skills(told, skills) if joining else told, verdicts, key)


def _free_key(source: ResumeData) -> str:
    key = _SECTION
    while key in source.custom_sections:
        key += "_"
    return key


def _path(key: str) -> str:
    return f"customSections.{key}.strings"


def _joining(
    source: ResumeData, statements: Statements, analysis: JobAnalysis, job_description: str
) -> list[int]:
    """Return the indexes of stated skills that are asked for and nowhere in the resume."""
    own = Evidence(source)
    missing = [a for a in asked_of(analysis, job_description) if status_of(a, own) == "missing"]
    found: dict[str, int] = {}
    for i, skill in enumerate(statements.skills):
        stated = Evidence(ResumeData(summary=skill))
        for asked in missing:
            listed = asked.concept is None or asked.concept.category not in _NOT_LISTED
            if listed and status_of(asked, stated) in {"present", "alias"}:
                found.setdefault(asked.keyword, i)
    return sorted(set(found.values()))


def _verdict(skill: str, evidence: str) -> Verdict:
    return Verdict(
        edit=Edit(
            path=SKILLS,
            action="append",
            original=None,
            value=skill,
            reason="The posting asks for it, and the profile states it.",
            evidence=(evidence,),
        )
    )
