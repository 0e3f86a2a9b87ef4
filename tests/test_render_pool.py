"""The pool: no process of it can take a request, or the server, along."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from events.resume_data import ResumeData
from render.fonts import FAMILIES
from render.pdf import RenderFailed
from render.pdf_pool import Limits, PdfPool, RendererUnavailable
from render_samples import sample, two_pages

SRC = Path(__file__).resolve().parents[1] / "src"
TESTS = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fonts")


@pytest.fixture(scope="module")
def pool(cache_dir: Path) -> Iterator[PdfPool]:
    with PdfPool(cache_dir, workers=2) as pool:
        pool.warm()
        yield pool


def render(pool: PdfPool, data: ResumeData) -> bytes:
    return pool.render(data, page="A4", language="en")


def slow(jobs: int = 120) -> ResumeData:
    """Return a resume that takes about two seconds for every 120 jobs."""
    work = [{"id": n, "title": f"Job {n}", "description": [f"Did {n}"] * 8} for n in range(jobs)]
    return sample(workExperience=work)


def loaded(pool: PdfPool) -> int:
    assert pool._loaded
    return pool._loaded.pid


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def test_many_threads_get_each_their_own_document(pool: PdfPool) -> None:
    names = [f"Person {number}" for number in range(8)]
    documents = [sample(personalInfo={"name": name}) for name in names]
    with ThreadPoolExecutor(8) as threads:
        pdfs = list(threads.map(lambda data: render(pool, data), documents))
    assert len(set(pdfs)) == 8
    assert pdfs[3] == render(pool, documents[3])


def test_workers_killed_in_the_middle_lose_nothing(pool: PdfPool) -> None:
    expected = render(pool, slow())
    with ThreadPoolExecutor(2) as threads:
        pending = [threads.submit(render, pool, slow()) for _ in range(2)]
        assert wait_until(lambda: len(children(loaded(pool))) == 2)
        time.sleep(0.3)
        for worker in children(loaded(pool)):
            os.kill(worker, signal.SIGKILL)
        assert [future.result() for future in pending] == [expected, expected]


def test_the_process_that_forks_may_be_killed_too(pool: PdfPool) -> None:
    expected = render(pool, two_pages())
    os.kill(loaded(pool), signal.SIGKILL)
    assert render(pool, two_pages()) == expected


def test_a_document_whose_workers_always_die_fails_after_three(pool: PdfPool) -> None:
    done = threading.Event()

    def kill_every_worker() -> None:
        while not done.is_set():
            for worker in children(loaded(pool)):
                with suppress(OSError):
                    os.kill(worker, signal.SIGKILL)
            time.sleep(0.02)

    killer = threading.Thread(target=kill_every_worker)
    killer.start()
    try:
        with pytest.raises(RenderFailed, match="ended 3 workers"):
            render(pool, slow())
    finally:
        done.set()
        killer.join()
    assert render(pool, sample()).startswith(b"%PDF")


def test_a_document_that_takes_too_long_fails_and_its_slot_goes_on(cache_dir: Path) -> None:
    with PdfPool(cache_dir, workers=1, limits=Limits(seconds_a_document=3)) as pool:
        pool.warm()
        with pytest.raises(RenderFailed, match=r"more than 3 s"):
            render(pool, slow(jobs=1_200))
        assert render(pool, sample()).startswith(b"%PDF")


def test_a_worker_out_of_memory_fails_its_document_only(cache_dir: Path) -> None:
    with PdfPool(cache_dir, workers=1, limits=Limits(worker_bytes=1 << 20)) as pool:
        pool.warm()
        with pytest.raises(RenderFailed):
            render(pool, slow())
        assert is_running(loaded(pool))


def test_workers_are_replaced_after_their_share_of_documents(cache_dir: Path) -> None:
    with PdfPool(cache_dir, workers=1, limits=Limits(documents_a_worker=2)) as pool:
        seen: list[int] = []
        for _ in range(4):
            render(pool, sample())
            seen += children(loaded(pool))[-1:]
        assert len(set(seen)) >= 2


def test_a_worker_knows_no_secrets_of_the_server(
    cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFOLIO_MASTER_KEY", "hunter2")
    with PdfPool(cache_dir, workers=1) as pool:
        pool.warm()
        assert b"hunter2" not in Path(f"/proc/{loaded(pool)}/environ").read_bytes()


def test_a_closed_pool_leaves_no_process(cache_dir: Path) -> None:
    pool = PdfPool(cache_dir, workers=1)
    render(pool, sample())
    processes = [loaded(pool), *children(loaded(pool))]
    pool.close()
    assert wait_until(lambda: not any(map(is_running, processes)))
    with pytest.raises(RendererUnavailable, match="shut down"):
        render(pool, sample())


def test_the_server_never_loads_weasyprint_and_takes_the_pool_with_it_when_killed(
    cache_dir: Path,
) -> None:
    program = (
        "import os, pathlib, signal, sys, threading, time\n"
        "from test_render_pool import children, loaded, render, slow\n"
        "from render.pdf_pool import PdfPool\n"
        "from render.html import render_html\n"
        "pool = PdfPool(pathlib.Path(sys.argv[1]), workers=2)\n"
        "render(pool, slow())\n"
        "render_html(slow(), page='A4', language='en')\n"
        "threading.Thread(target=render, args=(pool, slow()), daemon=True).start()\n"
        "time.sleep(0.3)\n"
        "print('weasyprint' in sys.modules, loaded(pool), *children(loaded(pool)), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    server = subprocess.run(
        [sys.executable, "-c", program, str(cache_dir)],
        env={"PYTHONPATH": f"{SRC}:{TESTS}"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )
    loads_it, *processes = server.stdout.split()
    assert server.returncode == -signal.SIGKILL
    assert loads_it == "False"
    assert len(processes) >= 2
    assert wait_until(lambda: not any(is_running(int(pid)) for pid in processes), seconds=5)


def test_fonts_that_cannot_be_used_are_named_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "rendercv_fonts"
    for family in FAMILIES:
        (package / family).mkdir(parents=True)
        (package / family / "Broken-Regular.ttf").write_bytes(b"not a font")
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    with (
        PdfPool(tmp_path / "cache") as pool,
        pytest.raises(RendererUnavailable, match="no usable font"),
    ):
        pool.warm()
