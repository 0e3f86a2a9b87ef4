"""Torn: half of a range or of a ratio says more than the whole, and many more than one."""

import re
from typing import Final

from commands.tailoring.gate.amounts import in_digits
from commands.tailoring.gate.case import Case, Objection
from commands.tailoring.text import LETTER, fold
from commands.tailoring.tongue import language_of, stem, words
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

_FEW: Final = re.compile(
    rf"(?<![\d.,$€£#-])(?<!no )([2-5]) ((?:[{LETTER}-]+ )?[{LETTER}-]+)(?= |$|[,.;])(?! ?%)"
)
"""A small number of somebody or something: without it, there seem to be many."""
_WAY: Final = re.compile(
    r"\b(?:from|desde|de|do|da) (?P<from>[^\s,.;]+)(?: [^\s,.;]+){0,2}?"
    r" (?:to|a|al|para|ao) (?P<to>[^\s,.;]+)|"
    r"[从由](?P<from_zh>[^，。；从由到至]{1,12})(?:迁移|转移|搬迁|切换)?[到至](?P<to_zh>[^，。；]{1,12})|"
    r"(?P<from_ja>[^、。]{1,12})から(?P<to_ja>[^、。]{1,12}?)[へに]"
)
_OTHERS: Final = re.compile(
    r"\b(?:that|which|whom) (?:an?|the|my|our|another) [^\s,.;]+"
    r"(?: (?:then|later|also))? ([^\s,.;]+)|"
    r"\b([^\s,.;]+) by (?:an?|the|my|our|another)\b"
)
"""What somebody else did: `leases that a partner reviewed`."""


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
        for few, noun in _FEW.findall(in_digits(old)):
            if noun in new and not re.search(rf"(?<!\d){few}(?!\d)", new):
                return Objection("INVENTED_METRIC", "The new text makes many of a few.")
        if _turned(old, claim.text):
            return Objection("FACTS_CHANGED", "The new text turns round who did what, or whereto.")
        before = set(words(old))
        single = {word for found in _ONE.findall(fold(old)) for word in found.split()}
        if any(f"{word}{end}" in set(words(claim.text)) - before
               for word in single for end in ("s", "es")):  # fmt: skip
            return Objection("INVENTED_METRIC", "The new text makes several of one.")
    return None


def _turned(old: str, new: str) -> bool:
    """Tell whether a way leads back, or what somebody else did is now the person's own deed."""
    ways = {(start, end) for start, end in _ways(old) if start != end}
    if any((end, start) in ways for start, end in _ways(new)):
        return True
    language = language_of(old) or "en"
    others = {
        stem(word, language) for found in _OTHERS.findall(fold(old)) for word in found if word
    }
    first, *_ = [*words(new), ""]
    before, *_ = [*words(old), ""]
    return stem(first, language) in others and first != before


def _ways(text: str) -> set[tuple[str, str]]:
    found = (match.groupdict() for match in _WAY.finditer(fold(text)))
    return {
        (way[f"from{end}"].strip(), way[f"to{end}"].strip())
        for way in found
        for end in ("", "_zh", "_ja")
        if way[f"from{end}"] and way[f"to{end}"]
    }
