"""The words a resume template adds of its own, in every language we write."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in a document besides its owner's words, keyed as in the resume data.

    `skills_and` names the additional section after its last group when skills come first.
    """

    document: str
    sections: dict[str, str]
    groups: dict[str, str]
    skills_and: dict[str, str]
    colon: str = ": "
    comma: str = ", "


_ENGLISH: Final = Words(
    document="Resume",
    sections={
        "summary": "Summary",
        "workExperience": "Experience",
        "education": "Education",
        "personalProjects": "Projects",
        "additional": "Skills & Awards",
    },
    groups={
        "technicalSkills": "Skills",
        "languages": "Languages",
        "certificationsTraining": "Certifications",
        "awards": "Awards",
    },
    skills_and={
        "languages": "Skills & Languages",
        "certificationsTraining": "Skills & Certifications",
        "awards": "Skills & Awards",
    },
)

_SPANISH: Final = Words(
    document="Currículum",
    sections={
        "summary": "Resumen",
        "workExperience": "Experiencia",
        "education": "Educación",
        "personalProjects": "Proyectos",
        "additional": "Habilidades y premios",
    },
    groups={
        "technicalSkills": "Habilidades",
        "languages": "Idiomas",
        "certificationsTraining": "Certificaciones",
        "awards": "Premios",
    },
    skills_and={
        "languages": "Habilidades e idiomas",
        "certificationsTraining": "Habilidades y certificaciones",
        "awards": "Habilidades y premios",
    },
)

_PORTUGUESE: Final = Words(
    document="Currículo",
    sections={
        "summary": "Resumo",
        "workExperience": "Experiência",
        "education": "Educação",
        "personalProjects": "Projetos",
        "additional": "Habilidades e prêmios",
    },
    groups={
        "technicalSkills": "Habilidades",
        "languages": "Idiomas",
        "certificationsTraining": "Certificações",
        "awards": "Prêmios",
    },
    skills_and={
        "languages": "Habilidades e idiomas",
        "certificationsTraining": "Habilidades e certificações",
        "awards": "Habilidades e prêmios",
    },
)

_CHINESE: Final = Words(
    document="简历",
    sections={
        "summary": "个人简介",
        "workExperience": "工作经历",
        "education": "教育背景",
        "personalProjects": "项目经历",
        "additional": "技能与奖项",
    },
    groups={
        "technicalSkills": "技能",
        "languages": "语言",
        "certificationsTraining": "证书",
        "awards": "奖项",
    },
    skills_and={
        "languages": "技能与语言",
        "certificationsTraining": "技能与证书",
        "awards": "技能与奖项",
    },
    colon="：",
    comma="、",
)

_JAPANESE: Final = Words(
    document="職務経歴書",
    sections={
        "summary": "職務要約",
        "workExperience": "職務経歴",
        "education": "学歴",
        "personalProjects": "プロジェクト",
        "additional": "スキル・受賞歴",
    },
    groups={
        "technicalSkills": "スキル",
        "languages": "語学",
        "certificationsTraining": "資格",
        "awards": "受賞歴",
    },
    skills_and={
        "languages": "スキル・語学",
        "certificationsTraining": "スキル・資格",
        "awards": "スキル・受賞歴",
    },
    colon="：",
    comma="、",
)

_WORDS: Final = {
    "en": _ENGLISH,
    "es": _SPANISH,
    "pt": _PORTUGUESE,
    "zh": _CHINESE,
    "ja": _JAPANESE,
}


def words_of(language: str) -> Words:
    """Return the words of *language* (`pt-BR` reads as `pt`); English for one we don't write."""
    return _WORDS.get(language.split("-", maxsplit=1)[0].lower(), _ENGLISH)


def is_standard_name(key: str, name: str) -> bool:
    """Tell whether *name* is just the English standard name of the section *key*."""
    return _ENGLISH.sections.get(key) == name
