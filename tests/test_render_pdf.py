"""What a PDF of a resume holds: every string in order, tags, links, and the same bytes."""

import io
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest

from events.resume_data import ResumeData
from render.fonts import use_fonts
from render.html import PageSize
from render.pdf import RenderFailed, render_pdf, renderer, write_pdf
from render_samples import four_languages, sample, two_pages

SRC = Path(__file__).resolve().parents[1] / "src"
TESTS = Path(__file__).resolve().parent
CJK = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"


@pytest.fixture(scope="module", autouse=True)
def _fonts(tmp_path_factory: pytest.TempPathFactory) -> None:
    use_fonts(tmp_path_factory.mktemp("fonts"))


def pdf_of(data: ResumeData, page: PageSize = "A4", language: str = "en") -> bytes:
    return render_pdf(data, page=page, language=language)


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def by_pypdf(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(pdf).pages)


def by_pdfium(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def strings_of(data: ResumeData) -> Iterator[str]:
    """Yield what a reader must find, in the order of the page."""
    info = data.personal_info
    yield from (info.name, info.title, info.email, info.phone, info.location)
    for url in (info.website, info.linkedin, info.github):
        yield re.sub(r"^https://(www\.)?|/$", "", url or "")
    yield data.summary
    for work in data.work_experience:
        yield from (work.title, work.years, work.company, work.location or "", *work.description)
    for course in data.education:
        yield from (course.degree, course.years, course.institution, course.description or "")
    for project in data.personal_projects:
        yield from (project.name, project.years, project.role, *project.description)
    plain = data.additional
    yield from (*plain.technical_skills, *plain.languages)
    yield from (*plain.certifications_training, *plain.awards)
    for section in data.custom_sections.values():
        yield from (section.text or "").split("\n")
        for item in section.items or ():
            yield from (item.title, item.years, item.subtitle or "", item.location or "")
            yield from item.description
        yield from section.strings or ()


def share_in_order(strings: list[str], text: str) -> float:
    """Return the share of *strings* that stand in *text* one after the other, unharmed.

    A line may end at a space, after a hyphen or slash, and between Chinese or Japanese letters.
    """
    found, end = 0, 0
    for string in strings:
        pattern = re.escape(string).replace(r"\ ", r"\s+")
        pattern = re.sub(rf"({CJK}|\\-|–|/)", r"\1\\s*", pattern)
        if match := re.compile(pattern).search(text, end):
            found, end = found + 1, match.end()
    return found / len(strings)


@pytest.mark.parametrize("extract", [by_pypdf, by_pdfium])
@pytest.mark.parametrize(
    ("data", "language"),
    [
        (two_pages(), "en"),
        *[(four_languages(), language) for language in ("es", "pt", "zh", "ja")],
    ],
)
def test_every_string_is_read_back_in_order(data: ResumeData, language: str, extract: Any) -> None:
    strings = [string for string in strings_of(data) if string]
    assert share_in_order(strings, extract(pdf_of(data, language=language))) == 1.0


def test_the_sample_fills_two_pages() -> None:
    assert len(read(pdf_of(two_pages())).pages) == 2


def test_a_pdf_is_tagged_titled_and_names_its_language() -> None:
    reader = read(pdf_of(sample(), language="pt-BR"))
    catalog: Any = reader.trailer["/Root"]
    assert catalog["/Lang"] == "pt-BR"
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Maren Oldfield – Currículo"
    assert reader.metadata.author == "Maren Oldfield"
    assert b"pdfuaid" in catalog["/Metadata"].get_data()


def test_headings_lists_and_links_are_structure_and_not_only_looks() -> None:
    found: set[str] = set()

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, pypdf.generic.ArrayObject):
            for child in node:
                walk(child)
        elif isinstance(node, pypdf.generic.DictionaryObject) and "/K" in node:
            found.add(str(node.get("/S")))
            walk(node["/K"])

    root: Any = read(pdf_of(sample())).trailer["/Root"]
    walk(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/H3", "/P", "/L", "/LI", "/LBody", "/Link", "/Sect"} <= found
    assert "/Table" not in found


def test_links_are_live_and_only_of_harmless_kinds() -> None:
    person = {"name": "A", "email": "a@example.com", "website": "javascript:alert(1)"}
    data = ResumeData.model_validate({"personalInfo": person, "summary": "https://b.example/c"})
    annotations: Any = read(pdf_of(data)).pages[0]["/Annots"]
    targets = [str(item.get_object()["/A"]["/URI"]) for item in annotations]
    assert targets == ["mailto:a@example.com", "https://b.example/c"]


@pytest.mark.parametrize(("page", "size"), [("A4", (595, 842)), ("LETTER", (612, 792))])
def test_the_page_has_the_size_that_was_asked_for(page: PageSize, size: tuple[int, int]) -> None:
    box = read(pdf_of(sample(), page)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == size


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b>bold</b> & <!-- gone? -->", "<b>bold</b> & <!-- gone? -->"),
        ("x" * 3_000, "x" * 40),
        ("https://long.example/" + "a/" * 900, "https://long.example/a/a"),
        ("Chef 👩‍🍳 of the year 🎉", "of the year"),
        ("שלום עולם then English", "then English"),
        ("مرحبا then English", "then English"),
        ("nul \x00 bell \x07 end", "nul bell end"),
        ("z" + "\u0301" * 500 + " end", "end"),
        ("𝕄𝕒𝕥𝕙 and 𠮷野家 end", "end"),
    ],
)
def test_strange_text_is_rendered_as_text(text: str, shown: str) -> None:
    data = sample(summary=text)
    assert shown in by_pdfium(pdf_of(data)).replace("\r\n", "").replace("\n", "")


