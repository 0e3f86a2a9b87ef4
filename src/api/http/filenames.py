"""Names of files: cleaned as they come in, quoted as they go out."""

import re
from typing import Final, Literal
from urllib.parse import quote

MAX_CHARS: Final = 255


def clean(name: str) -> str:
    """Return the last part of a path without what cannot be printed; "" if nothing is left."""
    printable = "".join(character for character in name if character.isprintable())
    return printable.replace("\\", "/").rsplit("/", 1)[-1].strip()[:MAX_CHARS]


def content_disposition(filename: str, *, kind: Literal["inline", "attachment"] = "inline") -> str:
    """Return the header that shows a PDF under *filename*, ending in one `.pdf` (RFC 6266)."""
    stem = re.sub(r"\.(pdf|docx?)$", "", filename, flags=re.IGNORECASE) or "resume"
    simple = re.sub(r'[^ -~]|["\\%;]', "_", stem)
    return f"{kind}; filename=\"{simple}.pdf\"; filename*=UTF-8''{quote(stem, safe='')}.pdf"
