"""What runs inside a sandbox: bytes in, JSON out."""

import io
from contextlib import suppress
from typing import Final

import docx
from phonenumbers.phonemetadata import PhoneMetadata

from events.document_text import DocumentText, TextLine
from render.parsing import lexicons
from render.parsing.resume import parse_resume
from render.reading.document import read_document
from render.reading.errors import DocumentRefused

_EMPTY_PDF: Final = b"%PDF-1.4\n%%EOF\n"
_SAMPLE: Final = (
    "Ada Example",
    "ada@example.org | +44 20 7946 0958 | London, UK",
    "Experience",
    "Engineer, Example Ltd  Jan 2020 - Present",
    "Skills",
    "Python, Go",
)


def warm_up() -> None:
    """Load what a job would load on its first run."""
    lexicons.load_all()
    PhoneMetadata.load_all()
    package = io.BytesIO()
    docx.Document().save(package)
    for data in (package.getvalue(), _EMPTY_PDF):
        with suppress(DocumentRefused):
            read_document(data)
    parse_resume(
        DocumentText(
            kind="pdf",
            pages=1,
            lines=tuple(TextLine(page=1, text=text) for text in _SAMPLE),
        )
    )


def read_document_job(data: bytes) -> bytes:
    """Return the text of a document as JSON."""
    return read_document(data).model_dump_json().encode()


def parse_resume_job(data: bytes) -> bytes:
    """Return the resume in the JSON of a document's text, as JSON."""
    text = DocumentText.model_validate_json(data)
    return parse_resume(text).model_dump_json(by_alias=True).encode()
