"""Letters as a model writes them: what it is asked, and how its answer is read."""

from collections.abc import Sequence
from typing import Any, Final

from api.adapters.llm.answers import Malformed, is_clean
from api.adapters.llm.material import LANGUAGES, keywords_of, posting_of, texts_of
from api.adapters.llm.tasks import Task
from api.adapters.llm.wording import enclosed, prompt
from commands.tailoring.engine import Brief
from events.letter import LetterKind

SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["letter"],
    "properties": {"letter": {"type": "string"}},
}
_KINDS: Final[dict[LetterKind, str]] = {
    "cover_letter": "a cover letter",
    "outreach": "an outreach message",
}
_ANSWER_TOKENS: Final[dict[LetterKind, int]] = {"cover_letter": 2_048, "outreach": 1_024}
_LONGEST: Final = 8_000


def letter_task(brief: Brief, rejected: str | None, objections: Sequence[str]) -> Task[str]:
    """Return what to ask for the letter of *brief*, and what spoke against a *rejected* draft."""
    words = prompt("letter-1")
    resume, posting = texts_of(brief.source), posting_of(brief.job_description)
    values = {
        "kind": _KINDS[brief.kind],
        "language": LANGUAGES[brief.language],
        "keywords": enclosed("keywords", keywords_of(brief.analysis), others=(resume,)),
        "posting": enclosed("posting", posting, others=(resume,)),
        "resume": enclosed("resume", resume, others=(posting,)),
        "correction": _correction(rejected, objections, resume),
    }
    return Task(
        name="letter",
        prompt=words.version,
        system=words.system,
        user=words.filled(values),
        schema=SCHEMA,
        read=read_letter,
        answer_tokens=_ANSWER_TOKENS[brief.kind],
    )


def _correction(rejected: str | None, objections: Sequence[str], resume: str) -> str:
    if rejected is None:
        return ""
    draft = enclosed("draft", rejected[:_LONGEST], others=(resume,))
    said = "\n".join(f"- {objection}" for objection in objections)
    return f"An earlier draft was thrown away:\n{draft}\nWhat spoke against it:\n{said}\n\n"


def read_letter(answer: Any) -> str:
    """Return the text in a decoded *answer*; it may be empty.

    Raises:
        Malformed: there is no text, it is longer than 8,000 characters, or cannot be stored.

    """
    text = answer.get("letter") if isinstance(answer, dict) else None
    if not isinstance(text, str):
        raise Malformed('The object must have the key "letter" with a text.')
    if len(text) > _LONGEST or not is_clean(text):
        raise Malformed(f"The letter must be plain text of at most {_LONGEST} characters.")
    return text
