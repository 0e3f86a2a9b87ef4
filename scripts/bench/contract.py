"""Hold a running server against its own OpenAPI document, with requests that Schemathesis makes.

    .venv/bin/python scripts/bench/contract.py [EXAMPLES] [--seed N]     default: 50

All checks, on every operation that takes a key, single requests and chains of them. Prints what
each operation answered. Exit status 1 tells of a failure, of an error of the server, or of fewer
than nine in ten operations that did what they are for.
"""

import argparse
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from rich.console import Console  # noqa: E402 - same
from rich.table import Table  # noqa: E402 - same

from contract_fuzz import Fuzzed, fuzz, operations_of  # noqa: E402 - found through the line above
from server import deployed, state  # noqa: E402 - same

LEAST_REACHED = 0.9


def main() -> int:
    """Run, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("examples", nargs="?", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    chosen = parser.parse_args()
    with state() as home, deployed(home, rate_limits="off") as running, running.tenant() as tenant:
        fuzzed = fuzz(running, tenant, examples=chosen.examples, seed=chosen.seed)
        operations = operations_of(running)
    _print(fuzzed, chosen.seed)
    enough = len(fuzzed.reached) >= LEAST_REACHED * len(operations)
    return 0 if enough and not fuzzed.said and not fuzzed.broke else 1


def _print(fuzzed: Fuzzed, seed: int) -> None:
    out = Console(width=110, highlight=False)
    table = Table(title=f"Answers by operation, seed {seed}")
    table.add_column("operation")
    table.add_column("answers")
    for name, seen in sorted(fuzzed.statuses.items()):
        table.add_row(name, "  ".join(f"{status}: {n}" for status, n in sorted(seen.items())))
    out.print(table)
    requests = sum(seen.total() for seen in fuzzed.statuses.values())
    out.print(
        f"{requests:,} requests, {len(fuzzed.reached)} of {len(fuzzed.statuses)} operations did"
        f" what they are for, {len(fuzzed.broke)} failed on the server's side."
    )
    out.print(fuzzed.said or "Nothing was found that the document does not say.")


if __name__ == "__main__":
    sys.exit(main())
