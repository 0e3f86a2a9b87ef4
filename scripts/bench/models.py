"""Measure what a model costs in time besides its own: overhead, many at once, one answer for all.

    .venv/bin/python scripts/bench/models.py [--at-once 100] [--model-s 2]

A real `refolio serve` and a stand-in for the model on loopback. The named baseline of the overhead
is the built-in engine in the same run; of many at once, the model's own time: two calls, one after
the other, for each tailoring.
"""

import argparse
import statistics
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

import httpx2  # noqa: E402 - found through the line above, like the rest
import psutil  # noqa: E402

from llm_roles import honest  # noqa: E402
from llm_standin import Asked, Reply, StandIn  # noqa: E402
from server import Deployment, Tenant, deployed, state  # noqa: E402

ROUNDS = 40
CALLS = 1_000
POSTING = "Data Engineer\n\nRequirements\n- Airflow\n- Python\n- dbt\n"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--at-once", type=int, default=100)
    parser.add_argument("--model-s", type=float, default=2)
    arguments = parser.parse_args()
    standin = StandIn(honest)
    with state() as home, deployed(home, rate_limits="off") as running, running.tenant() as tenant:
        source_id = tenant.parsed()
        _print_overhead(tenant, standin, source_id)
        standin.script = _slow(arguments.model_s)
        _print_crowd(running, tenant, source_id, arguments.at_once, arguments.model_s)
        tenant.data("PUT", "/api/v1/llm-config", json={"provider": "openai", "api_key": ""})
        _print_answers(tenant, tenant.tailor(source_id)["resume_id"])
    standin.close()


def _slow(seconds: float) -> Callable[[Asked], Reply]:
    return lambda asked: replace(honest(asked), wait_s=seconds)


def _print_overhead(tenant: Tenant, standin: StandIn, source_id: str) -> None:
    built_in = _times(tenant, source_id)
    settings = {"api_base": f"{standin.url}/v1", "api_key": "k", "model": "m"}
    tenant.data("PUT", "/api/v1/llm-config", json={"provider": "openai_compatible", **settings})
    started = perf_counter()
    tenant.tailor(source_id)
    print(f"the first tailoring by a model, its library loaded: {perf_counter() - started:.1f} s")
    model = _times(tenant, source_id)
    for name, times in (("built-in", built_in), ("model of no latency", model)):
        p50, p99 = statistics.median(times), statistics.quantiles(times, n=100)[98]
        print(f"a tailoring over HTTP, {name}: p50 {p50:.0f} ms, p99 {p99:.0f} ms")
    ratio = statistics.median(model) / statistics.median(built_in)
    print(f"ratio {ratio:.2f}")


def _times(tenant: Tenant, source_id: str) -> list[float]:
    times = []
    for _ in range(ROUNDS):
        started = perf_counter()
        tenant.tailor(source_id, job_description=POSTING)
        times.append((perf_counter() - started) * 1_000)
    return times


def _print_crowd(
    running: Deployment, tenant: Tenant, source_id: str, at_once: int, model_s: float
) -> None:
    times: list[float] = []
    failures: list[str] = []

    def tailor() -> None:
        started = perf_counter()
        with httpx2.Client(base_url=running.url, headers=tenant.http.headers, timeout=300) as own:
            answer = own.post(
                f"/api/v1/resumes/{source_id}/tailor", json={"job_description": POSTING}
            )
        times.append(perf_counter() - started)
        if answer.status_code != 201:
            failures.append(answer.text)

    crowd = [threading.Thread(target=tailor) for _ in range(at_once)]
    started = perf_counter()
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    wall = perf_counter() - started
    worker = running.serving.worker()
    api = psutil.Process(running.serving.process.pid)
    p99 = statistics.quantiles(times, n=100)[98]
    print(
        f"{at_once} at once, a model of {model_s:g} s: {wall:.1f} s in all, p99 {p99:.1f} s,",
        end=" ",
    )
    print(f"{len(failures)} failed; the model's own time is {2 * model_s:g} s")
    print(f"memory: worker {_mib(worker)} MiB, API {_mib(api)} MiB")


def _mib(process: psutil.Process) -> int:
    return int(process.memory_info().rss / 2**20)


def _print_answers(tenant: Tenant, result_id: str) -> None:
    started = perf_counter()
    path = f"/api/v1/resumes/{result_id}/match"
    answers = {tenant.http.get(path).content for _ in range(CALLS)}
    each = (perf_counter() - started) * 1_000 / CALLS
    print(f"{CALLS} calls of …/match: {len(answers)} value, {each:.1f} ms each")


if __name__ == "__main__":
    main()
