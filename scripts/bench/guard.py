"""Measure what a request pays to come in: key, room and plan, in one question to the database.

    .venv/bin/python scripts/bench/guard.py [SECONDS]     default: 5

Beside it stands the same route trip with nothing asked (`SELECT 1`), and the whole of an
authenticated request's share: checking the letters of the key, its digest, and the answer.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

from rich.console import Console
from rich.table import Table

from api import bootstrap
from api.adapters.admission import Doorkeeper
from api.core import Core, now, open_core
from api.keys import digest_of, is_well_formed, make_key
from api.settings import Settings

ORGANIZATIONS = 200
"""As many take turns, so that no window fills up and no row stays hot."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", nargs="?", type=float, default=5)
    seconds: float = parser.parse_args().seconds
    home = Path(tempfile.mkdtemp(prefix="refolio-guard-"))
    try:
        with open_core(Settings(home=home)) as core:
            _print(_measure(core, seconds))
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _measure(core: Core, seconds: float) -> dict[str, list[float]]:
    keys = [
        bootstrap.create_key(
            core,
            bootstrap.create_organization(core, f"o{n}", "ENTERPRISE"),
            bootstrap.NewKey("k"),
        )
        for n in range(ORGANIZATIONS)
    ]
    began = now() + timedelta(hours=1)
    limited = Doorkeeper(core.pool, plan=None, limited=True)
    unlimited = Doorkeeper(core.pool, plan=None, limited=False)

    def admit_with(door: Doorkeeper) -> Callable[[int], None]:
        def admit(turn: int) -> None:
            key = keys[turn % ORGANIZATIONS]
            if not is_well_formed(key) or door.admit(digest_of(key), now()) is None:
                raise SystemExit("a key was refused")

        return admit

    def admit_after_a_while(turn: int) -> None:
        # Each turn a minute later, so that every request is one whose use is recorded.
        later = began + timedelta(minutes=turn)
        if unlimited.admit(digest_of(keys[turn % ORGANIZATIONS]), later) is None:
            raise SystemExit("a key was refused")

    def nothing(_: int) -> None:
        with core.pool.connection() as connection:
            connection.execute("SELECT 1").fetchone()

    typos = [make_key("organization")[:-1] + "!" for _ in range(100)]

    def typo(turn: int) -> None:
        if is_well_formed(typos[turn % len(typos)]):
            raise SystemExit("a typo was not seen")

    return {
        "SELECT 1": _timed(nothing, seconds),
        "key and plan": _timed(admit_with(unlimited), seconds),
        "key, plan and limit": _timed(admit_with(limited), seconds),
        "key and plan, use recorded": _timed(admit_after_a_while, seconds),
        "a key with a typo": _timed(typo, min(seconds, 1)),
    }


def _timed(work: Callable[[int], None], seconds: float) -> list[float]:
    for turn in range(300):
        work(turn)
    times, end, turn = [], time.perf_counter() + seconds, 0
    while (start := time.perf_counter()) < end:
        work(turn)
        times.append((time.perf_counter() - start) * 1000)
        turn += 1
    return times


def _print(measured: dict[str, list[float]]) -> None:
    table = Table(title="What coming in costs, in ms")
    for column in ("what", "p50", "p99", "to SELECT 1"):
        table.add_column(column, justify="left" if column == "what" else "right")
    base = statistics.median(measured["SELECT 1"])
    for what, times in measured.items():
        p50, p99 = statistics.median(times), statistics.quantiles(times, n=100)[98]
        table.add_row(what, f"{p50:.3f}", f"{p99:.3f}", f"{p50 / base:.2f}x")
    Console().print(table)


if __name__ == "__main__":
    main()
