"""The values of a tailoring: what the job asks, which edits were proposed, how they fared."""

from typing import Literal

from pydantic import Field

from events.base import Value

Strategy = Literal["NUDGE", "KEYWORDS", "FULL"]
Language = Literal["en", "es", "zh", "ja", "pt"]
Action = Literal["replace", "append", "reorder"]
Severity = Literal["info", "warning", "critical"]


class JobKeywords(Value):
    """What a posting asks for, in the posting's own words."""

    required_skills: tuple[str, ...] = ()
    preferred_skills: tuple[str, ...] = ()
    experience_requirements: tuple[str, ...] = ()
    education_requirements: tuple[str, ...] = ()
    key_responsibilities: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    experience_years: int | None = None
    seniority_level: str | None = None


class JobAnalysis(Value):
    """A posting understood: its role, its employer, its keywords. Unknown is ""."""

    role: str
    company: str
    keywords: JobKeywords

    @property
    def title(self) -> str:
        """`Role @ Company`, or the role alone; at most 80 characters."""
        return " @ ".join(part for part in (self.role, self.company) if part and self.role)[:80]


class Edit(Value):
    """One proposed change to one place of the source resume.

    *path* is a place such as `summary`, `workExperience[0].description[2]`,
    `workExperience[0].description` or `additional.technicalSkills`, with indexes into the source.
    *original* is the exact text (or list) that stands there, None only for `append`. *evidence*
    holds paths into the source that back the new text.
    """

    path: str
    action: Action
    original: str | tuple[str, ...] | None
    value: str | tuple[str, ...]
    reason: str
    evidence: tuple[str, ...] = ()


class ModelUsage(Value):
    """What the answer of a model took, all attempts together. None stands for unknown.

    `model` is `provider/model`; `prompt` names the version of the prompt. Cost is in millionths
    of a US dollar.
    """

    model: str
    prompt: str
    input_tokens: int | None
    output_tokens: int | None
    cost_micro_usd: int | None
    attempts: int


class Verdict(Value):
    """What the truth gate decided about one edit; `refusal` is None when it was accepted."""

    edit: Edit
    refusal: str | None = None
    detail: str = ""

    @property
    def accepted(self) -> bool:
        """True when the edit is in the result."""
        return self.refusal is None


class KeywordMatch(Value):
    """How the resume stands to one keyword of the posting.

    `before` and `after`: "present" (the posting's form is in the text), "alias" (another name of
    the same thing), "implied" (true by definition, such as Python by Django) or "missing".
    `evidence` holds the paths of the source where it is found.
    """

    keyword: str
    importance: Literal["required", "preferred", "mentioned"]
    weight: float
    before: Literal["present", "alias", "implied", "missing"]
    after: Literal["present", "alias", "implied", "missing"]
    evidence: tuple[str, ...] = ()


class Coverage(Value):
    """Keyword coverage in percent, 0 to 100; None when the posting names no keyword.

    `ceiling` is what an honest resume of this person could reach at most.
    """

    before: int | None
    after: int | None
    ceiling: int | None
    required_before: int | None
    required_after: int | None
    keywords: tuple[KeywordMatch, ...] = ()

    @property
    def gaps(self) -> tuple[str, ...]:
        """Keywords that nothing in the resume supports, the most important first."""
        missing = [match for match in self.keywords if match.after == "missing"]
        return tuple(m.keyword for m in sorted(missing, key=lambda m: -m.weight))


class RefinementStats(Value):
    """The counts that every tailoring answers with."""

    keywords_injected: int = 0
    phrases_replaced: int = 0
    diffs_applied: int = 0
    rejected_changes: int = 0
    passes_completed: int = 0
    ai_phrases_removed: tuple[str, ...] = ()
    alignment_violations_fixed: int = 0
    initial_match_percentage: float = Field(default=0.0, ge=0, le=100)
    final_match_percentage: float = Field(default=0.0, ge=0, le=100)


class TailoringWarning(Value):
    """Something the owner of the resume should know about its tailoring."""

    code: str
    detail: str
    severity: Severity
    field_path: str | None = None
    value: str | None = None
