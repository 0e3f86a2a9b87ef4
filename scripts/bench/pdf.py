"""Measure PDF rendering: start-up, one warm page, two, and documents a second by processes.

    .venv/bin/python scripts/bench/pdf.py [DOCUMENTS]

Everything is compared with the named baseline, taken in the same run: WeasyPrint used as its
manual begins, `HTML(string=...).write_pdf()` with the styles in the page. A machine that is busy
with other things spoils the figures by the second, so look at the ratios and the CPU columns.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

import render_samples  # noqa: E402 - found through the line above
from events.resume_data import ResumeData  # noqa: E402
from render.fonts import use_fonts  # noqa: E402
from render.html import render_html  # noqa: E402
from render.pdf import prepare_to_fork, render_pdf, renderer  # noqa: E402
from render.pdf_pool import PdfPool  # noqa: E402

DOCUMENTS = {
    "1 page": (render_samples.sample(), "en"),
    "2 pages": (render_samples.two_pages(), "en"),
    "4 languages": (render_samples.four_languages(), "es"),
}


ROUNDS = 3
"""The best of so many counts, since other programs can only make a round worse."""


def naive(data: ResumeData, language: str) -> bytes:
    """Render as the manual of WeasyPrint begins."""
    import weasyprint  # noqa: PLC0415 - costs a second that the cold figure must not hide

    html = render_html(data, page="A4", language=language)
    pdf: bytes = weasyprint.HTML(string=html).write_pdf()
    return pdf


def tuned(data: ResumeData, language: str) -> bytes:
    """Render as Refolio does."""
    return render_pdf(data, page="A4", language=language)


def cpu_ms(render: Callable[[ResumeData, str], bytes], name: str, *, times: int = 10) -> float:
    """Return the least CPU time of several warm renderings of one document."""
    data, language = DOCUMENTS[name]
    render(data, language)
    best = float("inf")
    for _ in range(times):
        started = time.process_time()
        render(data, language)
        best = min(best, time.process_time() - started)
    return best * 1000


def cold_ms(cache_dir: Path) -> float:
    """Return the wall time of a new process that renders one page and ends."""
    program = (
        "import sys; from pathlib import Path; sys.path[:0] = sys.argv[2:];"
        "import render_samples; from render.fonts import use_fonts; use_fonts(Path(sys.argv[1]));"
        "from render.pdf import render_pdf;"
        "render_pdf(render_samples.sample(), page='A4', language='en')"
    )
    started = time.perf_counter()
    command = [sys.executable, "-c", program, str(cache_dir), *sys.path[:2]]
    subprocess.run(command, check=True)
    return (time.perf_counter() - started) * 1000


def documents_a_second(cache_dir: Path, workers: int, documents: int) -> float:
    """Return the throughput of a warm pool for one-page documents from as many threads."""
    data, language = DOCUMENTS["1 page"]
    with PdfPool(cache_dir, workers=workers) as pool, ThreadPoolExecutor(workers) as threads:
        pool.warm()
        pool.render(data, page="A4", language=language)
        started = time.perf_counter()
        list(
            threads.map(
                lambda _: pool.render(data, page="A4", language=language), range(documents)
            )
        )
        return documents / (time.perf_counter() - started)


def naive_a_second(documents: int) -> float:
    """Return the throughput of the baseline in this process."""
    data, language = DOCUMENTS["1 page"]
    started = time.perf_counter()
    for _ in range(documents):
        naive(data, language)
    return documents / (time.perf_counter() - started)


def main() -> None:
    """Print both tables."""
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        cache_dir = Path(folder)
        use_fonts(cache_dir)
        slow = {name: cpu_ms(naive, name) for name in DOCUMENTS}
        baseline = max(naive_a_second(documents) for _ in range(ROUNDS))
        throughput = {"naive, 1 process": baseline}
        prepare_to_fork()
        fast = {name: cpu_ms(tuned, name) for name in DOCUMENTS}
        pages = Table(
            "document", "naive CPU ms", "Refolio CPU ms", "ratio", title="CPU of one warm document"
        )
        for name, cost in fast.items():
            pages.add_row(name, f"{slow[name]:.1f}", f"{cost:.1f}", f"{slow[name] / cost:.2f}×")
        for workers in (1, 2):
            throughput[f"pool, processes: {workers}"] = max(
                documents_a_second(cache_dir, workers, documents) for _ in range(ROUNDS)
            )
        rates = Table("one-page documents", "a second", "ratio")
        for name, rate in throughput.items():
            rates.add_row(name, f"{rate:.1f}", f"{rate / baseline:.2f}×")
        console.print(
            renderer(), pages, rates, f"cold process, one page: {cold_ms(cache_dir):.0f} ms"
        )


if __name__ == "__main__":
    main()
