"""LaTeX resumes: what is set can be read again word for word, and a source can do no harm."""

import io
import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args

import pdfplumber
import pypdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.generation import Template
from events.resume_data import ResumeData
from render.html_view import view_of
from render.latex import compiler
from render.latex.compiler import Latex, LatexFailed, find_latex
from render.latex.escaping import LETTERS, can_be_set, spelt, tex, texurl
from render.latex.source import is_latin, latex_source, source_version, texts_of
from render_samples import four_languages, sample, two_pages

TEMPLATES: Final[tuple[Template, ...]] = get_args(Template)
each_template = pytest.mark.parametrize("template", TEMPLATES)

HOSTILE: Final = (
    r"Cut costs 50% & saved $3k_net {braces} ~tilde~ ^caret^ \backslash #1 <tag> |pipe|",
    r"\input{/etc/passwd} \write18{id} \immediate\openout3=x \catcode`\%=12 ^^5cinput",
    "\"quoted\" 'single' `ticks` ``double'' -- --- ,, ?` !` %% ## {{}}",
    r"\end{document} \end{cvbullets} \item \par \newpage",
    r"See https://example.org/a_b%20c?x=1&y=~z#frag and C:\dir\file_1",
)


def latin(language: str) -> ResumeData:
    spoken = {
        "en": ("Résumé of naïve café work", "Zoë Müller-Łukasz"),
        "es": ("Ingeniería de datos: ¿qué? ¡así! Año, niño, güe", "José Ñandú Íñiguez"),
        "pt": ("Gestão de operações, São João, coração, você", "Conceição Araújo"),
    }
    summary, name = spoken[language]
    person = {**sample().personal_info.model_dump(by_alias=True), "name": name}
    return sample(summary=summary, personalInfo=person)


DOCUMENTS: Final[dict[str, Callable[[], ResumeData]]] = {
    "short": lambda: ResumeData.model_validate(
        {"personalInfo": {"name": "Ada Lovelace"}, "summary": "Mathematician."}
    ),
    "one page": sample,
    "two pages": two_pages,
    "es": lambda: latin("es"),
    "pt": lambda: latin("pt"),
    "accents": lambda: latin("en"),
    "hostile": lambda: sample(
        summary=HOSTILE[0],
        workExperience=[
            {
                "id": 1,
                "title": r"Lead {of} \everything",
                "company": "A&B_C #1",
                "years": "2019 – 2024 (50%)",
                "description": list(HOSTILE),
            }
        ],
    ),
    "no dates": lambda: sample(
        workExperience=[
            {"id": 1, "title": "Gardener", "company": "", "years": "", "description": ["Grew."]},
            {"id": 2, "title": "", "company": "Park", "years": "2001", "description": []},
        ]
    ),
}


@pytest.fixture(scope="session")
def latex(tmp_path_factory: pytest.TempPathFactory) -> Latex:
    found = find_latex(tmp_path_factory.mktemp("latex"))
    assert found is not None
    return found


