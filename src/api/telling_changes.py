"""What a tailoring did, shown to the owner of the resume: only what differs, why, and on what."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

from commands.tailoring.gate.case import sentences
from commands.tailoring.places import SKILLS, bullet_path, places
from commands.tailoring.text import shortened
from events.resume_data import ResumeData
from events.tailoring import Coverage, Edit, Verdict

_MOST_GROUNDS: Final = 3
_LONGEST_QUOTE: Final = 80
_GAPS: Final = (
    ("required", "Required, but nowhere in the resume"),
    ("preferred", "Wished for, but nowhere in the resume"),
    ("mentioned", "Mentioned, but nowhere in the resume"),
)


def tell_changes(
    console: Console, verdicts: Sequence[Verdict], coverage: Coverage, source: ResumeData
) -> None:
    """Print what a tailoring of *source* changed and why, and how far it answers the posting."""
    for verdict in verdicts:
        _tell_verdict(console, verdict, source)
    if not any(verdict.accepted for verdict in verdicts):
        console.print("No change: nothing in the resume could truthfully be put better.")
    _tell_coverage(console, coverage)


def _tell_verdict(console: Console, verdict: Verdict, source: ResumeData) -> None:
    edit = verdict.edit
    mark = Text("✓ ", "green") if verdict.accepted else Text("✗ refused: ", "red")
    console.print(mark + Text(_named(edit.path, source), "bold"))
    for sign, text in _differences(edit):
        style = "red" if sign == "-" else "green" if verdict.accepted else "dim"
        console.print(Text(f"  {sign} {text}", style))
    console.print(Text(f"    {verdict.detail or edit.reason}", "italic"))
    texts = {place.path: place.text for place in places(source)}
    grounds = [texts[path] for path in edit.evidence if path in texts and path != edit.path]
    if verdict.accepted and grounds:
        quotes = [f"“{shortened(text, _LONGEST_QUOTE)}”" for text in dict.fromkeys(grounds)]
        more = len(quotes) - _MOST_GROUNDS
        told = quotes[:_MOST_GROUNDS] + ([f"{more} more"] if more > 0 else [])
        console.print(Text(f"    evidence: {', '.join(told)}", "dim"))


def _named(path: str, source: ResumeData) -> str:
    """Return what the owner calls the place at *path*; the path itself when there is no such."""
    if path in {"summary", SKILLS}:
        return "Summary" if path == "summary" else "Skills"
    place = bullet_path(path)
    work = place is not None and place.section == "workExperience"
    entries = source.work_experience if work else source.personal_projects
    if place is None or place.entry >= len(entries):
        return path
    texts = {known.path: known.text for known in places(source)}
    owner = texts.get(f"{place.owner}.{'company' if work else 'name'}", place.owner)
    return owner if place.line is None else f"{owner}, line {place.line + 1}"


def _differences(edit: Edit) -> list[tuple[str, str]]:
    """Return the sentences that go and come, or the entries that move up, each with its sign."""
    old, new = edit.original, edit.value
    if isinstance(new, tuple):
        stood = old if isinstance(old, tuple) else ()
        up = [text for i, text in enumerate(new) if text not in stood[: i + 1]]
        return [("↑", ", ".join(up))] if edit.path == SKILLS else [("↑", text) for text in up]
    gone = sentences(old) if isinstance(old, str) else []
    come = sentences(new)
    return [
        *(("-", text) for text in gone if text not in come),
        *(("+", text) for text in come if text not in gone),
    ]


def _tell_coverage(console: Console, coverage: Coverage) -> None:
    if coverage.before is None:
        console.print("The posting names no keyword that could be looked for.")
        return
    console.print(
        f"Keyword coverage: {coverage.before} % before, {coverage.after} % after,"
        f" {coverage.ceiling} % at most with this history."
    )
    ranked = sorted(coverage.keywords, key=lambda match: -match.weight)
    for importance, told in _GAPS:
        missing = [m for m in ranked if m.after == "missing" and m.importance == importance]
        if missing:
            console.print(f"{told}: {', '.join(match.keyword for match in missing)}")
