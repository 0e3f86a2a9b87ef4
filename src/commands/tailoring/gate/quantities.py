"""Read quantities out of text: what kind, how much, and whether exactly."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final, Literal

from commands.tailoring.lexicon import lexicon
from commands.tailoring.text import fold
from commands.tailoring.tongue import word_table

Bound = Literal["exact", "over", "about", "under"]

_AMOUNT: Final = r"\d+(?:[.,]\d+)*"
_QUANTITY: Final = re.compile(
    rf"(?P<money>us\$|r\$|[$€£¥])?\s?(?<![a-z0-9])(?<!\d[.,])(?P<amount>{_AMOUNT})"
    r"(?:\s?(?P<scale>thousand|million|millones|milhões|billion|mil|[万萬亿億千]|(?:mm|bn|k|m|b)"
    r"(?![a-z])))?(?P<plus>\+)?\s?"
    r"(?P<unit>%|percent|pct|por ciento|por cento|x(?![a-z])|×|times|fold|veces|vezes|倍|"
    r"usd|eur|gbp|brl|dollars?|euros?|reais|dólares|元|円|"
    r"years?|months?|weeks?|days?|hours?|minutes?|seconds?|ms(?![a-z])|años?|anos?|meses|mes|días?|"
    r"dias?|horas?|semanas?|年|个月|か月|ヶ月|月|周|週間|天|日|小时|時間|分)?"
)
_PERCENT_FIRST: Final = re.compile(rf"百分之(?P<amount>{_AMOUNT})")
_CURRENCIES: Final = {
    "$": "usd", "us$": "usd", "usd": "usd", "dollar": "usd", "dollars": "usd", "dólares": "usd",
    "€": "eur", "eur": "eur", "euro": "eur", "euros": "eur", "£": "gbp", "gbp": "gbp",
    "r$": "brl", "brl": "brl", "reais": "brl", "¥": "yen or yuan", "元": "yen or yuan",
    "円": "yen or yuan",
}  # fmt: skip
_ROLE: Final = re.compile(r"(?<![a-z])(by|to|from)$")
_PERCENT_UNITS: Final = frozenset({"%", "percent", "pct", "por ciento", "por cento"})
_TIMES_UNITS: Final = frozenset({"x", "×", "times", "fold", "veces", "vezes", "倍"})
_BOUNDS: Final[tuple[tuple[Bound, re.Pattern[str]], ...]] = (
    (
        "about",
        re.compile(
            r"(?:about|approximately|approx\.?|around|nearly|almost|roughly|some|close to|~|≈|"
            r"aproximadamente|cerca de|casi|quase|unos|unas|约|近|大约|約|およそ)\s*$"
        ),
    ),
    (
        "under",
        re.compile(
            r"(?:up to|less than|under|below|fewer than|at most|within|hasta|menos de|até|"
            r"最多|不到|<)\s*$"
        ),
    ),
    (
        "over",
        re.compile(
            r"(?:over|more than|above|at least|exceeding|upwards of|más de|mais de|超过|超|>)\s*$"
        ),
    ),
)
_AFTER_OVER: Final = re.compile(r"^\s*(?:\+|or more|以上|多|o más|ou mais)")
_AFTER_UNDER: Final = re.compile(r"^\s*(?:以下|以内|未満|or less|or fewer)")


@dataclass(frozen=True, slots=True, order=True)
class Quantity:
    """A number in a text. `kind` is percent, times, count, or money or time with its unit.

    `role` tells `by 20%` from `to 20%` and `from 20%`; "" where the text doesn't say.
    """

    kind: str
    value: Decimal
    bound: Bound
    role: str = ""


def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities in *text* in order; numbers inside names of skills are none."""
    masked = fold(lexicon().blanked(text))
    found = [(m.start(), Quantity("percent", _value(m["amount"]), "exact"))
             for m in _PERCENT_FIRST.finditer(masked)]  # fmt: skip
    rest = _PERCENT_FIRST.sub(lambda m: " " * len(m.group()), masked)
    found += [(m.start(), _quantity(rest, m)) for m in _QUANTITY.finditer(rest)]
    for match in re.finditer(r"[^\W\d_]+", rest):
        word = match.group()
        for kind in ("count", "times"):
            value = _spelled(kind).get(word)
            if value is not None:
                found.append((match.start(), Quantity(kind, Decimal(value), "exact")))
    return tuple(quantity for _, quantity in sorted(found, key=lambda pair: pair[0]))


def _quantity(text: str, match: re.Match[str]) -> Quantity:
    value = _value(match["amount"]) * _spelled("scale").get(match["scale"] or "", 1)
    unit = match["unit"] or ""
    currency = _CURRENCIES.get(match["money"] or unit)
    if currency:
        kind = f"money {currency}"
    elif unit in _PERCENT_UNITS:
        kind = "percent"
    elif unit in _TIMES_UNITS:
        kind = "times"
    else:
        kind = f"time {unit.rstrip('s')}" if unit else "count"
    role = _ROLE.search(text[: match.start("amount")].rstrip("$€£¥ "))
    return Quantity(kind, value, _bound(text, match), role[1] if role else "")


def _value(amount: str) -> Decimal:
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", amount):
        return Decimal(re.sub(r"[.,]", "", amount))
    whole, _, part = amount.replace(",", ".").rpartition(".")
    return Decimal(f"{whole.replace('.', '')}.{part}" if whole else part).normalize()


def _bound(text: str, match: re.Match[str]) -> Bound:
    before, after = text[: match.start("amount")].rstrip("$€£¥ "), text[match.end() :]
    if match["plus"] or _AFTER_OVER.match(after):
        return "over"
    if _AFTER_UNDER.match(after):
        return "under"
    return next((bound for bound, pattern in _BOUNDS if pattern.search(before)), "exact")


@cache
def _spelled(kind: str) -> dict[str, int]:
    """Return numbers written as words: of kind `count`, `times` or `scale`."""
    groups = word_table("numbers.tsv")["any"]
    return {
        word: int(group.split()[1])
        for group, words in groups.items()
        if group.startswith(kind)
        for word in words
    }
