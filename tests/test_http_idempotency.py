"""A request that comes again under its key is answered as the first time, and done once."""

import hashlib
import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import httpx2
import pytest

from api.adapters.operations import KeptOperations, forget_old_operations
from api.core import Core, now
from api.http.idempotency import key_in
from api.http.problems import Problem
from api.ids import from_wire, new_id
from api.operations import Answer, Claim, Operation
from commands.edit_resume import EditResume, edit_resume
from commands.ports import Conflict
from events.recorded import Origin
from llm_standin import Reply, StandIn
from replays import same
from server import JOB, QUICKSTART, SAMPLES, Deployment, Tenant

RESUMES = "/api/v1/resumes"
SAMPLE = (SAMPLES / "two_columns.pdf").read_bytes()


@pytest.fixture
def once(tenant: Tenant) -> tuple[Tenant, str]:
    """Return an organization and a resume of it."""
    return tenant, tenant.parsed()


def send(tenant: Tenant, key: str, method: str, path: str, **more: Any) -> httpx2.Response:
    return tenant.http.request(method, path, headers={"idempotency-key": key}, **more)


def test_an_upload_sent_twice_is_one_resume(tenant: Tenant) -> None:
    answers = [
        send(tenant, "up-1", "POST", RESUMES, files={"file": ("a.pdf", SAMPLE)}) for _ in range(3)
    ]

    same(answers[0], answers[1])
    same(answers[0], answers[2])
    assert len(tenant.list()) == 1


def test_a_tailoring_sent_twice_is_done_and_charged_once(once: tuple[Tenant, str]) -> None:
    tenant, resume_id = once
    path = f"{RESUMES}/{resume_id}/tailor"

    same(*(send(tenant, "t", "POST", path, json=QUICKSTART) for _ in range(2)))

    assert tenant.used()["tailor"] == 1


def test_a_letter_sent_twice_is_one_letter(once: tuple[Tenant, str]) -> None:
    tenant, resume_id = once
    path = f"{RESUMES}/{resume_id}/cover-letters"

    first, second = (
        send(tenant, "l", "POST", path, json={"job_description": JOB}) for _ in range(2)
    )
    same(first, second)
    letter_id = first.json()["data"]["id"]
    same(
        *(
            send(
                tenant, "r", "POST", f"{path}/{letter_id}/regenerate", json={"jobDescription": JOB}
            )
            for _ in range(2)
        )
    )

    assert len(tenant.data("GET", path)) == 1
    assert tenant.used()["cover_letter"] == 2


def test_an_edit_that_comes_late_again_changes_nothing(once: tuple[Tenant, str]) -> None:
    tenant, resume_id = once
    path = f"{RESUMES}/{resume_id}"
    first = send(tenant, "e", "PATCH", path, json={"title": "One"})
    tenant.edit(resume_id, title="Two")

    same(first, send(tenant, "e", "PATCH", path, json={"title": "One"}))
    assert tenant.get(resume_id)["title"] == "Two"


def test_a_deletion_sent_twice_succeeds_twice(once: tuple[Tenant, str]) -> None:
    tenant, resume_id = once

    same(*(send(tenant, "d", "DELETE", f"{RESUMES}/{resume_id}") for _ in range(2)))


def test_settings_sent_twice_are_set_once(tenant: Tenant) -> None:
    body = {"provider": "openai", "model": "m", "api_key": "sk-1"}

    same(*(send(tenant, "c", "PUT", "/api/v1/llm-config", json=body) for _ in range(2)))


def test_the_order_of_members_makes_no_other_request(once: tuple[Tenant, str]) -> None:
    tenant, resume_id = once
    path = f"{RESUMES}/{resume_id}"

    first = send(tenant, "o", "PATCH", path, content=b'{"title": "A", "filename": "b"}')
    second = send(tenant, "o", "PATCH", path, content=b'{"filename":"b","title":"A"}')

    same(first, second)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "{id}", {"title": "Another"}),
        ("PATCH", "{id}?x=1", {"title": "One"}),
        ("PATCH", "res_01JZP7G5YW8V0EJ9D2V8N7A2K4", {"title": "One"}),
    ],
)
def test_a_key_is_refused_for_another_request(
    once: tuple[Tenant, str], method: str, path: str, body: dict[str, str]
) -> None:
    tenant, resume_id = once
    send(tenant, "k", "PATCH", f"{RESUMES}/{resume_id}", json={"title": "One"})

    other = send(tenant, "k", method, f"{RESUMES}/{path.format(id=resume_id)}", json=body)

    assert (other.status_code, other.json()["error"]) == (422, "UNPROCESSABLE")
    assert tenant.get(resume_id)["title"] == "One"


