"""Read quantities out of text: what kind, how much, and whether exactly."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Final, Literal

from commands.tailoring.gate.amounts import COUNTERS, in_digits
from commands.tailoring.gate.frequencies import frequencies
from commands.tailoring.lexicon import lexicon
from commands.tailoring.text import CJK, has_cjk
from commands.tailoring.tongue import word_table

Bound = Literal["exact", "over", "about", "under"]

_AMOUNT: Final = r"\d+(?:[.,]\d+)*"
_QUANTITY: Final = re.compile(
    rf"(?<!第)(?P<money>us\$|r\$|[$€£¥])?\s?(?<![a-z0-9])(?<!\d[.,])(?P<amount>{_AMOUNT})"
    r"(?:\s?(?P<scale>(?:thousand|million|millones|millón|milhões|milhão|billion|mil)(?![a-z])|"
    r"[万萬亿億千]|(?<=\d)(?:mm|bn|k|m|b)(?![a-z])))?(?P<plus>\+)?[ -]?"
    r"(?P<unit>%|percentage points?|percent(?![a-z])|per cent|pct|por ciento|por cento|"
    r"x(?![a-z])|×|"
    r"times|fold|veces|vezes|倍|"
    r"usd|eur|gbp|brl|dollars?|euros?|pounds?|reais|dólares|元|円|"
    r"(?:years?|yrs?|months?|weeks?|days?|hours?|hrs?|minutes?|mins?|seconds?|ms|años?|anos?|"
    r"meses|mes|mês|días?|dias?|horas?|minutos?|segundos?|semanas?)(?![a-zà-ÿ])|"
    r"年|个月|個月|か月|ヶ月|月|周|週間|天|日|小时|時間|分钟|分|秒)?"
)
_PERCENT_FIRST: Final = re.compile(rf"百分之(?P<amount>{_AMOUNT})")
_CURRENCIES: Final = {
    "$": "usd", "us$": "usd", "usd": "usd", "dollar": "usd", "dollars": "usd", "dólares": "usd",
    "€": "eur", "eur": "eur", "euro": "eur", "euros": "eur", "£": "gbp", "gbp": "gbp",
    "pound": "gbp", "pounds": "gbp", "r$": "brl", "brl": "brl", "reais": "brl",
    "¥": "yen or yuan", "元": "yen or yuan", "円": "yen or yuan",
}  # fmt: skip
_PERIODS: Final = {
    unit: period
    for period, units in {
        "year": "year years yr yrs año años ano anos 年",
        "month": "month months mes meses mês 个月 個月 か月 ヶ月 月",
        "week": "week weeks semana semanas 周 週間",
        "day": "day days día días dia dias 天 日",
        "hour": "hour hours hr hrs hora horas 小时 時間",
        "minute": "minute minutes min mins minuto minutos 分钟 分",
        "second": "second seconds segundo segundos 秒",
        "millisecond": "ms",
    }.items()
    for unit in units.split()
}
_ROLE: Final = re.compile(r"(?:(?<![a-z])(?<!close )(?<!near )(by|to|from)|([至到])|([由从]))$")
_REACHED: Final = re.compile(r"^(?:に|へ|まで)(?:短縮|削減|減|低減|増|拡大|向上|引き)")
_PERCENT_UNITS: Final = frozenset({"%", "percent", "per cent", "pct", "por ciento", "por cento"})
_TIMES_UNITS: Final = frozenset({"x", "×", "times", "fold", "veces", "vezes", "倍"})
_BOUNDS: Final[tuple[tuple[Bound, re.Pattern[str]], ...]] = (
    (
        "about",
        re.compile(
            r"(?:about|approximately|approx\.?|around|nearly|almost|roughly|some|close to|~|≈|"
            r"near|near to|in the region of|"
            r"circa|ca\.|an estimated|aproximadamente|cerca de|alrededor de|casi|quase|unos|unas|"
            r"uns|umas|por volta de|en torno a|约|約|近|将近|接近|大约|"
            r"およそ|ほぼ)\s*$"
        ),
    ),
    (
        "under",
        re.compile(
            r"(?:up to|as many as|as much as|"
            r"less than|under|below|fewer than|at most|no more than|a maximum of|within|"
            r"hasta|menos de|como máximo|até|no máximo|最多|不到|"
            r"至多|不超过|最大|<)\s*$"
        ),
    ),
    (
        "over",
        re.compile(
            r"(?:over|more than|above|at least|no fewer than|exceeding|upwards of|más de|al menos|"
            r"por lo menos|mais de|pelo menos|ao menos|超过|超過|"
            r"至少|逾|超|少なくとも|>)\s*$"
        ),
    ),
)
_AFTER_OVER: Final = re.compile(r"^\s*(?:\+|or more|以上|多|余|餘|超|o más|ou mais)")
_AFTER_UNDER: Final = re.compile(r"^\s*(?:以下|以内|未満|弱|or less|or fewer|o menos|ou menos)")
_AFTER_ABOUT: Final = re.compile(r"^\s*(?:左右|上下|程度|ほど|前後|or so)")
_BEFORE_OF: Final = re.compile(
    r"([^\W\d_]+) (?:of|de)(?: (?:about|around|up to|over|unos|cerca de))?$"
)
_NEXT: Final = re.compile(rf"[a-zà-ÿ]+(?:['’-][a-zà-ÿ]+)*|[,.;:()!?]|[{CJK}]")
_LASTING: Final = re.compile(r"(?:within|^over|^durante|^during)\s*$")
_COUNTER: Final = re.compile(COUNTERS)
_MOST_NEXT: Final = 5


@dataclass(frozen=True, slots=True, order=True)
class Quantity:
    """A number in a text. `kind` is percent, times, count, every, or money or time with its unit.

    `role` tells `by 20%` from `to 20%` and `from 20%`; "" where the text doesn't say. `after`
    are the next words of the same clause, `holder` the word of which it is the size: `team of 6`.
    """

    kind: str
    value: Decimal
    bound: Bound
    role: str = ""
    after: tuple[str, ...] = field(default=(), compare=False)
    holder: str = field(default="", compare=False)


def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities in *text* in order; numbers inside names of skills are none."""
    return tuple(quantity for _, _, quantity in _located(in_digits(lexicon().blanked(text))))


