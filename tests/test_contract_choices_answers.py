"""Where its sources contradict each other the contract chose: rows 26 to 43, by their numbers.

Left out are rows that no request can show: 35 (prices are configuration and appear nowhere in the
API), 39 (the path of a payment provider's notices) and, of 43, that a deleted organization's
subscription is cancelled with that provider; that its keys end is shown.
"""

import io
import os
import zipfile
from typing import Any, Final

import httpx2
import pytest
from pypdf import PdfReader

from api.settings import Settings
from bad_documents import GOOD_DOCX, GOOD_PDF
from browsing import Street
from llm_roles import task_of
from llm_standin import StandIn
from server import JOB, Deployment, Tenant

RESUMES: Final = "/api/v1/resumes"
CONFIG: Final = "/api/v1/llm-config"
ORGANIZATION: Final = "/api/auth/organization"
NOBODYS: Final = "res_01M80H7F5PXVJDERQX2E90MY1V"
POSTING: Final = {"job_description": JOB}


@pytest.fixture(scope="module")
def source(standing: Tenant) -> str:
    """Return a parsed resume that no test changes; it is the master."""
    return standing.parsed()


def told(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def upload(tenant: Tenant, content: bytes) -> httpx2.Response:
    return tenant.http.post(RESUMES, files={"file": ("a.pdf", content)})


def test_choice_26_a_tailoring_makes_a_record_of_its_own(standing: Tenant, source: str) -> None:
    tailored = standing.tailor(source)

    assert tailored["resume_id"] != tailored["parent_id"] == source
    assert "structured_data" not in tailored


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_choice_27_the_pdf_of_a_source_is_that_of_its_newest_result(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    path = f"{RESUMES}/{resume_id}/pdf"
    untailored = tenant.http.get(path)
    before = tenant.get(resume_id)
    results = [tenant.tailor(resume_id)["resume_id"] for _ in range(2)]

    newest, original = tenant.http.get(path), tenant.http.get(f"{path}?version=original")

    answers = (untailored, newest, original)
    named = [answer.headers["x-resume-id"] for answer in answers]
    assert named == [resume_id, results[-1], resume_id]
    assert all(answer.headers["content-digest"].startswith("sha-256=:") for answer in answers)
    assert original.content == untailored.content != newest.content
    assert tenant.get(resume_id) == before


def test_choice_28_all_figures_of_a_tailoring_are_told(standing: Tenant, source: str) -> None:
    assert standing.tailor(source)["refinement_stats"].keys() == {
        "keywords_injected", "phrases_replaced", "diffs_applied", "rejected_changes",
        "passes_completed", "ai_phrases_removed", "alignment_violations_fixed",
        "initial_match_percentage", "final_match_percentage",
    }  # fmt: skip


def test_choice_29_a_warning_is_an_object(standing: Tenant, source: str) -> None:
    (warning,) = standing.tailor(source, job_description="Nothing.")["warnings"]

    assert warning["code"] == "NO_CHANGES_APPLIED"
    assert warning["detail"].endswith(".")
    assert warning["severity"] in {"info", "warning", "critical"}


def test_choice_30_a_pdf_is_named_by_its_path_if_it_was_asked_for(
    standing: Tenant, source: str
) -> None:
    without, tailored = (standing.tailor(source, generate_pdf=wanted) for wanted in (False, True))

    assert without["pdf_url"] is None
    assert tailored["pdf_url"] == f"{RESUMES}/{tailored['resume_id']}/pdf"


def test_choice_31_a_tailoring_is_a_list_of_changes(standing: Tenant, source: str) -> None:
    result = standing.tailor(source)["resume_id"]

    changes = standing.data("GET", f"{RESUMES}/{result}/changes")["changes"]

    assert changes
    assert all({"path", "action", "before", "after"} <= change.keys() for change in changes)


def test_choice_32_an_error_has_a_code_and_a_detail(standing: Tenant) -> None:
    answer = standing.http.get(f"{RESUMES}/{NOBODYS}")

    assert answer.json() == {"error": "NOT_FOUND", "detail": "There is no such resume."}


def test_choice_33_the_master_goes_by_that_name(standing: Tenant, source: str) -> None:
    assert standing.tailor("master")["parent_id"] == source
    assert told(standing.http.post(f"{RESUMES}/upload")) == (405, "VALIDATION_ERROR")


def test_choice_34_an_upload_is_answered_before_it_is_parsed(tenant: Tenant) -> None:
    answer = upload(tenant, GOOD_PDF)

    assert (answer.status_code, answer.json()["data"]["status"]) == (201, "PROCESSING")


def test_choice_36_a_tailoring_has_240_seconds() -> None:
    assert Settings().tailor_timeout_s == 240


@pytest.mark.parametrize("kind", ["cover-letters", "outreach", ""])
def test_choice_37_lists_have_ten_items(tenant: Tenant, kind: str) -> None:
    resume_id = tenant.parsed()
    for _ in range(11):
        if kind:
            tenant.data("POST", f"{RESUMES}/{resume_id}/{kind}", json=POSTING)
        else:
            tenant.upload()
    path = f"{RESUMES}/{resume_id}/{kind}" if kind else RESUMES

    assert len(tenant.data("GET", path)) == 10
    assert len(tenant.data("GET", f"{path}?limit=100")) == 11


def test_choice_38_owner_is_another_word_for_admin(street: Street) -> None:
    ada, grace = street.ada(), street.verified("Grace")
    member = street.joins(grace, ada)
    path = f"{ORGANIZATION}/update-member-role"

    roles = [
        ada.send(path, memberId=member["id"], role=role)["role"]
        for role in ("owner", "member", "admin")
    ]

    assert roles == ["admin", "member", "admin"]
    assert ada.refused(path, memberId=member["id"], role="god")[0] == 400


@pytest.mark.parametrize("end", ["", "/", "/v1", "/v1/"])
def test_choice_40_the_address_of_ollama_needs_no_v1(
    tenant: Tenant, standin: StandIn, end: str
) -> None:
    body = {"provider": "ollama", "model": "llama3.1", "apiBase": standin.url + end}
    tenant.data("PUT", CONFIG, json=body)

    tenant.tailor(tenant.parsed())

    assert {task_of(asked) for asked in standin.asked} >= {"resume", "edits"}
    assert len({asked.path for asked in standin.asked}) == 1


def test_choice_41_letters_are_in_the_language_of_the_resume(tenant: Tenant) -> None:
    result = tenant.tailor(tenant.parsed(), output_language="pt")["resume_id"]
    path = f"{RESUMES}/{result}/cover-letters"

    first = tenant.data("POST", path)
    again = tenant.data("POST", f"{path}/{first['id']}/regenerate")

    assert all(" vaga " in letter["content"] for letter in (first, again))


def test_choice_42_the_document_itself_is_not_kept(deployment: Deployment, tenant: Tenant) -> None:
    bulky = io.BytesIO(GOOD_DOCX)
    with zipfile.ZipFile(bulky, "a") as package:
        package.writestr("word/media/photo.png", os.urandom(2**20))

    tenant.until(tenant.upload_file("a.docx", bulky.getvalue()), "READY")

    with deployment.core.connect() as connection:
        kept = connection.execute(
            "SELECT sum(octet_length(state) + octet_length(sealed)) FROM events"
            " WHERE organization_id = %s",
            (tenant.organization_id,),
        ).fetchone()
    assert kept
    assert 0 < kept[0] < 100_000


def test_choice_43_with_an_organization_its_keys_end(
    street: Street, deployment: Deployment
) -> None:
    ada = street.ada()
    headers = {"x-api-key": ada.send_key()}
    before = deployment.http.get(RESUMES, headers=headers)

    ada.send(f"{ORGANIZATION}/delete", organizationId=ada.organization)

    after: Any = deployment.http.get(RESUMES, headers=headers)
    assert before.status_code == 200
    assert told(after) == (401, "INVALID_KEY")
