"""What each provider is sent and how its answers and troubles are told, without a socket."""

from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest

from api.adapters.llm.answers import Malformed
from api.adapters.llm.client import LlmClient
from api.adapters.llm.config import LlmConfig
from api.adapters.llm.failures import ModelUnavailable
from api.adapters.llm.tasks import Completion, Task
from api.adapters.llm.thread import ModelThread
from events.organization import Provider
from llm_standin import HTML, PROVIDERS, Asked, Reply, Scripted, config_of

SCHEMA: Final = {
    "type": "object",
    "additionalProperties": False,
    "required": ["ok"],
    "properties": {"ok": {"type": "boolean"}},
}


def read(answer: Any) -> bool:
    if not isinstance(answer, dict) or answer.get("ok") is not True:
        raise Malformed('The object must have the key "ok".')
    return True


TASK: Final = Task(
    name="check",
    prompt="check-1",
    system="Check.",
    user="Is it ok?",
    schema=SCHEMA,
    read=read,
    answer_tokens=500,
)


@pytest.fixture(scope="module")
def thread() -> Iterator[ModelThread]:
    with ModelThread() as running:
        yield running


async def public(host: str, port: int) -> tuple[str, ...]:
    return ("93.184.215.14",)


class World:
    """A client whose wire is scripted and whose pauses take no time."""

    def __init__(self, thread: ModelThread, *replies: Reply | Exception) -> None:
        self.wire = Scripted(list(replies))
        self.pauses: list[float] = []
        self._thread = thread

    def ask(self, config: LlmConfig, task: Task[bool] = TASK) -> Completion[bool]:
        async def pause(seconds: float) -> None:
            self.pauses.append(seconds)

        client = LlmClient(resolve=public, dial=self.wire.transport, sleep=pause)
        if config.provider in ("ollama", "openai_compatible") and config.api_base is None:
            config = config_of(config.provider, "https://models.example.org")
        return self._thread.run(client.complete(config, task))

    def fail(self, config: LlmConfig) -> ModelUnavailable:
        with pytest.raises(ModelUnavailable) as caught:
            self.ask(config)
        return caught.value

    @property
    def sent(self) -> Asked:
        return self.wire.asked[-1]


TROUBLES: Final[dict[str, tuple[Reply | Exception, str, int]]] = {
    "a refused key": (Reply(status=401, body={"error": {"message": "bad"}}), "LLM_AUTH_FAILED", 1),
    "no rights": (Reply(status=403, body={"error": {"message": "bad"}}), "LLM_AUTH_FAILED", 1),
    "an unpaid bill": (Reply(status=402, body={"error": {}}), "LLM_QUOTA_EXCEEDED", 1),
    "an unknown model": (Reply(status=404, body={"error": {}}), "LLM_MODEL_NOT_FOUND", 1),
    "too long a text": (
        Reply(status=400, body={"error": {"message": "maximum context length is 8 tokens"}}),
        "LLM_INPUT_TOO_LONG",
        1,
    ),
    "too many requests": (
        Reply(status=429, body={"error": {"message": "slow"}}, headers={"retry-after": "7"}),
        "LLM_RATE_LIMITED",
        4,
    ),
    "an empty account": (
        Reply(status=429, body={"error": {"code": "insufficient_quota", "message": "quota"}}),
        "LLM_QUOTA_EXCEEDED",
        1,
    ),
    "an error inside": (Reply(status=500, body={"error": {}}), "LLM_UNAVAILABLE", 3),
    "bad service": (Reply(status=503, body=HTML), "LLM_UNAVAILABLE", 3),
    "overload": (Reply(status=529, body={"error": {}}), "LLM_UNAVAILABLE", 3),
    "a page in place of an answer": (
        Reply(body=HTML, headers={"content-type": "text/html"}),
        "LLM_BAD_ENDPOINT",
        1,
    ),
    "silence": (httpx.ReadTimeout("slow"), "LLM_TIMEOUT", 3),
    "a closed door": (httpx.ConnectError("refused"), "LLM_UNAVAILABLE", 3),
    "a broken wire": (httpx.RemoteProtocolError("gone"), "LLM_UNAVAILABLE", 3),
    "a cut answer": (Reply(text='{"ok":', finish="length"), "LLM_OUTPUT_TRUNCATED", 1),
    "a declined answer": (Reply(text="", finish="content_filter"), "LLM_REFUSED", 1),
    "nonsense": (Reply(text="I am sorry."), "LLM_BAD_OUTPUT", 3),
    "the wrong form": (Reply(text='{"no": 1}'), "LLM_BAD_OUTPUT", 3),
    "a way elsewhere": (
        Reply(status=307, body={}, headers={"location": "https://elsewhere.example.org/"}),
        "LLM_BAD_ENDPOINT",
        1,
    ),
}
each_provider = pytest.mark.parametrize("provider", PROVIDERS)


