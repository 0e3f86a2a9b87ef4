"""E-mail addresses, phone numbers and links, from the text and from the targets of links."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import phonenumbers
from phonenumbers import Leniency, PhoneNumberMatcher

from render.parsing.dates import spans_in
from render.parsing.model import Found, Line

EMAIL: Final = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9._%+-]{0,62})@(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,24}"
)
_LOOSE_EMAIL: Final = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,62} ?@ ?(?:[A-Za-z0-9-]{1,63} ?\. ?){1,4}[A-Za-z]{2,24}"
)
URL: Final = re.compile(
    r"(?<![@\w.])(?:https?://)?(?:www\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}"
    r"(?:com|org|net|io|dev|me|co|ai|app|info|edu|gov|tech|xyz|design|page|site|online|blog|us|uk|"
    r"de|fr|es|pt|br|ch|at|nl|be|it|in|cn|jp|kr|ca|au|eu|pl|se|no|dk|fi|ly|gg|sh|tv|cc)"
    r"(?![\w.-]*@)(?=[/\s,;|)•·]|\.?$)(?:/[^\s|,;)•·]*)?",
    re.IGNORECASE,
)
_PHONE_LABEL: Final = re.compile(
    r"(?:phone|mobile|tel|cell|telefon|teléfono|电话|手机|電話)\b", re.IGNORECASE
)
_PHONE_GAPS: Final = re.compile(r"(?<=\d) ?- ?(?=\d)")
_DIGIT_RUN: Final = re.compile(r"\d[\d\s()./-]{5,}\d")
_DIGITS: Final = re.compile(r"\d")


def has_contact(text: str) -> bool:
    """Tell whether *text* holds an e-mail address, a phone number or a link."""
    return bool(EMAIL.search(text) or URL.search(text) or phone_in(text))


def email_in(text: str) -> str:
    """Return the first e-mail address in *text*, spaces around its @ and dots forgiven, or ""."""
    found = EMAIL.search(text) or _LOOSE_EMAIL.search(text)
    return found[0].replace(" ", "") if found else ""


def phone_in(text: str) -> str:
    """Return the first possible phone number in *text* as it is written there, or ""."""
    if not any(len(_DIGITS.findall(run)) >= 7 for run in _DIGIT_RUN.findall(text)):
        return ""
    tight = _PHONE_GAPS.sub("-", text)
    for region in ("US", "CN", "DE"):
        for found in PhoneNumberMatcher(tight, region, Leniency.POSSIBLE, max_tries=50):
            if _is_phone(found, tight):
                return tight[_start(tight, found.start) : found.end].strip()
    return ""


def _is_phone(found: phonenumbers.PhoneNumberMatch, text: str) -> bool:
    digits = len(_DIGITS.findall(found.raw_string))
    if not 7 <= digits <= 15 or found.raw_string.count(".") == 1:
        return False
    dated = any(
        span.begin < found.end and found.start < span.finish and len(span.text) >= 7
        for span in spans_in(text)
    )
    return not dated and (digits >= 9 or bool(_PHONE_LABEL.search(text)))


def _start(text: str, start: int) -> int:
    """Step back over an opening bracket and a plus that the matcher leaves out."""
    while start and text[start - 1] in "(+":
        start -= 1
    return start


def first_email(lines: Iterable[Line], links: Sequence[str]) -> Found | None:
    """Return the first e-mail address in *lines*, else the first that a link leads to."""
    return _first(lines, email_in) or _linked(links, "mailto:")


def first_phone(lines: Iterable[Line], links: Sequence[str]) -> Found | None:
    """Return the first phone number in *lines*, else the first that a link leads to."""
    return _first(lines, phone_in) or _linked(links, "tel:")


def _first(lines: Iterable[Line], read: Callable[[str], str]) -> Found | None:
    for line in lines:
        text = read(line.text)
        if text:
            return Found(text, line.index)
    return None


def _linked(links: Sequence[str], scheme: str) -> Found | None:
    targets = [link[len(scheme) :] for link in links if link.casefold().startswith(scheme)]
    return Found(targets[0].split("?")[0], 0) if targets and targets[0] else None


def urls_in(text: str) -> list[str]:
    """Return the web addresses in *text*, e-mail addresses left out."""
    return [found[0].rstrip(".") for found in URL.finditer(EMAIL.sub(" ", text))]
