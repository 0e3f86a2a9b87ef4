"""Where its sources contradict each other the contract chose: rows 1 to 25, by their numbers.

What is asked, and how it is refused; for what is answered see test_contract_choices_answers.py.
"""

import time
from typing import Final

import httpx2
import pytest

from bad_documents import GOOD_PDF, old_word, plain_text
from browsing import Street
from events.organization import Plan
from hostile_world import use
from llm_roles import ROLES
from llm_standin import StandIn
from server import JOB, QUICKSTART, Deployment, Tenant

RESUMES: Final = "/api/v1/resumes"
CONFIG: Final = "/api/v1/llm-config"
ORGANIZATION: Final = "/api/auth/organization"
NOBODYS: Final = "res_01M80H7F5PXVJDERQX2E90MY1V"
POSTING: Final = {"job_description": JOB}
LIMITS: Final[dict[Plan, int]] = {"FREE": 10, "STARTER": 30, "PRO": 100, "ENTERPRISE": 500}


@pytest.fixture(scope="module")
def source(standing: Tenant) -> str:
    """Return a parsed resume that no test changes; it is the master."""
    return standing.parsed()


def told(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def tailoring(tenant: Tenant, resume_id: str, body: object) -> httpx2.Response:
    return tenant.http.post(f"{RESUMES}/{resume_id}/tailor", json=body)


def upload(tenant: Tenant, content: bytes, **form: str) -> httpx2.Response:
    return tenant.http.post(RESUMES, files={"file": ("a.pdf", content)}, data=form)


@pytest.mark.parametrize("spelling", ["jobDescription", "job_description"])
def test_choice_01_a_posting_has_two_spellings(
    standing: Tenant, source: str, spelling: str
) -> None:
    assert tailoring(standing, source, {spelling: JOB}).status_code == 201


@pytest.mark.parametrize("strategy", ["full", "Full", "FULL"])
def test_choice_02_a_strategy_comes_in_any_case_and_leaves_in_upper(
    standing: Tenant, source: str, strategy: str
) -> None:
    assert standing.tailor(source, strategy=strategy)["strategy"] == "FULL"


@pytest.mark.parametrize(("words", "status"), [(1, 201), (8_000, 201), (8_001, 422)])
def test_choice_03_a_posting_has_up_to_8000_words_and_no_fewest(
    standing: Tenant, source: str, words: int, status: int
) -> None:
    body = {"job_description": " ".join(["Python"] * words)}

    assert tailoring(standing, source, body).status_code == status


def test_choice_04_a_missing_and_a_blank_posting_have_codes_of_their_own(
    standing: Tenant, source: str
) -> None:
    blank = {"jobDescription": " "}

    assert told(tailoring(standing, source, {})) == (400, "NO_JOBS_PROVIDED")
    assert told(tailoring(standing, source, blank)) == (400, "EMPTY_JOB_DESCRIPTION")


def test_choice_05_the_strategy_is_the_organizations_and_that_is_keywords(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    first = tenant.tailor(resume_id)
    tenant.data("PUT", CONFIG, json={"default_prompt_id": "nudge"})

    assert (first["strategy"], tenant.tailor(resume_id)["strategy"]) == ("KEYWORDS", "NUDGE")


def test_choice_06_a_plan_that_is_too_small_is_forbidden(billed: Deployment) -> None:
    with billed.tenant(plan="FREE") as free:
        assert told(tailoring(free, NOBODYS, QUICKSTART)) == (403, "PLAN_REQUIRED")


@pytest.mark.parametrize("plan", LIMITS)
def test_choice_07_each_plan_has_its_limit(billed: Deployment, plan: Plan) -> None:
    with billed.tenant(plan=plan) as tenant:
        headers = tenant.http.get(RESUMES).headers

    assert headers["x-ratelimit-limit"] == str(LIMITS[plan])


@pytest.mark.parametrize("path", ["", f"/{NOBODYS}", "?limit=x"])
def test_choice_08_every_answer_tells_what_is_left(standing: Tenant, path: str) -> None:
    headers = standing.http.get(f"{RESUMES}{path}").headers

    assert headers["x-ratelimit-limit"] == "500"
    assert 0 < int(headers["x-ratelimit-remaining"]) < 500
    assert 0 <= int(headers["x-ratelimit-reset"]) - int(time.time()) <= 60


def test_choice_09_a_pdf_takes_a_key(
    deployment: Deployment, standing: Tenant, source: str
) -> None:
    path = f"{RESUMES}/{source}/pdf"

    assert told(deployment.http.get(path)) == (401, "MISSING_KEY")
    assert standing.http.get(path).status_code == 200


def test_choice_10_each_download_is_recorded(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    for _ in range(2):
        assert tenant.http.get(f"{RESUMES}/{resume_id}/pdf").is_success

    assert tenant.used()["pdf_export"] == 2


def test_choice_11_only_successful_tailorings_are_recorded(
    tenant: Tenant, standin: StandIn
) -> None:
    resume_id = tenant.parsed()
    tenant.tailor(resume_id)
    standin.script = ROLES["401"]
    use(tenant, standin, "openai")

    assert tailoring(tenant, resume_id, QUICKSTART).status_code == 500
    assert tenant.used()["tailor"] == 1


def test_choice_12_letters_start_with_starter_and_each_is_recorded(billed: Deployment) -> None:
    with billed.tenant(plan="FREE") as free, billed.tenant(plan="STARTER") as starter:
        refused = free.http.post(f"{RESUMES}/{NOBODYS}/cover-letters", json=POSTING)
        path = f"{RESUMES}/{starter.upload()}/cover-letters"
        letter = starter.data("POST", path, json=POSTING)
        starter.data("POST", f"{path}/{letter['id']}/regenerate", json=POSTING)

        assert told(refused) == (403, "PLAN_REQUIRED")
        assert starter.used()["cover_letter"] == 2


def test_choice_13_usage_can_be_read(standing: Tenant) -> None:
    usage = standing.data("GET", "/api/v1/usage")

    assert [*usage] == ["plan", "period_start", "period_end", "summary", "records"]


@pytest.mark.parametrize("content", [plain_text(), old_word()], ids=["text", "doc"])
def test_choice_14_another_kind_of_file_is_415(standing: Tenant, content: bytes) -> None:
    assert told(upload(standing, content)) == (415, "FILE_NOT_SUPPORTED")


def test_choice_15_a_file_has_up_to_ten_mebibytes(standing: Tenant) -> None:
    sizes = (10 * 2**20, 10 * 2**20 + 1)
    answers = [upload(standing, GOOD_PDF.ljust(size, b"\n"), set_as_master="0") for size in sizes]

    assert answers[0].status_code == 201
    assert told(answers[1]) == (413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize(
    ("status", "answered"),
    [("failed", 200), ("processing", 200), ("ready", 409), ("pending", 409)],
)
def test_choice_16_what_failed_or_is_at_it_can_be_retried(
    tenant: Tenant, status: str, answered: int
) -> None:
    resume_id = tenant.parsed()
    tenant.edit(resume_id, status=status)

    assert tenant.http.post(f"{RESUMES}/{resume_id}/retry").status_code == answered


def test_choice_17_nothing_to_parse_and_nothing_parsed_are_400(tenant: Tenant) -> None:
    textless = tenant.tailor(tenant.parsed())["resume_id"]
    tenant.edit(textless, status="FAILED")

    retried = tenant.http.post(f"{RESUMES}/{textless}/retry")
    assert told(retried) == (400, "MISSING_SOURCE_TEXT")
    assert told(tailoring(tenant, tenant.failed(), QUICKSTART)) == (400, "RESUME_NOT_PARSED")


def test_choice_18_what_is_not_there_is_404(standing: Tenant) -> None:
    letter = standing.http.post(f"{RESUMES}/{NOBODYS}/cover-letters", json=POSTING)

    assert told(tailoring(standing, NOBODYS, QUICKSTART)) == (404, "NOT_FOUND")
    assert told(letter) == (404, "RESUME_NOT_FOUND")


def test_choice_19_a_setting_that_is_left_out_stays(tenant: Tenant) -> None:
    flags = {
        "enable_cover_letter": True,
        "enable_outreach_message": True,
        "content_language": "pt",
    }
    tenant.data("PUT", CONFIG, json=flags)
    before = tenant.data("GET", CONFIG)

    tenant.data("PUT", CONFIG, json={"model": "m"})

    assert tenant.data("GET", CONFIG) == before | {"model": "m"}


def test_choice_20_keys_begin_with_raik(street: Street) -> None:
    assert street.ada().send_key().startswith("raik_")


@pytest.mark.parametrize(("length", "status"), [(0, 422), (1, 201), (60, 201), (61, 422)])
def test_choice_21_the_name_of_a_key_has_1_to_60_characters(
    street: Street, length: int, status: int
) -> None:
    answer = street.ada().http.post("/api/keys", json={"name": "x" * length})

    assert answer.status_code == status


def test_choice_22_letters_come_by_flag_and_the_request_wins(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    tenant.data("PUT", CONFIG, json={"enable_outreach_message": True})

    by_flag = tenant.tailor(resume_id)
    against = tenant.tailor(resume_id, generate_outreach=False, generate_cover_letter=True)

    assert (bool(by_flag["outreach_id"]), bool(by_flag["cover_letter_id"])) == (True, False)
    assert (bool(against["outreach_id"]), bool(against["cover_letter_id"])) == (False, True)


def test_choice_23_who_wants_no_master_gets_none(tenant: Tenant) -> None:
    assert upload(tenant, GOOD_PDF, set_as_master="false").json()["data"]["is_master"] is False
    assert not any(resume["is_master"] for resume in tenant.list())


def test_choice_24_data_is_replaced_whole_unless_merging_is_asked_for(tenant: Tenant) -> None:
    path = f"{RESUMES}/{tenant.parsed()}"
    body = {"structured_data": {"summary": "New."}}

    merged = tenant.data("PATCH", f"{path}?merge=true", json=body)["structured_data"]
    replaced = tenant.data("PATCH", path, json=body)["structured_data"]

    assert merged["summary"] == replaced["summary"] == "New."
    assert (len(merged["workExperience"]) > 0, replaced["workExperience"]) == (True, [])


@pytest.mark.parametrize("spelling", ["structuredData", "structured_data"])
def test_choice_25_data_has_two_spellings(tenant: Tenant, spelling: str) -> None:
    edited = tenant.edit(tenant.parsed(), **{spelling: {"summary": "New."}})

    assert edited["structured_data"]["summary"] == "New."
