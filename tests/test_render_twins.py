"""The HTML twins of the LaTeX templates: what LaTeX has no letters for is set in the same look."""

import re
from pathlib import Path
from typing import Final, get_args

import pytest

from api.adapters.typesetter import LatexTypesetter
from events.generation import Template
from events.resume_data import ResumeData
from events.tailoring import Language
from render.fonts import use_fonts
from render.html_text import clean
from render.html_view import view_of
from render.latex.compiler import find_latex
from render.latex.source import texts_of
from render.pdf import render_pdf
from render.pdf_pool import PdfPool
from render_samples import four_languages, sample
from test_render_latex import READERS

TEMPLATES: Final[tuple[Template, ...]] = get_args(Template)

CHINESE: Final = {
    "name": "王小明",
    "title": "高级数据工程师",
    "email": "wang@example.org",
    "location": "上海",
}
JAPANESE: Final = {**CHINESE, "name": "山田花子", "title": "データエンジニア", "location": "東京"}


def spoken(language: Language, *, long: bool = False) -> ResumeData:
    zh = language == "zh"
    line = "负责数据平台，服务 40 个团队。" if zh else "データ基盤を担当し、40チームを支えた。"
    job = {
        "id": 1,
        "title": "数据工程师" if zh else "エンジニア",
        "company": "示例公司" if zh else "例株式会社",
        "years": "2019 – 2024",
        "description": [line] * 3,
    }
    return sample(
        personalInfo=CHINESE if zh else JAPANESE,
        summary=line,
        workExperience=[{**job, "id": n} for n in range(12 if long else 2)],
    )


DOCUMENTS: Final[dict[str, tuple[ResumeData, Language]]] = {
    "zh": (spoken("zh"), "zh"),
    "ja": (spoken("ja"), "ja"),
    "zh, two pages": (spoken("zh", long=True), "zh"),
    "ja, two pages": (spoken("ja", long=True), "ja"),
    "four languages": (four_languages(), "es"),
    "hostile": (sample(summary="\\input{x} 🚀 <b>&amp;</b> \u202e中文\u202c 100%"), "en"),
}


@pytest.fixture(scope="module", autouse=True)
def _fonts(tmp_path_factory: pytest.TempPathFactory) -> None:
    use_fonts(tmp_path_factory.mktemp("fonts"))


def missing(data: ResumeData, language: Language, text: str) -> list[str]:
    """Return the texts of the document that a reader does not find, one after the other."""
    flat = re.sub(r"\s+", "", text).casefold()
    end, lost = 0, []
    for shown in texts_of(view_of(data, language=language)):
        wanted = re.sub(r"\s+|🚀", "", clean(shown)).casefold()
        at = flat.replace("🚀", "").find(wanted, end)
        if at < 0:
            lost.append(wanted)
        else:
            end = at
    return lost


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_text_of_a_twin_can_be_read_again_in_order(template: Template, name: str) -> None:
    data, language = DOCUMENTS[name]
    pdf = render_pdf(data, page="A4", language=language, look=template)

    for reader, read in READERS.items():
        text = read(pdf)
        assert missing(data, language, text) == [], reader


def test_the_three_twins_do_not_look_alike() -> None:
    data, language = DOCUMENTS["zh"]

    assert len({render_pdf(data, page="A4", language=language, look=t) for t in TEMPLATES}) == 3


def test_who_sets_a_document_is_told_and_why_it_was_not_latex(tmp_path: Path) -> None:
    latex = find_latex(tmp_path)
    assert latex is not None
    with PdfPool(tmp_path, workers=1) as pool:
        ready, without = LatexTypesetter(latex, pool), LatexTypesetter(None, pool)

        latin = ready.typeset(sample(), template="template1", language="en")
        chinese = ready.typeset(spoken("zh"), template="template1", language="zh")
        none = without.typeset(sample(), template="template2", language="en")
        long = ready.typeset(spoken("ja", long=True), template="template3", language="ja")

    assert latin.fallback is None
    assert latin.renderer.startswith("template1-")
    assert "pdfTeX" in latin.renderer
    assert chinese.fallback == "LaTeX has no letters for this text"
    assert "weasyprint" in chinese.renderer
    assert none.fallback == "no LaTeX is installed"
    assert (latin.pages, chinese.pages, long.pages) == (1, 1, 2)
