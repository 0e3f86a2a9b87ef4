"""Compose what a summary may truly say: skills the resume shows, where it shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from commands.tailoring.asked import Asked
from commands.tailoring.evidence import Sighting, closure, holds
from commands.tailoring.gate.case import Case
from commands.tailoring.gate.grades import graded
from commands.tailoring.gate.kept import negations
from commands.tailoring.lexicon import TECHNICAL, lexicon
from commands.tailoring.places import SKILLS
from commands.tailoring.text import squash
from commands.tailoring.tongue import language_of
from commands.tailoring.wording import Wording, in_sentence, several, wording
from events.tailoring import Edit

_MOST_NAMED: Final = 5
_MOST_EMPLOYERS: Final = 2
_BASICS: Final = 1
_HELPED: Final = 1
_WORTH_SAYING: Final = 3.0
"""What the named skills must weigh together: about one that the posting requires."""
_LEAST_ALONE: Final = 2
"""A resume without title and summary gets one for no less: fewer skills make no paragraph."""
_NOT_LISTED: Final = frozenset({"soft", "tongue", "cert"})
"""Kinds that a list of skills in a summary does not suit."""


@dataclass(frozen=True, slots=True)
class _Named:
    """A skill that the summary will name, and the sightings that back it."""

    keyword: str
    form: str
    weight: float
    sightings: tuple[Sighting, ...]

    @property
    def at_work(self) -> bool:
        """True when a line about work shows it, and not merely a list."""
        return any(_is_work(sighting) for sighting in self.sightings)


def summary_edit(case: Case, asked: Sequence[Asked]) -> list[Edit]:
    """Propose a summary that names what is asked for and shown; none when it does already.

    An empty summary opens with the person's title. Nothing is proposed for a posting of which
    the resume shows next to nothing: a summary of other skills would not answer it.
    """
    summary = case.source.summary.strip()
    named = _to_name(case, asked, lexicon().names(summary))
    if sum(name.weight for name in named) < _WORTH_SAYING:
        return []
    title = case.source.personal_info.title.strip()
    if not summary and not title and sum(name.at_work for name in named) < _LEAST_ALONE:
        return []
    words = wording(case.source_language)
    opening = [_finished(text, words) for text in (summary or _calm(title),) if text]
    shown = [s.path for name in named for s in name.sightings[:2]]
    paths = dict.fromkeys([*(["personalInfo.title"] if title and not summary else []), *shown])
    return [
        Edit(
            path="summary",
            action="replace",
            original=case.source.summary,
            value=words.between.join([*opening, *_told(case, named, words)]),
            reason=_reason(case, named),
            evidence=tuple(paths)[:10],
        )
    ]


def _told(case: Case, named: Sequence[_Named], words: Wording) -> list[str]:
    """Return a sentence about skills shown at work, and one about those that are only listed."""
    work = [name.form for name in named if name.at_work]
    told = []
    if case.strategy == "FULL":
        places = _by_employer(case, named)
        work = [form for form in work if not any(form in forms for _, forms in places)]
        at = [words.at.format(company=c, skills=words.list_of(forms)) for c, forms in places]
        if at:
            told.append(words.work_at.format(places=words.then.join(at)))
    listed = [name.form for name in named if not name.at_work]
    if told:
        listed, work = [*work, *listed], []
    if work:
        told.append(words.work.format(skills=words.list_of(work)))
    if listed:
        told.append(words.skills.format(skills=words.list_of(listed)))
    return told


def _reason(case: Case, named: Sequence[_Named]) -> str:
    by_place: dict[str, list[str]] = {}
    for name in named:
        best = next((s for s in name.sightings if _is_work(s)), name.sightings[0])
        by_place.setdefault(_where(case, best), []).append(best.form)
    shown = [f"{several(forms)} {where}" for where, forms in by_place.items()]
    told = "the summary now says so" if case.source.summary.strip() else "a summary now says so"
    asked = several([name.keyword for name in named])
    return f"The posting asks for {asked}. Your resume names {'; '.join(shown)}, so {told}."[:600]


def _where(case: Case, sighting: Sighting) -> str:
    for i, job in enumerate(case.source.work_experience):
        if sighting.entry == f"workExperience[{i}]":
            return f"at {job.company}" if job.company else "in your work"
    for i, project in enumerate(case.source.personal_projects):
        if sighting.entry == f"personalProjects[{i}]":
            return f"in your project {project.name}" if project.name else "in a project"
    return "in your list of skills" if sighting.kind == "item" else "elsewhere in your resume"


def _calm(title: str) -> str:
    """Return *title* without the capitals that only a heading wears: `SENIOR DEVELOPER`."""
    words = title.split()
    shouted = title.isupper() and all(len(word) > 3 for word in words)
    return " ".join(word.capitalize() for word in words) if shouted else title


def _to_name(case: Case, asked: Sequence[Asked], known: frozenset[str]) -> list[_Named]:
    """Return the asked skills that bullets or the skills list show and the summary doesn't."""
    found = []
    for wish in sorted(asked, key=lambda wish: -wish.weight):
        concept = wish.concept
        if concept is None or concept.name in known or concept.category in _NOT_LISTED:
            continue
        sightings = tuple(
            s for s in case.evidence.sightings.get(concept.name, ()) if _counts(case, s)
        )
        if sightings:
            form = _form(case, wish, concept.category, sightings[0].form)
            found.append(_Named(wish.keyword, form, wish.weight, sightings))
    said = frozenset[str]().union(
        *(closure(name) for n in found for name in lexicon().names(n.form))
    )
    telling = [name for name in found if not lexicon().names(name.form) <= said]
    return (telling or _implying(case, asked, known))[:_MOST_NAMED]


