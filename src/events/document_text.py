"""What was read out of an uploaded document: its lines, in reading order, with their layout."""

from typing import Literal

from events.base import Value

DocumentKind = Literal["pdf", "docx"]


class TextLine(Value):
    """One line of a document.

    `page` counts from 1. `text` is normalised (NFKC, no control characters); two spaces stand
    where the page has a gap wider than 1.2 em. `x` is the left edge and `size` the letter height,
    both in points; a document without a layout has 0 for either.
    """

    page: int
    text: str
    x: float = 0.0
    size: float = 0.0
    bold: bool = False


class DocumentText(Value):
    """Every visible line of a document in reading order, and the targets of its links."""

    kind: DocumentKind
    pages: int
    lines: tuple[TextLine, ...]
    links: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        """The lines as one text."""
        return "\n".join(line.text for line in self.lines)


class FieldSource(Value):
    """Where a field of the parsed resume stands: *path* like `workExperience[0].company`.

    `line` is the 0-based index of its first line in `DocumentText.lines`.
    """

    path: str
    line: int
