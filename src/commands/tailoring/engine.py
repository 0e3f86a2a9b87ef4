"""The port behind which edits are proposed; the gate decides what becomes of them."""

from dataclasses import dataclass
from typing import Protocol

from events.resume_data import ResumeData
from events.tailoring import Edit, JobAnalysis, Language, ModelUsage, Strategy


@dataclass(frozen=True, slots=True)
class Proposed:
    """Edits that nobody has judged yet, and what a model took for them."""

    edits: tuple[Edit, ...]
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
        """Propose edits of *source* for the job; none is a good answer too."""
        ...
