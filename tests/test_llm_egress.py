"""What leaves the machine for each provider, through real sockets, and what never does."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.adapters.egress.addresses import EgressRefused
from api.adapters.egress.transport import MAX_ANSWER_BYTES
from api.adapters.llm.client import LlmClient
from api.adapters.llm.failures import ModelUnavailable
from api.adapters.llm.library import litellm, scrub
from api.adapters.llm.thread import ModelThread
from events.organization import Provider
from llm_standin import PATHS, PROVIDERS, Reply, StandIn, config_of
from test_llm_providers import TASK

SRC = Path(__file__).resolve().parents[1] / "src"


@pytest.fixture(scope="module")
def thread() -> Iterator[ModelThread]:
    with ModelThread() as running:
        yield running


@pytest.fixture
def standin() -> Iterator[StandIn]:
    server = StandIn()
    yield server
    server.close()


def ask(
    thread: ModelThread,
    provider: Provider,
    base: str,
    *allowed: str,
    attempt_s: float = 20,
    **changes: str,
) -> None:
    client = LlmClient(frozenset(allowed), attempt_s=attempt_s, sleep=at_once)
    thread.run(client.complete(config_of(provider, base, **changes), TASK))


async def at_once(seconds: float) -> None:
    """Pause no time at all."""


each_provider = pytest.mark.parametrize("provider", PROVIDERS)


@each_provider
def test_each_provider_is_spoken_to_at_its_own_route(
    thread: ModelThread, standin: StandIn, provider: Provider
) -> None:
    ask(thread, provider, standin.url, standin.host)

    assert [asked.path for asked in standin.asked] == [PATHS[provider]]
    assert standin.asked[0].key == f"key-of-{provider}"


@each_provider
def test_a_redirect_is_never_followed(
    thread: ModelThread, standin: StandIn, provider: Provider
) -> None:
    elsewhere = StandIn()
    there = f"{elsewhere.url}{PATHS[provider]}"
    standin.script = lambda _: Reply(status=307, body={}, headers={"location": there})

    with pytest.raises(ModelUnavailable, match="LLM_BAD_ENDPOINT"):
        ask(thread, provider, standin.url, standin.host, elsewhere.host)

    elsewhere.close()
    assert (len(standin.asked), elsewhere.asked) == (1, [])


@each_provider
def test_a_silent_provider_is_asked_three_times(
    thread: ModelThread, standin: StandIn, provider: Provider
) -> None:
    ask(thread, provider, standin.url, standin.host)
    standin.script = lambda _: Reply(wait_s=0.5)

    with pytest.raises(ModelUnavailable, match="LLM_TIMEOUT"):
        ask(thread, provider, standin.url, standin.host, attempt_s=0.15)

    assert len(standin.asked) == 4


@each_provider
def test_a_private_address_that_nobody_allowed_hears_nothing(
    thread: ModelThread, standin: StandIn, provider: Provider
) -> None:
    with pytest.raises(ModelUnavailable, match="LLM_ENDPOINT_NOT_ALLOWED"):
        ask(thread, provider, standin.url)

    assert standin.asked == []


@each_provider
def test_keys_of_the_environment_stay_at_home(
    thread: ModelThread,
    standin: StandIn,
    provider: Provider,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name in ("OPENAI", "ANTHROPIC", "GEMINI", "GOOGLE", "OPENROUTER", "DEEPSEEK", "OLLAMA"):
        monkeypatch.setenv(f"{name}_API_KEY", "canary-of-the-environment")
    monkeypatch.setenv("OPENAI_ORG_ID", "canary-of-the-environment")
    standin.script = lambda _: Reply(status=500, body={"error": {"message": "no"}})

    with caplog.at_level(logging.DEBUG), pytest.raises(ModelUnavailable) as caught:
        ask(thread, provider, standin.url, standin.host, api_key="canary-of-the-config")

    sent = json.dumps([asked.raw for asked in standin.asked])
    told = f"{caught.value!r} {caught.value} {caplog.text}"
    assert "canary-of-the-environment" not in sent
    assert sent.count("canary-of-the-config") == len(standin.asked)
    assert "canary" not in told


@pytest.mark.parametrize("provider", ["ollama", "openai_compatible"])
def test_a_provider_without_a_key_is_sent_a_word_that_is_none(
    thread: ModelThread, standin: StandIn, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "canary-of-the-environment")
    monkeypatch.setenv("OLLAMA_API_KEY", "canary-of-the-environment")

    ask(thread, provider, standin.url, standin.host, api_key="")

    assert standin.asked[0].key == "no-key"


def test_a_provider_that_needs_a_key_is_not_asked_without_one(
    thread: ModelThread, standin: StandIn
) -> None:
    with pytest.raises(ModelUnavailable, match="LLM_NOT_CONFIGURED"):
        ask(thread, "anthropic", standin.url, standin.host, api_key="  ")

    assert standin.asked == []


def test_the_environment_is_rid_of_what_libraries_would_use() -> None:
    kept = ["PATH", "HOME", "REFOLIO_MASTER_KEY", "REFOLIO_POLAR_API_KEY", "SSL_CERT_FILE"]
    gone = """
        OPENAI_API_KEY OPENAI_BASE_URL OPENAI_ORG_ID ANTHROPIC_AUTH_TOKEN GEMINI_API_KEY
        OR_SITE_URL DEEPSEEK_API_BASE LITELLM_LOG SOME_API_KEY
    """
    environment = dict.fromkeys([*gone.split(), *kept], "x")

    scrub(environment)

    assert list(environment) == kept


def test_the_library_has_no_way_out_of_its_own(standin: StandIn) -> None:
    with pytest.raises(EgressRefused):
        litellm().module_level_client.post(url=standin.url, json={})

    assert standin.asked == []


def test_an_endless_answer_is_cut_off(thread: ModelThread, standin: StandIn) -> None:
    standin.script = lambda _: Reply(text="x" * (MAX_ANSWER_BYTES + 1))

    with pytest.raises(ModelUnavailable, match="LLM_BAD_ENDPOINT"):
        ask(thread, "openai", standin.url, standin.host)


def test_a_compressed_answer_is_neither_asked_for_nor_read(
    thread: ModelThread, standin: StandIn
) -> None:
    standin.script = lambda _: Reply(headers={"content-encoding": "gzip"})

    with pytest.raises(ModelUnavailable, match="LLM_BAD_ENDPOINT"):
        ask(thread, "anthropic", standin.url, standin.host)

    assert standin.asked[0].headers["accept-encoding"] == "identity"


def test_the_api_never_loads_the_models_library() -> None:
    program = (
        "import sys; import api.app, api.cli, api.worker, api.adapters.llm.engine, "
        "api.adapters.llm.parser; print('litellm' in sys.modules, 'openai' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(SRC), "PATH": ""},
    )

    assert done.stdout.split() == ["False", "False"]
