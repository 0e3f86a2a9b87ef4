"""Torn: half of a range or of a ratio says more than the whole, and many more than one."""

import re
from typing import Final

from commands.tailoring.gate.amounts import in_digits
from commands.tailoring.gate.case import Case, Objection
from commands.tailoring.text import LETTER, fold
from commands.tailoring.tongue import words
from events.tailoring import Edit

_AMOUNT: Final = r"(\d[\d.,]*)"
_PAIR: Final = re.compile(
    rf"(?<!from )(?<!de )(?<![由从\d]){_AMOUNT} ?(?:to|-|of|out of|in|a|de|至|到|~) ?{_AMOUNT}"
)
_ONE: Final = re.compile(rf"(?<![{LETTER}])(?:an?|one|un|una|um|uma)((?: [{LETTER}-]+){{1,3}})")

_PART: Final = re.compile(
    r"(?:\b(?:of|from) (?:which|whom|them|these)|\bde (?:los|las) (?:que|cuales)|"
    r"\b(?:dos|das) quais|"
    r"\bde ell[oa]s|\bdel[ea]s|其中|うち)[^\d.;。；]{0,12}(\d+)"
)
"""How many of several did it."""


def torn(case: Case, edit: Edit) -> Objection | None:
    """Refuse `8` for `6 to 8`, `11 regions` for `3 of 11`, and `new colleagues` for `a` one."""
    for claim in case.claims(edit):
        old = claim.grown_from or ""
        new = in_digits(claim.text)
        for one, other in _PAIR.findall(in_digits(old)):
            if (one in new) != (other in new):
                return Objection(
                    "INVENTED_METRIC", "The new text keeps half of a pair of numbers."
                )
        for part in _PART.findall(in_digits(old)):
            if not re.search(rf"(?<!\d){part}(?!\d)", new):
                return Objection(
                    "FACTS_DROPPED", "The new text tells of all what the old one tells of some."
                )
        before = set(words(old))
        single = {word for found in _ONE.findall(fold(old)) for word in found.split()}
        if any(f"{word}{end}" in set(words(claim.text)) - before
               for word in single for end in ("s", "es")):  # fmt: skip
            return Objection("INVENTED_METRIC", "The new text makes several of one.")
    return None
