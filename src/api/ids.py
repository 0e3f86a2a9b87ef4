"""Ids as clients see them: a prefix that says of what, and a ULID."""

from typing import Final, Literal
from uuid import UUID

from ulid import ULID

from events.letter import LetterKind

Prefix = Literal[
    "res", "gen", "org", "key", "chg", "cl", "om", "usr", "mem", "inv", "ses", "job", "evt", "whk"
]

LETTERS: Final[dict[LetterKind, Prefix]] = {"cover_letter": "cl", "outreach": "om"}
"""Which prefix the ids of each kind of letter have."""


def new_id() -> UUID:
    """Return a fresh id; ids made later sort later (to the millisecond)."""
    return ULID().to_uuid()


def to_wire(prefix: Prefix, value: UUID) -> str:
    """Return an id as clients see it, such as `res_01JZP7G5YW8V0EJ9D2V8N7A2K4`."""
    return f"{prefix}_{ULID.from_uuid(value)}"


def from_wire(prefix: Prefix, text: str) -> UUID | None:
    """Return the id that a client sent; None when it can be nobody's."""
    head, _, ulid = text.partition("_")
    if head != prefix or len(ulid) != 26:
        return None
    try:
        return ULID.from_str(ulid.upper()).to_uuid()
    except ValueError:
        return None
