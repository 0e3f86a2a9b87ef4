"""Compose what a summary may truly say: skills the resume shows, where it shows them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from commands.tailoring.asked import Asked
from commands.tailoring.evidence import Sighting, holds
from commands.tailoring.gate.case import Case
from commands.tailoring.gate.grades import graded
from commands.tailoring.lexicon import lexicon
from commands.tailoring.places import SKILLS
from commands.tailoring.text import squash
from commands.tailoring.tongue import language_of
from commands.tailoring.wording import Wording, in_sentence, wording
from events.tailoring import Edit

_MOST_NAMED: Final = 5
_FEWEST_OWN: Final = 3
_BARE: Final = 2
"""Without a title a summary that names a single skill reads like a fragment."""
_MOST_EMPLOYERS: Final = 2
_BASICS: Final = 1
_NOT_LISTED: Final = frozenset({"soft", "tongue", "cert"})
"""Kinds that a list of skills in a summary does not suit."""


@dataclass(frozen=True, slots=True)
class _Named:
    """A skill that the summary will name, and the sightings that back it."""

    keyword: str
    form: str
    sightings: tuple[Sighting, ...]


def summary_edit(case: Case, asked: Sequence[Asked]) -> list[Edit]:
    """Propose a summary that names what is asked for and shown; none when it does already.

    An empty summary becomes the person's title and skills. Where nothing that is asked for is
    shown there is nothing to say, and no summary is better than one that is beside the point.
    """
    words = wording(case.source_language)
    summary = case.source.summary.strip()
    known = lexicon().names(summary)
    named = _to_name(case, asked, known)
    if not named:
        return _titled(case, asked, known) if summary else []
    if not summary and not case.source.personal_info.title.strip() and len(named) < _BARE:
        return []
    opening = [] if summary else _opening(case, words)
    parts = [_finished(summary, words)] if summary else [*opening]
    left = [name.form for name in named]
    if case.strategy == "FULL":
        at_work = _by_employer(case, named)
        parts += [words.work_at.format(company=c, skills=words.list_of(s)) for c, s in at_work]
        left = [form for form in left if not any(form in some for _, some in at_work)]
    own = {} if summary or len(named) >= _FEWEST_OWN else _own_skills(case, left)
    left += own.values()
    if left:
        parts.append(words.skills.format(skills=words.list_of(left)))
    value = words.between.join(parts)
    if not value:
        return []
    shown = [s.path for name in named for s in name.sightings[:2]]
    paths = dict.fromkeys(["personalInfo.title"] * len(opening) + [*shown, *own])
    return [
        Edit(
            path="summary",
            action="replace",
            original=case.source.summary,
            value=value,
            reason=_reason(case, named),
            evidence=tuple(paths)[:10],
        )
    ]


def _reason(case: Case, named: Sequence[_Named]) -> str:
    asked = ", ".join(name.keyword for name in named[:3])
    by_place: dict[str, list[str]] = {}
    for name in named[:3]:
        by_place.setdefault(_where(case, name.sightings[0]), []).append(name.sightings[0].form)
    shown = "; ".join(f"{', '.join(forms)} {where}" for where, forms in by_place.items())
    return f"The posting asks for {asked}; you have {shown}. The summary now says so."[:600]


def _where(case: Case, sighting: Sighting) -> str:
    for i, job in enumerate(case.source.work_experience):
        if sighting.entry == f"workExperience[{i}]":
            return f"at {job.company}" if job.company else "in your work"
    for i, project in enumerate(case.source.personal_projects):
        if sighting.entry == f"personalProjects[{i}]":
            return f"in {project.name}" if project.name else "in a project"
    return "in your skills" if sighting.kind == "item" else "in your resume"


def _titled(case: Case, asked: Sequence[Asked], known: frozenset[str]) -> list[Edit]:
    """Propose to open the summary with the person's title where that says what is asked for."""
    title = case.source.personal_info.title.strip()
    fitting = (lexicon().names(title) & {w.concept.name for w in asked if w.concept}) - known
    if not fitting or holds(case.source.summary, title):
        return []
    words = wording(case.source_language)
    return [
        Edit(
            path="summary",
            action="replace",
            original=case.source.summary,
            value=f"{_finished(title, words)}{words.between}{case.source.summary.strip()}",
            reason=f"The posting asks for {', '.join(sorted(fitting))}; your title says so.",
            evidence=("personalInfo.title",),
        )
    ]


