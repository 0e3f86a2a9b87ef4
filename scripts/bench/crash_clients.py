"""Clients that do whole jobs and remember what the server acknowledged."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx2

SAMPLES: Final = (
    Path(__file__).resolve().parents[2] / "tests" / "samples" / "company_first.pdf",
    Path(__file__).resolve().parents[2] / "tests" / "samples" / "narrow.pdf",
    Path(__file__).resolve().parents[2] / "tests" / "samples" / "every_place.docx",
)
POSTING: Final = (
    "Senior Software Engineer at Example Ltd. You build services in Python and PostgreSQL, run"
    " them on Kubernetes, review code and mentor colleagues. Required: Python, SQL, Docker, AWS."
)
PATIENCE_S: Final = 60.0
PAUSE_S: Final = 0.05


@dataclass
class Promises:
    """What was asked for and what was acknowledged, by id. Safe to use from any thread.

    `titles` are those that a resume may have: the last one acknowledged, None for its first, and
    any asked for since.
    """

    uploads: set[str] = field(default_factory=set)
    upload_attempts: int = 0
    results: dict[str, str] = field(default_factory=dict)
    tailor_attempts: Counter[str] = field(default_factory=Counter)
    titles: dict[str, list[str | None]] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    delete_attempts: set[str] = field(default_factory=set)
    keyed: int = 0
    pdfs: Counter[str] = field(default_factory=Counter)
    pdf_attempts: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


class Client:
    """One client. Whatever it made it alone changes, so that it knows what to find again."""

    def __init__(self, url: str, key: str, promises: Promises, seed: str) -> None:
        self._http = httpx2.Client(
            base_url=url, headers={"x-api-key": key}, timeout=PATIENCE_S, trust_env=False
        )
        self._promises = promises
        self._dice = random.Random(seed)
        self._seed = seed
        self._count = 0
        self._mine: list[str] = []

    def work(self, stopping: threading.Event) -> None:
        """Do one thing after another."""
        with self._http:
            while not stopping.is_set():
                self._dice.choices(
                    [self.whole_job, self.upload, self.edit, self.delete], [5, 2, 2, 1]
                )[0]()

    def whole_job(self) -> None:
        """Upload, tailor straight after, and download."""
        source = self.upload()
        result = self.tailor(source) if source else None
        if result:
            self.download(result)

    def upload(self) -> str | None:
        """Upload a sample; return its id if that was acknowledged."""
        sample = self._dice.choice(SAMPLES)
        self._promises.upload_attempts += 1
        self._count += 1
        answer = self._ask(
            "POST",
            "",
            files={"file": (f"{self._seed}-{self._count}{sample.suffix}", sample.read_bytes())},
            data={"set_as_master": self._dice.choice(["true", "false"])},
        )
        if answer is None:
            return None
        made: str = answer.json()["data"]["resume_id"]
        self._promises.uploads.add(made)
        self._mine.append(made)
        return made

    def tailor(self, source: str) -> str | None:
        """Tailor; return the result's id if that was acknowledged."""
        self._promises.tailor_attempts[source] += 1
        answer = self._ask("POST", f"/{source}/tailor", json={"job_description": POSTING})
        if answer is None:
            return None
        data = answer.json()["data"]
        if data["status"] != "READY":
            self._promises.broken.append(f"tailored {source}, but the result is {data['status']}")
        made: str = data["resume_id"]
        self._promises.results[made] = source
        self._mine.append(made)
        return made

    def download(self, resume: str) -> None:
        """Get the PDF."""
        self._promises.pdf_attempts[resume] += 1
        answer = self._ask("GET", f"/{resume}/pdf", params={"version": "original"})
        if answer is not None:
            self._promises.pdfs[resume] += 1
            if not answer.content.startswith(b"%PDF"):
                self._promises.broken.append(f"the PDF of {resume} is none")

    def edit(self) -> None:
        """Give a resume another title."""
        if not self._mine:
            return
        resume = self._dice.choice(self._mine)
        self._count += 1
        title = f"{self._seed}-{self._count}"
        self._promises.titles.setdefault(resume, [None]).append(title)
        answer = self._ask("PATCH", f"/{resume}", json={"title": title})
        if answer is not None:
            self._promises.titles[resume] = [title]

    def delete(self) -> None:
        """Delete a resume and touch it no more."""
        if not self._mine:
            return
        resume = self._mine.pop(self._dice.randrange(len(self._mine)))
        self._promises.delete_attempts.add(resume)
        if self._ask("DELETE", f"/{resume}") is not None:
            self._promises.deleted.add(resume)

    def _ask(self, method: str, path: str, **what: Any) -> httpx2.Response | None:
        """Return a whole 2xx answer, None for what was not acknowledged.

        Half of all changes are asked for under an idempotency key, until they are acknowledged.
        """
        if method == "GET" or self._dice.random() < 0.5:
            return self._ask_once(method, path, **what)
        key = {"idempotency-key": f"{self._seed}-{self._dice.getrandbits(64):x}"}
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            answer = self._ask_once(method, path, headers=key, **what)
            if answer is not None:
                self._promises.keyed += 1
                self._ask_again(answer, method, path, headers=key, **what)
                return answer
            time.sleep(PAUSE_S)
        self._promises.broken.append(f"{method} {path} was never acknowledged under its key")
        return None

    def _ask_again(self, first: httpx2.Response, method: str, path: str, **what: Any) -> None:
        again = self._ask_once(method, path, **what)
        if again is not None and again.content != first.content:
            self._promises.broken.append(f"{method} {path} was answered otherwise: {again.text}")

    def _ask_once(self, method: str, path: str, **what: Any) -> httpx2.Response | None:
        """Ask. A refusal is a broken promise: all is there, and nobody else touches it."""
        try:
            answer = self._http.request(method, f"/api/v1/resumes{path}", **what)
        except httpx2.TransportError as error:
            self._promises.answers[type(error).__name__] += 1
            time.sleep(PAUSE_S)
            return None
        said = "2xx" if answer.is_success else f"{answer.status_code} {answer.text[:60]}"
        self._promises.answers[said] += 1
        if answer.is_success:
            return answer
        waits = answer.status_code == 409 and "idempotency-key" in what.get("headers", {})
        if (answer.is_client_error and not waits) or answer.status_code == 504:
            self._promises.broken.append(f"{method} {path} was refused: {said}")
        return None


@contextmanager
def working(clients: Sequence[Client]) -> Iterator[None]:
    """Have *clients* work meanwhile; then wait until each has ended what it was at."""
    stopping = threading.Event()
    threads = [threading.Thread(target=client.work, args=(stopping,)) for client in clients]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join()
