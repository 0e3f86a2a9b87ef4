"""Judge edits one by one and all together, and apply those that hold."""

from typing import Final

from commands.tailoring.gate.bounds import MOST_EDITS, bounds
from commands.tailoring.gate.case import Case, Check, Objection
from commands.tailoring.gate.characters import characters
from commands.tailoring.gate.grades import grades
from commands.tailoring.gate.ground import (
    allowed_place,
    exact_original,
    found,
    real_evidence,
    strategy_right,
)
from commands.tailoring.gate.heads import heads
from commands.tailoring.gate.kept import kept, negation
from commands.tailoring.gate.names import names
from commands.tailoring.gate.numbers import numbers
from commands.tailoring.gate.skills import skills
from commands.tailoring.gate.torn import torn
from commands.tailoring.gate.vocabulary import vocabulary
from commands.tailoring.gate.whole import whole
from commands.tailoring.places import (
    BulletPath,
    bullet_path,
    bullets_at,
    with_bullets,
    with_skills,
    with_summary,
)
from commands.tailoring.text import plain
from events.resume_data import ResumeData
from events.tailoring import Edit, JobAnalysis, Language, Strategy, Verdict

CHECKS: Final[tuple[Check, ...]] = (
    bounds,
    allowed_place,
    strategy_right,
    found,
    exact_original,
    characters,
    real_evidence,
    numbers,
    torn,
    skills,
    names,
    grades,
    heads,
    negation,
    kept,
    vocabulary,
)
"""In this order; the first objection decides. Later checks lean on what earlier ones proved."""

_MOST_ADDITIONS: Final = 2


def judge(
    source: ResumeData,
    strategy: Strategy,
    edits: tuple[Edit, ...],
    *,
    analysis: JobAnalysis,
    job_description: str,
    language: Language,
) -> tuple[ResumeData, tuple[Verdict, ...]]:
    """Return the source with the honest edits in it, and a verdict for each edit, in order.

    A refused edit leaves the source's text where it stands and never fails the rest. The result
    is the source itself when the edits are honest one by one but not together.
    """
    case = Case(source, strategy, analysis, job_description, language)
    verdicts: list[Verdict] = []
    accepted: list[Edit] = []
    for number, edit in enumerate(edits):
        objection = _objection(case, edit, number, accepted)
        if objection is None:
            accepted.append(edit)
        verdicts.append(_verdict(edit, objection))
    result = _applied(source, accepted)
    objection = whole(case, result)
    if objection is None:
        return result, tuple(verdicts)
    return source, tuple(_verdict(v.edit, objection) if v.accepted else v for v in verdicts)


def _verdict(edit: Edit, objection: Objection | None) -> Verdict:
    if objection is None:
        return Verdict(edit=edit)
    return Verdict(edit=edit, refusal=objection.code, detail=objection.detail)


def _objection(case: Case, edit: Edit, number: int, accepted: list[Edit]) -> Objection | None:
    if number >= MOST_EDITS:
        return Objection("TOO_MANY_CHANGES", f"Only the first {MOST_EDITS} changes are read.")
    same = [other for other in accepted if (other.path, other.action) == (edit.path, edit.action)]
    if edit.action == "append":
        if len(same) >= _MOST_ADDITIONS or any(_equal(other, edit) for other in same):
            return Objection("TOO_MANY_ADDITIONS", "This entry has its new lines already.")
    elif same:
        return Objection("ALREADY_CHANGED", "Another change of this place was accepted.")
    return next((found for check in CHECKS if (found := check(case, edit))), None)


def _equal(one: Edit, other: Edit) -> bool:
    return plain(str(one.value)) == plain(str(other.value))


def _applied(source: ResumeData, edits: list[Edit]) -> ResumeData:
    data = source
    owners: dict[str, list[tuple[BulletPath, Edit]]] = {}
    for edit in edits:
        target = bullet_path(edit.path)
        if target is not None:
            owners.setdefault(target.owner, []).append((target, edit))
        elif isinstance(edit.value, str):
            data = with_summary(data, edit.value.strip())
        else:
            data = with_skills(data, _reordered(source.additional.technical_skills, edit))
    for owned in owners.values():
        data = with_bullets(data, owned[0][0], _bullets(source, owned))
    return data


def _bullets(source: ResumeData, edits: list[tuple[BulletPath, Edit]]) -> tuple[str, ...]:
    """Replace by source index first, then order, then add: an order speaks of source lines."""
    lines = list(bullets_at(source, edits[0][0]) or ())
    order = list(range(len(lines)))
    added: list[str] = []
    before = tuple(lines)
    for target, edit in edits:
        if isinstance(edit.value, tuple):
            order = _order(before, edit.value)
        elif target.line is None:
            added.append(edit.value.strip())
        else:
            lines[target.line] = edit.value.strip()
    return (*(lines[i] for i in order), *added)


def _reordered(stands: tuple[str, ...], edit: Edit) -> tuple[str, ...]:
    return tuple(stands[i] for i in _order(stands, tuple(edit.value)))


def _order(stands: tuple[str, ...], wanted: tuple[str, ...]) -> list[int]:
    """Return the indexes of *stands* in the order of *wanted*; equal entries keep their order."""
    left: dict[str, list[int]] = {}
    for index, item in enumerate(stands):
        left.setdefault(plain(item), []).append(index)
    return [left[plain(item)].pop(0) for item in wanted]
