"""Vocabulary, closed: a word is refused unless the source, or nobody, claims anything by it."""

from functools import cache
from typing import Final

from commands.tailoring.gate.case import Case, Claim, Objection
from commands.tailoring.lexicon import lexicon
from commands.tailoring.phrases import plain_words
from commands.tailoring.text import fold, has_cjk
from commands.tailoring.tongue import cjk_runs, neutral, stem, word_table, words
from events.tailoring import Edit, Language

_LONGEST_CHUNK: Final = 12


def vocabulary(case: Case, edit: Edit) -> Objection | None:
    """Refuse any telling word that the claim's places don't hold, in whatever form.

    A translation cannot be judged word by word: there only numbers, names, skills and grades
    are, and the tailoring says so.
    """
    for claim in case.claims(edit):
        if case.is_translation(claim.text):
            continue
        stranger = _stranger(case, claim)
        if stranger is not None:
            return Objection(
                "UNSUPPORTED_WORD", f"Nothing in the source backs the word {stranger[:40]!r}."
            )
    return None


def _stranger(case: Case, claim: Claim) -> str | None:
    language = case.source_language
    text = lexicon().blanked(claim.text)
    known = case.stems(claim.scope)
    known |= frozenset(s for s in known for s in kin(language).get(s, ()))
    known |= frozenset(s for s in known for s in plain_words(s))
    for word in words(text):
        if word not in neutral(language) and stem(word, language) not in known:
            return word
    if not has_cjk(text):
        return None
    source = fold("\n".join(place.text for place in claim.scope))
    others = {w for w, group in kin(language).items() if any(m in source for m in group)}
    free = others | {word for word in neutral(language) if has_cjk(word)}
    return next((bad for run in cjk_runs(text) if (bad := _uncovered(run, source, free))), None)


def _uncovered(run: str, source: str, free: set[str]) -> str | None:
    """Return the first stretch of *run* that is neither in the source nor free, or None."""
    at = 0
    while at < len(run):
        longest = min(_LONGEST_CHUNK, len(run) - at)
        for length in range(longest, 0, -1):
            chunk = run[at : at + length]
            kana = length == 1 and "\u3041" <= chunk <= "\u309f"
            quoted = (length >= 2 or len(run) == 1) and chunk in source
            if kana or quoted or chunk in free:
                at += length
                break
        else:
            return run[at:]
    return None


@cache
def kin(language: Language) -> dict[str, frozenset[str]]:
    """Return for each stem the stems of words that claim exactly the same."""
    groups = word_table("kin.tsv").get(language, {}).values()
    table: dict[str, frozenset[str]] = {}
    for group in groups:
        family = frozenset(stem(word, language) for word in group)
        for member in family:
            table[member] = table.get(member, frozenset()) | family
    return table
