"""Word lists beside the code, read once."""

import itertools
import re
from functools import cache
from importlib.resources import files
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")


def load_all() -> None:
    """Read every list now, for a process that will not be able to open files later."""
    for file in (files("render.parsing") / "words").iterdir():
        name, _, kind = file.name.rpartition(".")
        if kind == "txt":
            words(name)
        elif kind == "tsv":
            phrases(name)


@cache
def words(name: str) -> frozenset[str]:
    """Return the entries of the list *name*, lower case unless the list is in capitals."""
    return frozenset(_text(f"{name}.txt").split("\n")) - {""}


@cache
def phrases(name: str) -> dict[str, str]:
    """Return every phrase of the table *name* with the key of its row."""
    rows = (line.split("\t") for line in _text(f"{name}.tsv").split("\n") if line)
    return {phrase: key for key, listed in rows for phrase in listed.split("|")}


def _text(name: str) -> str:
    folder = files("render.parsing") / "words"
    return (folder / name).read_text(encoding="utf-8")


def words_in(text: str) -> list[str]:
    """Return the words of *text* in lower case, inner hyphens, dots and apostrophes kept."""
    return [word.casefold() for word in _WORD.findall(text)]


def mentions(text: str, name: str) -> int:
    """Count the words and two-word phrases of *text* that stand in the list *name*."""
    found, known = words_in(text), words(name)
    pairs = (f"{one} {two}" for one, two in itertools.pairwise(found))
    return sum(word in known for word in found) + sum(pair in known for pair in pairs)


def mentions_cjk(text: str, name: str) -> int:
    """Count the entries of a list of Chinese or Japanese words that occur inside *text*."""
    return sum(word in text for word in words(name)) if not text.isascii() else 0
