"""Characters: nothing that hides, runs, or pretends to be another letter."""

import re
import unicodedata
from typing import Final

from commands.tailoring.gate.case import Case, Objection
from commands.tailoring.lexicon import lexicon
from commands.tailoring.text import fold
from events.tailoring import Edit

_HIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_STRANGE: Final = frozenset({"So", "No", "Nl", "Me"})
_MARKUP: Final = re.compile(
    r"<\s*/?\s*[a-z!?][^>]*>?|&(?:[a-z]+|#x?[0-9a-f]+);|\{\{|\}\}|\{%|%\}|\$\{|#\{|\\[a-z]+|\]\(|"
    r"```|\[\[|\b(?:javascript|data|vbscript|file):|(?<![a-z])on[a-z]+\s*=|\$[^$\d\s][^$]*\$",
    re.IGNORECASE,
)
_PLACEHOLDER: Final = re.compile(
    r"\[[A-Za-z][^\]]{1,40}\]|<[A-Z_ ]{2,}>|\b(?:lorem ipsum|tbd|xxx+|insert here)\b",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(
    r"(?:https?://|www\.)\S+|\b[a-z0-9-]+\.(?:com|net|org|io|dev|ai|co|xyz|ru|cn|info|app)\b(?:/\S*)?|"
    r"[^\s@]{1,64}@[^\s@]{1,200}\.\S+",
    re.IGNORECASE,
)
_ECHO: Final = re.compile(
    r"\b(?:ignore|disregard|forget)\b.{0,30}\b(?:instructions?|above|previous|everything)\b|"
    r"\bas an ai\b|\bsystem prompt\b|\blanguage model\b|\bhere is (?:the|your)\b|"
    r"^\s*(?:system|assistant|user)\s*:|"
    r"\[/?inst\]|</?s>|BEGIN (?:PROMPT|RSA)|\bsk-[a-z0-9]{8,}",
    re.IGNORECASE,
)
_SCRIPTS: Final = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "HEBREW", "ARABIC", "CHEROKEE")


def characters(case: Case, edit: Edit) -> Objection | None:
    """Refuse hidden characters, mixed scripts, markup, placeholders, addresses and echoes."""
    del case
    if any(unicodedata.category(letter) in _HIDDEN for letter in edit.reason):
        return Objection("UNSAFE_TEXT", "The reason holds hidden characters.")
    if _MARKUP.search(edit.reason):
        return Objection("UNSAFE_TEXT", "The reason holds markup.")
    if not isinstance(edit.value, str):
        return None  # a new order is made of the source's own texts
    if any(unicodedata.category(letter) in _HIDDEN for letter in edit.value):
        return Objection("UNSAFE_TEXT", "The new text holds a line break or hidden characters.")
    strange = {c for c in edit.value if unicodedata.category(c) in _STRANGE}
    if not strange <= set(str(edit.original)):
        return Objection("UNSAFE_TEXT", "The new text holds symbols that the old one lacks.")
    if any(_is_mixed(word) for word in edit.value.split()):
        return Objection("UNSAFE_TEXT", "A word mixes the letters of two scripts.")
    old = fold(edit.original) if isinstance(edit.original, str) else ""
    for pattern, what in (
        (_MARKUP, "markup"),
        (_PLACEHOLDER, "a placeholder"),
        (_ADDRESS, "an address"),
        (_ECHO, "what was meant for the machine"),
    ):
        for match in pattern.finditer(edit.value):
            own_name = pattern is _ADDRESS and lexicon().find(match.group())  # such as ASP.NET
            if fold(match.group()) not in old and not own_name:
                return Objection("UNSAFE_TEXT", f"The new text holds {what}.")
    return None


def _is_mixed(word: str) -> bool:
    found = {_script(letter) for letter in word if letter.isalpha() and not letter.isascii()}
    found |= {"LATIN"} if any(c.isascii() and c.isalpha() for c in word) else set()
    return len(found - {""}) > 1


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "")
    if name.startswith(("MATHEMATICAL", "FULLWIDTH LATIN")):
        return "STYLED"
    return next((script for script in _SCRIPTS if name.startswith(script)), "")
