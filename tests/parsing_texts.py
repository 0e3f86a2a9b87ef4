"""Small hand-written documents for the tests of the parser."""

from events.document_text import DocumentText, TextLine
from events.resume_data import ResumeData
from render.parsing.resume import parse_resume


def document(text: str, *links: str) -> DocumentText:
    """Return *text* as a document without a layout; blank lines and indents do not count."""
    lines = tuple(TextLine(page=1, text=line.strip()) for line in text.split("\n") if line.strip())
    return DocumentText(kind="docx", pages=1, lines=lines, links=links)


def resume(text: str, *links: str) -> ResumeData:
    """Return the resume that the parser makes of *text*."""
    return parse_resume(document(text, *links)).data


TOP = "Ada Example\nada@example.org\n"
