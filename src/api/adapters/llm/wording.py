"""The prompts: data files with a version in their name, filled in a single pass."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

_SLOT: Final = re.compile(r"\{\{([a-z_]+)\}\}")
_BETWEEN: Final = "\n=====\n"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of one prompt: what the model is told once, and the data of one call."""

    version: str
    system: str
    user: str

    def filled(self, values: Mapping[str, str]) -> str:
        """Return the user's part with *values* in its slots; slots inside values stay text."""
        return _SLOT.sub(lambda slot: values[slot[1]], self.user)


@cache
def prompt(name: str) -> Prompt:
    """Return the prompt in the file *name*, which never changes: a new wording is a new file."""
    text = files("api.adapters.llm").joinpath("prompts", f"{name}.txt").read_text("utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    system, _, user = text.partition(_BETWEEN)
    return Prompt(f"{name}:{digest}", system.strip(), user.strip())


def enclosed(what: str, text: str, *, others: tuple[str, ...] = ()) -> str:
    """Return untrusted *text* between marks that it cannot close itself.

    The mark hangs on everything that is sent, *others* included: who wrote only a part of it
    cannot work the mark out, and the same input still gives the same prompt.
    """
    mark = hashlib.sha256(json.dumps([what, text, *others]).encode()).hexdigest()[:12]
    return f"<{what}-{mark}>\n{text}\n</{what}-{mark}>"
