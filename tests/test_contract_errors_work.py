"""How work fails, and with which code: one test for each, called after its code."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Final

import httpx2
import pytest

from api.ids import from_wire
from browsing import Street
from contract_errors import refused
from hostile_world import use
from llm_roles import ROLES, honest, task_of
from llm_standin import Asked, Reply, StandIn
from postgres import until
from server import QUICKSTART, Deployment, Tenant
from worlds import fault

RESUMES: Final = "/api/v1/resumes"
POSTING: Final = {"job_description": QUICKSTART["jobDescription"]}


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


def test_pdf_render_failed(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    endless = {"notes": "x" * 9 * 2**20, "personalProjects": [{}] * 100_000}
    answer = tenant.http.patch(f"{RESUMES}/{resume_id}", json={"structured_data": endless})
    assert answer.status_code == 200

    refused(tenant.http.get(f"{RESUMES}/{resume_id}/pdf"), 503, "PDF_RENDER_FAILED", "try again")


@pytest.fixture
def ending(street: Street, deployment: Deployment, standin: StandIn) -> Iterator[Tenant]:
    """Yield an organization whose admin deletes it while its model is asked for edits."""
    ada = street.ada()
    key, wire_id = ada.send_key(), ada.organization
    organization_id = from_wire("org", wire_id)
    assert organization_id

    def erased() -> bool:
        with deployment.core.connect() as connection:
            question = "SELECT FROM resumes WHERE organization_id = %s"
            return connection.execute(question, (organization_id,)).rowcount == 0

    def leaving(asked: Asked) -> Reply:
        if task_of(asked) == "edits":
            ada.send("/api/auth/organization/delete", organizationId=wire_id)
            until(erased, 30)
        return honest(asked)

    standin.script = leaving
    headers = {"x-api-key": key}
    with httpx2.Client(base_url=deployment.url, headers=headers, timeout=60) as client:
        yield Tenant(organization_id, key, client)


def test_tailoring_failed(ending: Tenant, standin: StandIn) -> None:
    resume_id = ending.parsed()
    use(ending, standin, "openai")

    answer = ending.http.post(f"{RESUMES}/{resume_id}/tailor", json=QUICKSTART)

    refused(answer, 500, "TAILORING_FAILED", "nothing was charged")


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


@pytest.mark.usefixtures("refusing")
def test_primary_tailoring_failed(standing: Tenant, source: str) -> None:
    answer = standing.http.post(f"{RESUMES}/{source}/tailor", json=QUICKSTART)

    refused(answer, 500, "PRIMARY_TAILORING_FAILED", "nothing was charged")


def test_tailoring_process_failed(deployment: Deployment, standing: Tenant, source: str) -> None:
    with fault(deployment, standing, "resume-tailored"):
        answer = standing.http.post(f"{RESUMES}/{source}/tailor", json=QUICKSTART)

    refused(answer, 500, "TAILORING_PROCESS_FAILED", "nothing was charged")


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


def test_timeout(impatient: Deployment, standin: StandIn) -> None:
    with impatient.tenant() as tenant, late(standin):
        resume_id = tenant.parsed()
        use(tenant, standin, "openai")
        answer = tenant.http.post(f"{RESUMES}/{resume_id}/tailor", json=QUICKSTART)

    refused(answer, 504, "TIMEOUT", "took too long", "nothing was charged")


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
