"""How well resumes are read: precision, recall and F1 per field against hand-made truth.

Run it as `python scripts/bench/parsing.py [CORPUS]`. The corpus is a folder with `resumes/` and
`truth/FILE.json`; without an argument it is looked for beside the project.
"""

import argparse
import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

ROOT: Final = Path(__file__).resolve().parents[2]
if str(ROOT / "src") not in sys.path:
    sys.path.insert(0, str(ROOT / "src"))

from events.resume_data import ResumeData  # noqa: E402 - the path is set just above
from render.parsing.dates import spans_in  # noqa: E402 - same
from render.parsing.resume import parse_resume  # noqa: E402 - same
from render.reading.document import read_document  # noqa: E402 - same

CORPUS: Final = ROOT.parent / "shared" / "corpus"
ALIKE: Final = 0.85
FIELDS: Final = (
    "name",
    "email",
    "phone",
    "title",
    "employer",
    "dates",
    "whole entry",
    "institution",
    "degree",
    "skills",
)

Alike = Callable[[Any, Any], bool]
Counts = dict[str, list[int]]
"""By field: how many were right, found, and there to be found."""


def text_alike(found: str, true: str) -> bool:
    """Tell whether two texts are the same but for case, spaces and small differences."""
    one, two = (" ".join(text.casefold().split()) for text in (found, true))
    return one == two or SequenceMatcher(None, one, two, autojunk=False).ratio() >= ALIKE


def phone_alike(found: str, true: str) -> bool:
    """Tell whether two phone numbers have the same digits."""
    one, two = ("".join(filter(str.isdigit, text)) for text in (found, true))
    return one == two


def dates_alike(found: tuple[str, str], true: tuple[str, str]) -> bool:
    """Tell whether start and end agree, as precisely as the truth says them."""
    return all(f.startswith(t) if t else True for f, t in zip(found, true, strict=True))


def entry_alike(found: tuple[Any, ...], true: tuple[Any, ...]) -> bool:
    """Tell whether title, employer and dates of one role all agree."""
    return (
        text_alike(found[0], true[0])
        and text_alike(found[1], true[1])
        and dates_alike(found[2], true[2])
    )


def dates_of(years: str) -> tuple[str, str]:
    """Return the start and end that the text *years* says, "" for none."""
    spans = spans_in(years)
    return (spans[0].start, spans[-1].end) if spans else ("", "")


def true_dates(entry: dict[str, Any]) -> tuple[str, str]:
    """Return the start and end of an entry of the truth, "" for none."""
    return entry.get("start") or "", entry.get("end") or ""


def count(
    counts: Counts, field: str, found: Sequence[Any], true: Sequence[Any], alike: Alike
) -> None:
    """Pair each true value with one found value and add the result to *counts*."""
    left = list(found)
    right = 0
    for value in true:
        match = next((one for one in left if alike(one, value)), None)
        if match is not None:
            left.remove(match)
            right += 1
    for at, number in enumerate((right, len(found), len(true))):
        counts[field][at] += number


def compare(counts: Counts, data: ResumeData, truth: dict[str, Any]) -> None:
    """Add how one resume was read to *counts*; what the truth leaves out is not judged."""
    person = data.personal_info
    count(counts, "name", _said(person.name), _said(truth["name"]), text_alike)
    count(counts, "email", _said(person.email), _said(truth["email"]), text_alike)
    count(counts, "phone", _said(person.phone), _said(truth["phone"]), phone_alike)
    if truth["work"] is not None:
        compare_work(counts, data, truth["work"])
    if truth["education"] is not None:
        compare_education(counts, data, truth["education"])
    if truth["skills"] is not None:
        count(counts, "skills", data.additional.technical_skills, truth["skills"], text_alike)


def compare_work(counts: Counts, data: ResumeData, truth: list[dict[str, Any]]) -> None:
    """Add how the roles of one resume were read."""
    roles = [(one.title, one.company, dates_of(one.years)) for one in data.work_experience]
    true = [(one["title"], one["company"], true_dates(one)) for one in truth]
    count(counts, "title", [one[0] for one in roles], [one[0] for one in true], text_alike)
    count(counts, "employer", [one[1] for one in roles], [one[1] for one in true], text_alike)
    count(counts, "dates", [one[2] for one in roles], [one[2] for one in true], dates_alike)
    count(counts, "whole entry", roles, true, entry_alike)


def compare_education(counts: Counts, data: ResumeData, truth: list[dict[str, Any]]) -> None:
    """Add how the courses of study of one resume were read."""
    schools = [one.institution for one in data.education]
    degrees = [one.degree for one in data.education]
    count(counts, "institution", schools, [one["institution"] for one in truth], text_alike)
    true = [one["degree"] for one in truth]
    count(counts, "degree", degrees, true, text_alike)


def _said(text: str | None) -> list[str]:
    return [text] if text else []


def scores(corpus: Path) -> tuple[Counts, dict[str, float]]:
    """Read every resume of *corpus* that has a truth; return counts and milliseconds a file."""
    counts: Counts = defaultdict(lambda: [0, 0, 0])
    took_ms: dict[str, float] = {}
    for truth_file in sorted((corpus / "truth").glob("*.json")):
        data = (corpus / "resumes" / truth_file.stem).read_bytes()
        started = time.perf_counter()
        parsed = parse_resume(read_document(data))
        took_ms[truth_file.stem] = (time.perf_counter() - started) * 1000
        compare(counts, parsed.data, json.loads(truth_file.read_text(encoding="utf-8")))
    return counts, took_ms


def f1(counts: Sequence[int]) -> float:
    """Return the harmonic mean of precision and recall."""
    right, found, true = counts
    return 2 * right / (found + true) if found + true else 1.0


def main() -> None:
    """Print one row a field, then how long a file takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="?", default=CORPUS)
    counts, took_ms = scores(parser.parse_args().corpus)
    table = Table("field", "right", "found", "true", "precision", "recall", "F1")
    for field in FIELDS:
        right, found, true = counts[field]
        rates = (right / max(found, 1), right / max(true, 1), f1(counts[field]))
        table.add_row(field, str(right), str(found), str(true), *(f"{rate:.2f}" for rate in rates))
    console = Console()
    console.print(table)
    times = list(took_ms.values())
    slowest = max(took_ms, key=lambda name: took_ms[name])
    console.print(
        f"{len(times)} files, p50 {statistics.median(times):.1f} ms, "
        f"max {max(times):.1f} ms ({slowest})"
    )


if __name__ == "__main__":
    main()
