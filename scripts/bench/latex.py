"""Measure setting a generated resume: by LaTeX, warm and cold, beside WeasyPrint in the same run.

    .venv/bin/python scripts/bench/latex.py [DOCUMENTS]     default: 40

Warm: the preamble was read before. Cold: nothing is kept, as at the first document after a start.
Each document is another one. Two at a time is what two workers would do.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from rich.console import Console  # noqa: E402 - same
from rich.table import Table  # noqa: E402 - same

from events.resume_data import ResumeData  # noqa: E402 - same
from render.latex.compiler import find_latex  # noqa: E402 - same
from render.latex.source import latex_source  # noqa: E402 - same
from render.pdf_pool import PdfPool  # noqa: E402 - same
from render_samples import sample, two_pages  # noqa: E402 - found through the line above

Set = Callable[[ResumeData], bytes]


def documents(count: int, make: Callable[[], ResumeData]) -> list[ResumeData]:
    """Return resumes that differ."""
    return [make().model_copy(update={"summary": f"Number {n}."}) for n in range(count)]


def ms_each(act: Set, resumes: list[ResumeData]) -> float:
    """Return the median of one after the other."""
    times = []
    for resume in resumes:
        started = time.perf_counter()
        act(resume)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def a_second(act: Set, resumes: list[ResumeData]) -> float:
    """Return how many documents a second come of two at a time."""
    started = time.perf_counter()
    with ThreadPoolExecutor(2) as hands:
        list(hands.map(act, resumes))
    return len(resumes) / (time.perf_counter() - started)


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    table = Table(title="Milliseconds a document (p50), and documents a second two at a time")
    for column in ("set by", "1 page", "ratio", "2 pages", "ratio", "a second", "ratio"):
        table.add_column(column, justify="left" if column == "set by" else "right")
    with tempfile.TemporaryDirectory() as folder, PdfPool(Path(folder, "pdf"), workers=2) as pool:
        latex = find_latex(Path(folder, "latex"))
        if latex is None:
            sys.exit("There is no LaTeX on this machine.")

        def twin(resume: ResumeData) -> bytes:
            return pool.render(resume, page="A4", language="en", look="template1")

        def warm(resume: ResumeData) -> bytes:
            return latex.compile(latex_source(resume, "template1", "en"))

        def cold(resume: ResumeData) -> bytes:
            with tempfile.TemporaryDirectory() as empty:
                fresh = type(latex)(latex.program, Path(empty))
                return fresh.compile(latex_source(resume, "template1", "en"))

        ways: dict[str, Set] = {"WeasyPrint, warm": twin, "LaTeX, warm": warm, "LaTeX, cold": cold}
        for act in ways.values():
            act(sample())
        one, two = documents(count, sample), documents(count, two_pages)
        base: tuple[float, ...] = ()
        for name, act in ways.items():
            found = (ms_each(act, one), ms_each(act, two), a_second(act, one * 2))
            base = base or found
            ratios = [f"{new / old:.2f}" for new, old in zip(found, base, strict=True)]
            told = [f"{found[0]:.0f}", f"{found[1]:.0f}", f"{found[2]:.1f}"]
            cells = [cell for pair in zip(told, ratios, strict=True) for cell in pair]
            table.add_row(name, *cells)
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