def test_nothing_reaches_over_the_edge_of_the_page() -> None:
    long = "W" * 400
    person = {"name": long, "email": f"{long}@example.com", "website": f"https://{long}.example/"}
    work = {"id": 1, "title": long, "company": long, "years": long, "description": [long]}
    data = sample(personalInfo=person, workExperience=[work])
    with pypdfium2.PdfDocument(pdf_of(data)) as document:
        for page in document:
            text = page.get_textpage()
            boxes = [text.get_rect(index) for index in range(text.count_rects())]
            assert all(left >= 40 and right <= 560 for left, _, right, _ in boxes)


@pytest.mark.parametrize("bullets", [(), ("Kept the ovens hot",)])
def test_short_entries_do_not_drag_one_another_to_the_next_page(bullets: tuple[str, ...]) -> None:
    job = {"title": "Baker", "company": "Oven", "years": "2020", "description": list(bullets)}
    data = sample(workExperience=[{**job, "id": i} for i in range(40)])
    with pypdfium2.PdfDocument(pdf_of(data)) as document:
        text = document[0].get_textpage()
        lowest = min(text.get_rect(index)[1] for index in range(text.count_rects()))
    assert lowest < 110  # points from the bottom: the margin and less than two entries


def test_an_empty_resume_gives_one_empty_page() -> None:
    pdf = pdf_of(ResumeData())
    assert len(read(pdf).pages) == 1
    assert by_pypdf(pdf).strip() == ""


def test_an_address_in_the_data_is_never_fetched() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/x.png"
        text = f'<img src={url}> <link rel=stylesheet href="{url}"> <img src=file:///etc/passwd>'
        person = {"name": "A", "website": url}
        pdf = pdf_of(sample(summary=text, personalInfo=person))
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert "root:" not in by_pdfium(pdf)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://127.0.0.1:9/"])
def test_html_that_reaches_outside_is_refused(url: str) -> None:
    with pytest.raises(RenderFailed, match="outside itself"):
        write_pdf(f'<html lang="en"><img src="{url}" alt="x"></html>', page="A4")


def test_fresh_processes_write_the_same_bytes_whatever_their_surroundings(tmp_path: Path) -> None:
    program = (
        "import sys, hashlib, pathlib\n"
        "from render.fonts import use_fonts\n"
        "from render.pdf import render_pdf, renderer\n"
        "from render_samples import four_languages, two_pages\n"
        "use_fonts(pathlib.Path(sys.argv[1]))\n"
        "for data in (two_pages(), four_languages()):\n"
        "    pdf = render_pdf(data, page='LETTER', language='ja')\n"
        "    print(hashlib.sha256(pdf).hexdigest())\n"
        "print(renderer())\n"
    )
    surroundings = [
        {"PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        {"PYTHONHASHSEED": "2", "LC_ALL": "ja_JP.UTF-8", "TZ": "Asia/Tokyo", "LANG": "ja_JP"},
    ]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / f"cache {number}")],
            env={**variables, "PYTHONPATH": f"{SRC}:{TESTS}"},
            stdout=subprocess.PIPE,
            text=True,
        )
        for number, variables in enumerate(surroundings)
    ]
    first, second = (process.communicate(timeout=60)[0] for process in processes)
    here = render_pdf(two_pages(), page="LETTER", language="ja")
    assert first == second
    assert len(first.split()) == 3
    assert render_pdf(two_pages(), page="LETTER", language="ja") == here


def test_the_renderer_names_template_engine_and_fonts() -> None:
    assert re.fullmatch(
        r"classic-[0-9a-f]{8}/weasyprint-[\d.]+-[0-9a-f]{8}/fonts-[0-9a-f]{8}", renderer()
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ships 🚀 fast ✅", "Ships fast"),
        ("Speaks العربية well", "Speaks ??????? well"),
        ("Lived in กรุงเทพ once", "Lived in ??????? once"),
        ("Wrote 👩\u200d💻 code", "Wrote code"),
    ],
)
def test_what_no_font_has_spoils_nothing_else(text: str, shown: str) -> None:
    pdf = pdf_of(sample(summary=text))

    for read_text in (by_pypdf, by_pdfium):
        found = " ".join(read_text(pdf).split())
        assert "maren.oldfield@example.com" in found
        assert shown.split(maxsplit=1)[0] in found
        assert shown.rsplit(maxsplit=1)[-1] in found
