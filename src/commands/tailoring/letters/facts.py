"""What a letter may lean on: the resume's texts, and the names of the job it answers."""

import re
from functools import cached_property
from typing import Final

from commands.tailoring.gate.case import Case
from commands.tailoring.gate.synonyms import family
from commands.tailoring.letters.speaking import Part
from commands.tailoring.letters.vocabulary import first
from commands.tailoring.lexicon import lexicon
from commands.tailoring.text import fold, has_cjk
from commands.tailoring.tongue import stem, words
from events.tailoring import Language

_BEING: Final = (
    r"(?:\b(?:i am|i'm|i was|being|as|soy|fui|sou|como|sendo)(?: an?| una?| uma?| the)? |"
    r"是|作为|担任)"
)
_MANAGER: Final = re.compile(r"\bhiring manager\b", re.IGNORECASE)


class Facts:
    """One case, as letters are held against it."""

    def __init__(self, case: Case) -> None:
        self.case = case

    @property
    def language(self) -> Language:
        """The language of the letter."""
        return self.case.language

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Every text of the resume, dates and places included."""
        source = self.case.source
        person = source.personal_info
        years = [
            *(job.years for job in source.work_experience),
            *(study.years for study in source.education),
            *(project.years for project in source.personal_projects),
        ]
        return (
            *self.case.texts.values(),
            person.name,
            person.location,
            *years,
        )

    @cached_property
    def own(self) -> str:
        """All of the resume, folded."""
        return fold("\n".join(self.texts))

    @cached_property
    def named(self) -> frozenset[str]:
        """The stems of all words of resume and posting: of those, names may be made."""
        everything = f"{self.own}\n{fold(self.case.job_description)}"
        return frozenset(stem(word, self.language) for word in words(everything))

    @cached_property
    def asked(self) -> frozenset[str]:
        """The skills that the posting names."""
        return lexicon().names(self.case.job_description)

    @cached_property
    def traits(self) -> frozenset[str]:
        """The soft skills there are: words such as teamwork also stand where nobody claims any."""
        known = lexicon().concepts
        return frozenset(name for name, concept in known.items() if concept.category == "soft")

    def foreign(self, text: str) -> frozenset[str]:
        """Return the skills in *text* that the resume does not show."""
        return lexicon().names(self.without_job(text)) - self.case.evidence.concepts

    def without_job(self, text: str) -> str:
        """Return *text* without the names of the job and its employer, unless they are claimed."""
        bare = _MANAGER.sub(" ", text)
        for name in (self.case.analysis.role, self.case.analysis.company):
            claimed = _BEING + re.escape(fold(name))
            if name and not re.search(claimed, fold(bare)):
                bare = re.sub(re.escape(name), " ", bare, flags=re.IGNORECASE)
        return bare

    def is_wish(self, part: Part) -> bool:
        """Tell whether a part speaks of what the writer wants, can or does not know."""
        return bool(first(self.language, "wish", part.text))

    def tells(self, word: str) -> bool:
        """Tell whether the resume holds *word*, or one that claims the same."""
        if has_cjk(word):
            return word in self.own
        told = {stem(w, self.language) for w in words(self.own)}
        return bool(family(stem(word, self.language), self.language) & told)
