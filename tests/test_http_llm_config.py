"""A client chooses its model; the key stays secret, and the model works behind the gate."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from llm_standin import Asked, Reply, StandIn
from server import Deployment, Tenant

CONFIG = "/api/v1/llm-config"
KEY = "sk-canary-1234567890abcd9f3a"
DEFAULTS = {
    "provider": "openai",
    "model": "gpt-4o",
    "api_key": "",
    "api_base": None,
    "reasoning_effort": None,
    "enable_cover_letter": False,
    "enable_outreach_message": False,
    "content_language": "en",
    "default_prompt_id": "keywords",
}


def config(tenant: Tenant) -> dict[str, Any]:
    found: dict[str, Any] = tenant.data("GET", CONFIG)
    return found


def put(tenant: Tenant, **body: object) -> Any:
    return tenant.data("PUT", CONFIG, json=body)


def use(tenant: Tenant, standin: StandIn) -> None:
    """Have the tenant's model be the stand-in."""
    settings = {"api_base": f"{standin.url}/v1", "api_key": KEY, "model": "test-model"}
    put(tenant, provider="openai_compatible", **settings)


def test_before_any_change_there_are_the_defaults(tenant: Tenant) -> None:
    assert config(tenant) == DEFAULTS


def test_a_change_says_so_and_leaves_the_rest(tenant: Tenant) -> None:
    put(tenant, enable_cover_letter=True)

    assert put(tenant, model="m") == {"message": "Settings updated"}

    assert config(tenant) == DEFAULTS | {"enable_cover_letter": True, "model": "m"}


def test_a_key_is_shown_masked_with_its_last_four(tenant: Tenant) -> None:
    put(tenant, api_key=KEY)

    assert config(tenant)["api_key"] == "••••9f3a"


def test_of_a_short_key_nothing_is_shown(tenant: Tenant) -> None:
    put(tenant, apiKey="sk-short")

    assert config(tenant)["api_key"] == "••••"


def test_an_echoed_mask_is_no_key(tenant: Tenant) -> None:
    put(tenant, api_key=KEY)

    put(tenant, **{**config(tenant), "model": "m"})

    assert config(tenant)["api_key"] == "••••9f3a"


@pytest.mark.parametrize("nothing", ["", None])
def test_a_key_can_be_cleared(tenant: Tenant, nothing: str | None) -> None:
    put(tenant, api_key=KEY)

    put(tenant, api_key=nothing)

    assert config(tenant)["api_key"] == ""


def test_both_spellings_and_any_case_are_taken(tenant: Tenant) -> None:
    put(tenant, provider="Anthropic", defaultPromptId="NUDGE", contentLanguage="ES")

    found = config(tenant)
    assert (found["provider"], found["default_prompt_id"]) == ("anthropic", "nudge")
    assert found["content_language"] == "es"


@pytest.mark.parametrize(
    "body",
    [
        {"provider": "skynet"},
        {"provider": "openai_compatible"},
        {"api_base": "file:///etc/passwd"},
        {"default_prompt_id": "everything"},
        {"content_language": "tlh"},
        {"enable_cover_letter": "yes"},
        {"model": ""},
        {"reasoning_effort": "heroic"},
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    tenant: Tenant, body: dict[str, object]
) -> None:
    status, code, _ = tenant.refused("PUT", CONFIG, json=body)

    assert (status, code) == (422, "VALIDATION_ERROR")
    assert config(tenant) == DEFAULTS


def test_settings_are_ones_own(tenant: Tenant, deployment: Deployment) -> None:
    put(tenant, api_key=KEY)

    with deployment.tenant() as another:
        assert config(another) == DEFAULTS


def test_defaults_hold_for_a_tailoring_that_says_nothing(tenant: Tenant) -> None:
    put(tenant, default_prompt_id="nudge")

    assert tenant.tailor(tenant.parsed())["strategy"] == "NUDGE"


@pytest.fixture
def standin() -> Iterator[StandIn]:
    server = StandIn()
    yield server
    server.close()


def test_a_models_lie_is_refused_and_never_in_the_result(tenant: Tenant, standin: StandIn) -> None:
    resume_id = tenant.parsed()
    summary = tenant.get(resume_id)["structured_data"]["summary"]
    lie = {
        "path": "summary",
        "action": "replace",
        "original": summary,
        "value": "Nobel laureate with 40 years of Python.",
        "reason": "It sells.",
        "evidence": [],
    }
    answer = json.dumps({"edits": [lie], "keywords": []})
    standin.script = lambda _: Reply(text=answer)
    use(tenant, standin)

    tailored = tenant.tailor(resume_id)

    after = tenant.get(tailored["resume_id"])["structured_data"]
    assert {asked.key for asked in standin.asked} == {KEY}
    assert "Nobel" not in json.dumps(after)
    assert tailored["refinement_stats"]["rejected_changes"] == 1


def test_a_provider_that_refuses_the_key_fails_the_tailoring_uncharged(
    tenant: Tenant, standin: StandIn
) -> None:
    resume_id = tenant.parsed()
    standin.script = refusing
    use(tenant, standin)

    answer = tenant.http.post(
        f"/api/v1/resumes/{resume_id}/tailor", json={"job_description": "We need Python."}
    )

    assert (answer.status_code, answer.json()["error"]) == (500, "PRIMARY_TAILORING_FAILED")
    assert KEY not in answer.text
    assert "tailor" not in tenant.used()


def test_without_the_provider_an_upload_is_parsed_by_rule(
    tenant: Tenant, standin: StandIn
) -> None:
    standin.script = refusing
    use(tenant, standin)

    assert tenant.get(tenant.parsed())["structured_data"]["personalInfo"]["name"]


def refusing(_: Asked) -> Reply:
    return Reply(status=401, body={"error": {"message": "no"}})
