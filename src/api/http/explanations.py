"""How explanations look on the wire: edits with their grounds, keywords, and breaches of truth."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, Field, JsonValue

from api.ids import to_wire
from commands.tailoring.checking import Violation
from commands.tailoring.places import places
from commands.tailoring.serving import served
from events.resume import TailoredContent
from events.resume_data import ResumeData
from events.tailoring import Coverage, KeywordMatch, Strategy, Verdict
from projections.generations import GenerationRow


class Grounds(BaseModel):
    """A place of the source and what stands there; null once the source is erased."""

    path: str
    text: str | None


class Change(BaseModel):
    """One proposed edit: what it was, why, on what evidence, and what became of it."""

    path: str
    action: str
    before: str | tuple[str, ...] | None
    after: str | tuple[str, ...]
    reason: str
    evidence: list[Grounds]
    keywords: tuple[str, ...] = Field(description="Those of the posting that it serves")
    accepted: bool
    refusal: str | None
    detail: str


class Changes(BaseModel):
    """Everything a tailoring did, and how far the resume answers the posting."""

    resume_id: str
    parent_id: str
    strategy: Strategy
    engine: str
    duration_ms: int | None
    changes: list[Change]
    coverage: Coverage
    gaps: tuple[str, ...]


class Keyword(BaseModel):
    """How a resume stands to one keyword of a posting; `after` is null without a tailoring."""

    keyword: str
    importance: str
    weight: float
    before: str
    after: str | None
    evidence: list[Grounds]


class Reach(BaseModel):
    """Weighted keyword coverage in percent; null where there is nothing to measure."""

    before: int | None
    after: int | None
    ceiling: int | None
    required_before: int | None
    required_after: int | None


class Gap(BaseModel):
    """A keyword worth having that the resume lacks; `gain` is in points of coverage."""

    keyword: str
    importance: str
    gain: float


class Match(BaseModel):
    """How a resume answers a posting, keyword by keyword."""

    resume_id: str
    parent_id: str | None
    strategy: Strategy | None
    coverage: Reach
    keywords: list[Keyword]
    gaps: list[Gap]


class Breach(BaseModel):
    """One thing that the source does not support; `path` is "" for the whole document."""

    path: str
    kind: str = Field(examples=["INVENTED_METRIC", "LOCKED_FIELD_CHANGED", "ENTRY_DROPPED"])
    detail: str
    source: JsonValue
    tailored: JsonValue


class Checked(BaseModel):
    """Whether a tailored version says only what its source supports."""

    ok: bool
    violations: list[Breach]


@dataclass(frozen=True, slots=True)
class Explained:
    """A tailoring that succeeded, and the texts of its source by path; none once erased."""

    row: GenerationRow
    content: TailoredContent
    texts: Mapping[str, str]


def changes_of(tailoring: Explained) -> Changes:
    """Return every edit of a tailoring, explained."""
    row, content = tailoring.row, tailoring.content
    return Changes(
        resume_id=to_wire("res", row.id),
        parent_id=to_wire("res", row.source_id),
        strategy=row.strategy,
        engine=row.engine,
        duration_ms=row.duration_ms,
        changes=[_change(verdict, tailoring) for verdict in content.verdicts],
        coverage=content.coverage,
        gaps=content.coverage.gaps,
    )


def match_of(tailoring: Explained) -> Match:
    """Return how a tailored resume answers its own posting, before and after."""
    row, found = tailoring.row, tailoring.content.coverage
    return Match(
        resume_id=to_wire("res", row.id),
        parent_id=to_wire("res", row.source_id),
        strategy=row.strategy,
        coverage=Reach(**found.model_dump(exclude={"keywords"})),
        keywords=[_keyword(k, tailoring.texts, after=k.after) for k in found.keywords],
        gaps=_gaps(found),
    )


def match_before(wire_id: str, source: ResumeData, found: Coverage) -> Match:
    """Return how a resume answers a posting as it is."""
    before = found.model_copy(update={"after": None, "required_after": None})
    texts = texts_of(source)
    return Match(
        resume_id=wire_id,
        parent_id=None,
        strategy=None,
        coverage=Reach(**before.model_dump(exclude={"keywords"})),
        keywords=[_keyword(k, texts, after=None) for k in found.keywords],
        gaps=_gaps(found),
    )


def checked_of(found: tuple[Violation, ...]) -> Checked:
    """Return the verdict on a tailored version."""
    breaches = [Breach.model_validate(one, from_attributes=True) for one in found]
    return Checked(ok=not breaches, violations=breaches)


def _change(verdict: Verdict, tailoring: Explained) -> Change:
    edit = verdict.edit
    return Change(
        path=edit.path,
        action=edit.action,
        before=edit.original,
        after=edit.value,
        reason=edit.reason,
        evidence=_grounds(edit.evidence, tailoring.texts),
        keywords=served(edit, tailoring.content.coverage.keywords),
        accepted=verdict.accepted,
        refusal=verdict.refusal,
        detail=verdict.detail,
    )


def _keyword(found: KeywordMatch, texts: Mapping[str, str], *, after: str | None) -> Keyword:
    return Keyword(
        keyword=found.keyword,
        importance=found.importance,
        weight=found.weight,
        before=found.before,
        after=after,
        evidence=_grounds(found.evidence, texts),
    )


def _gaps(found: Coverage) -> list[Gap]:
    """Return what is asked for and missing, the most important first."""
    total = sum(keyword.weight for keyword in found.keywords)
    missing = [k for k in found.keywords if k.after == "missing" and k.importance != "mentioned"]
    return [
        Gap(keyword=k.keyword, importance=k.importance, gain=round(100 * k.weight / total, 1))
        for k in sorted(missing, key=lambda k: -k.weight)
    ]


def texts_of(source: ResumeData | None) -> dict[str, str]:
    """Return the texts of a resume by their paths; none when there is no resume."""
    return {place.path: place.text for place in places(source)} if source else {}


def _grounds(paths: tuple[str, ...], texts: Mapping[str, str]) -> list[Grounds]:
    """Return what stands at *paths*; that of a list is its entries, one a line."""
    return [
        Grounds(
            path=path,
            text=texts.get(path)
            or "\n".join(text for place, text in texts.items() if place.startswith(f"{path}["))
            or None,
        )
        for path in paths
    ]
