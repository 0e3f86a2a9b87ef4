"""Bounds: how large an edit may be."""

from typing import Final

from commands.tailoring.gate.case import Case, Objection
from events.tailoring import Edit

MOST_EDITS: Final = 60
"""How many edits one tailoring may bring; what follows is refused unread."""
_LONGEST_TEXT: Final = 600
_LONGEST_SUMMARY: Final = 1_200
_LONGEST_LIST: Final = 400
_MOST_EVIDENCE: Final = 20


def bounds(case: Case, edit: Edit) -> Objection | None:
    """Refuse what is blank, longer than a resume needs, or not of the action's type."""
    del case
    if len(edit.path) > 200 or len(edit.reason) > _LONGEST_TEXT:
        return Objection("CHANGE_TOO_LONG", "The path or the reason is too long.")
    if len(edit.evidence) > _MOST_EVIDENCE:
        return Objection("CHANGE_TOO_LONG", f"More than {_MOST_EVIDENCE} places of evidence.")
    if edit.action == "reorder":
        return _bounds_of_list(edit)
    if not isinstance(edit.value, str):
        return Objection("NOT_A_TEXT", "The new text is a list where one text belongs.")
    if not edit.value.strip():
        return Objection("BLANK_TEXT", "The new text is blank.")
    limit = _LONGEST_SUMMARY if edit.path == "summary" else _LONGEST_TEXT
    longest = max(limit, len(edit.original) + 60 if isinstance(edit.original, str) else 0)
    if len(edit.value) > longest:
        return Objection("CHANGE_TOO_LONG", f"The new text has more than {limit} characters.")
    return None


def _bounds_of_list(edit: Edit) -> Objection | None:
    if isinstance(edit.value, str):
        return Objection("NOT_A_LIST", "A new order must be a list.")
    if len(edit.value) > _LONGEST_LIST:
        return Objection("CHANGE_TOO_LONG", f"The list has more than {_LONGEST_LIST} entries.")
    return None
