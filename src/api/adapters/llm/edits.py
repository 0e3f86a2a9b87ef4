"""Edits as a model writes them: their schema, and what of an answer is an edit at all."""

from typing import Any, Final

from pydantic import ValidationError

from api.adapters.llm.answers import Malformed, is_clean
from events.tailoring import Edit

MOST_EDITS: Final = 60
_LONGEST_TEXT: Final = 4_000
_LONGEST_LIST: Final = 400
_MOST_EVIDENCE: Final = 40

_TEXT: Final[dict[str, Any]] = {"type": "string"}
_TEXTS: Final[dict[str, Any]] = {"type": "array", "items": _TEXT}
_EDIT: Final[dict[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["path", "action", "original", "value", "reason", "evidence"],
    "properties": {
        "path": _TEXT,
        "action": {"type": "string", "enum": ["replace", "append", "reorder"]},
        "original": {"anyOf": [_TEXT, _TEXTS, {"type": "null"}]},
        "value": {"anyOf": [_TEXT, _TEXTS]},
        "reason": _TEXT,
        "evidence": _TEXTS,
    },
}
SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["edits"],
    "properties": {"edits": {"type": "array", "items": _EDIT}},
}


def read_edits(answer: Any) -> tuple[tuple[Edit, ...], int]:
    """Return the edits of a decoded *answer*, the first 60, and how many parts were dropped.

    Nothing is judged here but the form; the truth gate does the rest.

    Raises:
        Malformed: it has no list of edits, or not one part of the list is an edit.

    """
    parts = answer.get("edits") if isinstance(answer, dict) else None
    if not isinstance(parts, list):
        raise Malformed('The object must have the key "edits" with a list.')
    edits = [edit for part in parts[:MOST_EDITS] if (edit := _edit(part)) is not None]
    if parts and not edits:
        raise Malformed(
            "No part of the list is an edit with path, action, original, value, reason, evidence."
        )
    return tuple(edits), len(parts) - len(edits)


def _edit(part: Any) -> Edit | None:
    """Return *part* as an edit; None when it is none or too large to be kept as one."""
    if not isinstance(part, dict):
        return None
    fields = {name: _frozen(part.get(name)) for name in Edit.model_fields}
    fields["evidence"] = fields["evidence"] or ()
    fields["reason"] = fields["reason"] or ""
    try:
        edit = Edit.model_validate(fields)
    except ValidationError:
        return None
    lists = [value for value in (edit.original, edit.value) if isinstance(value, tuple)]
    texts = [edit.path, edit.reason, *edit.evidence]
    texts += [value for value in (edit.original, edit.value) if isinstance(value, str)]
    texts += [text for value in lists for text in value]
    too_large = (
        any(len(text) > _LONGEST_TEXT for text in texts)
        or any(len(value) > _LONGEST_LIST for value in lists)
        or len(edit.evidence) > _MOST_EVIDENCE
    )
    return None if too_large or not all(map(is_clean, texts)) else edit


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
