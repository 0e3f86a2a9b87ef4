"""Lift events that were stored in an older shape to the shape of today.

An upcast is a pure function from the stored fields of schema *n* to those of *n + 1*; it sees the
clear fields only. What an upcast cannot know it must not invent: then the new shape needs a topic
of its own.
"""

from collections.abc import Callable, Mapping
from typing import Any

from events.base import Event

Fields = dict[str, Any]
Upcasts = Mapping[tuple[str, int], Callable[[Fields], Fields]]


def _with_code(fields: Fields) -> Fields:
    broke_down = fields["reason"].startswith("Parsing broke down")
    return {**fields, "code": "RETRY_FAILED" if broke_down else "LLM_PARSING_FAILED"}


UPCASTS: Upcasts = {
    ("key-issued", 1): lambda fields: {**fields, "owner_id": None},
    ("resume-parsing-failed", 1): _with_code,
    ("tailoring-requested", 1): lambda fields: {**fields, "letters": []},
    ("tailoring-requested", 2): lambda fields: {**fields, "strict": False},
}
"""(topic, stored schema) → what lifts the fields by one schema."""


class UnknownSchema(LookupError):
    """An event was stored in a shape that this program does not know."""


def lift(kind: type[Event], schema: int, fields: Fields, upcasts: Upcasts = UPCASTS) -> Fields:
    """Return *fields*, stored under *schema*, in the shape of today's *kind*.

    Raises:
        UnknownSchema: the stored schema is newer than the program, or a step is missing.

    """
    if schema > kind.SCHEMA:
        raise UnknownSchema(f"{kind.TOPIC} {schema} was written by a newer version of Refolio")
    for step in range(schema, kind.SCHEMA):
        if (kind.TOPIC, step) not in upcasts:
            raise UnknownSchema(f"no upcast leads from {kind.TOPIC} {step} to {step + 1}")
        fields = upcasts[kind.TOPIC, step](fields)
    return fields
