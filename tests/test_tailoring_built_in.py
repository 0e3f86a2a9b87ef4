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
        "Skills include Python, Kubernetes, REST API and PostgreSQL."
    )


def test_full_says_where_a_skill_was_used() -> None:
    assert "Work at Robust Systems involved" in tailor("FULL").data.summary


def test_an_empty_summary_becomes_title_and_skills() -> None:
    outcome = tailor("KEYWORDS", resume(summary=""))

    assert outcome.data.summary.startswith("Backend Engineer. Skills include Python")


def test_an_empty_summary_stays_empty_when_nothing_fits_the_job() -> None:
    outcome = tailor("KEYWORDS", resume(summary=""), "We need a nurse with ICU practice.")

    assert outcome.data.summary == ""


def test_a_summary_is_not_composed_of_a_single_skill_alone() -> None:
    source = resume(summary="", personalInfo={"name": "Ada Example"})

    outcome = tailor("KEYWORDS", source, "# Engineer\n\n## Requirements\n- Java\n")

    assert outcome.data.summary == ""


def test_what_a_skill_says_already_is_not_named_beside_it() -> None:
    posting = "# Engineer\n\n## Requirements\n- APIs\n- REST API design\n- Java\n"

    outcome = tailor("KEYWORDS", resume(summary=""), posting)

    assert "REST API" in outcome.data.summary
    assert " APIs" not in outcome.data.summary


def test_a_common_word_is_written_small_where_the_resume_does_so() -> None:
    job = {"title": "Engineer", "company": "Elm", "description": ["Wrote frontend code in Java"]}
    posting = "# Engineer\n\n## Requirements\n- Frontend\n- Java\n"

    outcome = tailor("KEYWORDS", resume(summary="", workExperience=[job]), posting)

    assert "frontend" in outcome.data.summary


def test_one_skill_is_too_little_to_tell_of_an_employer() -> None:
    posting = "# Engineer\n\n## Requirements\n- Kubernetes\n"

    outcome = tailor("FULL", resume(summary=""), posting)

    assert "Robust Systems" not in outcome.data.summary


def test_a_job_that_does_not_fit_changes_nothing() -> None:
    assert propose("KEYWORDS", posting="We need a nurse with ICU practice.") == ()


def test_a_fitting_title_opens_a_summary_that_lacks_it() -> None:
    source = resume(summary="Tidy person.", workExperience=[], additional={})

    outcome = tailor("KEYWORDS", source, "We are hiring a senior backend engineer.")

    assert outcome.data.summary == "Backend Engineer. Tidy person."


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
        ("en", "Data Analyst. Skills include SQL, Python and Git."),
        ("es", "Analista de datos. Competencias: SQL, Python, Git y aprendizaje automático."),
        ("pt", "Analista de dados. Competências: SQL, Python, Git e aprendizado de máquina."),
        ("zh", "数据分析师。技能包括SQL、Python、Git和后端开发。"),
        ("ja", "データアナリスト。スキルにはSQL、Python、Git、バックエンドが含まれます。"),
    ],
)
def test_a_summary_is_written_in_the_language_of_the_resume(
    language: Language, summary: str
) -> None:
    assert tailor("KEYWORDS", small(language), ASKING[language], language).data.summary == summary


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
