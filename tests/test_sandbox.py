"""The sandbox: whatever happens inside, the caller gets a result or a typed failure in time."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from events.document_text import DocumentText, TextLine
from render.parsing.resume import parse_resume as parse_here
from render.reading.errors import UnreadableDocument
from render.sandbox import (
    JobCrashed,
    JobOverLimit,
    JobTimedOut,
    Sandbox,
    SandboxClosed,
    parse_resume,
)
from render.zygote import Limits

NAMES = ("echo", "die", "sleep", "spin", "hoard", "flood", "refuse", "fail", "pid", "reach_out")
JOBS = {name: f"sandbox_jobs:{name}" for name in NAMES}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(jobs=JOBS, limits=Limits(cpu_s=1, wall_s=2.0)) as sandbox:
        yield sandbox


def is_alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False


def gone_within(pid: int, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not is_alive(pid)


def test_a_job_answers_with_its_result(sandbox: Sandbox) -> None:
    assert sandbox.call("echo", b"\x00\xff" * 100_000) == b"\x00\xff" * 100_000


def test_an_empty_payload_is_a_payload(sandbox: Sandbox) -> None:
    assert sandbox.call("echo", b"") == b""


def test_an_unknown_job_is_refused_before_anything_runs(sandbox: Sandbox) -> None:
    with pytest.raises(KeyError):
        sandbox.call("os.system", b"true")


def test_a_killed_child_is_a_crash_and_the_next_call_works(sandbox: Sandbox) -> None:
    with pytest.raises(JobCrashed, match="signal 9"):
        sandbox.call("die", b"")

    assert sandbox.call("echo", b"still here") == b"still here"


def test_a_job_that_sleeps_is_killed_after_its_wall_time(sandbox: Sandbox) -> None:
    started = time.monotonic()

    with pytest.raises(JobTimedOut):
        sandbox.call("sleep", b"")

    assert time.monotonic() - started < 6


def test_a_job_that_spins_is_stopped_by_its_processor_time() -> None:
    with (
        Sandbox(jobs=JOBS, limits=Limits(cpu_s=1, wall_s=30)) as sandbox,
        pytest.raises(JobOverLimit, match="processor"),
    ):
        sandbox.call("spin", b"x")


def test_a_job_that_hoards_memory_is_over_its_limit(sandbox: Sandbox) -> None:
    with pytest.raises(JobOverLimit, match="memory"):
        sandbox.call("hoard", b"")


def test_a_job_that_answers_too_much_is_over_its_limit(sandbox: Sandbox) -> None:
    with pytest.raises(JobOverLimit, match="too much"):
        sandbox.call("flood", b"")


def test_a_refusal_arrives_as_the_same_kind_of_refusal(sandbox: Sandbox) -> None:
    with pytest.raises(UnreadableDocument) as refusal:
        sandbox.call("refuse", b"")

    assert refusal.value.reason == "a reason"


def test_an_exception_inside_arrives_by_name_only(sandbox: Sandbox) -> None:
    with pytest.raises(JobCrashed, match="ZeroDivisionError"):
        sandbox.call("fail", b"")


def test_a_job_reaches_no_file_no_network_and_no_process(sandbox: Sandbox) -> None:
    assert sandbox.call("reach_out", b"") == b""


def test_a_job_of_root_runs_as_nobody(sandbox: Sandbox) -> None:
    _, uid = sandbox.call("pid", b"").split()

    assert int(uid) == (65_534 if os.getuid() == 0 else os.getuid())


def test_every_job_has_a_process_of_its_own(sandbox: Sandbox) -> None:
    assert sandbox.call("pid", b"") != sandbox.call("pid", b"")


def test_many_threads_call_at_once_and_each_gets_its_own_answer(sandbox: Sandbox) -> None:
    payloads = [str(number).encode() * 1000 for number in range(60)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda payload: sandbox.call("echo", payload), payloads))

    assert answers == payloads


def test_a_slow_job_does_not_hold_up_the_others(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(sandbox.call, "sleep", b"")
        started = time.monotonic()
        sandbox.call("echo", b"quick")

        assert time.monotonic() - started < 1.5
        assert isinstance(slow.exception(), JobTimedOut)


def test_a_killed_zygote_is_replaced_unnoticed(sandbox: Sandbox) -> None:
    sandbox.call("echo", b"")
    first = sandbox.zygote_pid
    assert first is not None
    os.kill(first, signal.SIGKILL)

    assert sandbox.call("echo", b"again") == b"again"
    assert sandbox.zygote_pid != first


def test_a_zygote_killed_in_the_middle_of_jobs_costs_no_answer(sandbox: Sandbox) -> None:
    sandbox.call("echo", b"")

    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(sandbox.call, "echo", bytes(500_000)) for _ in range(12)]
        zygote = sandbox.zygote_pid
        assert zygote is not None
        os.kill(zygote, signal.SIGKILL)

        assert {len(answer.result()) for answer in answers} == {500_000}


def test_closing_ends_the_zygote_and_refuses_later_calls() -> None:
    sandbox = Sandbox(jobs=JOBS)
    sandbox.call("echo", b"")
    zygote = sandbox.zygote_pid
    assert zygote is not None

    sandbox.close()

    assert gone_within(zygote, 2)
    with pytest.raises(SandboxClosed):
        sandbox.call("echo", b"")


def test_closing_a_sandbox_that_never_ran_is_fine() -> None:
    Sandbox().close()


def test_the_zygote_and_its_children_die_with_their_parent() -> None:
    program = textwrap.dedent(
        f"""
        import sys, threading, time
        sys.path[:] = {sys.path!r}
        from render.sandbox import Sandbox
        sandbox = Sandbox(jobs={JOBS!r})
        child = int(sandbox.call("pid", b"").split()[0])
        threading.Thread(target=sandbox.call, args=("sleep", b""), daemon=True).start()
        time.sleep(0.2)
        print(sandbox.zygote_pid, flush=True)
        time.sleep(60)
        """
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        zygote = int(parent.stdout.readline())
        children = Path(f"/proc/{zygote}/task/{zygote}/children").read_text(encoding="utf-8")
        parent.kill()

    assert children.split()
    assert all(gone_within(pid, 5) for pid in (zygote, *map(int, children.split())))


def test_the_zygote_inherits_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFOLIO_MASTER_KEY", "very secret")
    with Sandbox(jobs=JOBS) as sandbox:
        sandbox.call("echo", b"")
        environment = Path(f"/proc/{sandbox.zygote_pid}/environ")

        assert os.getuid() != 0 or b"very secret" not in environment.read_bytes()


def test_parsing_in_the_sandbox_gives_the_same_resume() -> None:
    texts = ("Ada Example", "ada@example.org", "Skills", "Python, Go")
    lines = tuple(TextLine(page=1, text=text) for text in texts)
    text = DocumentText(kind="pdf", pages=1, lines=lines)

    with Sandbox() as sandbox:
        assert parse_resume(sandbox, text) == parse_here(text)
