import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.tailoring.asked import concept_of
from commands.tailoring.posting import analyse_job
from commands.tailoring.text import squash
from tailoring_samples import POSTING, analysis

CORPUS = Path(__file__).resolve().parents[1].parent / "shared" / "corpus"


def test_requirements_wishes_and_noise_are_told_apart() -> None:
    keywords = analysis().keywords

    assert {"Python", "Kubernetes", "PostgreSQL"} <= set(keywords.required_skills)
    assert keywords.preferred_skills == ("Terraform",)
    assert "Java" not in str(keywords)


def test_role_company_years_and_seniority_are_read() -> None:
    found = analysis()

    assert found.title == "Senior Backend Engineer @ Initech"
    assert found.keywords.experience_years == 5
    assert found.keywords.seniority_level == "senior"


@pytest.mark.parametrize(
    ("posting", "role"),
    [
        (
            "We are hiring a senior backend engineer with strong API experience.",
            "Senior Backend Engineer",
        ),
        ("Buscamos una enfermera con experiencia en UCI.", "Enfermera"),
        ("Procuramos um analista financeiro para nosso time.", "Analista Financeiro"),
        ("招聘高级后端工程师，要求熟悉Python。", "高级后端工程师"),
        ("バックエンドエンジニアを募集しています。", "バックエンドエンジニア"),
        ("Job title: Line Cook\nWe need you.", "Line Cook"),
        ("Come and have fun with us.", ""),
    ],
)
def test_the_role_is_found_in_five_languages(posting: str, role: str) -> None:
    assert analyse_job(posting).role == role


def test_a_posting_of_one_line_requires_what_it_names() -> None:
    found = analyse_job("We are hiring a senior backend engineer with strong API experience.")

    assert found.keywords.required_skills == ("Backend", "APIs")
    assert found.company == ""


@pytest.mark.parametrize(
    ("posting", "wish"),
    [
        ("Requirements:\n- Python\n- Docker is a plus", "Docker"),
        ("Requisitos:\n- Python\nSe valora:\n- Docker", "Docker"),
        ("Requisitos:\n- Python\nDiferenciais:\n- Docker", "Docker"),
        ("任职要求：\n熟悉Python，Docker优先", "Docker"),
        ("必須スキル\n・Python\n歓迎スキル\n・Docker", "Docker"),
    ],
)
def test_a_wish_is_preferred_not_required(posting: str, wish: str) -> None:
    keywords = analyse_job(posting).keywords

    assert (keywords.required_skills, keywords.preferred_skills) == (("Python",), (wish,))


def test_an_unknown_tool_is_taken_from_a_requirement_by_its_shape() -> None:
    found = analyse_job("Requirements:\n- Two years with FooBarDB\nAbout us:\n- LoremCorp")

    assert found.keywords.required_skills == ("FooBarDB",)


def test_a_skill_keeps_the_posting_s_own_name() -> None:
    found = analyse_job("Requirements:\n- Amazon Web Services\n- Typescript")

    assert found.keywords.required_skills == ("Amazon Web Services", "TypeScript")


@given(st.text(max_size=400))
def test_no_text_is_too_strange_to_analyse(text: str) -> None:
    assert len(analyse_job(text).title) <= 80


def test_analysis_is_deterministic() -> None:
    assert analyse_job(POSTING) == analyse_job(POSTING)


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real postings is not here")
def test_real_postings_are_read_with_the_measured_precision_and_recall() -> None:
    listed = json.loads((CORPUS / "postings" / "keywords.json").read_text("utf-8"))
    hits = found_all = wanted_all = recalled = 0
    for name, wanted in listed.items():
        keywords = analyse_job((CORPUS / "postings" / f"{name}.md").read_text("utf-8")).keywords
        hard = {_key(k) for k in (*keywords.required_skills, *keywords.preferred_skills)}
        every = hard | {_key(k) for k in keywords.keywords}
        known = {_key(k) for k in wanted}
        hits, found_all = hits + len(hard & known), found_all + len(hard)
        recalled, wanted_all = recalled + len(every & known), wanted_all + len(known)

    assert hits / found_all >= 0.85
    assert recalled / wanted_all >= 0.95


def _key(keyword: str) -> str:
    concept = concept_of(keyword)
    return concept.name if concept else squash(keyword)
