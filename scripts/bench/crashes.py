"""Prove that kill -9 loses nothing: kill parts of a busy server, and look what became of it.

    .venv/bin/python scripts/bench/crashes.py [ROUNDS] [--seed N] [--only WHAT]     default: 50

In each round clients upload, tailor, download, edit and delete, and at a random moment something
is killed: the API process, the worker, the database server or one of its processes, a sandbox, a
PDF process, everything at once. A server whose main process died is started again; anything else
has to recover by itself. Then every promise is checked: what was acknowledged is there, charged
once, and no more; what was not is there wholly or not at all; nothing hangs, nothing is left over.
Exit status 1 tells of a broken promise.
"""

import argparse
import random
import shutil
import socket
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import httpx2  # noqa: E402 - found through the line above, like the rest
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402
from scripts.bench.crash_clients import SAMPLES, Client, Promises, working  # noqa: E402
from scripts.bench.crash_proof import Proof  # noqa: E402
from scripts.bench.crash_server import KINDS, TWICE, Server, until  # noqa: E402

from api import bootstrap  # noqa: E402
from api.core import open_core  # noqa: E402
from api.settings import Settings  # noqa: E402

CLIENTS = 4
BUSY_S = (0.1, 1.5)
"""How long the clients work before something is killed."""
RECOVERY_S = 3.0
"""At most so long after a kill comes the second one, if there is one."""
ALIVE_AGAIN_S = 60.0

said = Console(stderr=True, highlight=False)


@dataclass(frozen=True, slots=True)
class Round:
    """What came of one round; times in ms since the kill, None for what did not happen."""

    kind: str
    answered_ms: float
    worked_ms: float
    settled_ms: float | None
    violations: list[str]


