"""Whoever does not want to wait gets a job to look after."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from llm_roles import ROLES
from llm_standin import Asked, Reply, StandIn
from postgres import until
from server import JOB, QUICKSTART, Tenant

RESUMES = "/api/v1/resumes"
ASYNC = {"prefer": "respond-async"}


@pytest.fixture
def standin() -> Iterator[StandIn]:
    server = StandIn(ROLES["honest"])
    yield server
    server.close()


def use(tenant: Tenant, standin: StandIn) -> None:
    settings = {"api_base": f"{standin.url}/v1", "api_key": "key", "model": "test-model"}
    tenant.data("PUT", "/api/v1/llm-config", json={"provider": "openai_compatible", **settings})


def taken_in(answer: httpx2.Response) -> str:
    """Return where the job is of work that was taken in."""
    assert answer.status_code == 202, answer.text
    assert answer.headers["preference-applied"] == "respond-async"
    assert answer.headers["retry-after"] == "1"
    job = answer.json()["data"]
    assert job["status"] == "PROCESSING"
    assert answer.headers["location"] == f"/api/v1/jobs/{job['id']}"
    return answer.headers["location"]


def ended(tenant: Tenant, job: str) -> dict[str, Any]:
    """Return the job once it is no longer under way."""
    until(lambda: tenant.data("GET", job)["status"] != "PROCESSING", 30)
    found: dict[str, Any] = tenant.data("GET", job)
    assert found["finished_at"] or found["status"] == "FAILED"
    return found


def test_a_tailoring_goes_on_by_itself(tenant: Tenant) -> None:
    path = f"{RESUMES}/{tenant.parsed()}/tailor"
    body = QUICKSTART | {"generate_outreach": True}

    job = ended(tenant, taken_in(tenant.http.post(path, json=body, headers=ASYNC)))

    assert (job["kind"], job["status"], job["error"]) == ("tailor", "READY", None)
    waited = tenant.tailor(path.split("/")[-2], **body)
    assert job["result"].keys() == waited.keys()
    assert tenant.data("GET", job["url"])["id"] == job["result"]["resume_id"]
    assert job["result"]["outreach_id"]


@pytest.mark.parametrize("kind", ["cover-letters", "outreach"])
def test_a_letter_is_written_meanwhile_and_written_anew(tenant: Tenant, kind: str) -> None:
    path = f"{RESUMES}/{tenant.parsed()}/{kind}"
    posting = {"job_description": JOB}

    first = ended(tenant, taken_in(tenant.http.post(path, json=posting, headers=ASYNC)))
    again = f"{first['url']}/regenerate"
    second = ended(tenant, taken_in(tenant.http.post(again, json=posting, headers=ASYNC)))

    assert first["kind"] == second["kind"] == kind.replace("-", "_").removesuffix("s")
    assert second["url"] == first["url"]
    assert tenant.data("GET", first["url"]) == second["result"]


def test_a_failed_parsing_is_told_by_its_job(tenant: Tenant) -> None:
    path = f"{RESUMES}/{tenant.failed()}/retry"

    job = ended(tenant, taken_in(tenant.http.post(path, headers=ASYNC)))

    assert (job["kind"], job["status"]) == ("parse", "FAILED")
    assert job["error"]["error"] == "LLM_PARSING_FAILED"
    assert job["result"] is None


def test_a_failure_is_told_as_whoever_waits_is_told(tenant: Tenant, standin: StandIn) -> None:
    standin.script = lambda _: Reply(status=401, body={"error": {"message": "no"}})
    use(tenant, standin)
    path = f"{RESUMES}/{tenant.parsed()}/tailor"

    job = ended(tenant, taken_in(tenant.http.post(path, json=QUICKSTART, headers=ASYNC)))
    waited = tenant.http.post(path, json=QUICKSTART)

    assert job["status"] == "FAILED"
    assert job["error"] == waited.json()
    assert tenant.used() == {"parse": 1}


def test_who_waits_a_while_gets_the_answer_if_it_comes_in_time(
    tenant: Tenant, standin: StandIn
) -> None:
    path = f"{RESUMES}/{tenant.parsed()}/tailor"
    headers = {"prefer": "respond-async, wait=30"}

    in_time = tenant.http.post(path, json=QUICKSTART, headers=headers)
    standin.script = held = Held()
    use(tenant, standin)
    late = tenant.http.post(
        path, json=QUICKSTART, headers={"prefer": 'return=minimal, wait="0"; x=1, Respond-Async'}
    )

    assert in_time.status_code == 201
    assert in_time.json()["data"]["strategy"] == "KEYWORDS"
    job = taken_in(late)
    held.let_go = True
    assert ended(tenant, job)["status"] == "READY"


class Held:
    """A model that answers once it is let go."""

    def __init__(self) -> None:
        self.let_go = False

    def __call__(self, asked: Asked) -> Reply:
        until(lambda: self.let_go, 30)
        return ROLES["honest"](asked)


@pytest.mark.parametrize("prefer", ["wait=1", "return=minimal", "respond-asynchronously", ""])
def test_without_the_preference_the_answer_is_waited_for(tenant: Tenant, prefer: str) -> None:
    path = f"{RESUMES}/{tenant.parsed()}/tailor"

    answer = tenant.http.post(path, json=QUICKSTART, headers={"prefer": prefer})

    assert answer.status_code == 201
    assert "preference-applied" not in answer.headers


def test_what_is_refused_is_refused_at_once(tenant: Tenant) -> None:
    path = f"{RESUMES}/{tenant.parsed()}/tailor"

    refused = tenant.http.post(path, json={}, headers=ASYNC)

    assert (refused.status_code, refused.json()["error"]) == (400, "NO_JOBS_PROVIDED")


def test_a_job_sent_twice_under_a_key_is_one_job(tenant: Tenant) -> None:
    path = f"{RESUMES}/{tenant.parsed()}/tailor"
    headers = ASYNC | {"idempotency-key": "job"}

    first, second = (tenant.http.post(path, json=QUICKSTART, headers=headers) for _ in range(2))

    assert taken_in(first) == taken_in(second)
    assert second.content == first.content
    ended(tenant, first.headers["location"])
    assert tenant.used()["tailor"] == 1


@pytest.mark.parametrize("job", ["job_none", "job_01JZP7G5YW8V0EJ9D2V8N7A2K4", "res_1"])
def test_a_job_that_is_nobodys_is_not_found(standing: Tenant, job: str) -> None:
    assert standing.refused("GET", f"/api/v1/jobs/{job}")[:2] == (404, "NOT_FOUND")
