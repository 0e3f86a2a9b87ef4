"""The messages of one attempt: the task, its form in words where need be, and a correction."""

import json
from typing import Any, Final

from api.adapters.llm.tasks import Task
from api.adapters.llm.tuning import Form

_QUOTED_CHARACTERS: Final = 4_000
_IN_WORDS: Final = (
    "\n\nAnswer with one JSON object only (json, no text around it), matching this JSON Schema:\n"
)


def messages_of(
    task: Task[Any], form: Form, correction: tuple[str, str] | None
) -> list[dict[str, str]]:
    """Return what the model is told. *correction* is its last answer and what was wrong."""
    in_words = "" if form == "schema" else _IN_WORDS + json.dumps(task.schema)
    messages = [
        {"role": "system", "content": task.system},
        {"role": "user", "content": task.user + in_words},
    ]
    if correction is None:
        return messages
    answer, objection = correction
    return [
        *messages,
        {"role": "assistant", "content": answer[:_QUOTED_CHARACTERS].strip() or "(nothing)"},
        {
            "role": "user",
            "content": f"That answer cannot be used. {objection} Answer again from the start, "
            "with one complete JSON object and nothing else.",
        },
    ]
