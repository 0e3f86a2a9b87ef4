"""Propose again what an earlier tailoring worded well, where it answers this posting, too."""

from collections.abc import Iterable, Sequence

from commands.tailoring.asked import Asked, status_of
from commands.tailoring.evidence import Evidence
from commands.tailoring.gate.case import Case
from events.resume_data import ResumeData
from events.tailoring import Edit


def reused(
    case: Case, asked: Sequence[Asked], earlier: Iterable[Edit], edits: Iterable[Edit]
) -> list[Edit]:
    """Return *earlier* edits that fit the source as it is now and bring in what is asked for.

    The first of each place, and none for a place that *edits* touch already. They are proposals:
    the gate judges them anew.
    """
    touched = {edit.path for edit in edits}
    found: list[Edit] = []
    for edit in earlier:
        fits = edit.action == "replace" and case.texts.get(edit.path) == edit.original
        if fits and edit.path not in touched and _answers(edit, asked):
            touched.add(edit.path)
            found.append(edit.model_copy(update={"reason": _reason(edit)}))
    return found


def _answers(edit: Edit, asked: Sequence[Asked]) -> bool:
    """Tell whether an edit brings in the posting's form of something asked for."""
    before, after = (
        Evidence(ResumeData(summary=str(text))) for text in (edit.original, edit.value)
    )
    return any(status_of(wish, after) == "present" != status_of(wish, before) for wish in asked)


def _reason(edit: Edit) -> str:
    return f"Worded so for an earlier posting. {edit.reason}".strip()[:600]
