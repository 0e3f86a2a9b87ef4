"""Tailoring over HTTP: what may be asked, what comes back, and that every edit is explained."""

from typing import Any

import pytest

from server import JOB, QUICKSTART, Tenant

TAILORED = {
    "resume_id",
    "is_master",
    "status",
    "filename",
    "strategy",
    "job_keywords",
    "parent_id",
    "pdf_url",
    "refinement_stats",
    "warnings",
    "title",
    "cover_letter_id",
    "outreach_id",
}
STATS = {
    "keywords_injected",
    "phrases_replaced",
    "diffs_applied",
    "rejected_changes",
    "passes_completed",
    "ai_phrases_removed",
    "alignment_violations_fixed",
    "initial_match_percentage",
    "final_match_percentage",
}
KEYWORDS = {
    "required_skills",
    "preferred_skills",
    "experience_requirements",
    "education_requirements",
    "key_responsibilities",
    "keywords",
    "experience_years",
    "seniority_level",
}


def path(resume_id: str) -> str:
    return f"/api/v1/resumes/{resume_id}/tailor"


@pytest.fixture(scope="module")
def source(standing: Tenant) -> str:
    """Return a parsed resume that no test changes."""
    return standing.parsed()


def refused(tenant: Tenant, resume_id: str, body: Any) -> tuple[int, str, str]:
    """Return how a tailoring is refused, having seen that it left nothing behind."""
    before = tenant.list("limit=100&include_master=true"), tenant.used()
    refusal = tenant.refused("POST", path(resume_id), json=body)
    assert (tenant.list("limit=100&include_master=true"), tenant.used()) == before
    return refusal


def test_the_quickstart_works_word_for_word_straight_after_the_upload(tenant: Tenant) -> None:
    source = tenant.upload()

    answer = tenant.http.post(path(source), json=QUICKSTART)

    assert answer.status_code == 201
    tailored = answer.json()["data"]
    assert tailored.keys() == TAILORED
    assert tailored["refinement_stats"].keys() == STATS
    assert tailored["job_keywords"].keys() == KEYWORDS
    assert (
        tailored
        | {
            "is_master": False,
            "status": "READY",
            "filename": "Tailored - two_columns.pdf",
            "strategy": "KEYWORDS",
            "parent_id": source,
            "pdf_url": None,
            "cover_letter_id": None,
            "outreach_id": None,
        }
        == tailored
    )


def test_the_quickstart_works_as_curl_sends_it(standing: Tenant, source: str) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}

    answer = standing.http.post(
        path(source), content=b'{"jobDescription": "Python"}', headers=form
    )

    assert answer.status_code == 201


def test_the_result_is_a_resume_of_its_own(standing: Tenant, source: str) -> None:
    tailored = standing.tailor(source)
    result = standing.get(tailored["resume_id"])

    shared = TAILORED & result.keys() - {"pdf_url"}
    assert {name: result[name] for name in shared} == {name: tailored[name] for name in shared}
    assert result["job_description"] == JOB
    assert result["title"].startswith("Senior Data Engineer")
    assert "Kafka" in str(result["job_keywords"])


def test_the_source_stays_as_it_was(standing: Tenant, source: str) -> None:
    before = standing.get(source)

    standing.tailor(source, strategy="full")

    assert standing.get(source) == before


def test_facts_are_equal_to_the_source(standing: Tenant, source: str) -> None:
    before = standing.get(source)["structured_data"]
    result = standing.get(standing.tailor(source, strategy="full")["resume_id"])
    after = result["structured_data"]

    assert after["personalInfo"] == before["personalInfo"]
    assert after["education"] == before["education"]
    for old, new in zip(before["workExperience"], after["workExperience"], strict=True):
        assert new | {"description": old["description"]} == old
    skills = "technicalSkills"
    assert sorted(after["additional"][skills]) == sorted(before["additional"][skills])


def test_what_the_resume_lacks_is_named_and_not_invented(standing: Tenant, source: str) -> None:
    result_id = standing.tailor(source)["resume_id"]
    changes = standing.data("GET", f"/api/v1/resumes/{result_id}/changes")

    assert "Kafka" in changes["gaps"]
    assert "Kafka" not in str(standing.get(result_id)["structured_data"])


def test_every_change_is_explained(standing: Tenant, source: str) -> None:
    before = standing.get(source)["structured_data"]
    tailored = standing.tailor(source)
    after = standing.get(tailored["resume_id"])["structured_data"]

    explained = standing.data("GET", f"/api/v1/resumes/{tailored['resume_id']}/changes")

    assert (explained["resume_id"], explained["parent_id"]) == (tailored["resume_id"], source)
    accepted = {
        change["path"]: change["after"] for change in explained["changes"] if change["accepted"]
    }
    assert accepted["additional.technicalSkills"] == after["additional"]["technicalSkills"]
    assert accepted["summary"] == after["summary"] != before["summary"]
    assert all(change["reason"] for change in explained["changes"])
    assert len(accepted) == tailored["refinement_stats"]["diffs_applied"]
    assert explained["coverage"]["before"] <= explained["coverage"]["after"] <= 100