def test_organizations_do_not_share_keys(deployment: Deployment, tenant: Tenant) -> None:
    with deployment.tenant() as other:
        first, second = (
            send(one, "up", "POST", RESUMES, files={"file": ("a.pdf", SAMPLE)})
            for one in (tenant, other)
        )

    assert "idempotent-replayed" not in second.headers
    assert first.json()["data"]["resume_id"] != second.json()["data"]["resume_id"]


def test_what_was_refused_can_be_mended_under_its_key(once: tuple[Tenant, str]) -> None:
    tenant, resume_id = once
    path = f"{RESUMES}/{resume_id}/tailor"

    refused = send(tenant, "m", "POST", path, json={})
    mended = send(tenant, "m", "POST", path, json=QUICKSTART)

    assert refused.json()["error"] == "NO_JOBS_PROVIDED"
    assert mended.is_success


def test_the_answer_is_erased_with_what_it_is_about(once: tuple[Tenant, str]) -> None:
    tenant, resume_id = once
    path = f"{RESUMES}/{resume_id}"
    send(tenant, "e", "PATCH", path, json={"title": "Canary"})
    tenant.data("DELETE", path)

    again = send(tenant, "e", "PATCH", path, json={"title": "Canary"})

    assert again.status_code == 404
    assert "erased" in again.json()["detail"]


@pytest.mark.parametrize("key", ["", '""', "x" * 256, "\u00e9", '"' + "x" * 256 + '"'])
def test_a_key_that_is_none_is_refused(standing: Tenant, key: str) -> None:
    headers = {b"idempotency-key": key.encode()}
    answer = standing.http.patch(f"{RESUMES}/res_none", headers=headers, json={})

    assert (answer.status_code, answer.json()["error"]) == (400, "VALIDATION_ERROR")
    assert "Idempotency-Key" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("header", "key"),
    [("abc", "abc"), ('"abc"', "abc"), (' "a\\"b\\\\c" ', 'a"b\\c'), ("x" * 255, "x" * 255)],
)
def test_a_key_comes_as_a_structured_string_or_bare(header: str, key: str) -> None:
    assert key_in(header) == key


def test_a_string_that_does_not_end_is_taken_as_it_is() -> None:
    assert key_in('"abc') == '"abc'
    with pytest.raises(Problem):
        key_in("a\tb")


def test_what_failed_is_done_again_under_its_key(once: tuple[Tenant, str]) -> None:
    tenant, resume_id = once
    standin = StandIn()
    standin.script = lambda _: Reply(status=401, body={"error": {"message": "no"}})
    settings = {"api_base": f"{standin.url}/v1", "api_key": "key", "model": "test-model"}
    tenant.data("PUT", "/api/v1/llm-config", json={"provider": "openai_compatible", **settings})
    path = f"{RESUMES}/{resume_id}/tailor"

    failed = send(tenant, "f", "POST", path, json=QUICKSTART)
    standin.script = lambda _: Reply(text='{"edits": [], "keywords": []}')
    done = send(tenant, "f", "POST", path, json=QUICKSTART)
    standin.close()

    assert (failed.status_code, failed.json()["error"]) == (500, "PRIMARY_TAILORING_FAILED")
    same(done, send(tenant, "f", "POST", path, json=QUICKSTART))
    assert tenant.used()["tailor"] == 1


def test_fifty_at_once_are_one(once: tuple[Tenant, str]) -> None:
    tenant, resume_id = once
    start = threading.Barrier(50)

    def ask(_: int) -> httpx2.Response:
        start.wait()
        return send(tenant, "fifty", "POST", f"{RESUMES}/{resume_id}/tailor", json=QUICKSTART)

    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(ask, range(50)))

    statuses = Counter(answer.status_code for answer in answers)
    assert statuses.keys() <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    for refused in (answer for answer in answers if answer.status_code == 409):
        assert refused.json()["error"] == "CONFLICT"
        assert refused.headers["retry-after"] == "1"
    assert tenant.used()["tailor"] == 1


