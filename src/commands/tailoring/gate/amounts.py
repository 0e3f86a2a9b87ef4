"""Write numbers in digits: `twenty-five`, `dos mil`, `三年` and `一万二千` become amounts."""

import re
from functools import cache
from typing import Final

from commands.tailoring.text import fold
from commands.tailoring.tongue import language_of, word_table

_NUMERALS: Final = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "两": 2,
    "兩": 2,
}
_PLACES: Final = {"十": 10, "百": 100, "千": 1000}
COUNTERS: Final = (
    "年|个|個|月|か月|ヶ月|日|天|周|週|小时|時間|分|名|人|件|次|回|倍|组|組|台|家|项|項|条|份|位|款|"
    "所|店|社|校|班|章|本|种|種|级|級|門|门|册|冊|枚|間|座|篇|套|批|张|張|笔|筆|单|単|杯|户|辆|輛|部|匹|頭|秒|张|例|门|袋|箱|床|桌|字|页|頁|ページ|万|萬|亿|億|%"
)
"""What follows a number to count things in Chinese and Japanese."""
_HAN: Final = re.compile(
    rf"(?<![每毎第])(?P<numeral>[〇零一二三四五六七八九十百千两兩]+)(?=(?P<counter>{COUNTERS}))"
)
_TENTHS: Final = re.compile(r"(?P<numeral>[一二三四五六七八九\d])(?:成|割)(?![为功立本员長果就])")
_JUST_ONE: Final = frozenset(
    {"个", "個", "名", "位", "种", "種", "次", "件", "项", "項", "人", "家"}
)
"""`一个` is an article in most texts, and no amount."""
_TIME: Final = r"(?=[ -](?:years?|months?|weeks?|days?|hours?|minutes?)\b)"


_PERIOD: Final = r"(?:weeks?|days?|months?|hours?|minutes?|years?)"
_SHARED_UNIT: Final = re.compile(
    rf"\bfrom (\d[\d.,]*) ({_PERIOD}) to (\d[\d.,]*\d|\d)(?! ?(?:{_PERIOD}|[\d%]))"
)
"""`from 11 weeks to 9` is `from 11 to 9 weeks`."""
_SPREAD: Final = re.compile(r"\bover (?=((?:[a-z]+|\d+) (?:weeks|months|days|shifts)\b))\1")
"""`over three months` is how long something took, not that it took longer."""
_ONE_OF: Final = re.compile(
    rf"(?<![\w.,$€£¥+-])1 (?!(?:thousand|million|billion|percent|per |out |{_PERIOD}))"
    r"(?=[a-z]{3})"
)
"""`1 designer` is `one designer`: an article in most texts, and no amount."""


def in_digits(text: str) -> str:
    """Return *text*, folded, with its spelled numbers in digits. Offsets move."""
    folded = re.sub(rf"\bone{_TIME}", "1", fold(text))
    folded = _ONE_OF.sub("one ", folded)
    folded = _SPREAD.sub(r"in \1", _SHARED_UNIT.sub(r"from \1 to \3 \2", folded))
    if language_of(text) == "es":
        folded = re.sub(r"\bdos\b", "2", folded)  # `dos relatórios` is Portuguese: of the
    folded = _spelled_pattern().sub(_spelled, folded)
    folded = re.sub(r"(?<![\d.,])(?<!\d )\b(?:hundred|cien|cem)\b", "100", folded)
    folded = re.sub(r"(?<![\d.,])(?<!\d )\b(?:thousand|mil)\b", "1000", folded)
    folded = re.sub(r"\bbetween (\d[\d.,]*) and (?=\d)", r"\1 to ", folded)
    folded = re.sub(r"(\d+) (?:hundred|cientos)\b", r"\g<1>00", folded)
    folded = _TENTHS.sub(lambda m: f"{_of_han(m['numeral'])}0%", folded)
    return _HAN.sub(_han, folded)


def _spelled(match: re.Match[str]) -> str:
    values = _values()
    return str(sum(values[word] for word in (match["tens"], match["units"]) if word))


@cache
def _values() -> dict[str, int]:
    return {
        word: int(group.split()[1])
        for group, words in word_table("numbers.tsv")["any"].items()
        if group.startswith("count ") and int(group.split()[1]) < 100
        for word in words
    }


@cache
def _spelled_pattern() -> re.Pattern[str]:
    tens = "|".join(w for w, n in _values().items() if n >= 20 and n % 10 == 0)
    units = "|".join(_values())
    return re.compile(
        rf"(?<![^\W\d_])(?:(?P<tens>{tens})(?:-| (?:[ye] )?))?(?P<units>{units})(?![^\W\d_])"
    )


def _han(match: re.Match[str]) -> str:
    numeral = match["numeral"]
    if numeral == "一" and match["counter"] in _JUST_ONE:
        return numeral
    return str(_of_han(numeral))


def _of_han(numeral: str) -> int:
    if numeral.isdigit() and numeral.isascii():
        return int(numeral)
    if not set(numeral) & _PLACES.keys():
        return int("".join(str(_NUMERALS[c]) for c in numeral))
    total, digit = 0, 0
    for character in numeral:
        if character in _PLACES:
            total += (digit or 1) * _PLACES[character]
            digit = 0
        else:
            digit = _NUMERALS[character]
    return total + digit
