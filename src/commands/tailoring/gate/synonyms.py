"""Words that claim exactly the same, and words that nothing follows from."""

from functools import cache

from commands.tailoring.tongue import stem, word_table
from events.tailoring import Language


@cache
def kin(language: Language) -> dict[str, frozenset[str]]:
    """Return for each stem the stems of words that claim exactly the same."""
    groups = word_table("kin.tsv").get(language, {}).values()
    table: dict[str, frozenset[str]] = {}
    for group in groups:
        members = frozenset(stem(word, language) for word in group)
        for member in members:
            table[member] = table.get(member, frozenset()) | members
    return table


def family(word: str, language: Language) -> frozenset[str]:
    """Return the stem *word* and the stems that may stand for it."""
    return kin(language).get(word, frozenset()) | {word}
