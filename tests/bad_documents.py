"""Documents that no resume can be read from, each for another reason."""

import io
import zipfile
from pathlib import Path

import docx
from pypdf import PdfReader, PdfWriter

SAMPLES = Path(__file__).resolve().parent / "samples"
GOOD_PDF = (SAMPLES / "two_columns.pdf").read_bytes()
GOOD_DOCX = (SAMPLES / "every_place.docx").read_bytes()
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def encrypted_pdf() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(GOOD_PDF)))
    writer.encrypt("secret", algorithm="AES-256")
    return written(writer)


def scanned_pdf() -> bytes:
    """Return a PDF whose only page is without text, as a scanner's is."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def cut_pdf() -> bytes:
    return GOOD_PDF[:600]


def cut_docx() -> bytes:
    return GOOD_DOCX[: len(GOOD_DOCX) // 2]


def zip_bomb() -> bytes:
    """Return a DOCX of some 60 KB that unpacks to 60 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * 60_000_000)
    return packed.getvalue()


def empty() -> bytes:
    return b""


def plain_text() -> bytes:
    return b"Mira Holloway, Data Engineer"


def old_word() -> bytes:
    return OLD_WORD


def other_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("resume.txt", "Mira Holloway")
    return packed.getvalue()


def no_resume() -> bytes:
    """Return a DOCX that can be read, but holds nothing of a resume."""
    document = docx.Document()
    document.add_paragraph("2026")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()
