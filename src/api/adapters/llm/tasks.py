"""One thing to ask a model: words, the form of the answer, and how to read it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from events.tailoring import ModelUsage

AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True, slots=True)
class Task(Generic[AnswerT]):
    """What to ask. `read` turns decoded JSON into the answer or raises `Malformed`.

    `prompt` is the version of the words; `answer_tokens` is how long the answer may be.
    """

    name: str
    prompt: str
    system: str
    user: str
    schema: dict[str, Any]
    read: Callable[[Any], AnswerT]
    answer_tokens: int


@dataclass(frozen=True, slots=True)
class Completion(Generic[AnswerT]):
    """The answer, and what it took."""

    answer: AnswerT
    usage: ModelUsage
