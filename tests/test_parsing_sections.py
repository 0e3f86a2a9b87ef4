"""Headings, skills, lists, custom sections, and the promises about the whole."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.document_text import DocumentText, TextLine
from parsing_texts import TOP, document, resume
from render.parsing.headings import kind_of
from render.parsing.resume import parse_resume


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("WORK EXPERIENCE", "work"),
        ("Honors/Awards", "awards"),
        ("Awards & Achievements", "awards"),
        ("E D U C AT I O N", "education"),
        ("Berufserfahrung", "work"),
        ("Formación académica", "education"),
        ("Compétences", "skills"),
        ("Experiência Profissional", "work"),
        ("教育经历", "education"),
        ("職務経歴", "work"),
        ("Volunteer Work", "custom"),
        ("Ada Example", None),
        ("Experience with Python", None),
    ],
)
def test_headings_are_known_by_name(heading: str, kind: str | None) -> None:
    assert kind_of(heading) == kind


def test_the_end_of_a_sentence_is_no_heading() -> None:
    data = resume(f"{TOP}Summary\nBuilds things with many different\nskills.\nSkills\nPython")

    assert data.summary == "Builds things with many different skills."
    assert data.additional.technical_skills == ("Python",)


def test_a_heading_no_list_knows_is_known_by_its_looks() -> None:
    sizes = {"Ada Example": 20.0, "Skills": 14.0, "Secret Powers": 14.0, "Education": 14.0}
    texts = (
        "Ada Example",
        "a@b.org",
        "Skills",
        "Python",
        "Secret Powers",
        "• Flight",
        "Education",
    )
    lines = tuple(TextLine(page=1, text=text, x=50, size=sizes.get(text, 10.0)) for text in texts)

    data = parse_resume(DocumentText(kind="pdf", pages=1, lines=lines)).data

    assert data.custom_sections["secret_powers"].strings == ("Flight",)
    assert data.additional.technical_skills == ("Python",)


@pytest.mark.parametrize(
    ("text", "skills"),
    [
        ("Python, Go; Rust | C++", ("Python", "Go", "Rust", "C++")),
        ("Languages: Python, Go\nTools: Docker", ("Python", "Go", "Docker")),
        ("• Python\n• Spring Boot", ("Python", "Spring Boot")),
        ("Go  Python  Node.js\nAWS  S3", ("Go", "Python", "Node.js", "AWS", "S3")),
        (
            "Proficient in Windows and Mac OS, Word, and Excel",
            ("Windows", "Mac OS", "Word", "Excel"),
        ),
        ("Cloud (AWS, GCP), CI/CD", ("Cloud (AWS, GCP)", "CI/CD")),
        ("Python, python, PYTHON", ("Python",)),
    ],
)
def test_skills_are_told_apart(text: str, skills: tuple[str, ...]) -> None:
    assert resume(f"{TOP}Skills\n{text}").additional.technical_skills == skills


def test_sentences_about_a_skill_are_kept_below_its_name() -> None:
    data = resume(
        f"{TOP}Skills\n• Modelling:\n"
        "• Builds statistical models of how people use the product daily."
    )

    assert data.additional.technical_skills == ("Modelling",)
    items = data.custom_sections["skill_details"].items
    assert items is not None
    assert items[0].title == "Modelling"
    assert items[0].description[0].startswith("Builds statistical")


def test_natural_languages_among_skills_are_languages() -> None:
    additional = resume(f"{TOP}Skills\nTools: Git\nLanguages: Spanish, Welsh").additional

    assert additional.technical_skills == ("Git",)
    assert additional.languages == ("Spanish", "Welsh")


@pytest.mark.parametrize(
    "text",
    ["English  Native\nSpanish  Fluent", "English: Native\nSpanish: Fluent"],
)
def test_languages_keep_their_level(text: str) -> None:
    assert resume(f"{TOP}Languages\n{text}").additional.languages == (
        "English (Native)",
        "Spanish (Fluent)",
    )


def test_certificates_and_awards_are_lists() -> None:
    additional = resume(
        f"{TOP}Certificates\nCSM  Mar 2018\nScrum Alliance\n"
        "Awards\n• Best Paper (2020)\n• Dean's List"
    ).additional

    assert additional.certifications_training == ("CSM, Mar 2018, Scrum Alliance",)
    assert additional.awards == ("Best Paper (2020)", "Dean's List")


def test_a_custom_section_with_dates_has_items() -> None:
    data = resume(f"{TOP}Volunteer Experience\nYMCA, Pomona, CA  2013\nSwim Coach\n• Coached")

    section = data.custom_sections["volunteer_experience"]
    assert section.section_type == "itemList"
    assert section.items is not None
    item = section.items[0]
    assert (item.title, item.subtitle, item.location, item.years) == (
        "Swim Coach",
        "YMCA",
        "Pomona, CA",
        "2013",
    )


def test_a_custom_section_of_sentences_is_text() -> None:
    sentence = "I like long walks on the beach and even longer books about the sea."

    section = resume(f"{TOP}Interests\n{sentence}").custom_sections["interests"]

    assert (section.section_type, section.text) == ("text", sentence)


def test_a_document_without_headings_keeps_its_text() -> None:
    data = resume(f"{TOP}Some line about work\nAnother line about life")

    assert "Another line about life" in json.dumps(data.model_dump(mode="json"))


def test_page_numbers_are_no_text() -> None:
    lines = [(1, "Ada Example"), (1, "Skills"), (1, "Go"), (1, "Ada Example – 1/2"), (2, "Rust")]
    texts = [*lines, (2, "Ada Example – 2/2"), (2, "Page 2 of 2"), (2, "Last updated in May 2026")]
    text = DocumentText(
        kind="pdf",
        pages=2,
        lines=tuple(TextLine(page=page, text=line) for page, line in texts),
    )

    assert parse_resume(text).data.additional.technical_skills == ("Go", "Rust")


def test_an_empty_document_is_an_empty_resume_with_a_warning() -> None:
    parsed = parse_resume(document(""))

    assert parsed.data.is_empty
    assert parsed.warnings


def leaves(value: object, path: str = "") -> dict[str, str]:
    """Return every text of a document by its path; ids and types are no text."""
    if isinstance(value, dict):
        inner = [
            leaves(child, f"{path}.{key}" if path else str(key))
            for key, child in value.items()
            if key != "sectionType"
        ]
    elif isinstance(value, list):
        inner = [leaves(child, f"{path}[{at}]") for at, child in enumerate(value)]
    else:
        return {path: value} if isinstance(value, str) and value else {}
    return {key: text for one in inner for key, text in one.items()}


VOCABULARY = """
    Experience Education Skills Projects Engineer Acme, Inc University BSc 2019 - 2020 Present | ·
    • - at in of and ada@example.org +1 555 Leeds, UK Python, Go: Volunteer 经历 工程师 大学 (May
    Summer ’19 https://ada.dev github.com/ada/x Languages English Native GPA: 3.8/4.0 )
"""
WORDS = st.sampled_from(VOCABULARY.split())
LINE = st.one_of(
    st.lists(WORDS, min_size=1, max_size=7).map(" ".join),
    st.lists(WORDS, min_size=1, max_size=5).map("  ".join),
    st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30),
)
LINES = st.lists(
    st.builds(
        TextLine,
        page=st.integers(1, 3),
        text=LINE,
        x=st.sampled_from([0.0, 50.0, 60.0, 72.0, 400.0]),
        size=st.sampled_from([0.0, 9.0, 10.0, 14.0]),
        bold=st.booleans(),
    ),
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(LINES)
def test_any_lines_give_a_resume_with_a_true_source_for_every_field(lines: list[TextLine]) -> None:
    text = DocumentText(kind="pdf", pages=3, lines=tuple(lines))

    parsed = parse_resume(text)

    sources = {source.path: source.line for source in parsed.sources}
    assert len(sources) == len(parsed.sources)
    assert set(sources) == set(leaves(parsed.data.model_dump(mode="json", by_alias=True)))
    assert all(0 <= line < len(lines) for line in sources.values())
    assert parse_resume(text) == parsed
