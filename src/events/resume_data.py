"""The resume document: ResumeData, as clients send and receive it.

JSON keys are camelCase. Keys that are not listed here are kept as they came, on every level, so
that a client's own additions survive an edit. Missing text is "", a missing list is [], an
optional field is None.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Text = Annotated[str, Field(max_length=20_000)]
Texts = tuple[Text, ...]


class Part(BaseModel):
    """A frozen part of the document that keeps the keys it does not know."""

    model_config = ConfigDict(
        frozen=True, extra="allow", strict=True, alias_generator=to_camel, populate_by_name=True
    )


class PersonalInfo(Part):
    """Who the resume is about and how to reach them."""

    name: Text = ""
    title: Text = ""
    email: Text = ""
    phone: Text = ""
    location: Text = ""
    website: Text | None = None
    linkedin: Text | None = None
    github: Text | None = None


class WorkExperience(Part):
    """One role at one employer. `years` is free text such as "Jan 2020 - Present"."""

    id: int = 0
    title: Text = ""
    company: Text = ""
    location: Text | None = None
    years: Text = ""
    description: Texts = ()


class Education(Part):
    """One course of study. Its description is one text, not a list."""

    id: int = 0
    institution: Text = ""
    degree: Text = ""
    years: Text = ""
    description: Text | None = None


class PersonalProject(Part):
    """One project and what was done in it."""

    id: int = 0
    name: Text = ""
    role: Text = ""
    years: Text = ""
    github: Text | None = None
    website: Text | None = None
    description: Texts = ()


class Additional(Part):
    """The plain lists of a resume."""

    technical_skills: Texts = ()
    languages: Texts = ()
    certifications_training: Texts = ()
    awards: Texts = ()


SectionType = Literal["personalInfo", "text", "itemList", "stringList"]


class SectionMeta(Part):
    """How one section is named, ordered and shown."""

    id: Text
    key: Text
    display_name: Text
    section_type: SectionType
    is_default: bool = False
    is_visible: bool = True
    order: int = 0


class CustomItem(Part):
    """One entry of a custom section."""

    id: int = 0
    title: Text = ""
    subtitle: Text | None = None
    location: Text | None = None
    years: Text = ""
    description: Texts = ()


class CustomSection(Part):
    """A section beyond the standard ones; its type says which payload holds its content."""

    section_type: SectionType
    text: Text | None = None
    strings: Texts | None = None
    items: tuple[CustomItem, ...] | None = None


class ResumeData(Part):
    """A whole resume. `section_meta` stays None when the client never sent one."""

    personal_info: PersonalInfo = PersonalInfo()
    summary: Text = ""
    work_experience: tuple[WorkExperience, ...] = ()
    education: tuple[Education, ...] = ()
    personal_projects: tuple[PersonalProject, ...] = ()
    additional: Additional = Additional()
    section_meta: tuple[SectionMeta, ...] | None = Field(
        default=None, exclude_if=lambda value: value is None
    )
    custom_sections: dict[str, CustomSection] = {}

    @property
    def is_empty(self) -> bool:
        """True when there is nothing in it to render."""
        return self == ResumeData()