def test_only_a_tailored_resume_has_changes(standing: Tenant, source: str) -> None:
    refusal = standing.refused("GET", f"/api/v1/resumes/{source}/changes")

    assert refusal[:2] == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("fields", "strategy"),
    [
        ({}, "KEYWORDS"),
        ({"strategy": "nudge"}, "NUDGE"),
        ({"strategy": "Keywords"}, "KEYWORDS"),
        ({"strategy": "FULL"}, "FULL"),
        ({"prompt_id": "nudge"}, "NUDGE"),
        ({"promptId": "FULL"}, "FULL"),
        ({"strategy": "full", "prompt_id": "nudge"}, "FULL"),
        ({"prompt_id": "full", "promptId": "nudge"}, "FULL"),
        ({"strategy": None}, "KEYWORDS"),
    ],
)
def test_a_strategy_has_three_names_and_any_case(
    standing: Tenant, source: str, fields: dict[str, Any], strategy: str
) -> None:
    assert standing.tailor(source, **fields)["strategy"] == strategy


@pytest.mark.parametrize(
    ("fields", "language"),
    [({}, "en"), ({"output_language": "PT"}, "pt"), ({"outputLanguage": "es"}, "es")],
)
def test_a_language_is_understood_in_any_case(
    standing: Tenant, source: str, fields: dict[str, Any], language: str
) -> None:
    result_id = standing.tailor(source, **fields)["resume_id"]

    assert standing.get(result_id)["output_language"] == language


def test_snake_case_wins_over_camel_case(standing: Tenant, source: str) -> None:
    body = {"job_description": "Python", "jobDescription": "Go", "output_language": "pt"}

    tailored = standing.tailor(source, **body, outputLanguage="es")

    result = standing.get(tailored["resume_id"])
    assert (result["job_description"], result["output_language"]) == ("Python", "pt")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "NO_JOBS_PROVIDED"),
        ({"job_description": None}, 400, "NO_JOBS_PROVIDED"),
        ({"jobDescription": "  \n"}, 400, "EMPTY_JOB_DESCRIPTION"),
        ({"job_description": ""}, 400, "EMPTY_JOB_DESCRIPTION"),
        ({"job_description": 123}, 422, "VALIDATION_ERROR"),
        ({"job_description": ["Python"]}, 422, "VALIDATION_ERROR"),
        ({"job_description": "word " * 8001}, 422, "VALIDATION_ERROR"),
        ({"job_description": "x" * 200_001}, 422, "VALIDATION_ERROR"),
        ({"job_description": "Py\0thon"}, 422, "VALIDATION_ERROR"),
        ({"job_description": "Python", "strategy": "x"}, 422, "VALIDATION_ERROR"),
        ({"job_description": "Python", "strategy": 1}, 422, "VALIDATION_ERROR"),
        ({"job_description": "Python", "output_language": "fr"}, 422, "VALIDATION_ERROR"),
        ({"job_description": "Python", "generate_pdf": "yes"}, 422, "VALIDATION_ERROR"),
        ([], 422, "VALIDATION_ERROR"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_tailored_to_is_refused(
    standing: Tenant, source: str, body: Any, status: int, code: str
) -> None:
    assert refused(standing, source, body)[:2] == (status, code)


def test_eight_thousand_words_are_taken(standing: Tenant, source: str) -> None:
    assert standing.tailor(source, job_description="Python " * 8000)["status"] == "READY"


def test_a_posting_without_a_single_space_is_taken(standing: Tenant, source: str) -> None:
    assert standing.tailor(source, job_description="招聘数据工程师" * 5000)["status"] == "READY"


def test_an_unknown_resume_is_not_found(standing: Tenant) -> None:
    unknown = "res_01M80H7F5PXVJDERQX2E90MY1V"

    assert refused(standing, unknown, QUICKSTART)[:2] == (404, "NOT_FOUND")


def test_the_master_can_be_tailored_by_that_name(tenant: Tenant) -> None:
    master = tenant.upload()
    tenant.upload()

    assert tenant.tailor("master")["parent_id"] == master


def test_without_a_master_that_name_says_so(tenant: Tenant) -> None:
    tenant.parsed(set_as_master="false")

    assert refused(tenant, "master", QUICKSTART)[:2] == (400, "NO_MASTER_RESUME")


def test_a_resume_that_could_not_be_parsed_is_not_tailored(tenant: Tenant) -> None:
    assert refused(tenant, tenant.failed(), QUICKSTART)[:2] == (400, "RESUME_NOT_PARSED")


def test_a_tailored_resume_is_never_the_master(tenant: Tenant) -> None:
    source = tenant.parsed(set_as_master="false")

    assert tenant.tailor(source)["is_master"] is False
    assert not any(resume["is_master"] for resume in tenant.list())


def test_a_tailored_resume_can_be_tailored_again(standing: Tenant, source: str) -> None:
    once = standing.tailor(source)["resume_id"]

    assert standing.tailor(once)["parent_id"] == once


@pytest.mark.parametrize("spelling", ["generate_pdf", "generatePdf"])
def test_a_pdf_that_was_asked_for_is_named_by_its_path(tenant: Tenant, spelling: str) -> None:
    tailored = tenant.tailor(tenant.upload(), **{spelling: True})

    assert tailored["pdf_url"] == f"/api/v1/resumes/{tailored['resume_id']}/pdf"
    assert tenant.used() == {"parse": 1, "tailor": 1}
    assert tenant.http.get(tailored["pdf_url"]).headers["content-type"] == "application/pdf"


def test_the_same_request_gives_the_same_words(standing: Tenant, source: str) -> None:
    both = [standing.tailor(source, strategy="full")["resume_id"] for _ in range(2)]

    one, other = (standing.get(result_id)["structured_data"] for result_id in both)
    assert one == other