def _form(case: Case, wish: Asked, category: str, own: str) -> str:
    """Return the posting's name for what the resume calls *own*, as it stands in a sentence.

    A posting in another language has no word for a sentence of the resume's.
    """
    same_language = language_of(case.job_description) == case.source_language
    form = wish.keyword if same_language else own
    if squash(form) == squash(own):
        form = max(form, own, key=len)  # `REST APIs` reads better than `REST API`
    common = own[0].islower() and category not in TECHNICAL and form[1:] == form[1:].lower()
    return in_sentence(form.lower() if common else form)


def _implying(case: Case, asked: Sequence[Asked], known: frozenset[str]) -> list[_Named]:
    """Return the skills that include what is asked for by definition, as REST API does APIs."""
    found: dict[str, _Named] = {}
    for wish in asked:
        if wish.concept is None or wish.concept.category in _NOT_LISTED:
            continue
        for basis in case.evidence.implied.get(wish.concept.name, ()):
            if _counts(case, basis) and not lexicon().names(basis.form) & known:
                form = in_sentence(basis.form)
                found.setdefault(form, _Named(wish.keyword, form, wish.weight, (basis,)))
                break
    return list(found.values())


def _counts(case: Case, sighting: Sighting) -> bool:
    """Tell whether a sighting shows a skill: coursework, names, asides and modesty don't."""
    if sighting.aside or sighting.kind not in {"bullet", "item", "custom", "summary"}:
        return False
    listed = sighting.kind != "item" or sighting.path.startswith(SKILLS)
    text = case.texts[sighting.path]
    grades = graded(text)
    basic = _BASICS in grades.get("proficiency", ())
    helped = sighting.kind == "bullet" and grades.get("role") == {_HELPED}
    return listed and not (basic or helped or negations(case, text))


def _is_work(sighting: Sighting) -> bool:
    return sighting.kind == "bullet" and sighting.entry.startswith("workExperience")


def _finished(text: str, words: Wording) -> str:
    return text if text.endswith((".", "!", "?", "。", "！", "？")) else text + words.stop


def _by_employer(case: Case, named: Sequence[_Named]) -> list[tuple[str, list[str]]]:
    """Return the employers whose bullets show the most of the named skills, two at most."""
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
        if shown and job.company.strip() and unique == 1:
            found.append((job.company.strip(), shown))
            told.update(shown)
    return found[:_MOST_EMPLOYERS]
