import json
from pathlib import Path
from typing import Any

import pytest

from commands.tailoring.built_in import BuiltInEngine
from commands.tailoring.conclude import Tailored, conclude
from commands.tailoring.engine import Engine
from commands.tailoring.evidence import Evidence
from commands.tailoring.posting import analyse_job
from events.resume_data import ResumeData
from events.tailoring import Edit, Language, Strategy
from tailoring_samples import POSTING, analysis, resume

CORPUS = Path(__file__).resolve().parents[1].parent / "shared" / "corpus"
EVERY: tuple[Strategy, ...] = ("NUDGE", "KEYWORDS", "FULL")


def propose(
    strategy: Strategy,
    source: ResumeData | None = None,
    posting: str = POSTING,
    language: Language = "en",
) -> tuple[Edit, ...]:
    engine: Engine = BuiltInEngine()
    analysis = analyse_job(posting)
    return engine.propose(source or resume(), analysis, posting, strategy, language).edits


def tailor(
    strategy: Strategy,
    source: ResumeData | None = None,
    posting: str = POSTING,
    language: Language = "en",
) -> Tailored:
    edits = propose(strategy, source, posting, language)
    return conclude(source or resume(), posting, analyse_job(posting), strategy, language, edits)


def paths(edits: tuple[Edit, ...]) -> dict[str, str]:
    return {edit.path: edit.action for edit in edits}


def small(language: Language) -> ResumeData:
    told: dict[str, dict[str, Any]] = {
        "en": {"title": "Data Analyst", "at": "Acme", "did": ["Built reports in SQL with ETL"]},
        "es": {
            "title": "Analista de datos",
            "at": "Acme",
            "did": ["Creé informes de ventas en SQL para los clientes", "Usé ML en un proyecto"],
        },
        "pt": {
            "title": "Analista de dados",
            "at": "Acme",
            "did": ["Criei relatórios em SQL para os clientes", "Usei ML em um projeto"],
        },
        "zh": {
            "title": "数据分析师",
            "at": "某公司",
            "did": ["使用SQL编写报表", "用Python开发后端服务"],
        },
        "ja": {
            "title": "データアナリスト",
            "at": "某社",
            "did": ["SQLを用いてレポートを作成しました", "Pythonでバックエンドを開発しました"],
        },
    }
    own = told[language]
    job = {"title": own["title"], "company": own["at"], "years": "2020", "description": own["did"]}
    data = {
        "personalInfo": {"title": own["title"]},
        "workExperience": [job],
        "additional": {"technicalSkills": ["Excel", "Python", "Git"]},
    }
    return ResumeData.model_validate_json(json.dumps(data))


ASKING: dict[Language, str] = {
    "en": "Requirements:\n- SQL, Python, Git and Tableau",
    "es": "Requisitos:\n- SQL, Python, Git y aprendizaje automático",
    "pt": "Requisitos:\n- SQL, Python, Git e aprendizado de máquina",
    "zh": "任职要求：\n- 熟悉SQL、Python、Git和后端开发",
    "ja": "必須スキル\n・SQL、Python、Git、バックエンド",
}


def test_nudge_orders_skills_and_writes_abbreviations_out() -> None:
    assert paths(propose("NUDGE")) == {
        "additional.technicalSkills": "reorder",
        "workExperience[0].description[0]": "replace",
        "workExperience[1].description[1]": "replace",
    }


def test_keywords_also_names_shown_skills_in_the_summary() -> None:
    outcome = tailor("KEYWORDS")

    assert outcome.data.summary == (
        "Backend engineer who likes tidy systems. "
        "Experience with Python and REST APIs. Skills include PostgreSQL."
    )


def test_full_says_where_a_skill_was_used() -> None:
    assert tailor("FULL").data.summary.endswith(
        "Experience with Python and REST APIs at Robust Systems. Skills include PostgreSQL."
    )


def test_an_empty_summary_becomes_the_title_and_what_is_asked_for() -> None:
    outcome = tailor("KEYWORDS", resume(summary=""))

    assert outcome.data.summary.startswith("Backend Engineer. Experience with Python")


@pytest.mark.parametrize("strategy", EVERY)
def test_an_empty_summary_stays_empty_when_nothing_fits_the_job(strategy: Strategy) -> None:
    source = resume(summary="")

    assert tailor(strategy, source, "We need a nurse with ICU practice.").data == source


def test_without_a_title_listed_skills_alone_make_no_summary() -> None:
    listing = {"technicalSkills": ["Python", "Kubernetes", "PostgreSQL"]}
    source = resume(
        personalInfo={"name": "Ada"}, summary="", workExperience=[], additional=listing
    )

    assert "summary" not in paths(propose("FULL", source))


def test_a_title_in_capitals_does_not_shout_in_the_summary() -> None:
    source = resume(personalInfo={"title": "SENIOR BACKEND ENGINEER"}, summary="")

    assert tailor("FULL", source).data.summary.startswith("Senior Backend Engineer. ")


