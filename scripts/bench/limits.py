"""Count what a limit lets in when several API processes share it.

    .venv/bin/python scripts/bench/limits.py [PROCESSES] [CLIENTS]     default: 4 8

All processes serve one database. The clients of an organization on PRO, which may send 100
requests in 60 seconds, ask as fast as they can, each of another process in turn, while another
organization asks a little. Exit status 1 tells that the first got more than 101 or fewer than 99,
or that the other was refused anything.
"""

import argparse
import os
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

import httpx2  # noqa: E402 - found through the line above, like the rest
from rich.console import Console  # noqa: E402

from api import bootstrap  # noqa: E402
from api.core import open_core  # noqa: E402
from api.settings import Settings  # noqa: E402
from events.organization import Plan  # noqa: E402
from server import serve, state  # noqa: E402

QUOTA = 100
ASKED = 600
OTHERS = 60


def main() -> int:
    """Ask, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("processes", nargs="?", type=int, default=4)
    parser.add_argument("clients", nargs="?", type=int, default=8)
    chosen = parser.parse_args()
    os.environ["REFOLIO_BILLING"] = "sandbox"
    with state() as home, ExitStack() as stack:
        servers = [stack.enter_context(serve(home)) for _ in range(chosen.processes)]
        core = stack.enter_context(open_core(Settings(home=home)))

        def key_on(plan: Plan) -> str:
            organization_id = bootstrap.create_organization(core, plan, plan)
            return bootstrap.create_key(core, organization_id, bootstrap.NewKey("k"))

        urls = [server.url for server in servers]
        greedy, modest = key_on("PRO"), key_on("ENTERPRISE")
        _early_in_a_window()
        began = time.time()
        busy = [
            Asking(urls[n:] + urls[:n], greedy, ASKED // chosen.clients)
            for n in range(chosen.clients)
        ]
        other = Asking(urls, modest, OTHERS)
        for one in (*busy, other):
            one.start()
        for one in (*busy, other):
            one.join()
        took_s = time.time() - began
    got = sum((one.statuses for one in busy), Counter[int]())
    out = Console(highlight=False)
    out.print(
        f"{chosen.processes} processes, {chosen.clients} clients, {took_s:.1f} s, one window"
    )
    out.print(f"PRO, {QUOTA} in 60 s: {dict(got)}")
    out.print(f"another organization: {dict(other.statuses)}")
    exact = abs(got[200] - QUOTA) <= 1
    return 0 if exact and other.statuses == {200: OTHERS} else 1


class Asking(threading.Thread):
    """One client, which asks the processes in turn."""

    def __init__(self, urls: list[str], key: str, count: int) -> None:
        super().__init__()
        self.statuses: Counter[int] = Counter()
        self._urls = urls
        self._key = key
        self._count = count

    def run(self) -> None:
        """Ask so often."""
        with httpx2.Client(headers={"x-api-key": self._key}, timeout=60) as client:
            for turn in range(self._count):
                url = f"{self._urls[turn % len(self._urls)]}/api/v1/resumes"
                self.statuses[client.get(url).status_code] += 1


def _early_in_a_window() -> None:
    time.sleep(60 - time.time() % 60 + 0.2)


if __name__ == "__main__":
    sys.exit(main())
