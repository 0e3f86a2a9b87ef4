"""The port behind which edits are proposed; the gate decides what becomes of them."""

from typing import Protocol

from events.resume_data import ResumeData
from events.tailoring import Edit, JobAnalysis, Language, Strategy


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
    ) -> tuple[Edit, ...]:
        """Propose edits of *source* for the job; none is a good answer too."""
        ...
