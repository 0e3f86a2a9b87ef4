"""Who the resume is about: name, headline, place and addresses, from the top of the document."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from render.parsing.contacts import (
    EMAIL,
    URL,
    first_email,
    first_phone,
    has_contact,
    phone_in,
    urls_in,
)
from render.parsing.entries import is_prose
from render.parsing.model import Found, Line
from render.parsing.pieces import title_score
from render.parsing.places import find_place, is_place

MAX_HEADLINE: Final = 6
"""A headline whose words no list knows has at most as many."""

_CUT: Final = re.compile(r"\s{2,}|\s*[|•·∙;]\s*|\s+,\s+|\s+[–—]\s+")
_LABEL: Final = re.compile(
    r"^(?:full )?(?:name|e-?mail|phone|mobile|tel|cell|address|location|linkedin|github|website|"
    r"web|portfolio|nombre|nome|correo|teléfono|dirección|endereço|adresse|telefon|anschrift|"
    r"wohnort|姓名|邮箱|电话|手机|地址|氏名|住所|電話)\s*[:.]\s*",
    re.IGNORECASE,
)
_DOCUMENT: Final = re.compile(
    r"(?:curriculum vitae|résumé|resume|cv|lebenslauf|currículum|currículo|简历|个人简历|履歴書|"
    r"職務経歴書)(?: of| von| de)?\s*",
    re.IGNORECASE,
)
_NAME: Final = re.compile(
    r"(?:(?:dr|prof|mr|mrs|ms)\.? )?[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){1,4}", re.IGNORECASE
)
_CJK_NAME: Final = re.compile(
    r"[\u4e00-\u9fff\u3040-\u30ff]{1,4}[ ]?[\u4e00-\u9fff\u3040-\u30ff]{1,4}"
)
_PHONE: Final = re.compile(r"\+?\(?\+?\d[\d\s().-]{6,}\d")
_HOME: Final = re.compile(r"\b(?:website|portfolio|homepage|blog|web)\b", re.IGNORECASE)


class Person:
    """Reads the top of the document and its sections of contacts."""

    def __init__(
        self,
        top: Sequence[Line],
        contact: Sequence[Line],
        rest: Sequence[Line],
        links: Sequence[str],
    ) -> None:
        self._top = top
        self._lines = [*top, *contact]
        self._all = [*self._lines, *rest]
        self._links = links

    def name(self) -> Found | None:
        """Return the name: what reads like one and is set largest near the top."""
        pieces = [(line, text) for line in self._lines[:8] for text in _pieces(line)]
        candidates = [(line, text) for line, text in pieces if _could_be_name(text)]
        if not candidates:
            return None
        largest = max(line.size for line, _ in candidates)
        line, text = max(
            candidates,
            key=lambda one: (
                one[0].size >= 0.95 * largest,
                bool(_NAME.fullmatch(one[1]) or _CJK_NAME.fullmatch(one[1])),
                -one[0].index,
            ),
        )
        return Found(text, line.index)

    def title(self, name: Found | None) -> Found | None:
        """Return the headline: a job title above the contacts that is not the name."""
        for line in self._top:
            for text in _pieces(line):
                if (name and text == name.text) or has_contact(text) or is_prose(text):
                    continue
                if title_score(text) and len(text.split()) <= 10:
                    return Found(text, line.index)
        return self._below(name) if name else None

    def _below(self, name: Found) -> Found | None:
        """Return a short line right below the name, whatever its words are."""
        after = [line for line in self._top if line.index > name.line][:1]
        for line in after:
            texts = _pieces(line)
            plain = len(texts) == 1 and len(texts[0].split()) <= MAX_HEADLINE
            if plain and not (has_contact(line.text) or find_place(texts[0])):
                return None if is_prose(line.text) else Found(texts[0], line.index)
        return None

    def location(self) -> Found | None:
        """Return the first place or address."""
        for line in self._lines:
            bare = _PHONE.sub("  ", URL.sub("  ", EMAIL.sub("  ", line.text)))
            for text in _pieces(replace(line, text=bare)):
                place = find_place(text)
                if place:
                    return Found(place, line.index)
        return None

    def email(self) -> Found | None:
        """Return the first e-mail address."""
        return first_email(self._all, self._links)

    def phone(self) -> Found | None:
        """Return the first phone number."""
        return first_phone(self._all, self._links)

    def linkedin(self) -> Found | None:
        """Return the address of the LinkedIn profile."""
        return self._profile("linkedin.com/", "linkedin")

    def github(self) -> Found | None:
        """Return the address of the GitHub profile, never that of a repository."""
        return self._profile("github.com/", "github")

    def website(self) -> Found | None:
        """Return the first address of the person's own that is no profile elsewhere."""
        for line in self._lines:
            for url in urls_in(line.text):
                if not re.search(r"(?:linkedin|github)\.com", url, re.IGNORECASE):
                    return Found(url, line.index)
            if _HOME.search(line.text):
                own = [link for link in self._links if _is_home(link)]
                if own:
                    return Found(own[0], line.index)
        return None

    def prose(self) -> list[Found]:
        """Return the sentences at the top: a summary without a heading."""
        return [line.found for line in self._top if is_prose(line.text) and not _busy(line.text)]

    def _profile(self, host: str, word: str) -> Found | None:
        for line in self._lines:
            for url in urls_in(line.text):
                if host in url.casefold():
                    return Found(url, line.index)
        named = [line.index for line in self._lines if word in line.text.casefold()]
        for link in self._links:
            _, _, path = link.partition(host)
            parts = path.strip("/").split("/")
            if path and (len(parts) == 1 or (parts[0] == "in" and len(parts) == 2)):
                return Found(link, [*named, *(line.index for line in self._lines), 0][0])
        return None


def _pieces(line: Line) -> list[str]:
    """Return the pieces of a line at the top, labels like "Phone:" left out."""
    pieces = [_LABEL.sub("", piece.strip(" ,")) for piece in _CUT.split(line.text)]
    return [bare for piece in pieces if (bare := _DOCUMENT.sub("", piece).strip(" ,:-"))]


def _could_be_name(text: str) -> bool:
    if len(text) > 50 or any(char.isdigit() for char in text) or has_contact(text):
        return False
    if sum(char.isalpha() for char in text) < 2:
        return False
    return "@" not in text and not title_score(text) and not is_place(text) and not is_prose(text)


def _busy(text: str) -> bool:
    return bool(EMAIL.search(text) or phone_in(text) or len(URL.findall(text)) > 1)


def _is_home(link: str) -> bool:
    return link.startswith("http") and not re.search(r"(?:linkedin|github)\.com", link)
