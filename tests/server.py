"""A real server for tests: `refolio serve` in its own processes, and organizations to use it."""

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import psutil
import pytest

from api import bootstrap
from api.core import Core, open_core
from api.settings import Settings
from bad_documents import no_resume
from events.organization import Plan
from postgres import until

SAMPLES = Path(__file__).resolve().parent / "samples"
QUICKSTART = {
    "jobDescription": "We are hiring a senior backend engineer with strong API experience.",
    "strategy": "keywords",
}
"""What the quickstart sends, word for word."""

ITEM = [
    "id",
    "organization_id",
    "is_master",
    "parent_id",
    "status",
    "filename",
    "job_description",
    "job_keywords",
    "strategy",
    "title",
    "output_language",
    "created_at",
    "updated_at",
    "pdf_url",
]
"""The members of a resume in a list, in order."""

WHOLE = [*ITEM, "markdown", "html", "structured_data"]
"""The members of a resume whole, in order."""

JOB = "Senior Data Engineer at Contoso\n\nYou know Python, Airflow, Terraform and Kafka."
START_S = 60.0


@dataclass(frozen=True)
class Serving:
    """A running `refolio serve` and what it said."""

    process: subprocess.Popen[bytes]
    home: Path
    url: str

    @property
    def said(self) -> str:
        """What it wrote to standard output."""
        return (self.home / "said.txt").read_text()

    @property
    def complained(self) -> str:
        """What it wrote to standard error."""
        return (self.home / "complained.txt").read_text()

    def family(self) -> list[psutil.Process]:
        """Return the server and every process it started."""
        server = psutil.Process(self.process.pid)
        return [server, *server.children(recursive=True)]

    def worker(self) -> psutil.Process:
        """Return the process that takes jobs."""
        until(self._workers, START_S)
        return self._workers()[0]

    def _workers(self) -> list[psutil.Process]:
        return [p for p in self.family() if p.cmdline()[-1:] == ["worker"]]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it and return its status."""
        self.process.send_signal(how)
        return self.process.wait(timeout=30)


def free_port(host: str) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as probe:
        port: int = probe.getsockname()[1]
        return port


def cli(home: Path, *arguments: str) -> list[str]:
    """Return the command line of `refolio`, and have it use *home*."""
    home.mkdir(parents=True, exist_ok=True)
    program = Path(sys.executable).with_name("refolio")
    return ["env", f"REFOLIO_HOME={home}", str(program), *arguments]


def refolio(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `refolio` to its end."""
    return subprocess.run(
        cli(home, *arguments), capture_output=True, text=True, timeout=60, check=False
    )


@contextmanager
def serve(home: Path, host: str = "127.0.0.1") -> Iterator[Serving]:
    """Start a server, wait until it says that it is ready, and leave nothing of it running."""
    port = free_port(host)
    command = cli(home, "serve", "--host", host, "--port", str(port))
    with (home / "said.txt").open("wb") as out, (home / "complained.txt").open("wb") as err:
        process = subprocess.Popen(command, stdout=out, stderr=err)
    address = f"[{host}]" if ":" in host else host
    serving = Serving(process, home, f"http://{address}:{port}")
    until(lambda: "is ready" in serving.said or process.poll() is not None, START_S)
    assert process.poll() is None, serving.complained
    family = serving.family()
    try:
        yield serving
    finally:
        if process.poll() is None:
            family = serving.family()
            process.terminate()
            process.wait(timeout=30)
        for survivor in family:
            if survivor.is_running() and survivor.status() != psutil.STATUS_ZOMBIE:
                survivor.kill()


