"""Time answers about another organization's resume beside answers about none.

    .venv/bin/python scripts/bench/tenants.py [PAIRS]     default: 2000

Both are 404 with the same bytes; whoever could tell them apart by time would learn which ids
exist. Prints medians, and the probability that a foreign answer takes longer than a missing one:
0.5 tells nothing.
"""

import argparse
import random
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from rich.console import Console  # noqa: E402 - found through the line above, like the rest
from rich.table import Table  # noqa: E402

from api.ids import new_id, to_wire  # noqa: E402
from server import Tenant, deployed, state  # noqa: E402

ROUTES = (
    ("GET", ""),
    ("PATCH", ""),
    ("DELETE", ""),
    ("GET", "/pdf"),
    ("GET", "/changes"),
    ("GET", "/cover-letters"),
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", nargs="?", type=int, default=2_000)
    pairs: int = parser.parse_args().pairs
    table = Table(title=f"{pairs:,} pairs a route, in ms")
    for column in ("route", "foreign p50", "missing p50", "P(foreign > missing)"):
        table.add_column(column, justify="left" if column == "route" else "right")
    with (
        state() as home,
        deployed(home, rate_limits="off") as running,
        running.tenant() as owner,
        running.tenant() as stranger,
    ):
        foreign = owner.tailor(owner.parsed())["resume_id"]
        for method, path in ROUTES:
            theirs, nobodys = _timed(stranger, method, path, foreign, pairs)
            table.add_row(
                f"{method} …{path}",
                f"{statistics.median(theirs):.3f}",
                f"{statistics.median(nobodys):.3f}",
                f"{_larger(theirs, nobodys):.3f}",
            )
    Console().print(table)


def _timed(
    tenant: Tenant, method: str, path: str, foreign: str, pairs: int
) -> tuple[list[float], list[float]]:
    times: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(pairs):
        for is_foreign in random.sample((True, False), 2):
            resume_id = foreign if is_foreign else to_wire("res", new_id())
            begun = time.perf_counter()
            answer = tenant.http.request(method, f"/api/v1/resumes/{resume_id}{path}", json={})
            times[is_foreign].append((time.perf_counter() - begun) * 1000)
            if answer.status_code != 404:
                raise SystemExit(f"{method} {path} answered {answer.status_code}")
    return times[True], times[False]


def _larger(some: list[float], others: list[float]) -> float:
    """Return how likely one of *some* is larger than one of *others* (Mann and Whitney's U)."""
    ranked = sorted([(value, True) for value in some] + [(value, False) for value in others])
    ranks = sum(place for place, (_, is_some) in enumerate(ranked, 1) if is_some)
    count = len(some)
    return (ranks - count * (count + 1) / 2) / (count * len(others))


if __name__ == "__main__":
    main()
