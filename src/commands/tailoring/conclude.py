"""Bring a tailoring to its end: judge, refine, judge again, measure, and warn."""

from dataclasses import dataclass
from typing import Final

from commands.tailoring.gate.bounds import MOST_EDITS
from commands.tailoring.gate.case import Case
from commands.tailoring.gate.judge import judge
from commands.tailoring.injecting import injections
from commands.tailoring.refining import refine
from commands.tailoring.score import coverage
from commands.tailoring.stating import NOTHING_STATED, Statements, informed
from commands.tailoring.text import shortened
from events.resume_data import ResumeData
from events.tailoring import (
    Coverage,
    Edit,
    JobAnalysis,
    Language,
    RefinementStats,
    Severity,
    Strategy,
    TailoringWarning,
    Verdict,
)

_SEVERITIES: Final[dict[str, Severity]] = {
    "FABRICATED_SKILL": "critical",
    "FABRICATED_CERT": "critical",
    "FABRICATED_COMPANY": "critical",
    "FABRICATED_NAME": "critical",
    "INVENTED_METRIC": "critical",
    "RAISED_CLAIM": "warning",
    "UNSUPPORTED_WORD": "warning",
    "UNSAFE_TEXT": "critical",
    "DOCUMENT_NOT_GROUNDED": "critical",
}
"""Refusals that the owner hears of under their own code; all others are CHANGE_REJECTED."""
_PASSES: Final = 3


@dataclass(frozen=True, slots=True)
class Tailored:
    """The outcome of a tailoring: the resume, what became of each edit, and what it gained."""

    data: ResumeData
    verdicts: tuple[Verdict, ...]
    coverage: Coverage
    stats: RefinementStats
    warnings: tuple[TailoringWarning, ...]


def conclude(
    source: ResumeData,
    job_description: str,
    analysis: JobAnalysis,
    strategy: Strategy,
    language: Language,
    edits: tuple[Edit, ...],
    statements: Statements = NOTHING_STATED,
) -> Tailored:
    """Return the honest part of *edits* applied to *source*, in plain words, and the report.

    *edits* were proposed for the source as `informed` by the statements. Never fails: whatever
    doesn't hold is refused and reported. Takes about 20 to 60 ms.
    """
    known = informed(source, statements, analysis, job_description)
    case = Case(known.source, strategy, analysis, job_description, language)
    judged, verdicts, removed = _judged(case, _with_injections(case, edits))
    data, verdicts = known.without_statements(judged), (*known.verdicts, *verdicts)
    gain = coverage(source, data, analysis, job_description, known=known.source)
    return Tailored(
        data=data,
        verdicts=verdicts,
        coverage=gain,
        stats=_stats(gain, verdicts, removed),
        warnings=_warnings(case, verdicts, removed),
    )


def _with_injections(case: Case, edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """Return *edits*, and those by rule that the gate lets pass beside them.

    What it refuses of the latter was proposed by nobody, so it is not reported.
    """
    _, verdicts = _judge(case, edits)
    accepted = frozenset(i for i, verdict in enumerate(verdicts) if verdict.accepted)
    more = injections(case, edits, accepted)[: max(0, MOST_EDITS - len(edits))]
    if not more:
        return edits
    _, again = _judge(case, (*edits, *more))
    return (*edits, *(verdict.edit for verdict in again[len(edits) :] if verdict.accepted))


def _judged(
    case: Case, edits: tuple[Edit, ...]
) -> tuple[ResumeData, tuple[Verdict, ...], tuple[str, ...]]:
    first, verdicts = _judge(case, edits)
    accepted = frozenset(i for i, verdict in enumerate(verdicts) if verdict.accepted)
    refined = refine(case, edits[:MOST_EDITS], accepted)
    if not refined.removed:
        return first, verdicts, ()
    plain = _fitting(case, edits, refined.edits)
    data, again = _judge(case, plain)
    if sum(verdict.accepted for verdict in again) < len(accepted):
        return first, verdicts, ()
    late = verdicts[MOST_EDITS:]
    return data, (*again, *late), refined.removed


def _fitting(case: Case, edits: tuple[Edit, ...], refined: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """Return the refined edits, without rewordings that the gate refuses."""
    _, verdicts = _judge(case, refined)
    known = edits[:MOST_EDITS]
    fitting: list[Edit] = []
    for index, verdict in enumerate(verdicts):
        if index < len(known):
            reworded = verdict.edit != known[index]
            fitting.append(known[index] if reworded and not verdict.accepted else verdict.edit)
        elif verdict.accepted:
            fitting.append(verdict.edit)
    return tuple(fitting)


def _judge(case: Case, edits: tuple[Edit, ...]) -> tuple[ResumeData, tuple[Verdict, ...]]:
    return judge(
        case.source,
        case.strategy,
        edits,
        analysis=case.analysis,
        job_description=case.job_description,
        language=case.language,
    )


def _stats(
    gain: Coverage, verdicts: tuple[Verdict, ...], removed: tuple[str, ...]
) -> RefinementStats:
    injected = [m for m in gain.keywords if m.before != "present" and m.after == "present"]
    refused = [verdict for verdict in verdicts if not verdict.accepted]
    fabricated = [v for v in refused if (v.refusal or "").startswith("FABRICATED")]
    return RefinementStats(
        keywords_injected=len(injected),
        phrases_replaced=len(removed),
        diffs_applied=len(verdicts) - len(refused),
        rejected_changes=len(refused),
        passes_completed=_PASSES,
        ai_phrases_removed=removed,
        alignment_violations_fixed=len(fabricated),
        initial_match_percentage=_found(gain, after=False),
        final_match_percentage=_found(gain, after=True),
    )


def _found(gain: Coverage, *, after: bool) -> float:
    """Return the share of keywords that stand in the text as the posting writes them."""
    if not gain.keywords:
        return 0.0
    found = [m for m in gain.keywords if (m.after if after else m.before) == "present"]
    return round(100 * len(found) / len(gain.keywords), 1)


def _warnings(
    case: Case, verdicts: tuple[Verdict, ...], removed: tuple[str, ...]
) -> tuple[TailoringWarning, ...]:
    found = [_warning_of(verdict) for verdict in verdicts if not verdict.accepted]
    found += [
        TailoringWarning(
            code="AI_PHRASE_DETECTED",
            detail=f"The phrase {phrase!r} was put in plainer words.",
            severity="info",
            value=phrase,
        )
        for phrase in removed
    ]
    if not any(verdict.accepted for verdict in verdicts):
        found.append(
            TailoringWarning(
                code="NO_CHANGES_APPLIED",
                detail="Nothing could honestly be changed; the resume is as it was.",
                severity="warning",
            )
        )
    if case.translating:
        found.append(
            TailoringWarning(
                code="NEEDS_REVIEW",
                detail="The resume is in another language than was asked for: read it through.",
                severity="warning",
            )
        )
    return tuple(found)


def _warning_of(verdict: Verdict) -> TailoringWarning:
    code = verdict.refusal or ""
    return TailoringWarning(
        code=code if code in _SEVERITIES else "CHANGE_REJECTED",
        detail=verdict.detail,
        severity=_SEVERITIES.get(code, "info"),
        field_path=shortened(verdict.edit.path, 200),
        value=shortened(str(verdict.edit.value), 200),
    )
