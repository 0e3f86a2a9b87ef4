"""Every code of an error, reached by a request that a client might send: one test for each code.

A test is called after its code, so that the last one can tell which code has none. What is refused
is here; how work fails, in test_contract_errors_work.py.
"""

import re
from pathlib import Path
from typing import Any, Final

import pytest

from api.http.error_codes import CODES
from api.ids import to_wire
from bad_documents import GOOD_PDF, encrypted_pdf, plain_text
from browsing import Street
from contract_errors import refused
from server import QUICKSTART, Deployment, Tenant, refolio
from worlds import early_in_a_window

RESUMES: Final = "/api/v1/resumes"
POSTING: Final = {"job_description": QUICKSTART["jobDescription"]}
NOBODYS: Final = "res_01M80H7F5PXVJDERQX2E90MY1V"


@pytest.fixture(scope="module")
def source(standing: Tenant) -> str:
    """Return a parsed resume, which is the master, and that no test changes."""
    return standing.parsed()


@pytest.fixture(scope="module")
def unparsed(standing: Tenant) -> str:
    """Return a resume whose text is none of a resume."""
    return standing.failed()


def test_missing_key(deployment: Deployment) -> None:
    refused(deployment.http.get(RESUMES), 401, "MISSING_KEY")


def test_invalid_key(deployment: Deployment) -> None:
    headers = {"authorization": "Bearer raik_" + "0" * 36}

    refused(deployment.http.get(RESUMES, headers=headers), 401, "INVALID_KEY")


def test_unauthorized(street: Street) -> None:
    refused(street.visitor().http.get("/api/keys"), 401, "UNAUTHORIZED", "Unauthorized")


def test_not_found(standing: Tenant) -> None:
    answer = standing.http.get(f"{RESUMES}/{NOBODYS}")

    refused(answer, 404, "NOT_FOUND", "There is no such resume.")


@pytest.mark.parametrize(
    ("status", "content", "says"),
    [
        (400, b'{"title": ', "Invalid JSON body"),
        (422, b'{"title": 1, "status": "DONE"}', "title: "),
    ],
)
def test_validation_error(
    standing: Tenant, source: str, status: int, content: bytes, says: str
) -> None:
    answer = standing.http.patch(f"{RESUMES}/{source}", content=content)

    refused(answer, status, "VALIDATION_ERROR", says)


def test_plan_required(billed: Deployment) -> None:
    with billed.tenant(plan="FREE") as free:
        answer = free.http.post(f"{RESUMES}/{NOBODYS}/tailor", json=QUICKSTART)

    refused(answer, 403, "PLAN_REQUIRED", "STARTER", "FREE")


def test_rate_limited(billed: Deployment) -> None:
    early_in_a_window(needed_s=5)
    with billed.tenant(plan="FREE") as free:
        *_, answer = [free.http.get(RESUMES) for _ in range(11)]

    refused(answer, 429, "RATE_LIMITED", "try again in", answer.headers["retry-after"])


@pytest.mark.parametrize("body", [{}, {"job_description": None}])
def test_no_jobs_provided(standing: Tenant, source: str, body: dict[str, Any]) -> None:
    answer = standing.http.post(f"{RESUMES}/{source}/tailor", json=body)

    refused(answer, 400, "NO_JOBS_PROVIDED", "job_description")


def test_empty_job_description(standing: Tenant, source: str) -> None:
    answer = standing.http.post(f"{RESUMES}/{source}/tailor", json={"jobDescription": " \n"})

    refused(answer, 400, "EMPTY_JOB_DESCRIPTION", "job_description")


def test_no_master_resume(tenant: Tenant) -> None:
    answer = tenant.http.post(f"{RESUMES}/master/tailor", json=QUICKSTART)

    refused(answer, 400, "NO_MASTER_RESUME", "upload one")


def test_insufficient_credits(deployment: Deployment, tenant: Tenant) -> None:
    organization = to_wire("org", tenant.organization_id)
    assert refolio(deployment.serving.home, "org", "credits", organization, "0").returncode == 0

    answer = tenant.http.post("/v1/resumes/generate", json={"job_description": "Welder"})

    refused(answer, 402, "INSUFFICIENT_CREDITS", "new ones come on", "at 00:00 UTC")


def test_no_job_description(standing: Tenant, source: str) -> None:
    answer = standing.http.post(f"{RESUMES}/{source}/cover-letters")

    refused(answer, 400, "NO_JOB_DESCRIPTION", "which one to write to")


def test_resume_not_rendered(standing: Tenant, unparsed: str) -> None:
    answer = standing.http.get(f"{RESUMES}/{unparsed}/pdf")

    refused(answer, 422, "RESUME_NOT_RENDERED", "wait until its status is READY")


def test_missing_source_text(standing: Tenant, source: str) -> None:
    result = standing.tailor(source)["resume_id"]
    standing.edit(result, status="failed")

    answer = standing.http.post(f"{RESUMES}/{result}/retry")

    refused(answer, 400, "MISSING_SOURCE_TEXT", "upload the document again")


def test_resume_not_parsed(standing: Tenant, unparsed: str) -> None:
    answer = standing.http.post(f"{RESUMES}/{unparsed}/tailor", json=QUICKSTART)

    refused(answer, 400, "RESUME_NOT_PARSED", "retry parsing or set structured_data")


def test_file_not_supported(standing: Tenant) -> None:
    answer = standing.http.post(RESUMES, files={"file": ("a.txt", plain_text())})

    refused(answer, 415, "FILE_NOT_SUPPORTED", "PDF", "DOCX")


@pytest.mark.parametrize("kind", ["cover-letters", "outreach"])
def test_resume_not_found(standing: Tenant, kind: str) -> None:
    answer = standing.http.post(f"{RESUMES}/{NOBODYS}/{kind}", json=POSTING)

    refused(answer, 404, "RESUME_NOT_FOUND", "no such resume")


def test_payload_too_large(standing: Tenant) -> None:
    content = GOOD_PDF.ljust(10 * 2**20 + 1, b"\n")

    answer = standing.http.post(RESUMES, files={"file": ("a.pdf", content)})

    refused(answer, 413, "PAYLOAD_TOO_LARGE", "File size exceeds the 10 MB limit")


def test_conflict(standing: Tenant, source: str) -> None:
    answer = standing.http.post(f"{RESUMES}/{source}/retry")

    refused(answer, 409, "CONFLICT", "READY", "FAILED or PROCESSING")


def test_unprocessable(standing: Tenant) -> None:
    answer = standing.http.post(RESUMES, files={"file": ("a.pdf", encrypted_pdf())})

    refused(answer, 422, "UNPROCESSABLE", "password")


def test_every_code_has_a_test() -> None:
    files = Path(__file__).parent.glob("test_contract_errors*.py")
    tested = {
        name.upper()
        for file in files
        for name in re.findall(r"^def test_(\w+)", file.read_text(), re.MULTILINE)
    }

    assert CODES.keys() - tested == set()
    assert len(CODES) == 33
