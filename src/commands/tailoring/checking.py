"""Check a tailored resume that anyone made: tell what in it the source does not support."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from pydantic import JsonValue

from commands.tailoring.aligning import align
from commands.tailoring.gate.case import Case
from commands.tailoring.gate.judge import CHECKS
from commands.tailoring.gate.whole import whole
from commands.tailoring.places import SKILLS
from commands.tailoring.posting import analyse_job
from commands.tailoring.text import plain
from events.resume_data import ResumeData
from events.tailoring import Action, Edit, Language, Strategy

_MOST_JUDGED: Final = 200
_BULLETED: Final = ("workExperience", "personalProjects")
_LISTED: Final = (*_BULLETED, "education")
_HEADINGS: Final = ("title", "role", "name", "degree", "company", "institution")


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing in a tailored resume that its source does not support.

    *path* is a place of the source, or of the tailored resume where the source has no such
    place; "" is the document. *kind* is a code: one of the gate's refusals, or
    LOCKED_FIELD_CHANGED, ENTRY_DROPPED, ENTRY_INVENTED, ENTRY_MOVED, LINE_DROPPED, ITEM_DROPPED,
    ITEM_INVENTED. *source* and *tailored* are what stands there, None for nothing.
    """

    path: str
    kind: str
    detail: str
    source: JsonValue = None
    tailored: JsonValue = None


_Finding = Violation | Edit
"""Wrong for certain, or a change that the gate has to judge."""


def violations(
    source: ResumeData,
    tailored: ResumeData,
    *,
    strategy: Strategy = "FULL",
    language: Language | None = None,
    job_description: str = "",
) -> tuple[Violation, ...]:
    """Return what *tailored* says that *source* does not support; none when it holds.

    Without a *language*, *tailored* is read as being in the source's own. The posting serves to
    tell an employer's name from other names. Takes about 5 to 50 ms; of more than 200
    changed texts only the first are judged, and that there are more is a violation.
    """
    analysis = analyse_job(job_description)
    case = Case(source, strategy, analysis, job_description, language or "en")
    if language is None:
        case = Case(source, strategy, analysis, job_description, case.source_language)
    findings = list(_findings(case, tailored))
    found = [finding for finding in findings if isinstance(finding, Violation)]
    edits = [finding for finding in findings if isinstance(finding, Edit)]
    if len(edits) > _MOST_JUDGED:
        found.append(
            Violation("", "TOO_MANY_CHANGES", f"Only the first {_MOST_JUDGED} changes are read.")
        )
    found += _judged(case, edits[:_MOST_JUDGED])
    return tuple(found or _as_whole(case, tailored))


def _judged(case: Case, edits: Iterable[Edit]) -> Iterator[Violation]:
    for edit in edits:
        objection = next((found for check in CHECKS if (found := check(case, edit))), None)
        if objection is not None:
            yield Violation(
                edit.path,
                objection.code,
                objection.detail,
                _json(edit.original),
                _json(edit.value),
            )


def _as_whole(case: Case, tailored: ResumeData) -> Iterator[Violation]:
    objection = whole(case, tailored)
    if objection is not None:
        yield Violation("", objection.code, objection.detail)


def _json(value: str | tuple[str, ...] | None) -> JsonValue:
    return list(value) if isinstance(value, tuple) else value


def _findings(case: Case, tailored: ResumeData) -> Iterator[_Finding]:
    old: dict[str, Any] = case.source.model_dump(mode="json", by_alias=True)
    new: dict[str, Any] = tailored.model_dump(mode="json", by_alias=True)
    before, after = old.pop("summary"), new.pop("summary")
    if before != after:
        yield _edit("summary", "replace", before, after)
    for section in _LISTED:
        yield from _entries(case, section, old.pop(section), new.pop(section))
    key = SKILLS.rpartition(".")[2]
    yield from _skills(old["additional"].pop(key), new["additional"].pop(key))
    yield from _differences("", old, new)


def _edit(
    path: str, action: Action, original: str | list[str] | None, value: str | list[str]
) -> Edit:
    return Edit(
        path=path,
        action=action,
        original=tuple(original) if isinstance(original, list) else original,
        value=tuple(value) if isinstance(value, list) else value,
        reason="",
    )


