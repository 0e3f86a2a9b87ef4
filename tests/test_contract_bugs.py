"""Bugs that an earlier product had, by the contract's own numbers: each would fail its test here.

Only those that no other test looks at.
"""

import base64
import hashlib
import io
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import docx
import pytest

from bad_documents import GOOD_PDF
from browsing import Street
from hostile_world import use
from llm_roles import task_of
from llm_standin import Reply, StandIn
from server import JOB, QUICKSTART, Deployment, Tenant
from tailoring_samples import POSTING, resume
from worlds import FAULT_SAID, fault

RESUMES: Final = "/api/v1/resumes"
CONFIG: Final = "/api/v1/llm-config"
PUBLIC: Final = {
    "/api/auth/ok",
    "/api/auth/get-session",
    "/api/auth/sign-out",
    "/api/v1/health",
}
"""What strangers are answered about nobody in particular."""


def document(*lines: str) -> bytes:
    written = docx.Document()
    for line in lines:
        written.add_paragraph(line)
    file = io.BytesIO()
    written.save(file)
    return file.getvalue()


def test_bug_a8_markup_in_a_document_is_shown_and_not_obeyed(tenant: Tenant) -> None:
    script = '<script src="https://evil.example/a.js"></script>'
    frame = "<iframe src='http://169.254.169.254/latest'></iframe>"
    lines = ("Ada Example", "ada@example.org", "Experience", "Engineer, Acme", "2019 - 2020")
    content = document(*lines, f"Wrote {script}", f"Framed {frame}")

    shown = tenant.get(tenant.until(tenant.upload_file("a.docx", content), "READY"))

    assert script in shown["markdown"]
    assert "&lt;script" in shown["html"]
    assert "<script" not in shown["html"]
    assert "<iframe" not in shown["html"]


def test_bug_a9_where_others_pay_nobody_reaches_the_servers_own_machine(
    billed: Deployment, standin: StandIn
) -> None:
    with billed.tenant() as tenant:
        resume_id = tenant.parsed()
        use(tenant, standin, "openai")
        answer = tenant.http.post(f"{RESUMES}/{resume_id}/tailor", json=QUICKSTART)

    assert (answer.status_code, answer.json()["error"]) == (500, "PRIMARY_TAILORING_FAILED")
    assert standin.asked == []


def test_bug_a9_what_the_other_side_said_is_not_passed_on(
    tenant: Tenant, standin: StandIn
) -> None:
    resume_id = tenant.parsed()
    secret = "root:x:0:0 canary-inside-88"
    standin.script = lambda _: Reply(status=400, body={"error": {"message": secret}})
    use(tenant, standin, "openai")

    answer = tenant.http.post(f"{RESUMES}/{resume_id}/tailor", json=QUICKSTART)

    assert answer.status_code == 500
    assert "canary-inside-88" not in answer.text


@pytest.mark.parametrize("role", ["admin", "member"])
def test_bug_a13_no_list_tells_the_digest_of_a_key(street: Street, role: str) -> None:
    ada, grace = street.ada(), street.verified("Grace")
    street.joins(grace, ada, role)
    raw = hashlib.sha256(ada.send_key().encode()).digest()
    digests = (raw.hex(), base64.urlsafe_b64encode(raw).decode().rstrip("="))
    organization = {"organizationId": ada.organization}

    answers = [
        who.http.get(path, params=organization).text
        for who in (ada, grace)
        for path in (
            "/api/keys",
            "/api/auth/api-key/list",
            "/api/auth/organization/get-full-organization",
            "/api/auth/get-session",
        )
    ]

    assert all(digest not in answer for digest in digests for answer in answers)


def test_bug_a14_a_stranger_learns_nothing_anywhere(
    street: Street, deployment: Deployment
) -> None:
    ada = street.ada("Canary51 Example")
    paths = deployment.http.get("/openapi.json").json()["paths"]
    stranger = street.visitor().http
    asked = 0
    for path, operations in paths.items():
        if "get" not in operations or path in PUBLIC:
            continue
        filled = path.replace("{organization_id}", ada.organization)
        answer = stranger.get(filled, params={"organizationId": ada.organization, "id": "x"})
        asked += 1

        assert answer.status_code >= 300, path
        assert "Canary51" not in answer.text
        assert ada.email not in answer.text
    assert asked > 25


@pytest.mark.parametrize("topic", ["resume-uploaded", "master-chosen"])
def test_bug_a16_what_breaks_inside_an_upload_is_not_told(
    deployment: Deployment, tenant: Tenant, topic: str
) -> None:
    with fault(deployment, tenant, topic):
        answer = tenant.http.post(RESUMES, files={"file": ("a.pdf", GOOD_PDF)})

    assert answer.status_code == 500
    assert answer.json()["error"] == "INTERNAL_ERROR"
    assert FAULT_SAID not in answer.text
    assert tenant.list() == []


