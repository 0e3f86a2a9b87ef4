"""Vocabulary, closed: a word is refused unless the source, or nobody, claims anything by it."""

import re
from typing import Final

from commands.tailoring.gate.case import Case, Claim, Objection
from commands.tailoring.gate.grades import modest
from commands.tailoring.gate.quantities import wordless
from commands.tailoring.gate.synonyms import family, kin
from commands.tailoring.lexicon import lexicon
from commands.tailoring.phrases import plain_words
from commands.tailoring.places import Place
from commands.tailoring.text import fold, has_cjk
from commands.tailoring.tongue import cjk_runs, neutral, stem, words
from events.tailoring import Edit

_LONGEST_CHUNK: Final = 12
_AS: Final = r"\b(?:as|como) (?:an? |uma? |un )?"
_IDIOM: Final = re.compile(r"\bas (?:well as|part of)\b", re.IGNORECASE)
_CAPACITIES: Final = frozenset({("en", "as"), ("es", "como"), ("pt", "como")})
_IN_JAPANESE: Final = "として"


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
    backing = _backing(claim)
    text, named = _without_skills(_without_capacity(claim))
    known = case.stems(backing)
    spoken = {word for place in backing for word in words(place.text)}
    known |= frozenset(other for s in known for other in family(s, language))
    known |= frozenset(s for s in known for s in plain_words(s))
    for word in words(text):
        if (language, word) in _CAPACITIES and word not in spoken:
            return word
        if word in neutral(language) or word in modest():
            continue
        if stem(word, language) not in known:
            return word
    if not has_cjk(text):
        return None
    if _IN_JAPANESE in text and not any(_IN_JAPANESE in place.text for place in claim.scope):
        return _IN_JAPANESE
    source = fold("\n".join(place.text for place in backing))
    others = {w for w, group in kin(language).items() if any(m in source for m in group)}
    free = others | named | {word for word in neutral(language) if has_cjk(word)}
    return next((bad for run in cjk_runs(text) if (bad := _uncovered(run, source, free))), None)


def _backing(claim: Claim) -> tuple[Place, ...]:
    """Return the places whose words are free: of headings only those that are quoted in full.

    Else `the ward` could become `the hospital`, as the employer is one.
    """
    if claim.in_summary:
        return claim.scope
    said = fold(claim.text)
    return tuple(p for p in claim.scope if p.kind != "heading" or fold(p.text).strip() in said)


def _without_skills(text: str) -> tuple[str, set[str]]:
    """Return *text*, folded, without numbers and Latin names of skills, and the other names.

    To cut names out of unspaced writing would tear the words around them.
    """
    letters, named = list(text), set[str]()
    for mention in lexicon().find(text):
        if has_cjk(mention.form):
            named.add(fold(mention.form))
        else:
            letters[mention.start : mention.end] = " " * (mention.end - mention.start)
    return wordless("".join(letters)), named


def _without_capacity(claim: Claim) -> str:
    """Return the claim without `as` where the source's own title follows; else `as` is judged.

    `As` makes somebody what was only nearby, so it is no neutral word.
    """
    text = _IDIOM.sub(" ", claim.text)
    titles = [p.text.strip() for p in claim.scope if p.kind in {"heading", "title"}]
    for title in filter(None, titles):
        text = re.sub(_AS + re.escape(title), " ", text, flags=re.IGNORECASE)
        text = text.replace(title + _IN_JAPANESE, title)
    return text


def _uncovered(run: str, source: str, free: set[str]) -> str | None:
    """Return the rest of *run* where neither the source nor free words lead on, or None.

    Two characters together must stand in the source: single ones spell anything.
    """
    reached = {0}
    for at in range(len(run)):
        if at not in reached:
            continue
        for length in range(1, min(_LONGEST_CHUNK, len(run) - at) + 1):
            chunk = run[at : at + length]
            kana = length == 1 and "\u3041" <= chunk <= "\u309f"
            quoted = (length >= 2 or len(run) == 1) and chunk in source
            if kana or quoted or chunk in free:
                reached.add(at + length)
    return None if len(run) in reached else run[max(reached) :]