class Trial:
    """One deployment through all rounds."""

    def __init__(self, home: Path, seed: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.server = Server(home, free.getsockname()[1])
        self.promises = Promises()
        self._dice = random.Random(seed)
        self._proof = Proof(self.server.dsn)
        with open_core(Settings(home=home)) as core:
            organization_id, _ = bootstrap.first_organization(core)
            self._key = bootstrap.create_key(core, organization_id, bootstrap.NewKey("crashes"))

    def round(self, number: int, kind: str) -> Round:
        """Kill *kind* under load and tell what happened then."""
        seed = f"{number}-{self._dice.randrange(10**6)}"
        dice = random.Random(seed)
        url, key, promises = self.server.url, self._key, self.promises
        clients = [Client(url, key, promises, f"{seed}-{n}") for n in range(CLIENTS)]
        with httpx2.Client(
            base_url=url, headers={"x-api-key": key}, timeout=10, trust_env=False
        ) as http:
            with working(clients):
                time.sleep(dice.uniform(*BUSY_S))
                killed_at = self._kill(kind, dice)
                answered_ms = _ms_until(lambda: _answers(http), killed_at)
                worked_ms = _ms_until(lambda: _works(http, promises), killed_at)
            violations = self._proof.violations(http, promises)
        violations += [f"a stray process: {stray}" for stray in self.server.strays()]
        promises.broken.clear()
        said.print(
            f"{number:>3} killed {kind}: answered after {answered_ms:,.0f} ms,"
            f" worked after {worked_ms:,.0f} ms",
            *violations,
            sep="\n      ",
        )
        settled_ms = self._proof.settled_ms(killed_at)
        return Round(kind, answered_ms, worked_ms, settled_ms, violations)

    def _kill(self, kind: str, dice: random.Random) -> float:
        """Kill at any moment, or just when a job is at hand; see to a new start."""
        victims = self.server.aim(kind, dice)
        if dice.random() < 0.6:
            self._proof.wait_for_work()
            time.sleep(dice.choice([0, dice.uniform(0, 0.03)]))
        at = self.server.kill(kind, victims)
        self.server.keep_running()
        if kind == TWICE:
            time.sleep(dice.uniform(0, RECOVERY_S))
            at = self.server.kill(kind, self.server.aim(kind, dice))
            self.server.keep_running()
        return at

    def begin(self) -> None:
        """Start the server and wait until it does work."""
        self.server.keep_running()
        with httpx2.Client(
            base_url=self.server.url, headers={"x-api-key": self._key}, trust_env=False
        ) as http:
            _ms_until(lambda: _works(http, self.promises), time.time())

    def end(self) -> list[str]:
        """Stop the server; return what is left of it."""
        self.server.stop()
        return [f"left over after a stop: {process}" for process in self.server.leftovers()]


def _ms_until(true: object, since: float) -> float:
    assert callable(true)
    if not until(true, ALIVE_AGAIN_S):
        raise SystemExit(f"The server did not come back within {ALIVE_AGAIN_S:g} s; see its log.")
    return (time.time() - since) * 1000


def _answers(http: httpx2.Client) -> bool:
    try:
        return http.get("/api/v1/resumes").is_success
    except httpx2.TransportError:
        return False


def _works(http: httpx2.Client, promises: Promises) -> bool:
    """Have a resume parsed."""
    promises.upload_attempts += 1
    try:
        file = {"file": (SAMPLES[0].name, SAMPLES[0].read_bytes())}
        made = http.post("/api/v1/resumes", files=file, data={"set_as_master": "false"})
        if not made.is_success:
            return False
        resume = made.json()["data"]["resume_id"]
        promises.uploads.add(resume)
        return until(
            lambda: http.get(f"/api/v1/resumes/{resume}").json()["data"]["status"] == "READY"
        )
    except (httpx2.TransportError, LookupError):
        return False


def show(rounds: list[Round], promises: Promises, leftovers: list[str]) -> None:
    """Print the tables."""
    table = Table(title="Recovery after kill -9, in ms since the kill: p50 / max")
    for column in ("killed", "rounds", "answers", "does new work", "old work done", "violations"):
        table.add_column(column, justify="left" if column == "killed" else "right")
    by_kind: dict[str, list[Round]] = defaultdict(list)
    for one in rounds:
        by_kind[one.kind].append(one)
    for kind, those in by_kind.items():
        table.add_row(
            kind,
            str(len(those)),
            _spread([one.answered_ms for one in those]),
            _spread([one.worked_ms for one in those]),
            _spread([one.settled_ms for one in those if one.settled_ms is not None]),
            str(sum(len(one.violations) for one in those)),
        )
    out = Console(width=110, highlight=False)
    out.print(table)
    out.print(
        f"Acknowledged: {len(promises.uploads)} uploads, {len(promises.results)} tailorings,"
        f" {promises.pdfs.total()} PDFs, {len(promises.deleted)} deletions,"
        f" {promises.keyed} of them under an idempotency key, answers:"
    )
    for answer, count in Counter(promises.answers).most_common():
        out.print(f"  {count:>6} {answer}")
    out.print(*(leftovers or ["No process was left over."]), sep="\n")


def _spread(times: list[float]) -> str:
    return f"{statistics.median(times):,.0f} / {max(times):,.0f}" if times else "–"


def main() -> int:
    """Run the rounds; return how many promises were broken."""
    options = argparse.ArgumentParser(description="Kill parts of a busy server.")
    options.add_argument("rounds", type=int, nargs="?", default=50)
    options.add_argument("--seed", type=int, default=random.randrange(10**6))
    options.add_argument("--only", choices=KINDS, action="append", help="kill nothing else")
    options.add_argument("--keep", action="store_true", help="keep home and log in any case")
    chosen = options.parse_args()
    kinds = chosen.only or list(KINDS)
    home = Path(tempfile.mkdtemp(prefix="refolio-crashes-"))
    home.chmod(0o755)
    said.print(f"seed {chosen.seed}, log {home}/server.log")
    trial = Trial(home, chosen.seed)
    try:
        trial.begin()
        rounds = [trial.round(n, kinds[n % len(kinds)]) for n in range(chosen.rounds)]
        leftovers = trial.end()
    finally:
        trial.server.kill_all()
    show(rounds, trial.promises, leftovers)
    broken = sum(len(one.violations) for one in rounds) + len(leftovers)
    if not (broken or chosen.keep):
        shutil.rmtree(home)
    return broken


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
