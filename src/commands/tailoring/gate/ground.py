"""Ground: which places may be changed at all, how, and by which strategy."""

from typing import Final

from commands.tailoring.gate.case import Case, Objection
from commands.tailoring.places import SKILLS, bullet_path, bullets_at
from commands.tailoring.text import plain
from events.tailoring import Edit

_ACTIONS: Final = {"summary": {"replace"}, SKILLS: {"reorder"}}


def allowed_place(case: Case, edit: Edit) -> Objection | None:
    """Allow the summary, bullets of work and projects, and the order of skills; nothing else."""
    del case
    target = bullet_path(edit.path)
    if target is None and edit.path not in _ACTIONS:
        return Objection("PATH_NOT_ALLOWED", "This place is never changed by a tailoring.")
    on_bullets = {"append", "reorder"} if target and target.line is None else {"replace"}
    allowed = _ACTIONS.get(edit.path, on_bullets)
    if edit.action not in allowed:
        return Objection("ACTION_NOT_ALLOWED", f"{edit.action} is not possible at this place.")
    return None


def strategy_right(case: Case, edit: Edit) -> Objection | None:
    """Keep new bullets and a new order of bullets to the strategy FULL."""
    widens = edit.action == "append" or (edit.action == "reorder" and edit.path != SKILLS)
    if widens and case.strategy != "FULL":
        return Objection("STRATEGY_FORBIDS", f"{case.strategy} never adds or moves bullets.")
    return None


def found(case: Case, edit: Edit) -> Objection | None:
    """Refuse a path that leads nowhere in the source."""
    target = bullet_path(edit.path)
    if target is None:
        return None
    lines = bullets_at(case.source, target)
    if lines is None or (target.line is not None and target.line >= len(lines)):
        return Objection("PATH_NOT_FOUND", "The resume has no such place.")
    return None


def exact_original(case: Case, edit: Edit) -> Objection | None:
    """Ask a replacement to quote what stands there, and a new order to keep every entry."""
    if edit.action == "append":
        return None
    if edit.action == "reorder":
        return _permutation(case, edit)
    stands = text_at(case, edit.path)
    if not isinstance(edit.original, str) or plain(edit.original) != plain(stands):
        return Objection("ORIGINAL_MISMATCH", "The quoted original is not what stands there.")
    if edit.value == stands:
        return Objection("NO_CHANGE", "The new text is the old text.")
    return None


def _permutation(case: Case, edit: Edit) -> Objection | None:
    stands = list_at(case, edit.path)
    quoted = edit.original
    if isinstance(quoted, str) or (
        quoted is not None and [plain(item) for item in quoted] != [plain(item) for item in stands]
    ):
        return Objection("ORIGINAL_MISMATCH", "The quoted list is not what stands there.")
    if sorted(plain(item) for item in edit.value) != sorted(plain(item) for item in stands):
        return Objection("NOT_A_PERMUTATION", "A new order must keep every entry and add none.")
    if [plain(item) for item in edit.value] == [plain(item) for item in stands]:
        return Objection("NO_CHANGE", "The new order is the old order.")
    return None


def text_at(case: Case, path: str) -> str:
    """Return the text of the source at *path*, the summary or one existing bullet."""
    target = bullet_path(path)
    if target is None or target.line is None:
        return case.source.summary
    return (bullets_at(case.source, target) or ())[target.line]


def list_at(case: Case, path: str) -> tuple[str, ...]:
    """Return the list of the source at *path*, the skills or the bullets of one entry."""
    target = bullet_path(path)
    if target is None:
        return case.source.additional.technical_skills
    return bullets_at(case.source, target) or ()


def real_evidence(case: Case, edit: Edit) -> Objection | None:
    """Refuse evidence that does not exist: the owner of the resume will look it up."""
    for path in edit.evidence:
        if path not in case.texts and not any(p.startswith(f"{path}[") for p in case.texts):
            return Objection("EVIDENCE_NOT_FOUND", "The evidence names a place that is not there.")
    return None
