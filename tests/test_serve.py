"""The server on one machine: it starts, stops, and outlives whatever dies beside it."""

import http.client
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import psutil
import pytest

from api.adapters.embedded_postgres import EmbeddedPostgres
from postgres import until
from server import START_S, Deployment, Serving, Tenant, deployed, refolio, serve, state

GONE_S = 10.0


@pytest.fixture(scope="module")
def founded() -> Iterator[Path]:
    """Yield the state of a deployment that ran before."""
    with state() as home:
        assert refolio(home, "migrate").returncode == 0
        yield home


@pytest.fixture
def empty_home() -> Iterator[Path]:
    """Yield a folder for state that has none yet."""
    with state() as home:
        yield home


@pytest.fixture
def home(founded: Path, empty_home: Path) -> Path:
    """Return a copy of that state."""
    subprocess.run(["cp", "-a", f"{founded}/.", empty_home], check=True)
    return empty_home


def gone(family: list[psutil.Process]) -> bool:
    return not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in family)


def kill(family: list[psutil.Process]) -> None:
    for process in family:
        if process.is_running():
            process.kill()
    until(lambda: gone(family), GONE_S)


def first_key(serving: Serving) -> str:
    found = re.search(r"raik_\w{36}", serving.said)
    assert found
    return found[0]


def database_of(serving: Serving) -> list[psutil.Process]:
    return [process for process in serving.family() if process.name() == "postgres"]


def health(url: str) -> int:
    try:
        return httpx2.get(f"{url}/api/v1/health", timeout=10).status_code
    except httpx2.TransportError:
        return 0


def test_the_first_start_shows_a_key_and_how_to_begin(empty_home: Path) -> None:
    with serve(empty_home) as serving:
        headers = {"x-api-key": first_key(serving)}
        found = httpx2.get(f"{serving.url}/api/v1/resumes", headers=headers)

        assert found.json() == {"data": []}
        assert f"{serving.url.replace('127.0.0.1', 'localhost')}/api/v1/resumes" in serving.said
        assert serving.said.rstrip().splitlines()[-1].startswith("Refolio is ready: ")
        assert serving.complained == ""


def test_a_second_start_keeps_everything_and_shows_no_key(home: Path) -> None:
    with deployed(home) as before, before.tenant() as tenant:
        resume_id, key = tenant.parsed(), tenant.key

    with serve(home) as after:
        path = f"{after.url}/api/v1/resumes/{resume_id}"
        found = httpx2.get(path, headers={"x-api-key": key}).json()

        assert found["data"]["structured_data"]["personalInfo"]["name"] == "Mira Holloway"
        assert "raik_" not in after.said


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_and_all_that_it_started(home: Path, how: signal.Signals) -> None:
    with serve(home) as serving:
        serving.worker()
        family = serving.family()
        started = time.monotonic()

        assert serving.stop(how) == 0

        assert time.monotonic() - started < GONE_S
        assert gone(family)
        assert serving.complained == ""


def test_a_port_that_is_taken_is_told_in_a_sentence(empty_home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        done = refolio(empty_home, "serve", "--port", str(port))

    assert done.returncode == 1
    assert done.stderr.startswith(f"refolio: cannot listen on 127.0.0.1 port {port}: ")
    assert len(done.stderr.splitlines()) == 1


def test_another_worker_takes_over_from_one_that_was_killed(home: Path) -> None:
    with deployed(home) as deployment, deployment.tenant() as tenant:
        source = tenant.parsed()
        worker = deployment.serving.worker()
        worker.suspend()
        with ThreadPoolExecutor() as waiting:
            tailored = waiting.submit(tenant.tailor, source)
            until(lambda: pending(deployment, tenant), START_S)

            worker.kill()

            assert tailored.result(timeout=START_S)["status"] == "READY"
        assert tenant.used() == {"parse": 1, "tailor": 1}
        assert deployment.serving.worker().pid != worker.pid


def pending(deployment: Deployment, tenant: Tenant) -> bool:
    """Tell whether a tailoring was asked for that has no outcome yet."""
    with deployment.core.connect() as connection:
        found = connection.execute(
            "SELECT count(*) FROM generations WHERE organization_id = %s",
            (tenant.organization_id,),
        ).fetchone()
    return bool(found and found[0])


def test_an_acknowledged_upload_survives_when_everything_is_killed(home: Path) -> None:
    with deployed(home) as before, before.tenant() as tenant:
        before.serving.worker().suspend()
        resume_id, key = tenant.upload(), tenant.key
        kill(before.serving.family())

    with (
        deployed(home) as after,
        httpx2.Client(base_url=after.url, headers={"x-api-key": key}, timeout=60) as client,
    ):
        survivor = Tenant(tenant.organization_id, key, client)
        until(lambda: survivor.get(resume_id)["status"] == "READY", START_S)
        assert survivor.used() == {"parse": 1}


def test_a_database_that_was_killed_comes_back(home: Path) -> None:
    with deployed(home) as deployment, deployment.tenant() as tenant:
        source = tenant.parsed()

        kill(database_of(deployment.serving))

        until(lambda: health(deployment.url) == 200, START_S)
        assert tenant.tailor(source)["status"] == "READY"
        assert tenant.used() == {"parse": 1, "tailor": 1}


def test_without_its_database_health_says_so_until_it_is_back(
    server_root: Path, empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = EmbeddedPostgres(server_root)
    monkeypatch.setenv("REFOLIO_DATABASE_URL", database.start())
    with serve(empty_home) as serving:
        assert health(serving.url) == 200
        database.stop()
        answer = httpx2.get(f"{serving.url}/api/v1/health", timeout=START_S)
        database.start()

        assert answer.status_code == 503
        assert answer.json() == {"error": "INTERNAL_ERROR", "detail": "Database unreachable"}
        until(lambda: health(serving.url) == 200, START_S)
    database.stop()


def test_an_answer_does_not_wait_for_the_network_to_acknowledge(deployment: Deployment) -> None:
    connection = http.client.HTTPConnection(deployment.url.removeprefix("http://"))

    def seconds() -> float:
        started = time.perf_counter()
        connection.request("GET", "/nope")
        connection.getresponse().read()
        return time.perf_counter() - started

    assert min(seconds() for _ in range(20)) < 0.03
    connection.close()


def test_the_server_process_neither_renders_nor_asks_models(
    deployment: Deployment, tenant: Tenant
) -> None:
    pdf = tenant.http.get(f"/api/v1/resumes/{tenant.parsed()}/pdf")
    assert pdf.status_code == 200

    maps = Path(f"/proc/{deployment.serving.process.pid}/maps").read_text()

    assert "libpangoft2" not in maps
    assert "pdfium" not in maps


def test_importing_the_server_imports_nothing_heavy() -> None:
    script = "import sys, api.app, api.serve; print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()

    assert not {"litellm", "weasyprint", "pypdfium2", "docx", "openai"} & set(modules)


def test_a_server_can_be_reached_at_the_address_it_was_told(home: Path) -> None:
    with serve(home, "::1") as serving:
        assert health(serving.url) == 200
        assert serving.url in serving.said
