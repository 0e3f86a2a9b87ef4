"""Every code of an error, reached by a request that a client might send: one test for each code.

A test is called after its code, so that the last one can tell which code has none.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any, Final

import httpx2
import pytest

from api.http.error_codes import CODES
from api.ids import new_id, to_wire
from bad_documents import GOOD_PDF, encrypted_pdf, plain_text
from browsing import Street
from hostile_world import use
from llm_roles import ROLES, honest
from llm_standin import Asked, Reply, StandIn
from postgres import until
from server import QUICKSTART, SAMPLES, Deployment, Tenant
from worlds import FAULT_SAID, early_in_a_window, fault

RESUMES: Final = "/api/v1/resumes"
POSTING: Final = {"job_description": QUICKSTART["jobDescription"]}
NOBODYS: Final = to_wire("res", new_id())


def refused(answer: httpx2.Response, status: int, code: str, *says: str) -> None:
    """Expect an envelope with this code, and a detail of a few words that *says* what helps."""
    body = answer.json()
    assert (answer.status_code, body["error"]) == (status, code), answer.text
    assert status in CODES[code].statuses
    assert answer.headers["content-type"] == "application/json"
    assert body.keys() == {"error", "detail"} if says else body == {"error": code}
    detail = body.get("detail", "")
    assert all(word in detail for word in says), detail
    assert FAULT_SAID not in detail


@pytest.fixture(scope="module")
def source(standing: Tenant) -> str:
    """Return a parsed resume, which is the master, and that no test changes."""
    return standing.parsed()


@pytest.fixture(scope="module")
def unparsed(standing: Tenant) -> str:
    """Return a resume whose text is none of a resume."""
    return standing.failed()


@pytest.fixture
def refusing(standing: Tenant) -> Iterator[None]:
    """Have the organization's model refuse its key meanwhile."""
    server = StandIn(ROLES["401"])
    use(standing, server, "openai")
    yield
    standing.data("PUT", "/api/v1/llm-config", json={"api_key": None})
    server.close()


@contextmanager
def late(standin: StandIn) -> Iterator[Callable[[], None]]:
    """Have the model answer no earlier than it is let go, or than the context ends."""
    going = Event()

    def script(asked: Asked) -> Reply:
        going.wait(30)
        return honest(asked)

    standin.script = script
    yield going.set
    going.set()


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


def test_no_job_description(standing: Tenant, source: str) -> None:
    answer = standing.http.post(f"{RESUMES}/{source}/cover-letters")

    refused(answer, 400, "NO_JOB_DESCRIPTION", "which one to write to")


def test_resume_not_rendered(standing: Tenant, unparsed: str) -> None:
    answer = standing.http.get(f"{RESUMES}/{unparsed}/pdf")

    refused(answer, 422, "RESUME_NOT_RENDERED", "wait until its status is READY")