def test_a_skill_worth_little_to_the_posting_is_no_sentence() -> None:
    posting = "Requirements:\n- Rust\nNice to have:\n- Terraform, PostgreSQL"

    assert "summary" not in paths(propose("KEYWORDS", posting=posting))


def test_a_kind_of_work_is_named_as_work() -> None:
    job = {"title": "Dev", "company": "Acme", "description": ["Built full-stack and backend apps"]}
    posting = "We are hiring a Full Stack engineer with Backend practice."

    summary = tailor("FULL", resume(summary="Tidy.", workExperience=[job]), posting).data.summary

    assert "Experience with " in summary
    assert "backend development" in summary
    assert "full-stack development" in summary


def test_a_word_that_the_resume_writes_small_loses_the_posting_s_capital() -> None:
    job = {"title": "Clerk", "company": "Acme", "description": ["Worked in sales for 2 years"]}
    posting = "Requirements:\n- Sales experience\n- Strong in Sales"

    summary = tailor("FULL", resume(summary="Tidy.", workExperience=[job]), posting).data.summary

    assert summary == "Tidy. Experience with sales at Acme."


def test_what_another_named_skill_includes_is_not_named_twice() -> None:
    posting = "Requirements:\n- APIs\n- REST APIs"

    assert tailor("KEYWORDS", posting=posting).data.summary.endswith("Experience with REST APIs.")


def test_a_skill_that_the_resume_denies_or_belittles_is_not_proposed() -> None:
    told = ["Ran Python jobs", "No Kubernetes in production, a sandbox only"]
    job = {"title": "Dev", "company": "Acme", "description": told}

    outcome = tailor("FULL", resume(summary="Tidy.", workExperience=[job]))

    assert "Kubernetes" not in outcome.data.summary
    assert [v.detail for v in outcome.verdicts if not v.accepted] == []


def test_who_only_helped_gets_no_experience_out_of_it() -> None:
    job = {"title": "Dev", "company": "Acme", "description": ["Assisted in a move to Kubernetes"]}

    assert propose("FULL", resume(summary="Tidy.", workExperience=[job], additional={})) == ()


def test_what_only_describes_something_else_is_no_experience() -> None:
    told = ["Kept the plants", "Wrote SQL queries against the sales warehouse"]
    job = {"title": "Analyst", "company": "Acme", "description": told}
    source = resume(summary="Tidy.", workExperience=[job], additional={})

    assert propose("FULL", source, "Requirements:\n- Sales experience, sales talent") == ()


def test_a_word_that_the_resume_writes_with_a_capital_keeps_it() -> None:
    told = ["Worked in Agile teams"]
    job = {"title": "Dev", "company": "Acme", "description": told}
    posting = "Requirements:\n- Agile\nYou know agile ways, as agile as it gets."

    summary = tailor("FULL", resume(summary="Tidy.", workExperience=[job]), posting).data.summary

    assert summary == "Tidy. Experience with Agile at Acme."


def test_a_posting_in_another_language_lends_a_summary_no_words() -> None:
    source = small("pt")
    posting = "Requirements for the role:\n- SQL and Machine learning, with the team"

    assert tailor("KEYWORDS", source, posting, "pt").data.summary.endswith(
        "Experiência com SQL e ML."
    )


def test_a_skill_no_lexicon_knows_comes_first_when_the_posting_names_it() -> None:
    listing = {"technicalSkills": ["Bread scoring", "Lamination", "Oven loading"]}

    data = tailor(
        "NUDGE", resume(additional=listing), "You load ovens. Oven loading at 3 am."
    ).data

    assert data.additional.technical_skills == ("Oven loading", "Bread scoring", "Lamination")


def test_a_reason_names_what_is_asked_for_and_where_the_resume_has_it() -> None:
    reasons = {edit.path: edit.reason for edit in propose("FULL")}

    assert reasons["summary"] == (
        "The posting asks for Python, REST API and PostgreSQL. Your resume names"
        " Python and REST APIs at Robust Systems; Postgres in your list of skills, so the"
        " summary now says so."
    )
    assert reasons["additional.technicalSkills"] == (
        "What the posting asks for now leads your list: PostgreSQL."
    )


def test_a_job_that_does_not_fit_changes_nothing() -> None:
    assert propose("KEYWORDS", posting="We need a nurse with ICU practice.") == ()


def test_what_follows_by_definition_is_named_by_what_shows_it() -> None:
    source = resume(
        summary="Tidy person.",
        workExperience=[],
        personalProjects=[],
        additional={"technicalSkills": ["REST API"]},
    )

    outcome = tailor(
        "KEYWORDS", source, "We are hiring a senior engineer with strong API experience."
    )

    assert outcome.data.summary == "Tidy person. Skills include REST API."


