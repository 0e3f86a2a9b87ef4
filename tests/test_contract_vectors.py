"""The contract's test vectors, by their numbers: what a client may rely on, over real HTTP."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import httpx2
import pytest
from pypdf import PdfReader

from bad_documents import GOOD_DOCX, GOOD_PDF, plain_text
from browsing import Street
from hostile_world import use
from llm_roles import ROLES
from llm_standin import StandIn
from postgres import until
from server import JOB, QUICKSTART, WHOLE, Deployment, Tenant
from worlds import early_in_a_window

RESUMES: Final = "/api/v1/resumes"
CONFIG: Final = "/api/v1/llm-config"
KEY: Final = "sk-canary-1234567890abcd9f3a"
NOBODYS: Final = "res_01M80H7F5PXVJDERQX2E90MY1V"
POSTING: Final = {"job_description": JOB}
TEN_MIB: Final = 10 * 1024 * 1024


@pytest.fixture(scope="module")
def source(standing: Tenant) -> str:
    """Return a parsed resume that no test changes."""
    return standing.parsed()


def text_of(tenant: Tenant, resume_id: str, query: str = "") -> str:
    """Return the text of the PDF of a resume."""
    pdf = tenant.http.get(f"{RESUMES}/{resume_id}/pdf{query}").content
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def told(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def test_vector_01_no_key_is_missing_and_an_empty_one_is_no_key(
    deployment: Deployment, standing: Tenant
) -> None:
    missing = deployment.http.get(RESUMES)
    bearing = standing.http.get(RESUMES, headers={"x-api-key": ""})

    assert (missing.status_code, missing.json()) == (401, {"error": "MISSING_KEY"})
    assert bearing.status_code == 200


def test_vector_02_free_has_ten_requests_a_minute_and_no_tailoring(billed: Deployment) -> None:
    early_in_a_window(needed_s=5)
    with billed.tenant(plan="FREE") as free, billed.tenant(plan="FREE") as other:
        answers = [free.http.get(RESUMES) for _ in range(11)]
        tailoring = other.http.post(f"{RESUMES}/{NOBODYS}/tailor", json=QUICKSTART)

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert told(tailoring) == (403, "PLAN_REQUIRED")


def test_vector_03_an_upload_is_parsed_and_listed_as_the_master(tenant: Tenant) -> None:
    answer = tenant.http.post(RESUMES, files={"file": ("a.pdf", GOOD_PDF)})
    uploaded = answer.json()["data"]

    assert (answer.status_code, uploaded["status"]) == (201, "PROCESSING")
    assert [*uploaded] == ["resume_id", "is_master", "status", "filename", "warnings"]
    until(lambda: tenant.get(uploaded["resume_id"])["status"] == "READY")
    assert list(tenant.get(uploaded["resume_id"])) == WHOLE
    assert tenant.list("") == []
    (listed,) = tenant.list("include_master=true")
    assert listed["id"] == uploaded["resume_id"]
    assert not {"structured_data", "html", "markdown"} & listed.keys()


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"files": {"file": ("a.pdf", GOOD_PDF.ljust(TEN_MIB, b"\n"))}}, 201),
        ({"files": {"file": ("a.pdf", GOOD_PDF.ljust(TEN_MIB + 1, b"\n"))}}, 413),
        ({"files": {"file": ("a.txt", plain_text(), "text/plain")}}, 415),
        ({"files": {"file": ("a.docx", GOOD_DOCX, "application/octet-stream")}}, 201),
        ({"files": {"other": b"x"}}, 422),
        ({"json": {"file": "x"}}, 400),
    ],
    ids=["ten MiB", "one byte more", "txt", "octet-stream", "no file", "JSON"],
)
def test_vector_04_what_is_taken_as_a_document(
    standing: Tenant, request_: dict[str, Any], status: int
) -> None:
    assert standing.http.post(RESUMES, **request_).status_code == status


def test_vector_05_the_quickstart_works_word_for_word_on_starter(billed: Deployment) -> None:
    with billed.tenant(plan="STARTER") as starter:
        uploaded = starter.upload()
        answer = starter.http.post(f"{RESUMES}/{uploaded}/tailor", json=QUICKSTART)

    tailored = answer.json()["data"]
    assert (answer.status_code, tailored["strategy"]) == (201, "KEYWORDS")
    assert tailored["resume_id"] != tailored["parent_id"] == uploaded


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "NO_JOBS_PROVIDED"),
        ({"job_description": "  "}, 400, "EMPTY_JOB_DESCRIPTION"),
        ({"job_description": 123}, 422, "VALIDATION_ERROR"),
        ({"job_description": "word " * 8_001}, 422, "VALIDATION_ERROR"),
        (POSTING | {"strategy": "x"}, 422, "VALIDATION_ERROR"),
    ],
    ids=["nothing", "blank", "a number", "8,001 words", "unknown strategy"],
)
def test_vector_06_what_is_not_tailored_to(
    standing: Tenant, source: str, body: dict[str, Any], status: int, code: str
) -> None:
    assert told(standing.http.post(f"{RESUMES}/{source}/tailor", json=body)) == (status, code)


def test_vector_06_an_unknown_resume_is_not_tailored(standing: Tenant) -> None:
    answer = standing.http.post(f"{RESUMES}/{NOBODYS}/tailor", json=QUICKSTART)

    assert told(answer) == (404, "NOT_FOUND")


# 07 to 10 are about what a model may do: see test_contract_vectors_gate.py.


def test_vector_11_only_what_failed_and_has_a_text_is_parsed_again(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    retry = f"{RESUMES}/{resume_id}/retry"
    ready = tenant.http.post(retry)
    textless = tenant.tailor(resume_id)["resume_id"]
    for failed in (resume_id, textless):
        tenant.edit(failed, status="FAILED")

    assert told(ready) == (409, "CONFLICT")
    assert tenant.data("POST", retry)["status"] == "READY"
    answer = tenant.http.post(f"{RESUMES}/{textless}/retry")
    assert told(answer) == (400, "MISSING_SOURCE_TEXT")


def test_vector_12_pdfs_show_edits_and_tailored_text(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    result = tenant.tailor(resume_id)["resume_id"]
    summary = tenant.get(result)["structured_data"]["summary"]

    assert " ".join(summary.split()) in text_of(tenant, result)
    tenant.edit(resume_id, structured_data={"summary": "Edited by hand."})
    assert "Edited by hand." in text_of(tenant, resume_id, "?version=original")


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "", "NOT_FOUND"),
        ("PATCH", "", "NOT_FOUND"),
        ("DELETE", "", "NOT_FOUND"),
        ("GET", "/pdf", "NOT_FOUND"),
        ("POST", "/tailor", "NOT_FOUND"),
        ("GET", "/cover-letters", "NOT_FOUND"),
        ("POST", "/cover-letters", "RESUME_NOT_FOUND"),
        ("GET", "/outreach", "NOT_FOUND"),
        ("POST", "/outreach", "RESUME_NOT_FOUND"),
    ],
)
def test_vector_13_for_another_organization_there_is_nothing(
    standing: Tenant, source: str, tenant: Tenant, method: str, path: str, code: str
) -> None:
    body = {"title": "Mine"} if method == "PATCH" else POSTING if method == "POST" else None

    answer = tenant.http.request(method, f"{RESUMES}/{source}{path}", json=body)

    assert told(answer) == (404, code)
    assert standing.get(source)["title"] is None


def test_vector_14_what_goes_with_a_source_and_what_stays(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    letter = tenant.data("POST", f"{RESUMES}/{resume_id}/cover-letters", json=POSTING)
    child = tenant.tailor(resume_id)["resume_id"]
    used = tenant.used()

    tenant.data("DELETE", f"{RESUMES}/{resume_id}")

    gone = tenant.http.get(f"{RESUMES}/{resume_id}/cover-letters/{letter['id']}")
    assert told(gone) == (404, "NOT_FOUND")
    assert tenant.get(child)["parent_id"] is None
    assert tenant.used() == used == {"parse": 1, "cover_letter": 1, "tailor": 1}


def test_vector_15_settings_change_one_by_one_and_the_key_stays_secret(tenant: Tenant) -> None:
    for change in ({"enable_cover_letter": True}, {"model": "m"}, {"api_key": KEY}):
        tenant.data("PUT", CONFIG, json=change)
    shown = tenant.data("GET", CONFIG)

    tenant.data("PUT", CONFIG, json=shown)

    assert (shown["enable_cover_letter"], shown["api_key"]) == (True, "••••9f3a")
    assert tenant.data("GET", CONFIG) == shown


def test_vector_16_what_letters_are_written_to(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    letters = f"{RESUMES}/{resume_id}/cover-letters"
    bare = tenant.http.post(letters, json={})
    nobodys = tenant.http.post(f"{RESUMES}/{NOBODYS}/cover-letters", json=POSTING)
    result = tenant.tailor(resume_id)["resume_id"]
    written = tenant.data("POST", f"{RESUMES}/{result}/cover-letters", json={})
    path = f"{RESUMES}/{result}/cover-letters/{written['id']}/regenerate"

    anew = tenant.data("POST", path, json={"job_description": ""})

    assert told(bare) == (400, "NO_JOB_DESCRIPTION")
    assert told(nobodys) == (404, "RESUME_NOT_FOUND")
    assert anew["id"] == written["id"]
    assert anew["content"] != written["content"]
    assert "Contoso" in anew["content"]


def test_vector_17_of_two_masters_at_once_one_remains(tenant: Tenant) -> None:
    with ThreadPoolExecutor(2) as clients:
        uploads = [clients.submit(tenant.upload, set_as_master="true") for _ in range(2)]
        resumes = {uploaded.result() for uploaded in uploads}

    assert len(resumes) == 2
    assert [resume["is_master"] for resume in tenant.list()].count(True) == 1


def test_vector_18_each_success_is_charged_once_and_no_failure(
    tenant: Tenant, standin: StandIn
) -> None:
    resume_id = tenant.parsed()
    path = f"{RESUMES}/{resume_id}"
    standin.script = ROLES["401"]
    use(tenant, standin, "openai")

    assert tenant.http.post(f"{path}/tailor", json=QUICKSTART).status_code == 500
    assert tenant.used() == {"parse": 1}
    tenant.data("PUT", CONFIG, json={"api_key": None})
    tenant.tailor(resume_id)
    assert tenant.used() == {"parse": 1, "tailor": 1}
    assert tenant.http.get(f"{path}/pdf").is_success
    assert tenant.used() == {"parse": 1, "tailor": 1, "pdf_export": 1}
    tenant.data("POST", f"{path}/cover-letters", json=POSTING)
    assert tenant.used() == {"parse": 1, "tailor": 1, "pdf_export": 1, "cover_letter": 1}


@pytest.fixture
def keyless(deployment: Deployment) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=deployment.url, timeout=60) as client:
        yield client


def test_vector_19_a_key_is_shown_once_and_dies_at_once(
    street: Street, keyless: httpx2.Client
) -> None:
    ada = street.ada()
    made = ada.http.post("/api/keys", json={"name": "CI"}).json()["data"]
    headers = {"authorization": f"Bearer {made['key']}"}

    assert made["key"].startswith("raik_")
    assert made["key"] not in ada.http.get("/api/keys").text
    assert keyless.get(RESUMES, headers=headers).status_code == 200
    assert ada.http.delete(f"/api/keys/{made['id']}").status_code == 200
    assert told(keyless.get(RESUMES, headers=headers)) == (401, "INVALID_KEY")
