"""Measure how much of what a posting asks for a resume shows, before and after."""

from collections.abc import Callable, Iterable
from typing import Final

from commands.tailoring.asked import Status, asked_of, paths_of, status_of
from commands.tailoring.evidence import Evidence
from events.resume_data import ResumeData
from events.tailoring import Coverage, JobAnalysis, KeywordMatch

_VALUES: Final[dict[Status, float]] = {
    "present": 1.0,
    "alias": 0.8,
    "implied": 0.4,
    "missing": 0.0,
}


def coverage(
    source: ResumeData,
    result: ResumeData,
    analysis: JobAnalysis,
    job_description: str,
    *,
    known: ResumeData | None = None,
) -> Coverage:
    """Return the weighted keyword coverage of *source* and *result*, 0 to 100.

    The posting's own form counts 1, another name of the same thing 0.8, what is true by
    definition 0.4. The ceiling has every name the source knows in the posting's form; *known* is
    the source with what its owner states besides.
    """
    before, after = Evidence(source), Evidence(result)
    backing = before if known is None else Evidence(known)
    wanted = asked_of(analysis, job_description)
    matches = tuple(
        KeywordMatch(
            keyword=asked.keyword,
            importance=asked.importance,
            weight=asked.weight,
            before=status_of(asked, before),
            after=status_of(asked, after),
            evidence=paths_of(asked, backing),
        )
        for asked in wanted
    )
    best = {asked.keyword: _best(status_of(asked, backing)) for asked in wanted}
    required = [match for match in matches if match.importance == "required"]
    return Coverage(
        before=_percent(matches, lambda match: match.before),
        after=_percent(matches, lambda match: match.after),
        ceiling=_percent(matches, lambda match: best[match.keyword]),
        required_before=_percent(required, lambda match: match.before),
        required_after=_percent(required, lambda match: match.after),
        keywords=matches,
    )


def _best(status: Status) -> Status:
    return "present" if status == "alias" else status


def _percent(
    matches: Iterable[KeywordMatch], status: Callable[[KeywordMatch], Status]
) -> int | None:
    known = list(matches)
    total = sum(match.weight for match in known)
    reached = sum(match.weight * _VALUES[status(match)] for match in known)
    return round(100 * reached / total) if total else None
