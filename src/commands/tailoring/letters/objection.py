"""Why a letter is not sent as it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LetterObjection:
    """A code for machines and a sentence for the owner, and for the model that shall do better."""

    code: str
    detail: str