def operation_of(tenant: Tenant, resume_id: str, key: str) -> Operation:
    """Return the operation of a tailoring by the quickstart's body, as the server names it."""
    path = f"{RESUMES}/{resume_id}/tailor"
    body = json.dumps(QUICKSTART, sort_keys=True).encode()
    digest = hashlib.sha256(f"POST\0{path}\0\0\0".encode() + body).digest()
    return Operation(tenant.organization_id, f"POST {RESUMES}/{{resume_id}}/tailor", key, digest)


def test_whoever_comes_after_a_crash_goes_on_with_what_was_done(
    deployment: Deployment, once: tuple[Tenant, str]
) -> None:
    """The process dies after it recorded the request, before it answered."""
    tenant, resume_id = once
    core = deployment.core
    operations = KeptOperations(core.pool, core.vault)
    first = send(tenant, "crash", "POST", f"{RESUMES}/{resume_id}/tailor", json=QUICKSTART)
    with core.connect() as connection:
        connection.execute(
            "UPDATE operations SET answered_at = NULL, answer = NULL,"
            " claimed_until = now() - interval '1 s' WHERE key = 'crash'"
        )

    second = send(tenant, "crash", "POST", f"{RESUMES}/{resume_id}/tailor", json=QUICKSTART)

    assert second.content == first.content
    assert "idempotent-replayed" not in second.headers
    assert tenant.used()["tailor"] == 1
    kept = operations.claim(operation_of(tenant, resume_id, "crash"), new_id())
    assert isinstance(kept, Answer)


def test_who_lost_the_claim_records_nothing(
    deployment: Deployment, once: tuple[Tenant, str]
) -> None:
    tenant, resume_id = once
    core = deployment.core
    operations = KeptOperations(core.pool, core.vault)
    operation = Operation(tenant.organization_id, "PATCH x", "slow", b"1")
    slow = operations.claim(operation, new_id())
    assert isinstance(slow, Claim)
    operations.release(slow)
    quick = operations.claim(operation, new_id())
    assert isinstance(quick, Claim)

    assert (quick.operation_id, quick.applied) == (slow.operation_id, False)
    assert edit_under(core, tenant, resume_id, slow) == "Conflict"
    assert edit_under(core, tenant, resume_id, quick) == "recorded"
    assert tenant.get(resume_id)["title"] == str(quick.token)


def edit_under(core: Core, tenant: Tenant, resume_id: str, claim: Claim) -> str:
    found = from_wire("res", resume_id)
    assert isinstance(found, UUID)
    origin = Origin(tenant.organization_id, "operator", claim=claim.token)
    try:
        edit_resume(
            EditResume(found, title=str(claim.token)), origin, streams=core.streams, clock=now
        )
    except Conflict as lost:
        return type(lost).__name__
    return "recorded"


def test_a_claim_is_held_as_long_as_its_process_lives(
    deployment: Deployment, tenant: Tenant
) -> None:
    core = deployment.core
    operations = KeptOperations(core.pool, core.vault)
    operation = Operation(tenant.organization_id, "PATCH x", "held", b"1")
    claim = operations.claim(operation, new_id())
    assert isinstance(claim, Claim)

    with core.connect() as connection:
        connection.execute("UPDATE operations SET claimed_until = now() WHERE key = 'held'")
    operations.renew(claim)

    with core.connect() as connection:
        found = connection.execute(
            "SELECT claimed_until > now() + interval '5 s' FROM operations WHERE key = 'held'"
        ).fetchone()
    assert found == (True,)


def test_operations_are_forgotten_after_thirty_days(
    deployment: Deployment, once: tuple[Tenant, str]
) -> None:
    tenant, resume_id = once
    core = deployment.core
    for key in ("young", "old"):
        send(tenant, key, "PATCH", f"{RESUMES}/{resume_id}", json={"title": key})
    with core.connect() as connection:
        connection.execute(
            "UPDATE operations SET created_at = now() - interval '31 days' WHERE key = 'old'"
        )

    forget_old_operations(core.pool)

    with core.connect() as connection:
        left = connection.execute(
            "SELECT key FROM operations WHERE organization_id = %s", (tenant.organization_id,)
        ).fetchall()
    assert left == [("young",)]