def test_bug_a19_nothing_that_people_say_is_in_the_log(
    street: Street, deployment: Deployment, tenant: Tenant
) -> None:
    ada = street.ada()
    organization = {"name": "Canary62 Ltd", "slug": f"canary62-{tenant.organization_id.hex}"}
    ada.send("/api/auth/organization/create", **organization, metadata={"note": "Canary63"})
    content = document("Canary64 Example", "Experience", "Engineer, Canary65", "2019 - 2020")
    resume_id = tenant.until(tenant.upload_file("canary66.docx", content), "READY")
    tenant.tailor(resume_id, job_description=f"{JOB} Canary67")
    with fault(deployment, tenant, "resume-edited"):
        tenant.http.patch(f"{RESUMES}/{resume_id}", json={"title": "Canary68"})
    tenant.http.patch(f"{RESUMES}/{resume_id}", content=b'{"Canary69')

    log = deployment.serving.said + deployment.serving.complained
    assert "unexpected error" in log
    assert [number for number in range(62, 70) if f"anary{number}" in log] == []


@pytest.mark.parametrize("strategy", ["nudge", "keywords", "full"])
def test_bug_b6_the_keywords_that_came_in_are_counted_from_the_result(
    tenant: Tenant, strategy: str
) -> None:
    resume_id = tenant.parsed()
    tenant.edit(resume_id, structured_data=resume().model_dump(mode="json", by_alias=True))
    tailored = tenant.tailor(resume_id, strategy=strategy, job_description=POSTING)
    path = f"{RESUMES}/{tailored['resume_id']}/match"

    keywords = tenant.data("GET", path)["keywords"]

    came_in = [one for one in keywords if one["before"] != "present" and one["after"] == "present"]
    assert tailored["refinement_stats"]["keywords_injected"] == len(came_in) > 0


@pytest.mark.parametrize("field", ["reasoning_effort", "reasoningEffort"])
def test_bug_b15_the_effort_that_was_set_is_sent_and_no_temperature(
    tenant: Tenant, standin: StandIn, field: str
) -> None:
    resume_id = tenant.parsed()
    use(tenant, standin, "openai")
    tenant.data("PUT", CONFIG, json={"model": "o3", field: "high"})

    tenant.tailor(resume_id)

    edits = next(asked.body for asked in standin.asked if task_of(asked) == "edits")
    assert edits["reasoning_effort"] == "high"
    assert "max_completion_tokens" in edits
    assert not {"max_tokens", "temperature"} & edits.keys()


def test_bug_c7_without_its_charge_there_is_no_result(
    deployment: Deployment, tenant: Tenant
) -> None:
    resume_id = tenant.parsed()

    with fault(deployment, tenant, "usage-charged"):
        answer = tenant.http.post(f"{RESUMES}/{resume_id}/tailor", json=QUICKSTART)

    assert (answer.status_code, answer.json()["error"]) == (500, "TAILORING_PROCESS_FAILED")
    assert [resume["id"] for resume in tenant.list()] == [resume_id]
    assert tenant.used() == {"parse": 1}


def test_bug_d6_a_parsing_that_could_not_be_charged_is_done_again_and_charged_once(
    deployment: Deployment, tenant: Tenant
) -> None:
    with fault(deployment, tenant, "usage-charged"):
        resume_id = tenant.until(tenant.upload(), "FAILED")
        assert tenant.get(resume_id)["structured_data"] == {}

    retried = tenant.data("POST", f"{RESUMES}/{resume_id}/retry")

    assert retried["status"] == "READY"
    assert tenant.used() == {"parse": 1}


def test_bug_d11_first_settings_at_once_are_all_kept(tenant: Tenant) -> None:
    changes: list[dict[str, Any]] = [
        {"model": "m"},
        {"enable_cover_letter": True},
        {"enable_outreach_message": True},
        {"content_language": "pt"},
        {"default_prompt_id": "full"},
        {"reasoning_effort": "low"},
    ]

    with ThreadPoolExecutor(len(changes)) as clients:
        answers = clients.map(lambda change: tenant.http.put(CONFIG, json=change), changes)
        assert {answer.status_code for answer in answers} == {200}

    kept = tenant.data("GET", CONFIG)
    assert json.dumps([{name: kept[name] for name in change} for change in changes]) == (
        json.dumps(changes)
    )
