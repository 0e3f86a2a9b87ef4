"""What a model gave, and what it took."""

from dataclasses import dataclass

from events.tailoring import Edit, JobAnalysis


@dataclass(frozen=True, slots=True)
class ModelUsage:
    """What the answers to one question took, all attempts together.

    Tokens and cost are None when unknown; an attempt that got no answer counts none.

    `model` is `provider/model`; `prompt` names the prompt's version and its first eight digits of
    SHA-256, so that the very words can be found again.
    """

    model: str
    prompt: str
    input_tokens: int | None
    output_tokens: int | None
    cost_micro_usd: int | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Proposed:
    """Edits that nobody has judged yet. `dropped` counts parts that were no edits at all."""

    edits: tuple[Edit, ...]
    usage: ModelUsage | None
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Suggested:
    """A posting's analysis, maybe with more of the posting's own words as keywords."""

    analysis: JobAnalysis
    usage: ModelUsage | None
