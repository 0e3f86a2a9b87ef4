"""Reading PDF and DOCX: order, spelling, links, and sentences for what cannot be read."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from render.reading.document import read_document
from render.reading.errors import DocumentRefused, UnreadableDocument, UnsupportedDocument

SAMPLES = Path(__file__).resolve().parent / "samples"


def lines(name: str) -> list[str]:
    return [line.text for line in read_document((SAMPLES / name).read_bytes()).lines]


def sample(name: str = "two_columns.pdf") -> bytes:
    return (SAMPLES / name).read_bytes()


def written(writer: PdfWriter) -> bytes:
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def packed(**members: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return stream.getvalue()


def word(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_page_of_two_columns_is_read_column_by_column() -> None:
    read = lines("two_columns.pdf")

    assert read.index("• Terraform") < read.index("EXPERIENCE")
    assert read[-1] == "University of Leeds"


def test_a_date_at_the_right_edge_stays_on_its_line_behind_a_gap() -> None:
    assert "Senior Data Engineer  Mar 2021 – Present" in lines("two_columns.pdf")


def test_a_date_in_a_left_column_stays_on_its_line() -> None:
    assert "04/2019 – heute  Softwareentwickler, Musterwerk GmbH, Berlin" in lines(
        "german_table.pdf"
    )


def test_a_letter_spaced_heading_is_one_word() -> None:
    assert {"CONTACT", "SKILLS", "EXPERIENCE"} <= set(lines("two_columns.pdf"))


def test_a_bullet_drawn_apart_from_its_text_stands_before_it() -> None:
    assert "• Led a team of 4 engineers" in lines("two_columns.pdf")


def test_a_word_broken_at_the_end_of_a_line_is_whole() -> None:
    read = " ".join(lines("narrow.pdf"))

    assert "international" in read
    assert "extraordinarily" in read


def test_a_compound_keeps_the_hyphen_at_which_it_was_broken() -> None:
    assert "cross-functional" in " ".join(lines("narrow.pdf"))


def test_the_targets_of_links_are_kept() -> None:
    links = read_document(sample()).links

    assert "https://www.linkedin.com/in/mira-holloway" in links


def test_lines_know_their_place_size_and_weight() -> None:
    first, second = read_document(sample()).lines[:2]

    assert (first.text, first.page, first.bold) == ("Mira Holloway", 1, True)
    assert first.size > second.size > 0
    assert not second.bold


def test_a_docx_gives_the_words_of_every_place_once() -> None:
    read = lines("every_place.docx")

    assert read[0] == "Rosa Quintana  rosa.quintana@example.org"
    assert read.count("Boxed words") == 1
    assert read[-1] == "References on request"
    assert "Universidad de Granada  2014 - 2018" in read


def test_a_docx_gives_insertions_but_no_deletions() -> None:
    assert "• Dirigió a 4 personas" in lines("every_place.docx")


def test_a_docx_gives_the_targets_of_its_links() -> None:
    assert read_document(sample("every_place.docx")).links == ("https://github.com/rosaquintana",)


@pytest.mark.parametrize("name", sorted(file.name for file in SAMPLES.glob("*.[pd]*")))
def test_the_same_bytes_always_give_the_same_text(name: str) -> None:
    if not name.endswith(".py"):
        assert read_document(sample(name)) == read_document(sample(name))


def test_private_and_control_characters_never_arrive() -> None:
    read = read_document(word("Ada\u200b \uf0b7 Example\ufeff\ue123\u202e"))

    assert [line.text for line in read.lines] == ["Ada • Example"]


def test_an_empty_file_is_named_so() -> None:
    with pytest.raises(UnreadableDocument, match="empty"):
        read_document(b"")


@pytest.mark.parametrize("data", [b"hello", b"\x89PNG\r\n\x1a\n" + bytes(50), b"{\\rtf1 hi}"])
def test_other_types_are_unsupported(data: bytes) -> None:
    with pytest.raises(UnsupportedDocument, match="neither a PDF nor a DOCX"):
        read_document(data)


def test_an_old_word_document_is_unsupported() -> None:
    with pytest.raises(UnsupportedDocument, match="old Word"):
        read_document(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def test_an_encrypted_docx_asks_for_the_password_to_be_removed() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")

    with pytest.raises(UnreadableDocument, match="password"):
        read_document(data)


def test_a_zip_that_is_no_docx_is_unsupported() -> None:
    with pytest.raises(UnsupportedDocument, match="ZIP"):
        read_document(packed(hello_xml="<a/>"))


def test_a_pdf_with_a_password_asks_for_it_to_be_removed() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(sample())))
    writer.encrypt("secret", algorithm="AES-256")

    with pytest.raises(UnreadableDocument, match="password"):
        read_document(written(writer))


def test_a_pdf_that_only_restricts_printing_is_read() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(sample())))
    writer.encrypt("", "owner", algorithm="AES-256")

    assert read_document(written(writer)).lines[0].text == "Mira Holloway"


def test_a_pdf_without_text_is_called_a_scan() -> None:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)

    with pytest.raises(UnreadableDocument, match="scan"):
        read_document(written(writer))


def test_a_pdf_of_twenty_one_pages_is_too_long() -> None:
    writer = PdfWriter()
    for _ in range(21):
        writer.add_blank_page(595, 842)

    with pytest.raises(UnreadableDocument, match="21 pages"):
        read_document(written(writer))


@pytest.mark.parametrize("cut", [20, 200, 2000])
def test_a_truncated_pdf_is_damaged(cut: int) -> None:
    with pytest.raises(UnreadableDocument, match="damaged"):
        read_document(sample()[:cut])


@pytest.mark.parametrize("cut", [30, 3000, -30])
def test_a_truncated_docx_is_damaged(cut: int) -> None:
    with pytest.raises(UnreadableDocument, match="damaged"):
        read_document(sample("every_place.docx")[:cut])


def test_a_docx_that_declares_a_document_type_is_refused() -> None:
    entity = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'

    with pytest.raises(UnreadableDocument, match="document type"):
        read_document(packed(word__document_xml=entity))


def test_a_docx_with_too_many_members_is_refused() -> None:
    members = {f"word__part{number}_xml": "<a/>" for number in range(501)}

    with pytest.raises(UnreadableDocument, match="unpacks"):
        read_document(packed(word__document_xml="<a/>", **members))


def test_a_docx_with_too_much_text_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match="200,000"):
        read_document(word("many words " * 20_000))


def test_a_docx_without_text_is_named_so() -> None:
    with pytest.raises(UnreadableDocument, match="no text"):
        read_document(word(" "))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04"]))
def test_garbage_is_refused_with_a_sentence(garbage: bytes, start: bytes) -> None:
    with pytest.raises(DocumentRefused) as refusal:
        read_document(start + garbage)

    assert refusal.value.reason.endswith(".")
