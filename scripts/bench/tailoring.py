"""Measure tailoring on a folder of real resumes and postings; `--show` prints the changes.

The folder holds `structured/*.json` (ResumeData), `postings/*.md` and `postings/keywords.json`
(the skills a recruiter lists for each posting).
"""

import argparse
import json
import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

from commands.tailoring.asked import concept_of
from commands.tailoring.built_in import BuiltInEngine
from commands.tailoring.conclude import Tailored, conclude
from commands.tailoring.lexicon import lexicon
from commands.tailoring.posting import analyse_job
from commands.tailoring.text import squash
from events.resume_data import ResumeData
from events.tailoring import JobAnalysis, Strategy

STRATEGIES: tuple[Strategy, ...] = ("NUDGE", "KEYWORDS", "FULL")


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--show", action="store_true", help="print every change")
    arguments = parser.parse_args()
    lexicon()
    postings = {
        p.stem: p.read_text("utf-8") for p in sorted(arguments.corpus.glob("postings/*.md"))
    }
    analyses = {name: analyse_job(text) for name, text in postings.items()}
    _print_keywords(arguments.corpus, analyses)
    for path in sorted(arguments.corpus.glob("structured/*.json")):
        source = ResumeData.model_validate_json(path.read_bytes())
        for name, analysis in analyses.items():
            for strategy in STRATEGIES:
                _print_run(
                    path.stem, source, name, postings[name], analysis, strategy, arguments.show
                )


def _print_keywords(corpus: Path, analyses: dict[str, JobAnalysis]) -> None:
    listed = json.loads((corpus / "postings" / "keywords.json").read_text("utf-8"))
    totals = [0, 0, 0]
    for name, analysis in analyses.items():
        found = {_key(keyword) for keyword in _hard(analysis)}
        wanted = {_key(keyword) for keyword in listed[name]}
        soft = {_key(keyword) for keyword in analysis.keywords.keywords}
        hits = found & wanted
        recalled = (found | soft) & wanted
        totals = [totals[0] + len(hits), totals[1] + len(found), totals[2] + len(wanted)]
        print(
            f"{name:24} {analysis.title[:50]:50} precision {len(hits) / len(found):.2f} "
            f"recall {len(recalled) / len(wanted):.2f}"
        )
        print(f"    not listed: {sorted(found - wanted)}; missed: {sorted(wanted - found - soft)}")
    print(f"all: precision {totals[0] / totals[1]:.2f} recall {totals[0] / totals[2]:.2f}")


def _hard(analysis: JobAnalysis) -> tuple[str, ...]:
    return (*analysis.keywords.required_skills, *analysis.keywords.preferred_skills)


def _key(keyword: str) -> str:
    concept = concept_of(keyword)
    return concept.name if concept else squash(keyword)


def _print_run(
    resume: str,
    source: ResumeData,
    name: str,
    posting: str,
    analysis: JobAnalysis,
    strategy: Strategy,
    show: bool,  # noqa: FBT001 a program's own switch
) -> None:
    start = perf_counter()
    edits = BuiltInEngine().propose(source, analysis, posting, strategy, "en").edits
    proposed_ms = (perf_counter() - start) * 1_000
    result = conclude(source, posting, analysis, strategy, "en", edits)
    total_ms = (perf_counter() - start) * 1_000
    gain = result.coverage
    refused = result.stats.rejected_changes
    print(
        f"{resume[:22]:22} {name[:20]:20} {strategy:8} accepted {result.stats.diffs_applied} "
        f"refused {refused} coverage {gain.before}/{gain.after}/{gain.ceiling} "
        f"{proposed_ms:.0f}+{total_ms - proposed_ms:.0f} ms"
    )
    if show:
        _print_changes(result)


def _print_changes(result: Tailored) -> None:
    for verdict in result.verdicts:
        edit = verdict.edit
        mark = "+" if verdict.accepted else f"REFUSED {verdict.refusal} {verdict.detail}"
        print(f"    {mark} {edit.action} {edit.path}: {edit.reason}")
        print(f"      - {edit.original}\n      + {edit.value}\n      evidence {edit.evidence}")
    print(f"    gaps {result.coverage.gaps}")


if __name__ == "__main__":
    main()