def wordless(text: str) -> str:
    """Return *text*, folded, without what `quantities` read: numbers, units, bounds, periods."""
    read = in_digits(text)
    letters = list(read)
    for start, end, quantity in _located(read):
        before = read[:start].rstrip("$€£¥ ")
        bound = next((m for _, p in _BOUNDS if (m := p.search(before))), None)
        begin = bound.start() if bound else start
        finish = end if quantity.kind.startswith("every") else _tail_end(read, end)
        letters[begin:finish] = " " * (finish - begin)
    return "".join(letters)


def _located(read: str) -> list[tuple[int, int, Quantity]]:
    """Return the quantities of a text in digits with their places, in order."""
    found = [
        (start, end, Quantity(f"every {period}", Decimal(1), "exact"))
        for period, start, end in frequencies(read)
    ]
    found += [
        (m.start(), m.end(), Quantity("percent", _value(m["amount"]), "exact"))
        for m in _PERCENT_FIRST.finditer(read)
    ]
    rest = _PERCENT_FIRST.sub(lambda m: " " * len(m.group()), read)
    for period_of in found:
        rest = rest[: period_of[0]] + " " * (period_of[1] - period_of[0]) + rest[period_of[1] :]
    found += [(m.start(), m.end(), _quantity(rest, m)) for m in _QUANTITY.finditer(rest)]
    ends = {end for _, end, _ in found}
    for match in re.finditer(r"[^\W\d_]+", rest):
        kind, value = _words().get(match.group(), ("", 0))
        if kind and match.end() not in ends:
            bound = _bound(rest[: match.start()], rest[match.end() :], plus=False)
            found.append((match.start(), match.end(), Quantity(kind, Decimal(value), bound)))
    return sorted(found, key=lambda each: each[:2])


def _quantity(text: str, match: re.Match[str]) -> Quantity:
    value = _value(match["amount"]) * _scale(match["scale"] or "")
    unit = match["unit"] or ""
    currency = _CURRENCIES.get(match["money"] or unit)
    if currency:
        kind = f"money {currency}"
    elif unit in _PERCENT_UNITS:
        kind = "percent"
    elif unit in _TIMES_UNITS:
        kind = "times"
    else:
        kind = f"time {_PERIODS.get(unit, unit)}" if unit else "count"
    before = text[: match.start("amount")].rstrip("$€£¥ ")
    lasting = kind.startswith("time") and _LASTING.search(before)
    role, holder = _ROLE.search(before), _BEFORE_OF.search(before)
    return Quantity(
        kind,
        value,
        _bound("" if lasting else before, text[match.end() :], plus=bool(match["plus"])),
        "to" if _REACHED.match(text[match.end() :]) else _role_of(role),
        _next_words(text[match.end() :]),
        holder[1] if holder else "",
    )


def _role_of(match: re.Match[str] | None) -> str:
    if match is None:
        return ""
    return match[1] or ("to" if match[2] else "from")


def _next_words(rest: str) -> tuple[str, ...]:
    found: list[str] = []
    for match in _NEXT.finditer(rest):
        if not match.group()[0].isalpha() or has_cjk(match.group()) or len(found) == _MOST_NEXT:
            break
        found.append(match.group())
    return tuple(found)


def _value(amount: str) -> Decimal:
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", amount):
        return Decimal(re.sub(r"[.,]", "", amount))
    whole, _, part = amount.replace(",", ".").rpartition(".")
    return Decimal(f"{whole.replace('.', '')}.{part}" if whole else part).normalize()


def _bound(before: str, after: str, *, plus: bool) -> Bound:
    counter = _COUNTER.match(after)
    after = after[counter.end() :] if counter else after
    if plus or _AFTER_OVER.match(after):
        return "over"
    if _AFTER_UNDER.match(after):
        return "under"
    if _AFTER_ABOUT.match(after):
        return "about"
    return next((bound for bound, pattern in _BOUNDS if pattern.search(before)), "exact")


def _tail_end(read: str, end: int) -> int:
    """Return where a counter and a bound that follow a number end: `80余份`, `5名以上`."""
    for pattern in (_COUNTER, _AFTER_OVER, _AFTER_UNDER, _AFTER_ABOUT, _COUNTER):
        match = pattern.match(read[end:])
        end += match.end() if match else 0
    return end


def _scale(word: str) -> int:
    return next((int(g.split()[1]) for g, w in _groups("scale").items() if word in w), 1)


@cache
def _words() -> dict[str, tuple[str, int]]:
    """Return the words that are a quantity by themselves: `doubled`, `millions`."""
    return {
        word: (kind, int(group.split()[1]))
        for kind in ("count", "times")
        for group, words in _groups(kind).items()
        if kind == "times" or int(group.split()[1]) >= 100
        for word in words
        if (kind, word) not in {("count", "hundred"), ("count", "thousand"), ("count", "mil")}
    }


@cache
def _groups(kind: str) -> dict[str, tuple[str, ...]]:
    groups = word_table("numbers.tsv")["any"]
    return {group: words for group, words in groups.items() if group.startswith(kind)}
