"""Keywords that a model may add to a posting's analysis: only the posting's own words."""

import re
import unicodedata
from typing import Any, Final

from api.adapters.llm.answers import Malformed, is_clean
from events.tailoring import JobAnalysis, JobKeywords

KINDS: Final = ("required_skills", "preferred_skills", "keywords")
_MOST_NEW: Final = 40
_LONGEST: Final = 60
_MOST_WORDS: Final = 6
_TEXTS: Final[dict[str, Any]] = {"type": "array", "items": {"type": "string"}}
SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "required": list(KINDS),
    "properties": dict.fromkeys(KINDS, _TEXTS),
}
_INSIDE: Final = "a-z0-9à-öø-ÿ"
"""What makes a Latin word: not `\\w`, to which Han letters around a word belong as well."""


def read_keywords(answer: Any) -> dict[str, tuple[str, ...]]:
    """Return the texts of a decoded *answer* by their kind.

    Raises:
        Malformed: it isn't an object, or one of its lists isn't a list.

    """
    if not isinstance(answer, dict):
        raise Malformed("The answer must be one JSON object.")
    lists = {kind: answer.get(kind, []) for kind in KINDS}
    if not all(isinstance(found, list) for found in lists.values()):
        raise Malformed(f"The object must have the keys {', '.join(KINDS)}, each with a list.")
    return {
        kind: tuple(text for text in found if isinstance(text, str) and is_clean(text))
        for kind, found in lists.items()
    }


def with_keywords(
    analysis: JobAnalysis, job_description: str, suggested: dict[str, tuple[str, ...]]
) -> JobAnalysis:
    """Return *analysis* with those of the *suggested* keywords that stand in the posting.

    What is known already stays where it is; the employer's name and role are no keywords. At
    most 40 are added.
    """
    posting = _folded(job_description)
    keywords = analysis.keywords
    lists = {kind: list(getattr(keywords, kind)) for kind in KINDS}
    known = {_folded(text) for found in lists.values() for text in found}
    known |= {_folded(analysis.company), _folded(analysis.role)}
    room = _MOST_NEW
    for kind in KINDS:
        for text in suggested.get(kind, ()):
            shape = " ".join(text.split())
            if room and _folded(shape) not in known and _stands_in(shape, posting):
                known.add(_folded(shape))
                lists[kind].append(shape)
                room -= 1
    added = JobKeywords.model_validate(
        {**keywords.model_dump(), **{kind: tuple(found) for kind, found in lists.items()}}
    )
    return analysis.model_copy(update={"keywords": added})


def _stands_in(text: str, posting: str) -> bool:
    """Tell whether *text* stands in *posting* as a whole word or phrase."""
    folded = _folded(text)
    if not folded or len(folded) > _LONGEST or len(folded.split()) > _MOST_WORDS:
        return False
    if not any(letter.isalpha() for letter in folded):
        return False
    whole = rf"(?<![{_INSIDE}]){re.escape(folded)}(?![{_INSIDE}])"
    return re.search(whole, posting) is not None


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
