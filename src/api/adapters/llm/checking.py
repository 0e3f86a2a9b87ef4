"""Hold what a model sorted against the document, field by field: what doesn't stand there goes."""

from collections.abc import Iterable, Sequence
from typing import Final

from api.adapters.llm.document_index import DocumentIndex
from api.adapters.llm.sorted_text import SortedEntry
from events.document_text import DocumentText, FieldSource
from render.parsing.dates import Span, span_of, spans_in

_ABOVE_LINES: Final = 2
"""How far above the line that an entry begins with its dates or place may stand."""


class Checker:
    """Keeps what stands in the document and notes its lines.

    *own_lines* tells where the fields of the rules' reading stand, by their paths.
    """

    def __init__(self, text: DocumentText, own_lines: dict[str, int]) -> None:
        self.index = DocumentIndex(text)
        self._lines = [line.text for line in text.lines]
        self.end = len(text.lines)
        self.sources: list[FieldSource] = []
        self.missing: list[str] = []
        self._own_lines = own_lines

    def text(self, path: str, text: str, own: str = "", *, own_path: str | None = None) -> str:
        """Return *text* when it stands in the document, otherwise *own*, the rules' reading."""
        line = self.index.find(text)
        if line is None:
            self._miss(path, text)
            return self._take(path, own, own_path or path)
        return self._note(path, text, line)

    def head(self, path: str, text: str, own: str, own_path: str, entry: range) -> str:
        """Return *text* when it stands in its *entry* or just above, otherwise *own*."""
        around = range(entry.start - _ABOVE_LINES, entry.stop)
        inside = [line for line in self.index.places(text) if line in around]
        if inside:
            return self._note(path, text, inside[0])
        self._miss(path, text)
        return self._take(path, own, own_path)

    def dates(self, path: str, text: str, own: str, own_path: str, entry: range) -> str:
        """Return dates as `head` does, with the months that the model left out.

        Only where one date of the same form and years stands in those lines: a year alone is never
        widened to a range, and of two candidates none is taken.
        """
        around = range(max(0, entry.start - _ABOVE_LINES), min(entry.stop, self.end))
        wanted = span_of(text)
        whole = {
            (span.text, line)
            for line in around
            for span in spans_in(self._lines[line])
            if wanted and wanted.text != span.text and _is_same_but_for_months(wanted, span)
        }
        if len({found for found, _ in whole}) == 1:
            found, line = min(whole, key=lambda pair: pair[1])
            return self._note(path, found, line)
        return self.head(path, text, own, own_path, entry)

    def inherited(self, path: str, text: str) -> str:
        """Return *text*, which stands once above several entries: an employer of many roles."""
        return self._note(path, text, self.index.places(text)[0])

    def address(
        self, path: str, text: str, own: str | None, own_path: str | None = None
    ) -> str | None:
        """Return a web address that stands in the document or is the target of a link."""
        if not self.index.places(text) and self.index.has_link(text):
            return text
        return self.text(path, text, own or "", own_path=own_path) or None

    def texts(self, path: str, texts: Iterable[str], own: Sequence[str]) -> tuple[str, ...]:
        """Return those of *texts* that stand in the document; *own* when none does."""
        kept: list[str] = []
        for text in dict.fromkeys(texts):
            line = self.index.find(text, near=self._own_lines.get(f"{path}[0]", 0))
            if line is None:
                self._miss(path, text)
            else:
                kept.append(self._note(f"{path}[{len(kept)}]", text, line))
        return tuple(kept) or self.own_texts(path, own)

    def lines(self, path: str, texts: Iterable[str], entry: range) -> tuple[str, ...]:
        """Return those of *texts* that begin in the lines of *entry*.

        A line under another entry tells of another job, though it stands in the document.
        """
        kept: list[str] = []
        for text in texts:
            inside = [line for line in self.index.places(text) if line in entry]
            if inside:
                kept.append(self._note(f"{path}[{len(kept)}]", text, inside[0]))
            else:
                self._miss(path, text)
        return tuple(kept)

    def own_texts(
        self, path: str, own: Sequence[str], own_path: str | None = None
    ) -> tuple[str, ...]:
        """Return the rules' reading of a list."""
        return tuple(
            self._take(f"{path}[{at}]", text, f"{own_path or path}[{at}]")
            for at, text in enumerate(own)
        )

    def start_of(self, entry: SortedEntry) -> int | None:
        """Return the line where *entry* begins; None when neither of its names stands anywhere.

        Its first two fields name it. Where a name occurs more than once, the place nearest to the
        dates and to the other name counts.
        """
        names = [self.index.places(name) for name in list(entry.fields.values())[:2]]
        dates = self.index.places(entry.fields.get("years", ""))
        others = [places for places in (*names, dates) if places]
        found = [line for places in names for line in places]
        return min(found, key=lambda line: (_distance(line, others), line), default=None)

    def _take(self, path: str, own: str, own_path: str) -> str:
        line = self._own_lines.get(own_path)
        if own and line is not None:
            self.sources.append(FieldSource(path=path, line=line))
        return own

    def _note(self, path: str, text: str, line: int) -> str:
        self.sources.append(FieldSource(path=path, line=line))
        return text

    def _miss(self, path: str, text: str) -> None:
        if text:
            self.missing.append(path)


def _is_same_but_for_months(wanted: Span, span: Span) -> bool:
    """Tell whether *span* says when, by month, what *wanted* says by year, of the same form."""
    if wanted.is_range != span.is_range or (wanted.end == "present") != (span.end == "present"):
        return False
    ends = ((wanted.start, span.start), (wanted.end, span.end))
    by_year = all(short in {full, full[:4]} for short, full in ends)
    return by_year and wanted != span


def _distance(line: int, others: list[list[int]]) -> int:
    """Return how many lines lie between *line* and the nearest place of each of *others*."""
    return sum(min(abs(line - place) for place in places) for places in others)
