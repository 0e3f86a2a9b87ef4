"""Fields as they are filled, and the line each of them came from."""

from collections.abc import Iterable
from typing import Final

from events.document_text import FieldSource
from render.parsing.model import Found

MAX_TEXT: Final = 20_000


class Trail:
    """Collects where fields come from while the document is put together."""

    def __init__(self) -> None:
        self.sources: list[FieldSource] = []
        self.cut = False

    def text(self, path: str, found: Found | None) -> str:
        """Return the text of *found* for the field at *path*, "" for nothing found."""
        if found is None or not found.text.strip():
            return ""
        self.sources.append(FieldSource(path=path, line=found.line))
        self.cut = self.cut or len(found.text) > MAX_TEXT
        return found.text.strip().replace("  ", " ")[:MAX_TEXT]

    def optional(self, path: str, found: Found | None) -> str | None:
        """Return the text for a field that is None when nothing was found."""
        return self.text(path, found) or None

    def texts(self, path: str, found: Iterable[Found]) -> tuple[str, ...]:
        """Return the texts for the list at *path*, blank ones left out."""
        kept = [one for one in found if one.text.strip()]
        return tuple(self.text(f"{path}[{at}]", one) for at, one in enumerate(kept))


def joined(found: Iterable[Found], separator: str = " ") -> Found | None:
    """Return several finds as one that stands where the first does."""
    parts = [one for one in found if one.text.strip()]
    if not parts:
        return None
    return Found(separator.join(one.text for one in parts), parts[0].line)
