"""Write what a recruiter gets to see: before and after, for resumes, postings and strategies.

    .venv/bin/python scripts/bench/recruiter.py CORPUS OUT [--resumes a.pdf b.docx ...]

CORPUS has `resumes/` and `postings/*.md`; the quickstart's posting is added to them. OUT gets a
PDF of each resume as it is, one of each tailored one, and `changes.md` with every change as a diff
and what the posting asks for in vain. Printed is a line for each run, and the sums.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Final, get_args

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src")]

from pypdf import PdfReader  # noqa: E402 - found through the line above, like the rest

from commands.tailoring.built_in import BuiltInEngine  # noqa: E402
from commands.tailoring.conclude import Tailored, conclude  # noqa: E402
from commands.tailoring.gate.case import Case  # noqa: E402
from commands.tailoring.posting import analyse_job  # noqa: E402
from events.resume_data import ResumeData  # noqa: E402
from events.tailoring import Strategy  # noqa: E402
from render.fonts import use_fonts  # noqa: E402
from render.parsing.resume import parse_resume  # noqa: E402
from render.pdf import render_pdf  # noqa: E402
from render.reading.document import read_document  # noqa: E402

QUICKSTART: Final = "We are hiring a senior backend engineer with strong API experience."
SIX: Final = (
    "np-john-doe.pdf",
    "openresume-laverne.pdf",
    "rendercv-classic.pdf",
    "resumematcher-two-column.pdf",
    "smartparser-sample.docx",
    "stalomeow-zh.pdf",
)


@dataclass(frozen=True)
class Run:
    """One tailoring."""

    resume: str
    posting: str
    strategy: Strategy
    outcome: Tailored
    milliseconds: float


def main() -> None:
    """Tailor everything to everything, write, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--resumes", nargs="+", default=SIX)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    use_fonts(arguments.out / "fonts")
    postings = {p.stem: p.read_text("utf-8") for p in arguments.corpus.glob("postings/*.md")}
    postings["quickstart"] = QUICKSTART
    told: list[str] = []
    runs: list[Run] = []
    for name in arguments.resumes:
        document = (arguments.corpus / "resumes" / name).read_bytes()
        source = parse_resume(read_document(document)).data
        before = _pdf(source, arguments.out / f"{name}.before.pdf")
        for run in _runs(name, source, postings):
            runs.append(run)
            to = arguments.out / f"{name}.{run.posting}.{run.strategy.lower()}.pdf"
            after = _pdf(run.outcome.data, to)
            told += _told(run)
            _print(run, before, after)
    (arguments.out / "changes.md").write_text("\n".join(told), "utf-8")
    _print_sums(runs)


def _runs(name: str, source: ResumeData, postings: dict[str, str]) -> Iterator[Run]:
    for posting, text in sorted(postings.items()):
        for strategy in get_args(Strategy):
            started = perf_counter()
            analysis = analyse_job(text)
            language = Case(source, strategy, analysis, text, "en").source_language
            proposed = BuiltInEngine().propose(source, analysis, text, strategy, language)
            outcome = conclude(source, text, analysis, strategy, language, proposed.edits)
            yield Run(name, posting, strategy, outcome, (perf_counter() - started) * 1_000)


def _pdf(data: ResumeData, to: Path) -> int:
    """Write the PDF and return its number of pages."""
    pdf = render_pdf(data, page="A4", language="en")
    to.write_bytes(pdf)
    return len(PdfReader(BytesIO(pdf)).pages)


def _told(run: Run) -> list[str]:
    lines = [f"\n## {run.resume} · {run.posting} · {run.strategy}\n"]
    for verdict in run.outcome.verdicts:
        edit = verdict.edit
        mark = "" if verdict.accepted else f" REFUSED {verdict.refusal}: {verdict.detail}"
        lines += [f"- {edit.path} ({edit.action}){mark}: {edit.reason}"]
        lines += [f"  - {edit.original}", f"  + {edit.value}"]
    return [*lines, f"Gaps: {', '.join(run.outcome.coverage.gaps) or 'none'}"]


def _print(run: Run, before: int, after: int) -> None:
    gain, stats = run.outcome.coverage, run.outcome.stats
    print(
        f"{run.resume[:24]:24} {run.posting[:20]:20} {run.strategy:8} changes"
        f" {stats.diffs_applied} refused {stats.rejected_changes} coverage"
        f" {gain.before}/{gain.after}/{gain.ceiling} pages {before}/{after}"
        f" {run.milliseconds:.0f} ms"
    )


def _print_sums(runs: list[Run]) -> None:
    for strategy in get_args(Strategy):
        some = [run for run in runs if run.strategy == strategy]
        changes = sum(run.outcome.stats.diffs_applied for run in some)
        refused = sum(run.outcome.stats.rejected_changes for run in some)
        gains = [(r.outcome.coverage.after or 0) - (r.outcome.coverage.before or 0) for r in some]
        same = sum(not run.outcome.stats.diffs_applied for run in some)
        print(
            f"{strategy:8} {len(some)} runs: {changes} changes, {refused} refused, {same} as they"
            f" were; coverage +{sum(gains) / len(gains):.1f} on average, +{max(gains)} at most"
        )
    times = quantiles([run.milliseconds for run in runs], n=100)
    print(f"a tailoring: p50 {times[49]:.0f} ms, p99 {times[98]:.0f} ms")


if __name__ == "__main__":
    main()