@each_provider
def test_an_answer_comes_back_with_what_it_took(thread: ModelThread, provider: Provider) -> None:
    world = World(thread, Reply())

    completion = world.ask(config_of(provider))

    usage = completion.usage
    assert completion.answer is True
    assert (usage.input_tokens, usage.output_tokens, usage.attempts) == (11, 7, 1)
    assert usage.model.startswith(f"{provider}/")
    assert world.sent.key == f"key-of-{provider}"


@each_provider
@pytest.mark.parametrize("trouble", TROUBLES)
def test_every_trouble_has_one_name_at_every_provider(
    thread: ModelThread, provider: Provider, trouble: str
) -> None:
    reply, code, attempts = TROUBLES[trouble]
    world = World(thread, reply)

    failure = world.fail(config_of(provider))

    assert (failure.code, len(world.wire.asked)) == (code, attempts)
    assert failure.__cause__ is failure.__context__ is None


@each_provider
def test_a_pause_that_is_asked_for_is_kept(thread: ModelThread, provider: Provider) -> None:
    slow = Reply(status=429, body={"error": {"message": "slow"}}, headers={"retry-after": "7"})
    world = World(thread, slow, Reply())

    assert world.ask(config_of(provider)).usage.attempts == 2
    assert world.pauses == [7.0]


def test_a_pause_of_minutes_is_not_waited_for(thread: ModelThread) -> None:
    slow = Reply(status=429, body={"error": {}}, headers={"retry-after": "600"})
    world = World(thread, slow, Reply())

    assert world.fail(config_of("openai")).retry_after_s == 600
    assert world.pauses == []


@each_provider
def test_a_wrong_answer_is_answered_with_what_was_wrong(
    thread: ModelThread, provider: Provider
) -> None:
    world = World(thread, Reply(text="Sure!"), Reply(text='{"ok": 0}'), Reply())

    usage = world.ask(config_of(provider)).usage

    assert (usage.attempts, usage.input_tokens, usage.output_tokens) == (3, 33, 21)
    assert "no JSON object" in world.wire.asked[1].raw
    assert "must have the key" in world.wire.asked[2].raw


@each_provider
def test_an_answer_in_a_fence_after_thoughts_is_read(
    thread: ModelThread, provider: Provider
) -> None:
    text = 'Hm.</think>Here you are:\n```json\n{"ok": true}\n```\nAnything else?'

    assert World(thread, Reply(text=text)).ask(config_of(provider)).answer is True


def test_openrouter_hides_a_status_in_an_answer(thread: ModelThread) -> None:
    body = {"error": {"message": "slow", "code": 429}}

    assert World(thread, Reply(body=body)).fail(config_of("openrouter")).code == "LLM_RATE_LIMITED"


def test_gemini_names_the_quota_also_when_it_only_asks_for_a_pause(thread: ModelThread) -> None:
    body = {
        "error": {"message": "You exceeded your current quota", "details": [{"retryDelay": "3s"}]}
    }
    world = World(thread, Reply(status=429, body=body), Reply())

    world.ask(config_of("gemini"))

    assert world.pauses == [3.0]


def test_nothing_secret_is_told_of_a_failure(thread: ModelThread) -> None:
    secret = "canary-in-the-body"
    body = {"error": {"message": f"{secret} key-of-openai", "type": "x"}}
    config = config_of("openai")

    failure = World(thread, Reply(status=500, body=body)).fail(config)

    told = f"{failure} {failure!r} {failure.args} {config!r}"
    assert secret not in told
    assert "key-of-openai" not in told


def test_no_name_is_looked_up_but_that_of_the_model(
    thread: ModelThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def look_up(host: str, *_: object, **__: object) -> list[Any]:
        asked.append(host)
        raise OSError

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    for provider in PROVIDERS:
        for model in ("never-heard-of:20b", "gpt-oss:20b"):
            config = config_of(provider, "https://models.example.org", model=model)
            World(thread, Reply()).ask(config)

    assert asked == []


@pytest.mark.parametrize(
    ("provider", "model"),
    [("anthropic", "claude-2"), ("openai", "gpt-5-pro"), ("openai", "responses/gpt-4o")],
)
def test_a_route_that_ignores_the_guarded_client_leads_nowhere(
    thread: ModelThread, monkeypatch: pytest.MonkeyPatch, provider: Provider, model: str
) -> None:
    asked: list[str] = []

    def look_up(host: str, *_: object, **__: object) -> list[Any]:
        asked.append(host)
        raise OSError

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    world = World(thread, Reply())

    failure = world.fail(config_of(provider, "https://models.example.org", model=model))

    assert failure.code == "LLM_BAD_REQUEST"
    assert asked == []
    assert world.wire.asked == []
