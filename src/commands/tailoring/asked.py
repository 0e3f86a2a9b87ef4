"""Line up what a posting asks for with what a resume shows."""

from collections import Counter
from dataclasses import dataclass
from typing import Final, Literal

from commands.tailoring.evidence import Evidence
from commands.tailoring.lexicon import Concept, lexicon
from commands.tailoring.text import squash
from events.tailoring import JobAnalysis

Importance = Literal["required", "preferred", "mentioned"]
Status = Literal["present", "alias", "implied", "missing"]

_WEIGHTS: Final[dict[Importance, float]] = {"required": 3.0, "preferred": 1.5, "mentioned": 0.5}
_IN_TITLE: Final = 0.5
_PER_REPEAT: Final = 0.25
_MOST_REPEATS: Final = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """One keyword of a posting. `concept` is None when the lexicon does not know it."""

    keyword: str
    importance: Importance
    weight: float
    concept: Concept | None


def asked_of(analysis: JobAnalysis, job_description: str) -> tuple[Asked, ...]:
    """Return the keywords of the posting with their weights, each concept once."""
    groups: tuple[tuple[Importance, tuple[str, ...]], ...] = (
        ("required", analysis.keywords.required_skills),
        ("preferred", analysis.keywords.preferred_skills),
        ("mentioned", analysis.keywords.keywords),
    )
    times = Counter(mention.concept.name for mention in lexicon().find(job_description))
    in_title = lexicon().names(analysis.role)
    found: dict[str, Asked] = {}
    for importance, keywords in groups:
        for keyword in keywords:
            concept = concept_of(keyword)
            key = concept.name if concept else squash(keyword)
            if key and key not in found:
                repeats = min(max(times[key] - 1, 0), _MOST_REPEATS)
                weight = _WEIGHTS[importance] + _PER_REPEAT * repeats
                weight += _IN_TITLE if key in in_title else 0.0
                found[key] = Asked(keyword, importance, weight, concept)
    return tuple(found.values())


def concept_of(keyword: str) -> Concept | None:
    """Return the concept that *keyword* as a whole names, or None."""
    found = lexicon().find(keyword)
    whole = len(found) == 1 and squash(found[0].form) == squash(keyword)
    return found[0].concept if whole else None


def status_of(asked: Asked, evidence: Evidence) -> Status:
    """Tell how the resume behind *evidence* stands to one keyword."""
    if asked.concept is None:
        return "present" if evidence.literally(asked.keyword) else "missing"
    forms = evidence.forms(asked.concept)
    if asked.concept.key(asked.keyword) in forms:
        return "present"
    if forms:
        return "alias"
    return "implied" if asked.concept.name in evidence.implied else "missing"


def paths_of(asked: Asked, evidence: Evidence) -> tuple[str, ...]:
    """Return where the resume shows one keyword, or what it follows from."""
    if asked.concept is None:
        return evidence.literally(asked.keyword)
    return evidence.paths(asked.concept.name)
