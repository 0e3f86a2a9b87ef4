"""The port behind which edits are proposed; the gate decides what becomes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from events.letter import LetterKind
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


@dataclass(frozen=True, slots=True)
class Background:
    """What else is known of the person; it backs nothing.

    `niche` is the kind of work that they look for. `earlier` are edits that stood up to the gate
    in what was generated for them before, the newest first.
    """

    niche: str = ""
    earlier: tuple[Edit, ...] = ()


NO_BACKGROUND: Final = Background()


@dataclass(frozen=True, slots=True)
class Brief:
    """What a letter is to be about, for which posting, and in which language.

    `variant` counts up with every request for the same letter, so that each reads differently.
    """

    kind: LetterKind
    source: ResumeData
    analysis: JobAnalysis
    job_description: str
    language: Language
    variant: int = 0


@dataclass(frozen=True, slots=True)
class Drafted:
    """A letter that nobody has judged yet, and what a model took for it."""

    text: str
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
        background: Background = NO_BACKGROUND,
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

    def draft(self, brief: Brief, rejected: str | None, objections: Sequence[str]) -> Drafted:
        """Write a letter; after a *rejected* draft, one to which the objections do not apply.

        Raises:
            EngineUnavailable: there is no answer to be had.

        """
        ...
