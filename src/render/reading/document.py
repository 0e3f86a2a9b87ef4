"""An uploaded file as text: its first bytes say what it is, whatever its name says."""

import io
import zipfile
from typing import Final

from events.document_text import DocumentText
from render.reading.errors import UnreadableDocument, UnsupportedDocument
from render.reading.pdf import read_pdf
from render.reading.word import read_docx

_PDF: Final = b"%PDF-"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_document(data: bytes) -> DocumentText:
    """Return the text of a PDF or DOCX. Run it in a sandbox: *data* may be hostile.

    Raises:
        UnsupportedDocument: neither a PDF nor a DOCX.
        UnreadableDocument: one of them, but not readable; its reason says why.

    """
    if not data:
        raise UnreadableDocument("The file is empty.")
    if data.startswith(_OLE):
        raise _old_word(data)
    if _PDF in data[:1024]:
        return read_pdf(data)
    if data.startswith(_ZIP):
        _expect_docx(data)
        return read_docx(data)
    raise UnsupportedDocument("The file is neither a PDF nor a DOCX. Send one of them.")


def _old_word(data: bytes) -> Exception:
    """Return why an OLE file is refused: encrypted DOCX are wrapped in one, too."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return UnreadableDocument(
            "The DOCX is protected with a password. Remove the password and send it again."
        )
    return UnsupportedDocument("The file is an old Word document. Save it as DOCX or PDF.")


def _expect_docx(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableDocument(
            "The file is a damaged or incomplete ZIP. Save the document again and send it."
        ) from error
    if "word/document.xml" not in names:
        raise UnsupportedDocument("The file is a ZIP, but not a DOCX. Send a DOCX or a PDF.")
