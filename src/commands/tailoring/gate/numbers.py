"""Numbers: every quantity must stand in the source, of the same kind, no better than there."""

from collections import Counter
from typing import Final

from commands.tailoring.gate.case import Case, Claim, Objection
from commands.tailoring.gate.quantities import Quantity, quantities
from commands.tailoring.gate.synonyms import family
from commands.tailoring.tongue import neutral, stem, stems
from events.tailoring import Edit

_WEAKER: Final = frozenset({("over", "exact"), ("exact", "about"), ("over", "about")})
"""From the source's bound to a weaker one that stays true: `20+` may become `20`."""
_NEAR: Final = 3


def numbers(case: Case, edit: Edit) -> Objection | None:
    """Refuse a quantity that the place it grew from, or one place of the source, doesn't have."""
    for claim in case.claims(edit):
        wanted = quantities(claim.text)
        if wanted and not any(_covers(case, text, wanted) for text in _backing(case, claim)):
            return Objection("INVENTED_METRIC", "The new text holds a number the source lacks.")
    return None


def _backing(case: Case, claim: Claim) -> list[str]:
    """Return the texts that may lend numbers: the origin, or the one place that is retold."""
    origin = [claim.grown_from] if claim.grown_from is not None else []
    if not claim.in_summary:
        return origin
    return origin + [p.text for p in claim.scope if case.overlap(claim.text, p.text) >= 0.6]


def _covers(case: Case, text: str, wanted: tuple[Quantity, ...]) -> bool:
    shown = quantities(text)
    there, said = Counter(shown), stems(text, case.source_language)
    return all(_take(there, each) and _same_thing(case, said, shown, each) for each in wanted)


def _take(there: Counter[Quantity], wanted: Quantity) -> bool:
    for quantity, count in there.items():
        if count and _fits(quantity, wanted):
            if not wanted.kind.startswith("every"):
                there[quantity] -= 1
            return True
    return False


def _fits(shown: Quantity, wanted: Quantity) -> bool:
    same = (shown.kind, shown.value) == (wanted.kind, wanted.value)
    ends = {"to", "from"} - {shown.role} if shown.kind != "count" else set()
    if wanted.role in ends:
        return False
    bounded = shown.bound == wanted.bound or (shown.bound, wanted.bound) in _WEAKER
    return same and bounded and (not shown.role or not wanted.role or shown.role == wanted.role)


def _same_thing(
    case: Case, origin: frozenset[str], shown: tuple[Quantity, ...], wanted: Quantity
) -> bool:
    """Tell whether the number still counts the same: 28 pupils are no 28 classes."""
    if wanted.kind != "count" or case.translating:
        return True
    holder = stem(wanted.holder, case.source_language)
    sized = wanted.holder and not wanted.after and holder in origin
    if sized and not _is_held(case, shown, wanted, holder):
        return False
    counted = _telling(case, wanted.after)[:1]
    if not counted or counted[0] not in origin:
        return True  # a strange word is for the vocabulary to judge
    for quantity in shown:
        if not _fits(quantity, wanted):
            continue
        near = _telling(case, quantity.after)[:_NEAR]
        held = family(stem(quantity.holder, case.source_language), case.source_language)
        if counted[0] in held:
            continue
        loose = not near and (not quantity.holder or holder in held)
        if loose or any(counted[0] in family(word, case.source_language) for word in near):
            return True
    return False


def _is_held(case: Case, shown: tuple[Quantity, ...], wanted: Quantity, holder: str) -> bool:
    """Tell whether the number is the size of *holder* in the source too: a crew of five."""
    for quantity in shown:
        if _fits(quantity, wanted):
            near = [stem(quantity.holder, case.source_language), *_telling(case, quantity.after)]
            if set(near) & family(holder, case.source_language):
                return True
    return False


def _telling(case: Case, words: tuple[str, ...]) -> list[str]:
    language = case.source_language
    return [stem(word, language) for word in words if word not in neutral(language)]