def by_pypdf(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def by_pdfium(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def by_pdfplumber(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return "\n".join(page.extract_text() for page in document.pages)


READERS: Final = {"pypdf": by_pypdf, "pdfium": by_pdfium, "pdfplumber": by_pdfplumber}


@cache
def pdf_of(latex: Latex, template: Template, name: str) -> bytes:
    return latex.compile(latex_source(DOCUMENTS[name](), template, _language(name)))


def _language(name: str) -> str:
    return name if name in {"es", "pt"} else "en"


def missing(data: ResumeData, language: str, text: str) -> list[str]:
    """Return the texts of the document that a reader does not find, one after the other."""
    flat = re.sub(r"\s+", " ", text).casefold()
    end, lost = 0, []
    for wanted in map(spelt, texts_of(view_of(data, language=language))):
        at = flat.find(wanted.casefold(), end)
        if at < 0:
            lost.append(wanted)
        else:
            end = at
    return lost


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", DOCUMENTS)
@each_template
def test_every_text_can_be_read_again_in_order(
    latex: Latex, template: Template, name: str, reader: str
) -> None:
    text = READERS[reader](pdf_of(latex, template, name))

    assert missing(in_reading_order(DOCUMENTS[name](), template), _language(name), text) == []


def in_reading_order(data: ResumeData, template: Template) -> ResumeData:
    """Return the resume as a template tells it: the third has dates before titles."""
    if template != "template3":
        return data
    turned: dict[str, Any] = {}
    for field in ("work_experience", "education", "personal_projects"):
        key = {"education": "degree", "personal_projects": "name"}.get(field, "title")
        turned[field] = tuple(
            entry.model_copy(update={key: entry.years, "years": getattr(entry, key)})
            for entry in getattr(data, field)
        )
    sections = {
        key: section.model_copy(
            update={
                "items": tuple(
                    item.model_copy(update={"title": item.years, "years": item.title})
                    for item in section.items or ()
                )
            }
        )
        for key, section in data.custom_sections.items()
    }
    return data.model_copy(update={**turned, "custom_sections": sections})


@each_template
def test_the_same_resume_gives_the_same_bytes_with_another_cache(
    latex: Latex, template: Template, tmp_path: Path
) -> None:
    again = Latex(latex.program, tmp_path).compile(latex_source(sample(), template, "en"))

    assert again == pdf_of(latex, template, "one page")


@each_template
def test_a_document_names_its_owner_and_links_only_outwards(
    latex: Latex, template: Template
) -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf_of(latex, template, "two pages")))
    uris = [
        note.get_object()["/A"]["/URI"]
        for page in reader.pages
        for note in page.get("/Annots", [])
        if "/A" in note.get_object()
    ]

    assert reader.metadata is not None
    assert reader.metadata.author == "Maren Oldfield"
    assert "Maren Oldfield" in (reader.metadata.title or "")
    assert len(reader.pages) == 2
    assert uris
    assert {uri.partition(":")[0] for uri in uris} <= {"https", "http", "mailto", "tel"}


@each_template
def test_a_word_without_end_stays_on_its_page(latex: Latex, template: Template) -> None:
    word = "W" * 10_000
    pdf = latex.compile(latex_source(sample(summary=f"Before {word} after"), template, "en"))

    text = by_pdfium(pdf)
    assert "".join(text.split()).count("W") >= 10_000
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            chars = page.get_textpage()
            right = max(chars.get_charbox(i)[2] for i in range(chars.count_chars()))
            assert right < page.get_width() - 20


def test_the_source_is_a_document_of_its_own(latex: Latex) -> None:
    source = latex_source(two_pages(), "template1", "en")

    assert source.startswith("\\documentclass")
    assert source.count("\\begin{document}") == source.count("\\end{document}") == 1
    assert "/" not in source_version("template1")


def test_only_letters_that_the_fonts_have_are_set() -> None:
    assert is_latin(two_pages(), "en")
    assert not is_latin(four_languages(), "en")
    assert not is_latin(sample(summary="Ships 🚀 fast"), "en")
    assert not is_latin(sample(summary="שלום"), "en")
    assert is_latin(sample(summary="right\u202eto\u202c left\u200b"), "en")


@each_template
def test_every_letter_that_counts_as_set_is_read_again(latex: Latex, template: Template) -> None:
    letters = sorted(LETTERS)
    data = sample(summary="", additional={"technicalSkills": [f"x{c}y" for c in letters]})

    pdf = latex.compile(latex_source(data, template, "en"))

    for read in (by_pypdf, by_pdfium):
        text = read(pdf)
        assert [c for c in letters if f"x{c}y" not in text] == []


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_no_text_leaves_a_command_behind(text: str) -> None:
    known = {
        *("textbackslash", "textasciicircum", "textasciitilde", "textless", "textgreater"),
        *("textbar", "textquotedbl", "textquotesingle", "textasciigrave", "cvspace"),
    }
    escaped = tex(text)

    assert set(re.findall(r"\\([A-Za-z]+)", escaped)) <= known
    assert not re.search(r"(?<!\\)[$&#%_^~]", re.sub(r"\\[$&#%_{}]", "", escaped))
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", escaped):
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    assert depth == 0


@given(st.text(max_size=80))
def test_an_address_holds_nothing_that_tex_reads(url: str) -> None:
    bare = re.sub(r"\\[#%&_$]", "", texurl(url))

    assert not re.search(r"[\\{}^~#%&_$\s]", bare)


BODIES: Final = {
    "reads a file": r"\input{/etc/passwd}",
    "reads above": r"\input{../../../../etc/passwd}",
    "loops": r"\def\x{\x}\x",
    "grows": r"\def\x#1{\x{#1#1}}\x{aaaaaaaa}",
    "fills pages": r"\loop\iftrue a\newpage\repeat",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_source_that_was_not_escaped_fails(
    latex: Latex, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    monkeypatch.setattr(compiler, "WALL_S", 4.0)
    source = latex_source(sample(), "template1", "en").replace("Maren", body)

    with pytest.raises(LatexFailed):
        latex.compile(source)


def test_a_source_that_was_not_escaped_writes_nowhere_and_runs_nothing(
    latex: Latex, tmp_path: Path
) -> None:
    outside = tmp_path / "out.txt"
    body = (
        rf"\immediate\write18{{touch {tmp_path}/shell}}"
        rf"\newwrite\w\immediate\openout\w={outside}\immediate\write\w{{x}}"
    )
    source = latex_source(sample(), "template1", "en").replace(
        "\\begin{cvheader}", body + "\\begin{cvheader}"
    )

    with suppress(LatexFailed):
        latex.compile(source)

    assert [*tmp_path.iterdir()] == []


def test_a_format_that_broke_is_made_again(latex: Latex, tmp_path: Path) -> None:
    mine = Latex(latex.program, tmp_path)
    mine.compile(latex_source(sample(), "template1", "en"))
    (kept,) = tmp_path.glob("*.fmt")
    kept.write_bytes(b"broken")

    pdf = mine.compile(latex_source(sample(), "template1", "en"))

    assert pdf == pdf_of(latex, "template1", "one page")


def test_signs_that_look_the_same_stand_for_what_the_fonts_lack() -> None:
    assert can_be_set("a‑b … − ﬁ")
    assert spelt("a‑b … − ﬁ") == "a-b ... – fi"
