"""A resume as a model sorts it into fields: the schema, and a tolerant reading of the answer."""

from dataclasses import dataclass
from typing import Any, Final

from api.adapters.llm.answers import Malformed, is_clean

PERSON: Final = ("name", "title", "email", "phone", "location", "website", "linkedin", "github")
WORK: Final = ("title", "company", "location", "years")
STUDY: Final = ("institution", "degree", "years")
PROJECT: Final = ("name", "role", "years", "github", "website")
LISTS: Final = ("technicalSkills", "languages", "certificationsTraining", "awards")
_MOST_ENTRIES: Final = 60
_MOST_TEXTS: Final = 200
_LONGEST: Final = 8_000

_TEXT: Final[dict[str, Any]] = {"type": "string"}
_TEXTS: Final[dict[str, Any]] = {"type": "array", "items": _TEXT}


@dataclass(frozen=True, slots=True)
class SortedEntry:
    """A role, a study, a project or a section of its own: named fields, and lines below them."""

    fields: dict[str, str]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SortedText:
    """What the model says stands where. Nothing of it is checked."""

    person: dict[str, str]
    summary: str
    work: tuple[SortedEntry, ...]
    education: tuple[SortedEntry, ...]
    projects: tuple[SortedEntry, ...]
    lists: dict[str, tuple[str, ...]]
    customs: tuple[SortedEntry, ...]


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def _entries(fields: tuple[str, ...], lines: str = "description") -> dict[str, Any]:
    return {"type": "array", "items": _object({**dict.fromkeys(fields, _TEXT), lines: _TEXTS})}


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the answer."""
    return _object(
        {
            "personalInfo": _object(dict.fromkeys(PERSON, _TEXT)),
            "summary": _TEXT,
            "workExperience": _entries(WORK),
            "education": _entries(STUDY),
            "personalProjects": _entries(PROJECT),
            "additional": _object(dict.fromkeys(LISTS, _TEXTS)),
            "customSections": _entries(("name",), "lines"),
        }
    )


def read_sorted(answer: Any) -> SortedText:
    """Return a decoded *answer*; what has the wrong type counts as empty.

    Raises:
        Malformed: it is no object, or holds none of the asked keys.

    """
    if not isinstance(answer, dict) or not answer.keys() & schema()["properties"].keys():
        raise Malformed(f"The object must have the keys {', '.join(schema()['properties'])}.")
    lists = _mapping(answer.get("additional"))
    return SortedText(
        person=_fields(answer.get("personalInfo"), PERSON),
        summary=_text(answer.get("summary")),
        work=_read_entries(answer.get("workExperience"), WORK),
        education=_read_entries(answer.get("education"), STUDY),
        projects=_read_entries(answer.get("personalProjects"), PROJECT),
        lists={name: _texts(lists.get(name)) for name in LISTS},
        customs=_read_entries(answer.get("customSections"), ("name",), "lines"),
    )


def _read_entries(
    value: Any, names: tuple[str, ...], lines: str = "description"
) -> tuple[SortedEntry, ...]:
    parts = value[:_MOST_ENTRIES] if isinstance(value, list) else []
    return tuple(
        SortedEntry(_fields(part, names), _texts(part.get(lines)))
        for part in parts
        if isinstance(part, dict)
    )


def _fields(value: Any, names: tuple[str, ...]) -> dict[str, str]:
    found = _mapping(value)
    return {name: _text(found.get(name)) for name in names}


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    parts = value[:_MOST_TEXTS] if isinstance(value, list) else []
    return tuple(text for part in parts if (text := _text(part)))


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST or not is_clean(value):
        return ""
    return " ".join(value.split())
