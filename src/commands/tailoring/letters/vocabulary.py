"""The words by which a letter is judged, in five languages."""

import re
from functools import cache
from typing import Final

from commands.tailoring.text import LETTER, fold, has_cjk
from commands.tailoring.tongue import word_table
from events.tailoring import Language

_TABLE: Final = "letters/words.tsv"


@cache
def group(language: Language, name: str) -> re.Pattern[str]:
    """Return what finds the words of a group, folded, as whole words of alphabetic scripts."""
    table = word_table(_TABLE)
    words = sorted({fold(word) for word in table[language][name]}, key=len, reverse=True)
    latin = [re.escape(word) for word in words if not has_cjk(word)]
    written = [re.escape(word) for word in words if has_cjk(word)]
    parts = [f"(?<![{LETTER}'])(?:{'|'.join(latin)})(?![{LETTER}])"] if latin else []
    return re.compile("|".join([*parts, *written]))


def first(language: Language, name: str, text: str) -> str:
    """Return the first word of a group that stands in *text*, "" for none."""
    match = group(language, name).search(fold(text).replace("’", "'"))
    return match.group() if match else ""
