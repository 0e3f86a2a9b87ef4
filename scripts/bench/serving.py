"""Measure the API: reads at 1,000 and at 100,000 resumes, start-up time and memory.

    .venv/bin/python scripts/bench/serving.py [RESUMES ...]        default: 1000 100000

The server is a real `refolio serve` with a home of its own; eight clients read for some seconds
over kept-alive connections. `GET /api/v1/health`, one round trip to the database, is the named
baseline. All resumes belong to one organization, the worst case for its list.
"""

import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import psutil  # noqa: E402 - found through the line above, like the rest
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402
from scripts.bench.histories import uploaded_and_parsed  # noqa: E402

from api import bootstrap  # noqa: E402
from api.adapters.event_mapper import to_stored  # noqa: E402
from api.adapters.log_reader import LOG  # noqa: E402
from api.core import Core, open_core  # noqa: E402
from api.ids import new_id, to_wire  # noqa: E402
from api.settings import Settings  # noqa: E402
from events.recorded import Origin, Recorded  # noqa: E402
from projections.rebuild import rebuild  # noqa: E402
from projections.schema import READ_MODELS  # noqa: E402

SIZES = (1_000, 100_000)
CLIENTS = 8
WINDOW_S = 4.0
PORT = 8765
START = datetime(2026, 1, 1, tzinfo=UTC)


def fill(core: Core, organization_id: UUID, resumes: int) -> list[str]:
    """Give the organization *resumes* resumes and return some of their ids."""
    origin = Origin(organization_id, "benchmark")
    ids = [new_id() for _ in range(resumes)]
    with core.connect() as keys, core.connect() as events:
        with (
            keys.cursor().copy("COPY data_keys FROM STDIN") as copy_keys,
            events.cursor().copy(
                "COPY events (originator_id, originator_version, topic, schema, state, sealed,"
                " organization_id, actor) FROM STDIN"
            ) as copy_events,
        ):
            for number, resume_id in enumerate(ids):
                key, wrapped = core.vault.make(resume_id.bytes)
                copy_keys.write_row((resume_id, organization_id, wrapped, core.vault.key_id))
                for event in uploaded_and_parsed(resume_id, START + timedelta(seconds=number)):
                    row = to_stored(Recorded(event, origin), key)
                    copy_events.write_row(
                        (
                            resume_id,
                            row.originator_version,
                            row.topic,
                            row.schema,
                            row.state,
                            row.sealed,
                            organization_id,
                            origin.actor,
                        )
                    )
        events.execute("ANALYZE")
    rebuild(core.connect, READ_MODELS, LOG)
    return [to_wire("res", resume_id) for resume_id in random.sample(ids, min(500, resumes))]


@contextmanager
def served(home: Path) -> Iterator[tuple[float, psutil.Process]]:
    """Run the server; yield how many seconds it took to answer, and its API process."""
    environment = {
        **os.environ,
        "REFOLIO_HOME": str(home),
        "REFOLIO_PORT": str(PORT),
        "REFOLIO_RATE_LIMITS": "off",
    }
    started = time.perf_counter()
    process = subprocess.Popen(
        [ROOT / ".venv/bin/refolio", "serve"], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        while not answers():
            time.sleep(0.02)
        yield time.perf_counter() - started, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def answers() -> bool:
    """Tell whether the server is up."""
    try:
        connection = HTTPConnection("127.0.0.1", PORT, timeout=1)
        connection.request("GET", "/api/v1/health")
        return connection.getresponse().status == 200
    except OSError:
        return False


def load(paths: list[str], key: str) -> tuple[float, float, float]:
    """Have all clients read *paths*; return requests a second, p50 and p99 in ms."""
    latencies: list[float] = []
    end = time.perf_counter() + WINDOW_S

    def read() -> None:
        connection = HTTPConnection("127.0.0.1", PORT)
        mine = []
        while (begun := time.perf_counter()) < end:
            connection.request("GET", random.choice(paths), headers={"x-api-key": key})
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                raise SystemExit(f"the server answered {response.status}")
            mine.append((time.perf_counter() - begun) * 1000)
        latencies.extend(mine)

    clients = [threading.Thread(target=read) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    centiles = statistics.quantiles(latencies, n=100)
    return len(latencies) / WINDOW_S, centiles[49], centiles[98]


def measure(resumes: int, table: Table) -> None:
    """Add the rows for one size."""
    home = Path(tempfile.mkdtemp(prefix="refolio-bench-"))
    home.chmod(0o755)
    try:
        with open_core(Settings(home=home)) as core:
            organization_id, _ = bootstrap.first_organization(core)
            key = bootstrap.create_key(core, organization_id, bootstrap.NewKey("benchmark"))
            ids = fill(core, organization_id, resumes)
        with served(home) as (seconds, process):
            baseline = 0.0
            for name, paths in {
                "health (baseline)": ["/api/v1/health"],
                "GET list, 10 items": ["/api/v1/resumes?include_master=true"],
                "GET one": [f"/api/v1/resumes/{resume_id}" for resume_id in ids],
            }.items():
                load(paths, key)
                rate, p50, p99 = load(paths, key)
                baseline = baseline or rate
                figures = (f"{rate:,.0f}", f"{p50:.1f}", f"{p99:.1f}", f"{rate / baseline:.2f}")
                table.add_row(f"{resumes:,}", name, *figures)
            rss = process.memory_info().rss / 2**20
            Console().print(
                f"{resumes:,} resumes: the API answered after {seconds:.1f} s, RSS {rss:.0f} MiB,"
                f" litellm loaded: {'litellm' in Path(f'/proc/{process.pid}/maps').read_text()}"
            )
    finally:
        shutil.rmtree(home, ignore_errors=True)


def main(sizes: list[int]) -> None:
    """Print the table."""
    table = Table(title=f"Reads with {CLIENTS} clients")
    for column in ("resumes", "request", "requests/s", "p50 ms", "p99 ms", "ratio"):
        table.add_column(column, justify="right")
    for size in sizes:
        measure(size, table)
    Console().print(table)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))
