"""Order skills and bullets so that what was asked for comes first."""

from collections.abc import Sequence
from typing import Final

from commands.tailoring.asked import Asked
from commands.tailoring.evidence import holds, told_by
from commands.tailoring.gate.case import Case
from commands.tailoring.gate.grades import graded
from commands.tailoring.lexicon import lexicon
from commands.tailoring.places import SKILLS
from commands.tailoring.wording import several
from events.tailoring import Edit

_CLEAR_GAIN: Final = 3.0
"""What a bullet must be worth more than the one it passes: about one required keyword."""
_LEADING: Final = 3
_BASICS: Final = 1
_NAMED: Final = 1.5
"""The weight of a skill that the posting names in the resume's own words: as if it were wished."""
_SHORTEST: Final = 4
"""Shorter words stand in any text by chance."""


def skill_order(case: Case, asked: Sequence[Asked]) -> list[Edit]:
    """Propose the asked skills first, the most important ahead; the rest keeps its order."""
    skills = case.source.additional.technical_skills
    asked = [wish for wish in asked if wish.concept is None or wish.concept.category != "soft"]
    worths = {skill: _worth(skill, asked) or _named_by(case, skill) for skill in skills}
    ranked = sorted(skills, key=lambda skill: -worths[skill])
    wanted = [skill for skill in ranked if worths[skill]]
    if tuple(ranked) == skills:
        return []
    return [
        Edit(
            path=SKILLS,
            action="reorder",
            original=skills,
            value=tuple(ranked),
            reason=f"What the posting asks for now leads your list: {_named(wanted, asked)}.",
            evidence=tuple(f"{SKILLS}[{skills.index(skill)}]" for skill in wanted[:5]),
        )
    ]


def _named(texts: Sequence[str], asked: Sequence[Asked]) -> str:
    """Return what of the posting *texts* answer, in its words, as a list in a sentence."""
    return several([next(iter(_answered(text, asked)), text) for text in texts])


def _answered(text: str, asked: Sequence[Asked]) -> list[str]:
    return [wish.keyword for wish in asked if _worth(text, [wish])]


def _named_by(case: Case, skill: str) -> float:
    """Return what a skill is worth that no lexicon knows, but that the posting names."""
    known = len(skill) < _SHORTEST or lexicon().find(skill)
    return 0.0 if known or not holds(case.job_description, skill) else _NAMED


def _worth(text: str, asked: Sequence[Asked]) -> float:
    names = told_by(text)
    return sum(
        wish.weight
        for wish in asked
        if (wish.concept.name in names if wish.concept else holds(text, wish.keyword))
    )


def bullet_orders(case: Case, asked: Sequence[Asked]) -> list[Edit]:
    """Propose moving a bullet up where that is a clear gain.

    Nothing moves past a bullet about leading, and a project's first line stays first: it says
    what the project is.
    """
    entries = [
        (f"workExperience[{i}]", job.description, 0)
        for i, job in enumerate(case.source.work_experience)
    ] + [
        (f"personalProjects[{i}]", project.description, 1)
        for i, project in enumerate(case.source.personal_projects)
    ]
    return [edit for entry in entries for edit in _bullet_order(*entry, asked)]


def _bullet_order(
    owner: str, bullets: tuple[str, ...], fixed: int, asked: Sequence[Asked]
) -> list[Edit]:
    ordered: list[str] = list(bullets[:fixed])
    moved: list[int] = []
    run: list[int] = []
    for index in range(fixed, len(bullets) + 1):
        if index < len(bullets) and _LEADING not in graded(bullets[index]).get("role", ()):
            run.append(index)
            continue
        order = _raised(run, bullets, asked)
        moved += order[:1] if order != run else []
        ordered += [bullets[i] for i in order]
        ordered += bullets[index : index + 1]
        run = []
    if not moved:
        return []
    return [
        Edit(
            path=f"{owner}.description",
            action="reorder",
            original=bullets,
            value=tuple(ordered),
            reason=_reason([bullets[i] for i in moved], asked),
            evidence=tuple(f"{owner}.description[{i}]" for i in moved),
        )
    ]


def _reason(moved: Sequence[str], asked: Sequence[Asked]) -> str:
    keywords = [keyword for text in moved for keyword in _answered(text, asked)]
    return f"The posting asks for {several(keywords)}; the line about it now comes first."


def _leading_worth(bullet: str, asked: Sequence[Asked]) -> float:
    """Return what *bullet* is worth in front: who knows the basics doesn't begin with them."""
    modest = _BASICS in graded(bullet).get("proficiency", ())
    return 0.0 if modest else _worth(bullet, asked)


def _raised(run: list[int], bullets: tuple[str, ...], asked: Sequence[Asked]) -> list[int]:
    """Return *run* with its best bullet first if that clearly beats the present first."""
    if len(run) < 2:
        return run
    worths = {index: _leading_worth(bullets[index], asked) for index in run}
    best = max(run, key=lambda index: (worths[index], -index))
    if worths[best] - worths[run[0]] < _CLEAR_GAIN:
        return run
    return [best, *(index for index in run if index != best)]
