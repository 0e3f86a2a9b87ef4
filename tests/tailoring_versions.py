"""A resume, versions of it that somebody else tailored, and what is found wrong with them."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from commands.tailoring.checking import Violation, violations
from events.resume_data import ResumeData
from events.tailoring import Language, Strategy
from tailoring_samples import POSTING, resume

EVERY: tuple[Strategy, ...] = ("NUDGE", "KEYWORDS", "FULL")
BUILT = "Built REST APIs in Python for over 300 clients, cutting latency by 20%"
OPEN = {"summary", "description", "technicalSkills"}

Json = dict[str, Any]
Way = tuple[str | int, ...]


def rich() -> ResumeData:
    """A resume with something in every kind of place."""
    meta = {"id": "s", "key": "summary", "displayName": "Summary", "sectionType": "text"}
    item = {"id": 1, "title": "Mentor", "subtitle": "Code club", "years": "2020"}
    return resume(
        additional={
            "technicalSkills": ["Java", "C++", "Postgres"],
            "languages": ["Spanish (Fluent)", "English"],
            "certificationsTraining": ["AWS Certified Developer"],
            "awards": ["Second prize"],
        },
        sectionMeta=[meta],
        customSections={"clubs": {"sectionType": "itemList", "items": [item]}},
        ownKey={"deep": ["kept"]},
    )


def as_json(data: ResumeData) -> Json:
    dumped: Json = data.model_dump(mode="json", by_alias=True)
    return dumped


def read(data: Json) -> ResumeData:
    return ResumeData.model_validate_json(json.dumps(data))


def changed(way: Way, value: Any, source: ResumeData | None = None) -> ResumeData:
    """Return the source with another value at one place."""
    data = copy.deepcopy(as_json(source or rich()))
    place: Any = data
    for step in way[:-1]:
        place = place[step]
    place[way[-1]] = value
    return read(data)


def checked(
    tailored: ResumeData,
    strategy: Strategy = "FULL",
    source: ResumeData | None = None,
    language: Language | None = None,
) -> tuple[Violation, ...]:
    return violations(
        source or rich(),
        tailored,
        strategy=strategy,
        language=language,
        job_description=POSTING,
    )


def kinds(tailored: ResumeData, strategy: Strategy = "FULL") -> list[tuple[str, str]]:
    return [(found.path, found.kind) for found in checked(tailored, strategy)]


def bullets(value: Any, entry: int = 0) -> ResumeData:
    return changed(("workExperience", entry, "description"), value)


def lines(entry: int = 0) -> list[str]:
    return list(rich().work_experience[entry].description)


def locked_ways(value: Any, way: Way = ()) -> Iterator[Way]:
    """Yield where every value stands that no tailoring may change."""
    if isinstance(value, dict):
        for key, member in value.items():
            free = key in OPEN and way[:1] not in [("education",), ("customSections",)]
            if not free:
                yield from locked_ways(member, (*way, key))
    elif isinstance(value, list) and value:
        for i, member in enumerate(value):
            yield from locked_ways(member, (*way, i))
    else:
        yield way


LOCKED = sorted(locked_ways(as_json(rich())), key=str)


def at(data: Any, way: Way) -> Any:
    for step in way:
        data = data[step]
    return data
