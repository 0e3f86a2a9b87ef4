"""The engine that needs no key and no network: deterministic, modest, and never untrue."""

from collections.abc import Sequence

from commands.tailoring.asked import asked_of
from commands.tailoring.composing import summary_edit
from commands.tailoring.engine import (
    NO_BACKGROUND,
    Background,
    Brief,
    Drafted,
    Proposed,
    Suggested,
)
from commands.tailoring.expanding import expansion_edits
from commands.tailoring.gate.case import Case
from commands.tailoring.letters.template import template_letter
from commands.tailoring.ordering import bullet_orders, skill_order
from commands.tailoring.reusing import reused
from events.resume_data import ResumeData
from events.tailoring import JobAnalysis, Language, Strategy


class BuiltInEngine:
    """Propose what follows from the resume itself.

    NUDGE puts asked skills first and writes an abbreviation out where the posting does. KEYWORDS
    also names evidenced skills in the summary. FULL also says there at which work they were used,
    and moves bullets up. It adds no bullet, as it has nothing true to add, and proposes nothing
    where the resume shows nothing of what is asked for.
    """

    @property
    def name(self) -> str:
        """How the engine is named in records."""
        return "built-in"

    def propose(
        self,
        source: ResumeData,
        analysis: JobAnalysis,
        job_description: str,
        strategy: Strategy,
        language: Language,
        background: Background = NO_BACKGROUND,
    ) -> Proposed:
        """Propose edits in the resume's own language. Takes 2 to 10 ms.

        What was worded for an earlier posting is proposed again where it answers this one.
        """
        case = Case(source, strategy, analysis, job_description, language)
        asked = asked_of(analysis, job_description)
        edits = [*skill_order(case, asked), *expansion_edits(case, asked)]
        if strategy != "NUDGE":
            edits += summary_edit(case, asked)
        if strategy == "FULL":
            edits += bullet_orders(case, asked)
        edits += reused(case, asked, background.earlier, edits)
        return Proposed(tuple(edits))

    def suggest(self, analysis: JobAnalysis, job_description: str) -> Suggested:  # noqa: ARG002 all that it finds is in the analysis
        """Add nothing: the analysis holds all that rules can find."""
        return Suggested(analysis)

    def draft(self, brief: Brief, rejected: str | None, objections: Sequence[str]) -> Drafted:  # noqa: ARG002 its letters hold
        """Write the letter of the templates."""
        text = template_letter(
            brief.kind,
            brief.source,
            brief.analysis,
            brief.job_description,
            brief.language,
            variant=brief.variant,
        )
        return Drafted(text)
