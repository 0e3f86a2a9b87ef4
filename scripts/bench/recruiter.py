"""Let a recruiter judge the built-in engine: pages before and after, and what changed, to look at.

    .venv/bin/python scripts/bench/recruiter.py OUT [--resumes FILE …] [--postings FILE …]

Every resume (PDF, DOCX, or ResumeData as JSON) meets every posting under every strategy. OUT gets
`RESUME/before.pdf`, `RESUME/POSTING-STRATEGY.pdf` where anything changed, `changes.txt` with what
`refolio tailor` prints, and `listing.html` with the lines of both versions side by side. Without
arguments the project's own samples and the postings beside this program are taken. `--no-pages`
leaves the PDFs out.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import HtmlDiff
from html import escape
from pathlib import Path
from statistics import quantiles
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

import pypdfium2  # noqa: E402 - all of these are found through the line above
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

import tailoring_truth  # noqa: E402
from api.telling_changes import tell_changes  # noqa: E402
from commands.tailoring.built_in import BuiltInEngine  # noqa: E402
from commands.tailoring.conclude import Tailored, conclude  # noqa: E402
from commands.tailoring.places import places  # noqa: E402
from commands.tailoring.posting import analyse_job  # noqa: E402
from events.resume_data import ResumeData  # noqa: E402
from events.tailoring import Strategy  # noqa: E402
from render.fonts import use_fonts  # noqa: E402
from render.parsing.resume import parse_resume  # noqa: E402
from render.pdf import render_pdf  # noqa: E402
from render.reading.document import read_document  # noqa: E402

STRATEGIES: tuple[Strategy, ...] = ("NUDGE", "KEYWORDS", "FULL")


@dataclass(frozen=True, slots=True)
class Run:
    """One resume tailored to one posting; pages are 0 when none were made.

    The milliseconds are for reading the posting, proposing and judging, without the pages.
    """

    resume: str
    posting: str
    strategy: Strategy
    outcome: Tailored
    pages_before: int
    pages_after: int
    milliseconds: float


def main() -> None:
    """Read the arguments, tailor everything, write the files, print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--resumes", type=Path, nargs="+", default=[])
    parser.add_argument("--postings", type=Path, nargs="+", default=[])
    parser.add_argument("--no-pages", action="store_true")
    arguments = parser.parse_args()
    postings = arguments.postings or sorted((Path(__file__).parent / "postings").glob("*.md"))
    resumes = {path.stem: resume_in(path) for path in arguments.resumes} or people()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as cache:
        use_fonts(Path(cache))
        runs = [
            run
            for name, source in resumes.items()
            for run in run_all(
                name, source, postings, None if arguments.no_pages else arguments.out / name
            )
        ]
    write_changes(arguments.out / "changes.txt", resumes, runs)
    write_listing(arguments.out / "listing.html", resumes, runs)
    print_figures(runs)


def resume_in(path: Path) -> ResumeData:
    """Return the resume in a file."""
    if path.suffix == ".json":
        return ResumeData.model_validate_json(path.read_bytes())
    return parse_resume(read_document(path.read_bytes())).data


def people() -> dict[str, ResumeData]:
    """Return the invented people that the truth gate is measured with."""
    return {person.name: person.resume for person in tailoring_truth.people()}


def run_all(
    name: str, source: ResumeData, postings: Iterable[Path], folder: Path | None
) -> list[Run]:
    """Tailor one resume to all postings; write its pages into *folder*, if there is one."""
    before = write_pages(source, folder / "before.pdf") if folder else 0
    runs = []
    for path in postings:
        text = path.read_text("utf-8")
        for strategy in STRATEGIES:
            started = perf_counter()
            analysis = analyse_job(text)
            edits = BuiltInEngine().propose(source, analysis, text, strategy, "en").edits
            outcome = conclude(source, text, analysis, strategy, "en", edits)
            milliseconds = (perf_counter() - started) * 1_000
            after = before
            if folder and outcome.data != source:
                after = write_pages(outcome.data, folder / f"{path.stem}-{strategy.lower()}.pdf")
            runs.append(Run(name, path.stem, strategy, outcome, before, after, milliseconds))
    return runs


def write_pages(data: ResumeData, path: Path) -> int:
    """Write the resume as the PDF that a reader gets; return how many pages it has."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pdf = render_pdf(data, page="A4", language="en")
    path.write_bytes(pdf)
    return len(pypdfium2.PdfDocument(pdf))


def write_changes(path: Path, resumes: dict[str, ResumeData], runs: list[Run]) -> None:
    """Write what the command line shows of each run."""
    with path.open("w", encoding="utf-8") as file:
        console = Console(file=file, width=100, highlight=False)
        for run in runs:
            console.rule(f"{run.resume} · {run.posting} · {run.strategy}")
            tell_changes(console, run.outcome.verdicts, run.outcome.coverage, resumes[run.resume])


def write_listing(path: Path, resumes: dict[str, ResumeData], runs: list[Run]) -> None:
    """Write the lines of each changed resume beside those of its source."""
    differ = HtmlDiff(wrapcolumn=70)
    parts = [
        f"<h2>{escape(run.resume)} · {escape(run.posting)} · {run.strategy}</h2>"
        + differ.make_table(
            lines_of(resumes[run.resume]), lines_of(run.outcome.data), context=True, numlines=1
        )
        for run in runs
        if run.outcome.data != resumes[run.resume]
    ]
    page = differ.make_file([], []).replace("</body>", "".join(parts) + "</body>")
    path.write_text(page, "utf-8")


def lines_of(data: ResumeData) -> list[str]:
    """Return the texts of a resume, one a line."""
    return [place.text for place in places(data)]


def print_figures(runs: list[Run]) -> None:
    """Print a row for each strategy, and how long a tailoring took."""
    table = Table(
        "strategy",
        "runs",
        "unchanged",
        "changes",
        "refused",
        "coverage before",
        "after",
        "ceiling",
        "pages before",
        "after",
    )
    for strategy in STRATEGIES:
        own = [run for run in runs if run.strategy == strategy]
        stats = [run.outcome.stats for run in own]
        gains = [run.outcome.coverage for run in own]
        table.add_row(
            strategy.lower(),
            str(len(own)),
            str(sum(not stat.diffs_applied for stat in stats)),
            str(sum(stat.diffs_applied for stat in stats)),
            str(sum(stat.rejected_changes for stat in stats)),
            mean(gain.before for gain in gains),
            mean(gain.after for gain in gains),
            mean(gain.ceiling for gain in gains),
            str(sum(run.pages_before for run in own)),
            str(sum(run.pages_after for run in own)),
        )
    Console(width=120).print(table)
    times = quantiles([run.milliseconds for run in runs], n=100)
    print(f"a tailoring: p50 {times[49]:.0f} ms, p99 {times[98]:.0f} ms")


def mean(values: Iterable[int | None]) -> str:
    """Return the mean of what was measured."""
    known = [value for value in values if value is not None]
    return f"{sum(known) / len(known):.1f}" if known else "–"


if __name__ == "__main__":
    main()
