"""Numbers: every quantity must stand in the source, of the same kind, no better than there."""

from collections import Counter
from typing import Final

from commands.tailoring.gate.case import Case, Claim, Objection
from commands.tailoring.gate.quantities import Quantity, quantities
from events.tailoring import Edit

_WEAKER: Final = frozenset({("over", "exact"), ("exact", "about")})
"""From the source's bound to a weaker one that stays true: `20+` may become `20`."""


def numbers(case: Case, edit: Edit) -> Objection | None:
    """Refuse a quantity that the place it grew from, or one place of the source, doesn't have."""
    for claim in case.claims(edit):
        wanted = quantities(claim.text)
        if wanted and not any(_covers(text, wanted) for text in _backing(case, claim)):
            return Objection("INVENTED_METRIC", "The new text holds a number the source lacks.")
    return None


def _backing(case: Case, claim: Claim) -> list[str]:
    """Return the texts that may lend numbers: the origin, or the one place that is retold."""
    origin = [claim.grown_from] if claim.grown_from is not None else []
    if not claim.in_summary:
        return origin
    return origin + [p.text for p in claim.scope if case.overlap(claim.text, p.text) >= 0.6]


def _covers(text: str, wanted: tuple[Quantity, ...]) -> bool:
    there = Counter(quantities(text))
    return all(_take(there, quantity) for quantity in wanted)


def _take(there: Counter[Quantity], wanted: Quantity) -> bool:
    for quantity, count in there.items():
        same = (quantity.kind, quantity.value) == (wanted.kind, wanted.value)
        fits = quantity.bound == wanted.bound or (quantity.bound, wanted.bound) in _WEAKER
        alike = not quantity.role or not wanted.role or quantity.role == wanted.role
        if count and same and fits and alike:
            there[quantity] -= 1
            return True
    return False
