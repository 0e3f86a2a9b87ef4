"""How each provider is told what form, effort and room an answer has, and what it cost."""

from collections.abc import Iterator
from typing import Any

import pytest

from api.adapters.llm.tasks import Task
from api.adapters.llm.thread import ModelThread
from events.organization import Provider
from llm_standin import Reply, config_of
from test_llm_providers import TASK, World


@pytest.fixture(scope="module")
def thread() -> Iterator[ModelThread]:
    with ModelThread() as running:
        yield running


@pytest.mark.parametrize(
    ("provider", "forms"),
    [
        ("openai", ["json_schema", "json_object", None]),
        ("openai_compatible", ["json_schema", "json_object", None]),
        ("openrouter", ["json_schema", "json_object", None]),
        ("deepseek", ["json_object", None]),
    ],
)
def test_a_provider_that_knows_no_schema_is_asked_in_simpler_ways(
    thread: ModelThread, provider: Provider, forms: list[str | None]
) -> None:
    no = Reply(status=400, body={"error": {"message": "response_format is unavailable"}})
    world = World(thread, *[no] * (len(forms) - 1), Reply())

    world.ask(config_of(provider))

    bodies = [asked.body for asked in world.wire.asked]
    assert [body.get("response_format", {}).get("type") for body in bodies] == forms
    assert "matching this JSON Schema" in str(bodies[-1]["messages"])


@pytest.mark.parametrize(
    ("provider", "where"),
    [("anthropic", "output_format"), ("gemini", "generationConfig"), ("ollama", "format")],
)
def test_native_schemas_are_used_and_then_words(
    thread: ModelThread, provider: Provider, where: str
) -> None:
    world = World(thread, Reply(status=400, body={"error": {"message": "no"}}), Reply())

    world.ask(config_of(provider))

    first, second = (asked.body for asked in world.wire.asked)
    assert "additionalProperties" in str(first[where])
    assert "additionalProperties" not in str(second.get(where))


@pytest.mark.parametrize(
    ("provider", "model", "effort", "told", "silent"),
    [
        ("deepseek", "deepseek-chat", "minimal", None, '"enabled"'),
        ("openai", "o3", "minimal", '"reasoning_effort": "low"', None),
        ("openai", "gpt-5", "high", '"reasoning_effort": "high"', '"temperature"'),
        ("openai", "gpt-4o", "high", None, "reasoning_effort"),
        ("openai_compatible", "qwen3", "high", None, "reasoning_effort"),
        ("gemini", "gemini-2.5-flash", "minimal", None, '"thinkingBudget": 1,'),
        ("anthropic", "claude-sonnet-4-5", "high", '"budget_tokens": 4096', '"temperature"'),
        ("ollama", "llama3.1", "minimal", None, '"think"'),
        ("ollama", "llama3.1", "high", '"think": true', None),
    ],
)
def test_effort_means_the_same_everywhere(
    thread: ModelThread,
    provider: Provider,
    model: str,
    effort: str,
    told: str | None,
    silent: str | None,
) -> None:
    world = World(thread, Reply())
    base = "https://models.example.org"

    world.ask(config_of(provider, base, model=model, reasoning_effort=effort))

    assert told is None or told in world.sent.raw
    assert silent is None or silent not in world.sent.raw


def test_thinking_never_eats_the_answer(thread: ModelThread) -> None:
    world = World(thread, Reply())

    world.ask(config_of("anthropic", reasoning_effort="high"))

    body = world.sent.body
    assert body["max_tokens"] >= body["thinking"]["budget_tokens"] + TASK.answer_tokens


def test_ollama_is_given_room_for_the_whole_text(thread: ModelThread) -> None:
    long = Task(**{**vars_of(TASK), "user": "x " * 20_000})
    world = World(thread, Reply())

    world.ask(config_of("ollama"), long)

    assert world.sent.body["options"]["num_ctx"] >= 13_000


def vars_of(task: Task[bool]) -> dict[str, Any]:
    return {name: getattr(task, name) for name in Task.__dataclass_fields__}


def test_answers_of_no_use_are_accounted_for_too(thread: ModelThread) -> None:
    wrong = World(thread, Reply(text="Sorry.")).fail(config_of("openai")).usage
    refused = World(thread, Reply(status=401, body={})).fail(config_of("openai")).usage

    assert wrong
    assert (wrong.input_tokens, wrong.output_tokens, wrong.attempts) == (33, 21, 3)
    assert refused
    assert (refused.input_tokens, refused.cost_micro_usd, refused.attempts) == (None, None, 1)


def test_a_cost_that_is_not_known_is_not_zero(thread: ModelThread) -> None:
    known = World(thread, Reply()).ask(config_of("openai"))
    unknown = World(thread, Reply()).ask(config_of("openai", model="never-heard-of"))
    free = World(thread, Reply()).ask(config_of("ollama"))

    assert known.usage.cost_micro_usd == pytest.approx(98, abs=2)
    assert unknown.usage.cost_micro_usd is None
    assert free.usage.cost_micro_usd is None


def test_openrouter_tells_what_it_cost(thread: ModelThread) -> None:
    usage = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3, "cost": 0.00042}
    message = {"role": "assistant", "content": '{"ok": true}'}
    body = {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": usage,
    }

    assert World(thread, Reply(body=body)).ask(config_of("openrouter")).usage.cost_micro_usd == 420
