"""Tell which keywords of the posting an edit serves."""

from collections.abc import Iterable

from commands.tailoring.asked import concept_of
from commands.tailoring.evidence import holds
from commands.tailoring.lexicon import lexicon
from events.tailoring import Edit, KeywordMatch


def served(edit: Edit, keywords: Iterable[KeywordMatch]) -> tuple[str, ...]:
    """Return the keywords that *edit* brings in, in the posting's form, or further up a list."""
    old, new = _brought(edit)
    forms = _forms(new) - _forms(old)
    return tuple(m.keyword for m in keywords if _is_news(m.keyword, forms, old, new))


def _brought(edit: Edit) -> tuple[list[str], list[str]]:
    """Return the texts that are not news, and those that are."""
    if isinstance(edit.value, str):
        return [edit.original] if isinstance(edit.original, str) else [], [edit.value]
    before = edit.original if isinstance(edit.original, tuple) else ()
    places = {text: i for i, text in reversed([*enumerate(before)])}
    return [], [text for i, text in enumerate(edit.value) if i < places.get(text, i)]


def _forms(texts: Iterable[str]) -> set[tuple[str, str]]:
    """Return the concepts that *texts* name, each with the spellings it is named by."""
    return {
        (mention.concept.name, mention.concept.key(mention.form))
        for text in texts
        for mention in lexicon().find(text)
    }


def _is_news(keyword: str, forms: set[tuple[str, str]], old: list[str], new: list[str]) -> bool:
    concept = concept_of(keyword)
    if concept is not None:
        return (concept.name, concept.key(keyword)) in forms
    return any(holds(text, keyword) for text in new) and not any(holds(t, keyword) for t in old)