@dataclass(frozen=True)
class Tenant:
    """An organization with a key, and what it does with it."""

    organization_id: UUID
    key: str
    http: httpx2.Client

    def upload(self, sample: str = "two_columns.pdf", **form: str) -> str:
        """Upload a sample and return the id of the resume, parsed or not."""
        return self.upload_file(sample, (SAMPLES / sample).read_bytes(), **form)

    def upload_file(self, name: str, content: bytes, **form: str) -> str:
        """Upload a document of one's own and return the id of the resume, parsed or not."""
        answer = self.http.post("/api/v1/resumes", files={"file": (name, content)}, data=form)
        assert answer.status_code == 201, answer.text
        resume_id: str = answer.json()["data"]["resume_id"]
        return resume_id

    def parsed(self, sample: str = "two_columns.pdf", **form: str) -> str:
        """Upload a sample and return the id of the resume once it is READY."""
        return self.until(self.upload(sample, **form), "READY")

    def failed(self) -> str:
        """Upload what is no resume and return its id once it is FAILED."""
        return self.until(self.upload_file("a.docx", no_resume()), "FAILED")

    def until(self, resume_id: str, status: str) -> str:
        """Return the id of a resume once it has this status."""
        until(lambda: self.get(resume_id)["status"] == status, START_S)
        return resume_id

    def get(self, resume_id: str) -> dict[str, Any]:
        """Return a resume whole."""
        found: dict[str, Any] = self.data("GET", f"/api/v1/resumes/{resume_id}")
        return found

    def edit(self, resume_id: str, **fields: object) -> dict[str, Any]:
        """Replace fields of a resume and return it."""
        edited: dict[str, Any] = self.data("PATCH", f"/api/v1/resumes/{resume_id}", json=fields)
        return edited

    def tailor(self, resume_id: str, **fields: object) -> dict[str, Any]:
        """Tailor a resume and return the answer."""
        body = {"job_description": JOB} | fields
        path = f"/api/v1/resumes/{resume_id}/tailor"
        tailored: dict[str, Any] = self.data("POST", path, json=body)
        return tailored

    def list(self, query: str = "include_master=true") -> list[dict[str, Any]]:
        """Return the resumes."""
        resumes: list[dict[str, Any]] = self.data("GET", f"/api/v1/resumes?{query}")
        return resumes

    def used(self) -> dict[str, int]:
        """Return what was charged, by operation; what was not is left out."""
        summary = self.data("GET", "/api/v1/usage")["summary"]
        return {operation: units for operation, units in summary.items() if units}

    def data(self, method: str, path: str, **more: Any) -> Any:
        """Return what a request that has to succeed answers."""
        answer = self.http.request(method, path, **more)
        assert answer.is_success, answer.text
        return answer.json()["data"]

    def refused(self, method: str, path: str, **more: Any) -> tuple[int, str, str]:
        """Return status, code and detail of a request that has to be refused."""
        answer = self.http.request(method, path, **more)
        assert answer.is_error, answer.text
        body = answer.json()
        assert body.keys() <= {"error", "detail"}
        return answer.status_code, body["error"], body.get("detail", "")


@dataclass(frozen=True)
class Deployment:
    """A running server and the operator's way into it."""

    serving: Serving
    core: Core

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.serving.url

    @cached_property
    def http(self) -> httpx2.Client:
        """A client without a key."""
        return httpx2.Client(base_url=self.url, timeout=60)

    @contextmanager
    def tenant(self, name: str = "Test", plan: Plan = "ENTERPRISE") -> Iterator[Tenant]:
        """Found an organization on *plan* for as long as the context is open."""
        organization_id = bootstrap.create_organization(self.core, name, plan)
        key = bootstrap.create_key(self.core, organization_id, bootstrap.NewKey("Test"))
        headers = {"authorization": f"Bearer {key}"}
        with httpx2.Client(base_url=self.url, headers=headers, timeout=60) as client:
            yield Tenant(organization_id, key, client)


@contextmanager
def state() -> Iterator[Path]:
    """Make a folder for the state of a server, and remove it afterwards."""
    home = Path(tempfile.mkdtemp(prefix="refolio-serve-"))
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def deployed(home: Path, **settings: str) -> Iterator[Deployment]:
    """Serve from *home* with *settings*, named without their prefix; the log is open beside it."""
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as environment:
            # Nothing of the world outside is asked by tests.
            for name, value in {"linkedin_fetch": "off", **settings}.items():
                environment.setenv(f"REFOLIO_{name.upper()}", value)
            serving = stack.enter_context(serve(home))
        core = stack.enter_context(open_core(Settings(home=home)))
        deployment = Deployment(serving, core)
        with closing(deployment.http):
            yield deployment


@pytest.fixture(scope="session")
def deployment() -> Iterator[Deployment]:
    """Yield a server that all tests of this worker share."""
    with state() as home, deployed(home) as running:
        yield running


@pytest.fixture
def tenant(deployment: Deployment) -> Iterator[Tenant]:
    """Yield an organization of this test's own."""
    with deployment.tenant() as tenant:
        yield tenant


@pytest.fixture(scope="module")
def standing(deployment: Deployment) -> Iterator[Tenant]:
    """Yield an organization for tests of one module that change nothing that others look at."""
    with deployment.tenant() as tenant:
        yield tenant
