"""Threads wait for work on the models' event loop, and nothing outlives its close."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.adapters.llm.failures import ModelUnavailable
from api.adapters.llm.thread import ModelThread


async def after(seconds: float, value: int) -> int:
    await asyncio.sleep(seconds)
    return value


async def broken() -> None:
    raise ModelUnavailable("LLM_REFUSED")


def test_many_threads_wait_at_once() -> None:
    with ModelThread() as thread, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: thread.run(after(0.05, n)), range(8)))

    assert found == list(range(8))


def test_what_the_work_raises_is_raised() -> None:
    with ModelThread() as thread, pytest.raises(ModelUnavailable, match="LLM_REFUSED"):
        thread.run(broken())


def test_work_that_takes_too_long_is_cancelled() -> None:
    ended = threading.Event()

    async def endless() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    with ModelThread() as thread:
        with pytest.raises(ModelUnavailable, match="LLM_TIMEOUT"):
            thread.run(endless(), timeout_s=0.05)

        assert ended.wait(5)


def test_closing_ends_what_runs_and_refuses_what_comes() -> None:
    thread = ModelThread()
    started = threading.Event()

    async def endless() -> None:
        started.set()
        await asyncio.sleep(60)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(thread.run, endless())
        started.wait(5)
        thread.close()
        with pytest.raises(ModelUnavailable, match="LLM_UNAVAILABLE"):
            waiting.result(5)
    with pytest.raises(ModelUnavailable, match="LLM_UNAVAILABLE"):
        thread.run(after(0, 1))


def test_a_thread_that_never_ran_closes_too() -> None:
    ModelThread().close()
