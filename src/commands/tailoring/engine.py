"""The port behind which edits are proposed; the gate decides what becomes of them."""

from dataclasses import dataclass
from typing import Protocol

from events.resume_data import ResumeData
from events.tailoring import Edit, JobAnalysis, Language, ModelUsage, Strategy


class EngineUnavailable(Exception):
    """No answer, after all tries. The message is a sentence of ours that holds nothing secret."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """Edits that nobody has judged yet, and what a model took for them.

    `dropped` counts the parts of an answer that were no edits at all.
    """

    edits: tuple[Edit, ...]
    usage: ModelUsage | None = None
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Suggested:
    """A posting's analysis, maybe with more of the posting's own words as keywords."""

    analysis: JobAnalysis
    usage: ModelUsage | None = None


class Engine(Protocol):
    """Whatever proposes edits. It proposes; the truth gate disposes."""

    @property
    def name(self) -> str:
        """How the engine is named in records."""
        ...

    def propose(
        self,
        source: ResumeData,
        analysis: JobAnalysis,
        job_description: str,
        strategy: Strategy,
        language: Language,
    ) -> Proposed:
        """Propose edits of *source* for the job; none is a good answer too.

        Raises:
            EngineUnavailable: there is no answer to be had.

        """
        ...

    def suggest(self, analysis: JobAnalysis, job_description: str) -> Suggested:
        """Add to the analysis what else of the posting's own words it asks for.

        Raises:
            EngineUnavailable: there is no answer to be had.

        """
        ...