def _differences(path: str, old: Any, new: Any) -> Iterator[Violation]:
    """Compare what no tailoring may touch, down to the single field."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            below = f"{path}.{key}" if path else key
            yield from _differences(below, old.get(key), new.get(key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for i, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _differences(f"{path}[{i}]", one, other)
    elif type(old) is not type(new) or old != new:
        detail = "This place is never changed by a tailoring."
        yield Violation(path, "LOCKED_FIELD_CHANGED", detail, old, new)


def _entries(
    case: Case, section: str, old: list[dict[str, Any]], new: list[dict[str, Any]]
) -> Iterator[_Finding]:
    """Find each entry again, hold it against what it was, and tell what is lost or made up."""
    lines = "description" if section in _BULLETED else ""
    were = align(
        [_signature(entry, lines) for entry in old],
        [_signature(entry, lines) for entry in new],
        lambda i, j: _likeness(old[i], new[j]),
    )
    for i in sorted(set(range(len(old))) - set(were.values())):
        yield Violation(f"{section}[{i}]", "ENTRY_DROPPED", "This entry is missing.", old[i])
    for j, entry in enumerate(new):
        if j not in were:
            detail = "The source has no such entry."
            yield Violation(f"{section}[{j}]", "ENTRY_INVENTED", detail, None, entry)
    order = [were[j] for j in sorted(were)]
    if order != sorted(order):
        stood: JsonValue = [_heading(old[i]) for i in sorted(order)]
        stands: JsonValue = [_heading(old[i]) for i in order]
        yield Violation(section, "ENTRY_MOVED", "The entries change places.", stood, stands)
    for j, i in sorted(were.items(), key=lambda pair: pair[1]):
        path = f"{section}[{i}]"
        yield from _differences(path, _without(old[i], lines), _without(new[j], lines))
        if lines:
            yield from _lines(case, f"{path}.{lines}", old[i][lines], new[j][lines])


def _without(entry: dict[str, Any], field: str) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key != field}


def _signature(entry: dict[str, Any], lines: str) -> str:
    return json.dumps(_without(entry, lines), sort_keys=True)


def _likeness(old: dict[str, Any], new: dict[str, Any]) -> float:
    """Count the texts that two entries share; an equal id only decides among such entries."""
    texts = [value for value in old.values() if isinstance(value, str) and value]
    shared = float(sum(value in new.values() for value in texts))
    lists = old["description"], new["description"]
    if all(isinstance(lines, list) for lines in lists):
        shared += 0.5 * len({*lists[0]} & {*lists[1]})
    return shared + 0.25 * (old["id"] == new["id"]) if shared else 0.0


def _heading(entry: dict[str, Any]) -> str:
    return ", ".join(entry[key] for key in _HEADINGS if entry.get(key))


def _lines(case: Case, path: str, old: list[str], new: list[str]) -> Iterator[_Finding]:
    """Tell the edits that lead from *old* bullets to *new* ones, and the bullets that are lost."""

    def likeness(i: int, j: int) -> float:
        one, other = case.content(old[i]), case.content(new[j])
        return len(one & other) / (len(one | other) or 1)

    were = align(old, new, likeness)
    lost = sorted(set(range(len(old))) - set(were.values()))
    strange = [j for j in range(len(new)) if j not in were]
    were |= dict(zip(strange, lost, strict=False))  # whatever stands there now replaced it
    for j, i in sorted(were.items(), key=lambda pair: pair[1]):
        if old[i] != new[j]:
            yield _edit(f"{path}[{i}]", "replace", old[i], new[j])
    for j in strange[len(lost) :]:
        yield _edit(path, "append", None, new[j])
    dropped = lost[len(strange) :]
    for i in dropped:
        if old[i].strip():
            yield Violation(f"{path}[{i}]", "LINE_DROPPED", "This line is missing.", old[i])
    yield from _reorder(path, old, [old[i] for i in (*(were[j] for j in sorted(were)), *dropped)])


def _skills(old: list[str], new: list[str]) -> Iterator[_Finding]:
    """Allow another order of skills, and nothing else: not even another spelling."""
    gone, made_up = Counter(old) - Counter(new), Counter(new) - Counter(old)
    for item in gone.elements():
        yield Violation(SKILLS, "ITEM_DROPPED", "This entry of the list is missing.", item)
    for item in made_up.elements():
        detail = "The source's list has no such entry."
        yield Violation(SKILLS, "ITEM_INVENTED", detail, None, item)
    if not gone and not made_up:
        yield from _reorder(SKILLS, old, new)


def _reorder(path: str, old: list[str], new: list[str]) -> Iterator[Edit]:
    if [plain(item) for item in old] != [plain(item) for item in new]:
        yield _edit(path, "reorder", old, new)
