"""DOCX files as lines of text: body, tables, text boxes, headers, footers, links."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import docx
from docx.opc.constants import RELATIONSHIP_TYPE

from events.document_text import DocumentText, TextLine
from render.reading.cleaning import normalise
from render.reading.errors import UnreadableDocument

MAX_MEMBERS: Final = 500
MAX_XML_BYTES: Final = 20 * 1024 * 1024
MAX_CHARS: Final = 200_000
MAX_LINKS: Final = 200

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED: Final = frozenset(
    _W + name
    for name in ("del", "moveFrom", "instrText", "delText", "rPr", "pPr", "sectPr", "tblPr")
)
_BREAKS: Final = {_W + "tab": "\t", _W + "ptab": "\t", _W + "br": "\n", _W + "cr": "\n"}
_DAMAGED: Final = "The DOCX is damaged or incomplete. Save it again and send the new file."
_LARGE: Final = "The DOCX unpacks to more than a resume may have. Send a smaller one."


@dataclass(slots=True)
class Paragraph:
    """Text collected so far; a paragraph may hold whole paragraphs of a text box."""

    texts: list[str] = field(default_factory=list)
    bold: list[bool] = field(default_factory=list)
    size: float = 0.0


def read_docx(data: bytes) -> DocumentText:
    """Return the lines and links of a DOCX; insertions are text, deletions are not.

    Raises:
        UnreadableDocument: broken, empty, or larger than the limits of this module.

    """
    _check_package(data)
    try:
        document = docx.Document(io.BytesIO(data))
        lines = [line for part in _parts(document) for line in _lines(part)]
        links = tuple(dict.fromkeys(_links(document)))[:MAX_LINKS]
    except (KeyError, ValueError, AttributeError, OSError, SyntaxError) as error:
        raise UnreadableDocument(_DAMAGED) from error
    if sum(len(line.text) for line in lines) > MAX_CHARS:
        raise UnreadableDocument(
            f"The document has more than {MAX_CHARS:,} characters. Send a shorter one."
        )
    if not lines:
        raise UnreadableDocument("The DOCX has no text in it.")
    return DocumentText(kind="docx", pages=1, lines=tuple(lines), links=links)


def _check_package(data: bytes) -> None:
    """Inflate every XML member within the limits: what a ZIP says of its own sizes may lie."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
            if len(members) > MAX_MEMBERS:
                raise UnreadableDocument(_LARGE)
            left = MAX_XML_BYTES
            for member in members:
                if member.filename.lower().endswith((".xml", ".rels")):
                    left -= _inflated(package, member, left)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, EOFError, ValueError) as error:
        raise UnreadableDocument(_DAMAGED) from error
    except (RuntimeError, NotImplementedError, zlib.error) as error:
        raise UnreadableDocument(_DAMAGED) from error


def _inflated(package: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> int:
    with package.open(member) as stream:
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise UnreadableDocument(_LARGE)
    if b"<!DOCTYPE" in content or "<!DOCTYPE".encode("utf-16-le") in content:
        raise UnreadableDocument(
            "The DOCX declares a document type, which no word processor does."
        )
    return len(content)


def _parts(document: Any) -> Iterator[Any]:
    """Yield headers, the body, then footers, each part once."""
    seen: set[int] = set()
    for kinds in (("header", "first_page_header"), (), ("footer", "first_page_footer")):
        if not kinds:
            yield document.element.body
        for section in document.sections:
            for kind in kinds:
                part = getattr(section, kind)
                if not part.is_linked_to_previous and id(part.part) not in seen:
                    seen.add(id(part.part))
                    yield part._element  # noqa: SLF001 - python-docx shows no tree of a header


def _lines(element: Any) -> Iterator[TextLine]:
    """Yield the lines of every paragraph and table row below *element*, in document order."""
    for child in element:
        if child.tag == _W + "p":
            yield from _paragraph_lines(child)
        elif child.tag == _W + "tr":
            yield from _row_lines(child)
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
            yield from _lines(child)


def _row_lines(row: Any) -> Iterator[TextLine]:
    """Yield a table row as one line with gaps, or cell after cell where a cell has several."""
    cells = [list(_lines(cell)) for cell in row.iter(_W + "tc") if _own(cell, row)]
    if all(len(cell) <= 1 for cell in cells):
        single = [cell[0] for cell in cells if cell]
        if single:
            text = "  ".join(line.text for line in single)
            yield single[0].model_copy(update={"text": text})
    else:
        for cell in cells:
            yield from cell


def _own(cell: Any, row: Any) -> bool:
    return next(cell.iterancestors(_W + "tr")) is row


def _paragraph_lines(element: Any) -> Iterator[TextLine]:
    paragraph, boxes = Paragraph(), list[Any]()
    _collect(element, paragraph, boxes)
    style = _style(element)
    heading = style.startswith(("Heading", "Title"))
    bullet = "• " if _is_listed(element, style) else ""
    for raw in "".join(paragraph.texts).split("\n"):
        text = normalise(raw)
        if text:
            yield TextLine(
                page=1,
                text=bullet + text,
                size=paragraph.size,
                bold=heading or (bool(paragraph.bold) and all(paragraph.bold)),
            )
            bullet = ""
    for box in boxes:
        yield from _lines(box)


def _collect(element: Any, paragraph: Paragraph, boxes: list[Any]) -> None:
    for child in element:
        tag = child.tag
        if tag == _W + "t":
            paragraph.texts.append(child.text or "")
        elif tag in _BREAKS:
            paragraph.texts.append(_BREAKS[tag])
        elif tag == _W + "noBreakHyphen":
            paragraph.texts.append("-")
        elif tag == _W + "txbxContent":
            boxes.append(child)
        elif tag == _W + "r":
            _note_style(child, paragraph)
            _collect(child, paragraph, boxes)
        elif isinstance(tag, str) and tag not in _SKIPPED and not tag.endswith("}Fallback"):
            _collect(child, paragraph, boxes)


def _note_style(run: Any, paragraph: Paragraph) -> None:
    if not any((text.text or "").strip() for text in run.iter(_W + "t")):
        return
    style = run.find(_W + "rPr")
    bold = style.find(_W + "b") if style is not None else None
    paragraph.bold.append(bold is not None and bold.get(_W + "val") not in ("0", "false"))
    size = style.find(_W + "sz") if style is not None else None
    value = size.get(_W + "val") if size is not None else None
    if value and value.isdecimal() and len(value) < 4:
        paragraph.size = max(paragraph.size, int(value) / 2)


def _style(paragraph: Any) -> str:
    name = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return (name.get(_W + "val") or "") if name is not None else ""


def _is_listed(paragraph: Any, style: str) -> bool:
    numbered = paragraph.find(f"{_W}pPr/{_W}numPr") is not None
    return numbered or style.startswith(("ListBullet", "ListNumber"))


def _links(document: Any) -> Iterator[str]:
    headers = (section.header for section in document.sections)
    parts = [header.part for header in headers if not header.is_linked_to_previous]
    for part in [document.part, *parts]:
        for relation in part.rels.values():
            if relation.reltype == RELATIONSHIP_TYPE.HYPERLINK and relation.is_external:
                target = normalise(relation.target_ref)
                if target.casefold().startswith(("http://", "https://", "mailto:", "tel:")):
                    yield target[:2_000]
