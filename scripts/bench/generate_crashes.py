"""Prove that kill -9 costs nobody a credit: kill a server while it generates, and ask again.

    .venv/bin/python scripts/bench/generate_crashes.py [ROUNDS] [--seed N]     default: 200

In each round two clients generate under idempotency keys of their own, and at a random moment a
part of the server is killed. Each asks under the same key until it is answered, and once more.
Then every key must have exactly one generation, one credit, one usage record and the same bytes,
and nothing may be under way. Exit status 1 tells of a broken promise.
"""

import argparse
import random
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import httpx2  # noqa: E402 - found through the line above, like the rest
import psycopg  # noqa: E402
from rich.console import Console  # noqa: E402
from scripts.bench.crash_clients import POSTING, SAMPLES  # noqa: E402
from scripts.bench.crash_server import KINDS, TWICE, Server, until  # noqa: E402

from api import bootstrap  # noqa: E402
from api.core import now, open_core  # noqa: E402
from api.settings import Settings  # noqa: E402
from commands.credits.set_allowance import SetAllowance, set_allowance  # noqa: E402
from events.recorded import Origin  # noqa: E402

PATIENCE_S = 90.0
PAUSE_S = 0.05
ALLOWANCE = 100_000

COUNTS = """
SELECT (SELECT count(*) FROM generated_resumes),
       (SELECT count(*) FROM generated_resumes WHERE status = 'completed'),
       (SELECT coalesce(sum(taken), 0) FROM credit_months),
       (SELECT coalesce(sum(reserved), 0) FROM credit_months),
       (SELECT count(*) FROM usage WHERE operation = 'generate'),
       (SELECT count(*) FROM files)
"""

said = Console(highlight=False)


@dataclass
class Found:
    """What clients met, all of them together."""

    keys: int = 0
    replayed: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


def insist(url: str, api_key: str, key: str, found: Found) -> None:
    """Ask until there is an answer, and then once more: it must be the same."""
    headers = {"x-api-key": api_key, "idempotency-key": key}
    body = {"job_description": POSTING, "template_id": f"template{hash(key) % 3 + 1}"}
    answers: list[httpx2.Response] = []
    end = time.monotonic() + PATIENCE_S
    with httpx2.Client(base_url=url, headers=headers, timeout=60, trust_env=False) as http:
        while len(answers) < 2 and time.monotonic() < end:
            try:
                answer = http.post("/v1/resumes/generate", json=body)
            except httpx2.TransportError as error:
                found.answers[type(error).__name__] += 1
            else:
                found.answers[str(answer.status_code)] += 1
                if answer.status_code == 200:
                    answers.append(answer)
                    continue
                if answer.status_code not in {409, 500, 503}:
                    found.broken.append(f"{key}: {answer.status_code} {answer.text[:200]}")
                    return
            time.sleep(PAUSE_S)
    if len(answers) < 2:
        found.broken.append(f"{key}: was never answered")
    elif answers[0].content != answers[1].content:
        found.broken.append(f"{key}: was answered with other bytes")
    else:
        found.keys += 1
        found.replayed += "idempotent-replayed" in answers[1].headers


def check(dsn: str, found: Found) -> None:
    """Hold what is on record against what was asked for."""
    row: list[tuple[int, ...]] = []

    def counted() -> bool:
        try:
            with psycopg.connect(dsn) as connection:
                row.extend(connection.execute(COUNTS).fetchall())
        except psycopg.OperationalError:  # it is just coming back
            return False
        return True

    if not until(counted, PATIENCE_S):
        raise SystemExit("The database did not come back; see the server's log.")
    generations, completed, taken, reserved, charged, files = row[0]
    wanted = (found.keys,) * 5
    if (generations, completed, taken, charged, files) != wanted or reserved:
        found.broken.append(
            f"{found.keys} keys, but {generations} generations, {completed} completed,"
            f" {taken} credits taken, {reserved} set aside, {charged} charges, {files} files"
        )


class Trial:
    """One deployment through all rounds."""

    def __init__(self, home: Path, seed: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.server = Server(home, free.getsockname()[1])
        self._dice = random.Random(seed)
        with open_core(Settings(home=home)) as core:
            organization_id, _ = bootstrap.first_organization(core)
            self.key = bootstrap.create_key(core, organization_id, bootstrap.NewKey("crashes"))
            origin = Origin(organization_id, bootstrap.OPERATOR)
            command = SetAllowance(ALLOWANCE)
            set_allowance(command, origin, streams=core.streams, clock=now)

    def begin(self) -> None:
        """Start the server and upload a master."""
        self.server.keep_running()
        with httpx2.Client(
            base_url=self.server.url, headers={"x-api-key": self.key}, trust_env=False, timeout=30
        ) as http:
            sample = SAMPLES[0]

            def uploaded() -> bool:
                try:
                    file = {"file": (sample.name, sample.read_bytes())}
                    form = {"set_as_master": "true"}
                    return http.post("/api/v1/resumes", files=file, data=form).is_success
                except httpx2.TransportError:
                    return False

            def parsed() -> bool:
                shown = http.get("/api/v1/resumes/master").json()["data"]
                return bool(shown["status"] == "READY")

            if not (until(uploaded, 60) and until(parsed, 60)):
                raise SystemExit("The server did not start; see its log.")

    def round(self, number: int, found: Found) -> str:
        """Generate, kill something meanwhile, and insist."""
        kind = self._dice.choice(list(KINDS))
        threads = [
            threading.Thread(
                target=insist, args=(self.server.url, self.key, f"{number}-{n}", found)
            )
            for n in range(2)
        ]
        for thread in threads:
            thread.start()
        time.sleep(self._dice.uniform(0, 0.7))
        self.server.kill(kind, self.server.aim(kind, self._dice))
        self.server.keep_running()
        if kind == TWICE:
            time.sleep(self._dice.uniform(0, 3))
            self.server.kill(kind, self.server.aim(kind, self._dice))
            self.server.keep_running()
        for thread in threads:
            while thread.is_alive():  # as whoever watches over a server would
                self.server.keep_running()
                thread.join(0.5)
        check(self.server.dsn, found)
        return kind


def main() -> int:
    """Run the rounds; return how many promises were broken."""
    options = argparse.ArgumentParser(description="Kill a server while it generates.")
    options.add_argument("rounds", type=int, nargs="?", default=200)
    options.add_argument("--seed", type=int, default=random.randrange(10**6))
    chosen = options.parse_args()
    home = Path(tempfile.mkdtemp(prefix="refolio-generating-"))
    home.chmod(0o755)
    said.print(f"seed {chosen.seed}, log {home}/server.log")
    trial, found, kinds = Trial(home, chosen.seed), Found(), Counter[str]()
    try:
        trial.begin()
        for number in range(chosen.rounds):
            kinds[trial.round(number, found)] += 1
            if found.broken:
                break
        trial.server.stop()
    finally:
        trial.server.kill_all()
    said.print(f"{kinds.total()} rounds: {dict(kinds)}")
    said.print(f"{found.keys} keys answered, {found.replayed} replayed; {dict(found.answers)}")
    said.print(*(found.broken or ["Every key has one generation, credit, charge and document."]))
    if not found.broken:
        shutil.rmtree(home)
    return len(found.broken)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