def _to_name(case: Case, asked: Sequence[Asked], known: frozenset[str]) -> list[_Named]:
    """Return the asked skills that bullets or the skills list show and the summary doesn't.

    What another one says already is left out: who names REST APIs need not name APIs.
    """
    same_language = language_of(case.job_description) in {None, case.source_language}
    found: list[_Named] = []
    names: list[str] = []
    implied: set[str] = set()
    for wish in sorted(asked, key=lambda wish: -wish.weight):
        concept = wish.concept
        if concept is None or concept.name in known or concept.category in _NOT_LISTED:
            continue
        sightings = tuple(
            s for s in case.evidence.sightings.get(concept.name, ()) if _counts(case, s)
        )
        if sightings:
            own = sightings[0].form
            form = wish.keyword if same_language or wish.keyword == concept.name else own
            found.append(_Named(wish.keyword, _amid(form, own), sightings))
            implied.update(concept.implies)
            names.append(concept.name)
    telling = [skill for skill, name in zip(found, names, strict=True) if name not in implied]
    return (telling or _implying(case, asked, known))[:_MOST_NAMED]


def _amid(form: str, own: str) -> str:
    """Return *form* as it stands amid a sentence: small where the resume writes it so."""
    return own if own.islower() and own == form.lower() else in_sentence(form)


def _implying(case: Case, asked: Sequence[Asked], known: frozenset[str]) -> list[_Named]:
    """Return the skills that include what is asked for by definition, as REST API does APIs."""
    found: dict[str, _Named] = {}
    for wish in asked:
        if wish.concept is None or wish.concept.category in _NOT_LISTED:
            continue
        for basis in case.evidence.implied.get(wish.concept.name, ()):
            if _counts(case, basis) and not lexicon().names(basis.form) & known:
                form = in_sentence(basis.form)
                found.setdefault(form, _Named(wish.keyword, form, (basis,)))
                break
    return list(found.values())


def _counts(case: Case, sighting: Sighting) -> bool:
    """Tell whether a sighting shows a skill: coursework, names and mere basics don't."""
    if sighting.kind not in {"bullet", "item", "custom", "summary"}:
        return False
    listed = sighting.kind != "item" or sighting.path.startswith(SKILLS)
    return listed and _BASICS not in graded(case.texts[sighting.path]).get("proficiency", ())


def _opening(case: Case, words: Wording) -> list[str]:
    title = case.source.personal_info.title.strip()
    return [_finished(title, words)] if title else []


def _finished(text: str, words: Wording) -> str:
    return text if text.endswith((".", "!", "?", "。", "！", "？")) else text + words.stop


def _by_employer(case: Case, named: Sequence[_Named]) -> list[tuple[str, list[str]]]:
    """Return the employers whose bullets show two of the named skills or more, two at most."""
    found = []
    told: set[str] = set()
    for i, job in enumerate(case.source.work_experience):
        entry = f"workExperience[{i}]"
        shown = [
            name.form
            for name in named
            if name.form not in told
            and any(s.entry == entry and s.kind == "bullet" for s in name.sightings)
        ]
        unique = sum(holds(other.company, job.company) for other in case.source.work_experience)
        if len(shown) > 1 and job.company.strip() and unique == 1:
            found.append((job.company.strip(), shown))
            told.update(shown)
    return found[:_MOST_EMPLOYERS]


def _own_skills(case: Case, named: Sequence[str]) -> dict[str, str]:
    """Return the first skills of the list that aren't *named* yet, by path."""
    taken = {squash(form) for form in named}
    short = [
        (f"{SKILLS}[{i}]", skill.strip())
        for i, skill in enumerate(case.source.additional.technical_skills)
        if len(skill) <= 40 and squash(skill) not in taken and not re.search(r"[,:;.()]", skill)
    ]
    return dict(short[: _FEWEST_OWN - len(named)])
