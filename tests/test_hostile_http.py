"""The whole product against a hostile model, hostile postings and hostile resumes, over HTTP."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from disclosure import told_in_clear, told_with_the_key
from events.organization import Provider
from hostile_world import (
    CANARY,
    ENVIRONMENT,
    Tally,
    attack,
    canaries_in,
    judge,
    letters,
    obeying,
    parsing,
    poisoned,
    use,
    without_key_header,
)
from llm_roles import ROLES, attacks, honest_edit
from llm_standin import PROVIDERS, StandIn
from server import Deployment, Tenant, deployed, free_port, state

ROOT: Final = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def guarded() -> Iterator[Deployment]:
    """Yield a server in whose environment lie the keys of several providers."""
    os.environ.update(ENVIRONMENT)
    try:
        with state() as home, deployed(home) as running:
            yield running
    finally:
        for name in ENVIRONMENT:
            del os.environ[name]


@pytest.fixture
def standin() -> Iterator[StandIn]:
    server = StandIn()
    yield server
    server.close()


@pytest.fixture
def tenant(guarded: Deployment) -> Iterator[Tenant]:
    with guarded.tenant() as tenant:
        yield tenant


@pytest.fixture
def source(tenant: Tenant) -> str:
    """Return a resume whose own lines order the model about."""
    resume_id = tenant.parsed()
    tenant.edit(resume_id, structured_data=poisoned())
    return resume_id


@pytest.mark.parametrize("strategy", ["nudge", "keywords", "full"])
@pytest.mark.parametrize("provider", PROVIDERS)
def test_of_all_lies_and_orders_only_the_honest_edit_lands(
    tenant: Tenant, source: str, standin: StandIn, provider: Provider, strategy: str
) -> None:
    use(tenant, standin, provider)

    tally = attack(tenant, standin, source, strategy, lies_a_round=10)

    assert tally.attacks == 150
    assert tally.applied == []
    assert tally.honest_landed == tally.honest_wanted == 5
    assert canaries_in(tally.answers) == set()
    assert canaries_in(map(without_key_header, standin.asked)) == set()
    assert {asked.key for asked in standin.asked} == {CANARY}


def test_lying_letters_and_made_up_careers_are_not_believed(
    tenant: Tenant, source: str, standin: StandIn
) -> None:
    use(tenant, standin, "openai")
    standin.script = obeying(attacks())

    hidden = parsing(tenant, "hidden_text.pdf")
    for tally in (letters(tenant, source), parsing(tenant), hidden):
        assert tally.applied == []
        assert canaries_in(tally.answers) == set()


def test_afterwards_no_secret_is_told_anywhere(
    guarded: Deployment, tenant: Tenant, source: str, standin: StandIn
) -> None:
    use(tenant, standin, "anthropic")
    attack(tenant, standin, source, "full", lies_a_round=50)
    standin.script = ROLES["401"]
    tenant.http.post(f"/api/v1/resumes/{source}/tailor", json={"job_description": "Python"})

    with guarded.core.connect() as connection:
        assert told_in_clear(connection, [CANARY, *ENVIRONMENT.values()]) == {}
        opened = told_with_the_key(connection, guarded.core.vault, ENVIRONMENT.values())
    assert opened == set()
    assert canaries_in([guarded.serving.said, guarded.serving.complained]) == set()


def test_the_judge_of_all_this_notices_what_was_changed() -> None:
    source = poisoned()
    edit = honest_edit()

    def judged(**changes: Any) -> Tally:
        result = json.loads(json.dumps(source))
        for path, value in changes.items():
            result["workExperience"][0][path] = value
        tally = Tally()
        judge(tally, source, result)
        return tally

    lines = [edit["value"] if line == edit["original"] else line for line in _lines(source)]
    assert judged().applied == []
    assert judged().honest_landed == 0
    assert judged(description=lines).honest_landed == 1
    assert judged(description=lines).applied == []
    assert judged(company="Initech").applied
    assert judged(description=[*_lines(source), "Won a Nobel Prize"]).applied
    assert judged(description=_lines(source)[1:]).applied


def _lines(data: dict[str, Any]) -> list[str]:
    lines: list[str] = data["workExperience"][0]["description"]
    return lines


# ---- the stand-in by itself ---------------------------------------------------------------------


@pytest.fixture
def by_hand() -> Iterator[str]:
    """Start the stand-in as a person would; yield what it says first."""
    port = free_port("127.0.0.1")
    program = [sys.executable, str(ROOT / "tests" / "provider_standin.py"), "--port", str(port)]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = "".join(process.stdout.readline() for _ in range(3 + 5 * len(PROVIDERS) - 1))
    yield said
    process.terminate()
    process.stdout.close()
    assert process.wait(timeout=10) == 0


def test_a_person_can_try_every_provider_with_the_lines_that_the_stand_in_prints(
    by_hand: str, tenant: Tenant, source: str
) -> None:
    bodies = [
        json.loads(line.strip().removeprefix("-d '").removesuffix("'"))
        for line in by_hand.splitlines()
        if line.strip().startswith("-d ")
    ]

    assert [body["provider"] for body in bodies] == [*PROVIDERS]
    for body in bodies:
        tenant.data("PUT", "/api/v1/llm-config", json=body)
        tailored = tenant.tailor(source)
        letter = tenant.data(
            "POST", f"/api/v1/resumes/{source}/cover-letters", json={"job_description": "Java"}
        )
        assert tailored["refinement_stats"]["rejected_changes"] == 0
        assert "My resume has this line" in letter["content"]


@pytest.mark.parametrize(
    ("role", "failure"),
    [
        ("401", "LLM_AUTH_FAILED"),
        ("402", "LLM_QUOTA_EXCEEDED"),
        ("403", "LLM_AUTH_FAILED"),
        ("404", "LLM_MODEL_NOT_FOUND"),
        ("quota", "LLM_QUOTA_EXCEEDED"),
        ("malformed", "LLM_BAD_OUTPUT"),
        ("truncated", "LLM_OUTPUT_TRUNCATED"),
        ("declining", "LLM_REFUSED"),
        ("page", "LLM_BAD_ENDPOINT"),
        ("redirecting", "LLM_BAD_ENDPOINT"),
    ],
)
@pytest.mark.parametrize("provider", ["openai", "anthropic", "gemini", "ollama"])
def test_every_role_of_the_stand_in_fails_as_the_real_thing_does(
    guarded: Deployment,
    tenant: Tenant,
    source: str,
    standin: StandIn,
    provider: Provider,
    role: str,
    failure: str,
) -> None:
    use(tenant, standin, provider)
    standin.script = ROLES[role]

    answer: httpx2.Response = tenant.http.post(
        f"/api/v1/resumes/{source}/tailor", json={"job_description": "We need Java."}
    )

    assert (answer.status_code, answer.json()["error"]) == (500, "PRIMARY_TAILORING_FAILED")
    with guarded.core.connect() as connection:
        (row,) = connection.execute(
            "SELECT convert_from(state, 'UTF8')::jsonb ->> 'reason' FROM events"
            " WHERE topic = 'tailoring-failed' AND organization_id = %s",
            (tenant.organization_id,),
        ).fetchall()
    assert row[0].startswith(failure)