def test_pdf_render_failed(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    endless = {"notes": "x" * 9 * 2**20, "personalProjects": [{}] * 100_000}
    answer = tenant.http.patch(f"{RESUMES}/{resume_id}", json={"structured_data": endless})
    assert answer.status_code == 200

    refused(tenant.http.get(f"{RESUMES}/{resume_id}/pdf"), 503, "PDF_RENDER_FAILED", "try again")


def test_tailoring_failed(street: Street, deployment: Deployment) -> None:
    ada = street.ada()
    key = {"x-api-key": ada.send_key()}
    organization = {"organizationId": ada.organization}

    def leaving(asked: Asked) -> Reply:
        ada.http.post("/api/auth/organization/delete", json=organization)
        return honest(asked)

    standin = StandIn(leaving)
    with httpx2.Client(base_url=deployment.url, headers=key, timeout=60) as client:
        file = ("a.pdf", (SAMPLES / "two_columns.pdf").read_bytes())
        uploaded = client.post(RESUMES, files={"file": file}).json()["data"]
        path = f"{RESUMES}/{uploaded['resume_id']}"
        body = {"provider": "ollama", "model": "m", "api_base": standin.url}
        assert client.put("/api/v1/llm-config", json=body).is_success
        answer = client.post(f"{path}/tailor", json=QUICKSTART)
    standin.close()

    refused(answer, 500, "TAILORING_FAILED", "nothing was charged")


def test_missing_source_text(standing: Tenant, source: str) -> None:
    result = standing.tailor(source)["resume_id"]
    standing.edit(result, status="failed")

    answer = standing.http.post(f"{RESUMES}/{result}/retry")

    refused(answer, 400, "MISSING_SOURCE_TEXT", "upload the document again")


def test_llm_parsing_failed(standing: Tenant, unparsed: str) -> None:
    answer = standing.http.post(f"{RESUMES}/{unparsed}/retry")

    refused(answer, 500, "LLM_PARSING_FAILED", "could not be turned into a resume")


def test_retry_failed(deployment: Deployment, tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    tenant.edit(resume_id, status="failed")

    with fault(deployment, tenant, "resume-parsed"):
        answer = tenant.http.post(f"{RESUMES}/{resume_id}/retry")

    refused(answer, 500, "RETRY_FAILED", "try again")
    assert tenant.get(resume_id)["status"] == "FAILED"
    assert tenant.used() == {"parse": 1}


def test_retry_failed_when_it_takes_too_long(impatient: Deployment, standin: StandIn) -> None:
    with impatient.tenant() as tenant, late(standin) as let_go:
        resume_id = tenant.parsed()
        tenant.edit(resume_id, status="failed")
        use(tenant, standin, "openai")
        answer = tenant.http.post(f"{RESUMES}/{resume_id}/retry")
        let_go()
        until(lambda: tenant.get(resume_id)["status"] == "READY")

    refused(answer, 500, "RETRY_FAILED", "still being parsed")


def test_resume_not_parsed(standing: Tenant, unparsed: str) -> None:
    answer = standing.http.post(f"{RESUMES}/{unparsed}/tailor", json=QUICKSTART)

    refused(answer, 400, "RESUME_NOT_PARSED", "retry parsing or set structured_data")


@pytest.mark.usefixtures("refusing")
def test_primary_tailoring_failed(standing: Tenant, source: str) -> None:
    answer = standing.http.post(f"{RESUMES}/{source}/tailor", json=QUICKSTART)

    refused(answer, 500, "PRIMARY_TAILORING_FAILED", "nothing was charged")


def test_tailoring_process_failed(deployment: Deployment, standing: Tenant, source: str) -> None:
    with fault(deployment, standing, "resume-tailored"):
        answer = standing.http.post(f"{RESUMES}/{source}/tailor", json=QUICKSTART)

    refused(answer, 500, "TAILORING_PROCESS_FAILED", "nothing was charged")


def test_file_not_supported(standing: Tenant) -> None:
    answer = standing.http.post(RESUMES, files={"file": ("a.txt", plain_text())})

    refused(answer, 415, "FILE_NOT_SUPPORTED", "PDF", "DOCX")


@pytest.mark.parametrize("kind", ["cover-letters", "outreach"])
def test_resume_not_found(standing: Tenant, kind: str) -> None:
    answer = standing.http.post(f"{RESUMES}/{NOBODYS}/{kind}", json=POSTING)

    refused(answer, 404, "RESUME_NOT_FOUND", "no such resume")


def test_llm_generation_failed(standing: Tenant, source: str, standin: StandIn) -> None:
    standin.script = lambda _: Reply(text=json.dumps({"letter": " "}))
    use(standing, standin, "openai")

    answer = standing.http.post(f"{RESUMES}/{source}/cover-letters", json=POSTING)
    standing.data("PUT", "/api/v1/llm-config", json={"api_key": None})

    refused(answer, 500, "LLM_GENERATION_FAILED", "nothing was charged")


@pytest.mark.usefixtures("refusing")
def test_cover_letter_process_failed(standing: Tenant, source: str) -> None:
    answer = standing.http.post(f"{RESUMES}/{source}/cover-letters", json=POSTING)

    refused(answer, 500, "COVER_LETTER_PROCESS_FAILED", "nothing was charged")


@pytest.mark.usefixtures("refusing")
def test_outreach_process_failed(standing: Tenant, source: str) -> None:
    answer = standing.http.post(f"{RESUMES}/{source}/outreach", json=POSTING)

    refused(answer, 500, "OUTREACH_PROCESS_FAILED", "nothing was charged")


@pytest.fixture
def letter(standing: Tenant, source: str) -> str:
    """Return the path of a letter that was written without a model."""
    path = f"{RESUMES}/{source}/cover-letters"
    letter_id: str = standing.data("POST", path, json=POSTING)["id"]
    return f"{path}/{letter_id}"


@pytest.mark.usefixtures("letter", "refusing")
def test_regenerate_failed(standing: Tenant, letter: str) -> None:
    answer = standing.http.post(f"{letter}/regenerate", json=POSTING)

    refused(answer, 500, "REGENERATE_FAILED", "nothing was charged")


def test_payload_too_large(standing: Tenant) -> None:
    content = GOOD_PDF.ljust(10 * 2**20 + 1, b"\n")

    answer = standing.http.post(RESUMES, files={"file": ("a.pdf", content)})

    refused(answer, 413, "PAYLOAD_TOO_LARGE", "File size exceeds the 10 MB limit")


def test_timeout(impatient: Deployment, standin: StandIn) -> None:
    with impatient.tenant() as tenant, late(standin):
        resume_id = tenant.parsed()
        use(tenant, standin, "openai")
        answer = tenant.http.post(f"{RESUMES}/{resume_id}/tailor", json=QUICKSTART)

    refused(answer, 504, "TIMEOUT", "took too long", "nothing was charged")


def test_conflict(standing: Tenant, source: str) -> None:
    answer = standing.http.post(f"{RESUMES}/{source}/retry")

    refused(answer, 409, "CONFLICT", "READY", "FAILED or PROCESSING")


def test_unprocessable(standing: Tenant) -> None:
    answer = standing.http.post(RESUMES, files={"file": ("a.pdf", encrypted_pdf())})

    refused(answer, 422, "UNPROCESSABLE", "password")


def test_apply_conflict(tenant: Tenant, standin: StandIn) -> None:
    path = f"{RESUMES}/{tenant.parsed()}"
    tag = tenant.http.get(path).headers["etag"]

    def meddling(asked: Asked) -> Reply:
        tenant.http.patch(path, json={"structured_data": {"summary": "Changed meanwhile."}})
        return honest(asked)

    standin.script = meddling
    use(tenant, standin, "openai")

    answer = tenant.http.post(f"{path}/tailor", json=QUICKSTART, headers={"if-match": tag})

    refused(answer, 409, "APPLY_CONFLICT", "changed while it was tailored")


def test_internal_error(deployment: Deployment, standing: Tenant, source: str) -> None:
    with fault(deployment, standing, "resume-edited"):
        answer = standing.http.patch(f"{RESUMES}/{source}", json={"title": "Never kept"})

    refused(answer, 500, "INTERNAL_ERROR", "Something went wrong on our side.")
    assert standing.get(source)["title"] is None


def test_every_code_has_a_test() -> None:
    tested = {name.removeprefix("test_").upper() for name in globals() if name.startswith("test_")}

    assert CODES.keys() - tested == set()
    assert len(CODES) == 32
