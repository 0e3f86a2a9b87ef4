"""PDF files as lines of text: pdfium for the layout, pypdf where its text is no good."""

import ctypes
import io
import re
from collections.abc import Iterator
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium_c
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from events.document_text import DocumentText, TextLine
from render.reading.characters import runs_of
from render.reading.cleaning import normalise, quality
from render.reading.columns import reading_order
from render.reading.errors import UnreadableDocument
from render.reading.lines import join_hyphens, lines_of

MAX_PAGES: Final = 20
MAX_CHARS: Final = 200_000
GOOD_QUALITY: Final = 0.97
"""Below this, pypdf gets a try: it knows character maps that pdfium does not."""
MAX_LINKS: Final = 200

_WELCOME_LINK: Final = re.compile(r"(?:https?://|mailto:|tel:)\S{3,}", re.IGNORECASE)


def read_pdf(data: bytes) -> DocumentText:
    """Return the lines and links of a PDF.

    Raises:
        UnreadableDocument: encrypted, broken, without text, or more than `MAX_PAGES` pages or
            `MAX_CHARS` characters.

    """
    document = _open(data)
    try:
        pages = len(document)
        _check_pages(pages)
        lines, links, pale = _lines_and_links(document, pages)
    finally:
        document.close()
    warnings: tuple[str, ...] = ()
    if lines and quality("\n".join(line.text for line in lines)) < GOOD_QUALITY:
        lines, warnings = _better(data, lines)
    if pale:
        shown = " ".join(pale)[:80]
        warnings = (*warnings, f"Some text is white, so that a reader may not see it: {shown}")
    if not lines:
        raise UnreadableDocument(
            "The PDF has no text in it; it may be a scan. Export it as a PDF with text."
        )
    return DocumentText(
        kind="pdf", pages=pages, lines=tuple(lines), links=links, warnings=warnings
    )


def _open(data: bytes) -> Any:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).casefold():
            raise UnreadableDocument(
                "The PDF is protected with a password. Remove the password and send it again."
            ) from error
        raise UnreadableDocument(
            "The PDF is damaged or incomplete. Export it again and send the new file."
        ) from error


def _check_pages(pages: int) -> None:
    if pages == 0:
        raise UnreadableDocument("The PDF has no pages.")
    if pages > MAX_PAGES:
        raise UnreadableDocument(
            f"The PDF has {pages} pages; a resume may have {MAX_PAGES}. Send a shorter one."
        )


def _lines_and_links(
    document: Any, pages: int
) -> tuple[list[TextLine], tuple[str, ...], tuple[str, ...]]:
    """Return the lines, the targets of links, and the texts that are white."""
    lines: list[TextLine] = []
    pale: list[str] = []
    links: dict[str, None] = {}
    chars = 0
    for number in range(pages):
        try:
            page = document[number]
        except pypdfium2.PdfiumError as error:
            raise UnreadableDocument(
                f"Page {number + 1} of the PDF is damaged. Export it again."
            ) from error
        text_page = page.get_textpage()
        chars += text_page.count_chars()
        _check_chars(chars)
        width, height = page.get_size()
        runs = runs_of(text_page, width, height)
        pale += [run.text for run in runs if run.pale]
        lines += lines_of(reading_order(runs, width), number + 1)
        links |= dict.fromkeys(_links(document, page))
        text_page.close()
        page.close()
    return join_hyphens(lines), tuple(links)[:MAX_LINKS], tuple(pale)


def _check_chars(chars: int) -> None:
    if chars > MAX_CHARS:
        raise UnreadableDocument(
            f"The document has more than {MAX_CHARS:,} characters. Send a shorter one."
        )


def _links(document: Any, page: Any) -> Iterator[str]:
    position, link = ctypes.c_int(0), pdfium_c.FPDF_LINK()
    for _ in range(MAX_LINKS):
        if not pdfium_c.FPDFLink_Enumerate(page.raw, position, link):
            return
        action = pdfium_c.FPDFLink_GetAction(link)
        size = pdfium_c.FPDFAction_GetURIPath(document.raw, action, None, 0) if action else 0
        if not 1 < size <= 2_000:
            continue
        buffer = ctypes.create_string_buffer(size)
        pdfium_c.FPDFAction_GetURIPath(document.raw, action, buffer, size)
        target = normalise(buffer.value.decode("utf-8", "replace"))
        if _WELCOME_LINK.fullmatch(target):
            yield target


def _better(data: bytes, lines: list[TextLine]) -> tuple[list[TextLine], tuple[str, ...]]:
    """Return pypdf's lines where they are cleaner than *lines*, else *lines*, with a warning."""
    try:
        texts = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError):
        texts = []
    plain = "\n".join(texts)
    _check_chars(len(plain))
    if quality(plain) <= quality("\n".join(line.text for line in lines)):
        return lines, ("Some characters of the PDF could not be read.",)
    read = [
        TextLine(page=number, text=text)
        for number, page_text in enumerate(texts, start=1)
        for raw in page_text.splitlines()
        if (text := normalise(raw))
    ]
    return join_hyphens(read), ("The PDF was read without its layout.",)