def test_coursework_employers_and_basics_show_no_skill() -> None:
    source = resume(
        personalInfo={"name": "Ada"},
        summary="Tidy person.",
        workExperience=[{"title": "Clerk", "company": "Kubernetes Shop", "years": "2020"}],
        personalProjects=[],
        education=[{"institution": "X", "degree": "BSc", "description": "Machine learning"}],
        customSections={"more": {"sectionType": "text", "text": "Basic Python"}},
        additional={},
    )

    assert propose("FULL", source) == ()


def test_a_bullet_moves_up_for_a_clear_gain_only() -> None:
    job = {"title": "Dev", "company": "Acme", "years": "2020"}
    source = resume(
        workExperience=[
            {**job, "description": ["Kept the plants alive", "Built REST APIs in Python"]},
            {**job, "description": ["Led a team", "Kept plants", "Python and Kubernetes work"]},
        ]
    )

    data = tailor("FULL", source).data

    assert data.work_experience[0].description[0] == "Built REST APIs in Python"
    assert data.work_experience[1].description[0] == "Led a team"


def test_a_line_about_basics_never_comes_first() -> None:
    assert tailor("FULL").data.work_experience[1].description[0].startswith("Fixed bugs")


def test_a_project_s_first_line_stays_first() -> None:
    project = {"name": "P", "description": ["A linter", "Kept plants", "Python and CI/CD work"]}

    data = tailor("FULL", resume(personalProjects=[project])).data

    assert data.personal_projects[0].description == (
        "A linter",
        "Python and CI/CD work",
        "Kept plants",
    )


@pytest.mark.parametrize("language", ASKING)
@pytest.mark.parametrize("strategy", EVERY)
def test_every_proposal_passes_the_gate_in_five_languages(
    language: Language, strategy: Strategy
) -> None:
    outcome = tailor(strategy, small(language), ASKING[language], language)

    assert outcome.verdicts
    assert [(v.edit.value, v.detail) for v in outcome.verdicts if not v.accepted] == []


@pytest.mark.parametrize(
    ("language", "summary"),
    [
        ("en", "Data Analyst. Experience with SQL. Skills include Python and Git."),
        (
            "es",
            (
                "Analista de datos. Experiencia con SQL y aprendizaje automático."
                " Competencias: Python y Git."
            ),
        ),
        (
            "pt",
            (
                "Analista de dados. Experiência com SQL e aprendizado de máquina."
                " Competências: Python e Git."
            ),
        ),
        ("zh", "数据分析师。工作涉及SQL、Python和后端开发。技能包括Git。"),
        (
            "ja",
            (
                "データアナリスト。業務はSQL、Python、バックエンドを含みます。"
                "スキルにはGitが含まれます。"
            ),
        ),
    ],
)
def test_a_summary_is_written_in_the_language_of_the_resume(
    language: Language, summary: str
) -> None:
    assert tailor("KEYWORDS", small(language), ASKING[language], language).data.summary == summary


def test_a_reason_is_never_taken_for_an_address_or_markup() -> None:
    posting = "Requirements:\n- JavaScript\n- Data analysis"
    source = resume(additional={"technicalSkills": ["Excel", "JavaScript"]})

    assert all(verdict.accepted for verdict in tailor("NUDGE", source, posting).verdicts)


def test_full_names_the_employer_in_the_order_of_the_language() -> None:
    outcome = tailor("FULL", small("zh"), ASKING["zh"], "zh")

    assert "在某公司的工作涉及SQL、Python和后端开发。" in outcome.data.summary


@pytest.mark.parametrize("strategy", EVERY)
def test_a_tailored_resume_is_not_tailored_further(strategy: Strategy) -> None:
    once = tailor(strategy).data

    assert tailor(strategy, once).data == once


def test_proposals_are_deterministic() -> None:
    assert propose("FULL") == propose("FULL")


def test_every_edit_says_why_and_on_what_ground() -> None:
    for edit in propose("FULL"):
        assert edit.reason.endswith(".")
        assert edit.evidence


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real resumes is not here")
@pytest.mark.parametrize("strategy", EVERY)
def test_every_proposal_for_real_resumes_passes_the_gate(strategy: Strategy) -> None:
    for path in sorted((CORPUS / "structured").glob("*.json")):
        source = ResumeData.model_validate_json(path.read_bytes())
        for posting in sorted((CORPUS / "postings").glob("*.md")):
            outcome = tailor(strategy, source, posting.read_text("utf-8"))
            gain = outcome.coverage

            assert [v.detail for v in outcome.verdicts if not v.accepted] == []
            assert Evidence(outcome.data).concepts <= Evidence(source).concepts
            assert gain.after is not None
            assert gain.ceiling is not None
            assert gain.after <= gain.ceiling


def test_the_quickstart_sees_a_tailored_summary() -> None:
    posting = "We are hiring a senior backend engineer with strong API experience."

    assert tailor("KEYWORDS", posting=posting).data.summary != resume().summary
    assert analysis() == analyse_job(POSTING)
