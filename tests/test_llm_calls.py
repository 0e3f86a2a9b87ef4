"""Calls end when they are told to, and many at once keep apart."""

import asyncio
from collections.abc import Iterator

import pytest

from api.adapters.llm.client import LlmClient
from api.adapters.llm.failures import ModelUnavailable
from api.adapters.llm.thread import ModelThread
from llm_standin import PROVIDERS, Reply, Scripted, config_of
from test_llm_providers import TASK, public


@pytest.fixture(scope="module")
def thread() -> Iterator[ModelThread]:
    with ModelThread() as running:
        yield running


def test_a_cancelled_call_ends_at_once(thread: ModelThread) -> None:
    started = asyncio.Event

    async def main() -> bool:
        waiting = started()

        async def resolve(host: str, port: int) -> tuple[str, ...]:
            waiting.set()
            await asyncio.sleep(60)
            return ()

        client = LlmClient(resolve=resolve)
        task = asyncio.create_task(client.complete(config_of("anthropic"), TASK))
        await waiting.wait()
        task.cancel()
        return isinstance(
            (await asyncio.gather(task, return_exceptions=True))[0], asyncio.CancelledError
        )

    assert thread.run(main())


def test_a_pause_beyond_the_deadline_is_not_begun(thread: ModelThread) -> None:
    slow = Reply(status=429, body={"error": {}}, headers={"retry-after": "30"})
    client = LlmClient(resolve=public, dial=Scripted([slow]).transport)

    with pytest.raises(ModelUnavailable) as caught:
        thread.run(client.complete(config_of("deepseek"), TASK, deadline_s=20))

    assert caught.value.code == "LLM_RATE_LIMITED"


def test_a_deadline_holds_whatever_the_provider_does(thread: ModelThread) -> None:
    async def resolve(host: str, port: int) -> tuple[str, ...]:
        await asyncio.sleep(60)
        return ()

    client = LlmClient(resolve=resolve)
    with pytest.raises(ModelUnavailable) as caught:
        thread.run(client.complete(config_of("openai"), TASK, deadline_s=0.2))

    assert caught.value.code == "LLM_TIMEOUT"


def test_twenty_calls_at_once_keep_their_keys_apart(thread: ModelThread) -> None:
    wire = Scripted([Reply()])

    async def resolve(host: str, port: int) -> tuple[str, ...]:
        await asyncio.sleep(0.001 * (len(host) % 7))
        return ("93.184.215.14",)

    async def main() -> None:
        client = LlmClient(resolve=resolve, dial=wire.transport)
        calls = [
            client.complete(
                config_of(PROVIDERS[n % 7], f"https://host-{n}.example.org", api_key=f"key-{n}"),
                TASK,
            )
            for n in range(20)
        ]
        await asyncio.gather(*calls)

    thread.run(main())

    pairs = {(asked.headers["host"], asked.key) for asked in wire.asked}
    assert pairs == {(f"host-{n}.example.org", f"key-{n}") for n in range(20)}
