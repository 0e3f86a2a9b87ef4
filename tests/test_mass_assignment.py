"""A request changes what it is documented to change, whatever else it brings along."""

from dataclasses import fields
from typing import Any, Final

from api.ids import new_id, to_wire
from projections.generations import GenerationRow
from projections.letters import LetterRow
from projections.resumes import ResumeRow
from projections.webhooks import WebhookRow
from server import JOB, QUICKSTART, SAMPLES, WHOLE, Tenant

RESUMES: Final = "/api/v1/resumes"
OTHER: Final = to_wire("res", new_id())
FORGED: Final[dict[str, Any]] = {
    "id": OTHER,
    "organization_id": to_wire("org", new_id()),
    "parent_id": OTHER,
    "is_master": True,
    "visible": False,
    "created_at": "2001-01-01T00:00:00.000Z",
    "updated_at": "2001-01-01T00:00:00.000Z",
    "version": 99,
    "plan": "FREE",
    "scopes": ["admin"],
    "actor": "operator",
    "enabled": False,
}


def forged(row: type[Any], *but: str) -> dict[str, Any]:
    """Return a body with every member of a read model, and what answers show, but some."""
    names = {field.name for field in fields(row)} | {*WHOLE, "content", "engine", "result_id"}
    return {name: FORGED.get(name, "forged") for name in sorted(names - {*but})} | {
        name: value for name, value in FORGED.items() if name not in but
    }


def test_an_edit_touches_four_members(tenant: Tenant) -> None:
    resume_id = tenant.parsed(set_as_master="false")
    before = tenant.get(resume_id)
    extras = forged(ResumeRow, "title", "filename", "status", "structured_data")

    edited = tenant.edit(resume_id, **extras, title="New")

    assert edited == before | {"title": "New", "updated_at": edited["updated_at"]}
    assert edited["updated_at"] > before["updated_at"]
    assert tenant.list("include_master=false")[0]["id"] == resume_id


def test_an_upload_is_what_was_uploaded(tenant: Tenant) -> None:
    file = ("a.pdf", (SAMPLES / "two_columns.pdf").read_bytes())
    extras = {name: str(value) for name, value in forged(ResumeRow, "filename").items()}
    extras = dict(list(extras.items())[:19])

    made = tenant.data("POST", RESUMES, files={"file": file}, data=extras)

    found = tenant.get(made["resume_id"])
    assert made["resume_id"] != OTHER
    assert (found["filename"], found["parent_id"]) == ("a.pdf", None)
    assert found["organization_id"] == to_wire("org", tenant.organization_id)


def test_a_tailoring_makes_a_resume_of_ones_own(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    extras = forged(GenerationRow, "strategy", "output_language", "job_description")

    made = tenant.data("POST", f"{RESUMES}/{resume_id}/tailor", json=extras | QUICKSTART)

    found = tenant.get(made["resume_id"])
    assert found["id"] not in {OTHER, resume_id}
    assert (found["parent_id"], found["is_master"]) == (resume_id, False)
    assert found["created_at"] > "2026"
    changes = tenant.data("GET", f"{RESUMES}/{made['resume_id']}/changes")
    assert "forged" not in str(changes)


def test_a_letter_says_what_was_written(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    extras = forged(LetterRow, "job_description")

    made = tenant.data(
        "POST", f"{RESUMES}/{resume_id}/outreach", json=extras | {"job_description": JOB}
    )

    assert "forged" not in str(made)
    assert made["resume_id"] == resume_id
    assert made["organization_id"] == to_wire("org", tenant.organization_id)


def test_settings_are_settings(tenant: Tenant) -> None:
    before = tenant.data("GET", "/api/v1/llm-config")

    tenant.data("PUT", "/api/v1/llm-config", json=FORGED | {"engine": "x", "model": "small"})

    assert tenant.data("GET", "/api/v1/llm-config") == before | {"model": "small"}
    assert tenant.data("GET", "/api/v1/usage")["plan"] == "ENTERPRISE"


def test_a_webhook_is_enabled_and_has_a_secret_of_its_own(tenant: Tenant) -> None:
    extras = forged(WebhookRow, "url", "types") | {"secret": "whsec_Zm9yZ2Vk"}
    body = extras | {"url": "https://hooks.example.org", "description": ""}

    made = tenant.data("POST", "/api/v1/webhooks", json=body)

    assert made["enabled"]
    assert made["secret"] != "whsec_Zm9yZ2Vk"
    assert made["disabled_because"] is None
    assert made["id"] != OTHER
    assert made["created_at"] > "2026"
