"""Turns hostile text into safe markup: cleaned, escaped, links live, CJK runs marked."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape

MAX_HREF_CHARS = 2_000

# Controls but tab and newline, soft hyphens and zero-width spaces, bidi overrides (they would show
# a reader another order than a machine reads), private use (other fonts' icons).
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ue000-\uf8ff\U000e0000-\U0010ffff]"
)
_NEWLINES = re.compile(r"\s*[\r\n\x85\u2028\u2029]\s*")
_BULLET = re.compile(r"^(?:[•‣▪●◦∙·*–—-]\s+)+")
_URL = re.compile(r"https?://[^\s<>\"'，。、；）」]+[^\s<>\"'，。、；）」.,;:!?)\]}]")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_BARE_DOMAIN = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}(?::\d+)?(?:[/?#]|$)")
_EMAIL = re.compile(r"[\w.+-]+@(?:[\w-]+\.)+[\w-]{2,}")
_PHONE = re.compile(r"\+?[\d\s().\-/]{5,40}")
_CJK = re.compile(
    "[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f"
    "\uff00-\uffef\U00020000-\U0003ffff]+"
)
_KANA = re.compile("[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
_HAN = re.compile("[\u4e00-\u9fff]")
_HANGUL = re.compile("[\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff]")


@dataclass(frozen=True, slots=True)
class Link:
    """Something to show, and where it leads if it may lead anywhere."""

    text: str
    href: str | None = None


def clean(text: str) -> str:
    """Return *text* on one line, without what can't be seen."""
    return " ".join(_INVISIBLE.sub("", text).split())


def lines(text: str) -> tuple[str, ...]:
    """Return the non-empty lines of *text*, each cleaned."""
    return tuple(line for part in _NEWLINES.split(text) if (line := clean(part)))


def bullet(text: str) -> str:
    """Return *text* cleaned and without a bullet of its own in front."""
    return _BULLET.sub("", clean(text))


def is_bulleted(text: str) -> bool:
    """Tell whether *text* starts with a bullet of its own."""
    return _BULLET.match(clean(text)) is not None


def web_link(url: str) -> Link:
    """Return a link to a web page, shown without its scheme.

    A bare domain gets https. Anything that isn't plainly http or https stays text.
    """
    shown = clean(url)
    href = f"https://{shown}" if _BARE_DOMAIN.match(shown) else shown
    if not _is_web(href):
        return Link(shown)
    return Link(re.sub(r"^https?://(?:www\.)?|/$", "", shown, flags=re.IGNORECASE), href)


def email_link(address: str) -> Link:
    """Return a mailto link, or text if it isn't an address."""
    shown = clean(address)
    safe = _EMAIL.fullmatch(shown) and f"mailto:{quote(shown, safe='@.+-_')}"
    return Link(shown, safe or None)


def phone_link(number: str) -> Link:
    """Return a tel link, or text if it isn't only a number."""
    shown = clean(number)
    dialled = shown.replace("(0)", "") if shown.startswith("+") else shown
    safe = _PHONE.fullmatch(shown) and "tel:" + re.sub(r"[^\d+]", "", dialled)
    return Link(shown, safe or None)


def rich(text: str, language: str) -> Markup:
    """Return cleaned *text* as markup: escaped, web addresses live, CJK runs marked.

    *language* is that of the document; only runs in another one are marked.
    """
    return Markup().join(
        Markup('<a href="{}">{}</a>').format(piece.href, _runs(piece.text, language))
        if piece.href
        else _runs(piece.text, language)
        for piece in web_links(clean(text))
    )


def web_links(shown: str) -> list[Link]:
    """Return cleaned text in pieces: web addresses, which lead where they say, and the rest."""
    pieces: list[Link] = []
    end = 0
    for match in _URL.finditer(shown):
        url = match.group()
        pieces += [Link(shown[end : match.start()]), Link(url, url if _is_web(url) else None)]
        end = match.end()
    return [piece for piece in (*pieces, Link(shown[end:])) if piece.text]


def plain(text: str, language: str) -> Markup:
    """Return cleaned *text* as markup: escaped, CJK runs marked, nothing live."""
    return _runs(clean(text), language)


def _is_web(url: str) -> bool:
    if len(url) > MAX_HREF_CHARS or re.search(r"[\s\"'<>\\]", url):
        return False
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        return False
    return named and parts.scheme in {"http", "https"}


def _runs(text: str, language: str) -> Markup:
    if text.isascii() or not _CJK.search(text):
        return escape(text)
    spoken = _cjk_language(text, language)
    if spoken == language:
        return escape(text)
    marked = _CJK.sub(lambda run: f'<span lang="{spoken}">{run.group()}</span>', str(escape(text)))
    return Markup(marked)  # noqa: S704 - escaped above; only our own spans were added


def _cjk_language(text: str, language: str) -> str:
    """Tell which CJK language *text* is in: by its letters, then by the document's language."""
    if _HANGUL.search(text):
        return "ko"
    ideographs = _HAN.findall(text)
    if _KANA.search(text) or any(map(_is_only_japanese, ideographs)):
        return "ja"
    if any(map(_is_not_japanese, ideographs)):
        return "zh-Hans"
    return language if language in {"ja", "ko"} else "zh-Hans"


def _is_only_japanese(char: str) -> bool:
    """Tell whether Japan alone writes *char* so, such as 経 (经 and 經 elsewhere)."""
    return _is_in(char, "shift_jis") and not _is_in(char, "gb2312") and not _is_in(char, "big5")


def _is_not_japanese(char: str) -> bool:
    """Tell whether *char* is a simplified one that Japan doesn't know, such as 经."""
    return _is_in(char, "gb2312") and not _is_in(char, "shift_jis")


def _is_in(char: str, charset: str) -> bool:
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
