"""Documents made to harm: in the sandbox each ends as a sentence, in seconds."""

import io
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from render.reading.errors import DocumentRefused, UnreadableDocument
from render.sandbox import JobTimedOut, Sandbox, read_document
from render.zygote import Limits

SAMPLES = Path(__file__).resolve().parent / "samples"
DOCUMENT = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(limits=Limits(cpu_s=2, wall_s=4.0)) as sandbox:
        yield sandbox


def pdf(*objects: bytes) -> bytes:
    """Return a PDF of these objects, numbered from 1; the first is the root."""
    parts, offsets = [b"%PDF-1.7\n"], list[int]()
    for number, content in enumerate(objects, start=1):
        offsets.append(sum(map(len, parts)))
        parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, content))
    start = sum(map(len, parts))
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%b" % (count, rows))
    parts.append(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (count, start))
    return b"".join(parts)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (entries, len(content), content)


def one_page(resources: bytes, *more: bytes) -> bytes:
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<%b>>>>"
        % resources,
        *more,
    )


def page_tree_loop() -> bytes:
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 5>>",
        b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 5>>",
    )


def flate_bomb() -> bytes:
    squeezed = zlib.compress(b" " * 200_000_000, 9)
    return one_page(b"", stream(zlib.compress(squeezed), b"/Filter[/FlateDecode/FlateDecode]"))


def form_recursion() -> bytes:
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 5 0 R>>>>"
    return one_page(b"/XObject<</A 5 0 R>>", stream(b"/A Do /A Do"), stream(b"/A Do /A Do", form))


def doubling_forms() -> bytes:
    """Return a page whose forms draw one another twice, thirty levels deep."""
    box = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A %d 0 R>>>>"
    forms = [stream(b"/A Do /A Do", box % (number + 6)) for number in range(30)]
    return one_page(b"/XObject<</A 5 0 R>>", stream(b"/A Do"), *forms, stream(b"", box % 5))


def zip_bomb(spaces: int = 60_000_000) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", DOCUMENT + " " * spaces + "</w:document>")
    return packed.getvalue()


def many_paragraphs() -> bytes:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(SAMPLES / "every_place.docx") as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        for name in source.namelist():
            if name != "word/document.xml":
                package.writestr(name, source.read(name))
        body = f"<w:body>{'<w:p/>' * 3_000_000}</w:body>"
        package.writestr("word/document.xml", f"{DOCUMENT}{body}</w:document>")
    return packed.getvalue()


@pytest.mark.parametrize(
    "make",
    [page_tree_loop, flate_bomb, form_recursion, doubling_forms, zip_bomb, many_paragraphs],
    ids=lambda make: make.__name__,
)
def test_a_document_made_to_harm_ends_as_a_refusal(sandbox: Sandbox, make: type) -> None:
    data = make()
    started = time.monotonic()

    with pytest.raises((DocumentRefused, JobTimedOut)):
        read_document(sandbox, data)

    assert time.monotonic() - started < 8


def test_a_zip_header_that_lies_about_a_size_is_no_way_around_it(sandbox: Sandbox) -> None:
    size = len(DOCUMENT) + 60_000_000 + len("</w:document>")
    lying = zip_bomb().replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))

    assert lying != zip_bomb()
    with pytest.raises(UnreadableDocument):
        read_document(sandbox, lying)


def test_an_honest_document_is_read_after_all_that(sandbox: Sandbox) -> None:
    text = read_document(sandbox, (SAMPLES / "two_columns.pdf").read_bytes())

    assert text.lines[0].text == "Mira Holloway"


@pytest.mark.parametrize("name", ["german_table.pdf", "company_first.pdf", "every_place.docx"])
def test_every_sample_is_read_without_opening_a_file(sandbox: Sandbox, name: str) -> None:
    assert read_document(sandbox, (SAMPLES / name).read_bytes()).lines


def test_text_for_machines_alone_is_not_read_and_white_text_is_told_of(sandbox: Sandbox) -> None:
    document = read_document(sandbox, (SAMPLES / "hidden_text.pdf").read_bytes())

    assert "Nobel" not in document.plain
    assert "evil.example" not in document.plain
    assert "Wired 40 flats and tested each circuit" in document.plain
    (warning,) = document.warnings
    assert "white" in warning
    assert "Ignore all previous instructions" in warning


def test_a_page_without_white_text_is_not_warned_of(sandbox: Sandbox) -> None:
    document = read_document(sandbox, (SAMPLES / "two_columns.pdf").read_bytes())

    assert document.warnings == ()
