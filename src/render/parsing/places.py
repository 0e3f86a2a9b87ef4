"""Which pieces of text say where something was."""

import re
from typing import Final

from render.parsing.lexicons import mentions, words, words_in

_CITY: Final = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}")
_ZIP: Final = re.compile(r"\b\d{4,6}(?:-\d{4})?\b")
_ZIP_CITY: Final = re.compile(r"(?:[A-Z]{1,2}-)?\d{4,5} [^\W\d_][\w.' -]{2,30}")
_BRACKETS: Final = re.compile(r"^\((.*)\)$|\s*\((?:remote|hybrid|on-?site)\)$", re.IGNORECASE)


def is_place(text: str) -> bool:
    """Tell whether *text* is a place: "Pomona, CA", "Berlin, Germany", "Remote", "New York"."""
    bare = _BRACKETS.sub(r"\1", text.strip()).strip(" .,")
    if not bare or len(bare) > 60:
        return False
    parts = [part.strip() for part in re.split(r"[,/]", bare)]
    if len(parts) == 1:
        return _is_in(parts[0], "cities") or _is_in(parts[0], "regions")
    city, *inner, region = parts
    if not inner and region.isupper() and len(region) <= 3 and _is_in(city, "cities"):
        return True
    states = all(part in words("states") for part in inner)
    return len(parts) <= 3 and states and _is_region(region) and _could_be_city(city)


def _is_in(text: str, name: str) -> bool:
    return " ".join(words_in(text)) in words(name)


def _is_region(text: str) -> bool:
    bare = _ZIP.sub("", text).strip()
    return bare in words("states") or _is_in(bare, "regions")


def _could_be_city(text: str) -> bool:
    bare = _ZIP.sub("", text).strip()
    if not _CITY.fullmatch(bare) or not bare[0].isupper():
        return False
    last = words_in(bare)[-1:]
    return not words("organizations").intersection(last) and not mentions(bare, "titles")


def split_place(text: str) -> tuple[str, str]:
    """Return *text* without the place at its end, and that place or ""."""
    parts = [part.strip() for part in text.split(",")]
    for size in (2, 1):
        place = ", ".join(parts[-size:])
        if len(parts) > size and is_place(place):
            return ", ".join(parts[:-size]), place
    return text, ""


def find_place(text: str) -> str:
    """Return the place somewhere in *text*, like a street address or "City, ST 12345", or ""."""
    if is_place(text):
        return text.strip(" .,")
    parts = [part.strip() for part in text.split(",")]
    if _ZIP_CITY.fullmatch(parts[-1]) and len(parts) <= 3:
        return ", ".join(parts)
    region = next((at for at, part in enumerate(parts) if at and _is_region(part)), 0)
    address = bool(region) and len(parts) <= 5 and len(text) < 80 and len(parts[0].split()) <= 6
    return ", ".join(parts[: region + 1]) if address else ""
