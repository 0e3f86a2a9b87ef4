"""Skills: a term of the lexicon may be written only where the source names the same thing."""

from typing import Final

from commands.tailoring.evidence import Sighting
from commands.tailoring.gate.case import Case, Claim, Objection, sentences
from commands.tailoring.gate.grades import graded
from commands.tailoring.gate.kept import negations
from commands.tailoring.lexicon import lexicon
from events.tailoring import Edit

_HEDGE: Final = 1


def skills(case: Case, edit: Edit) -> Objection | None:
    """Refuse a skill that the entry, or for the summary the resume, doesn't name.

    What follows only by definition, such as Python from Django, licenses no text.
    """
    for claim in case.claims(edit):
        paths = {place.path for place in claim.scope}
        for mention in lexicon().find(claim.text):
            shown = case.evidence.sightings.get(mention.concept.name, [])
            here = [sighting for sighting in shown if sighting.path in paths]
            if not here:
                certificate = mention.concept.category == "cert"
                where = "resume" if claim.in_summary and not shown else "entry"
                return Objection(
                    "FABRICATED_CERT" if certificate else "FABRICATED_SKILL",
                    f"Nothing in this {where} shows {mention.concept.name}.",
                )
            if claim.in_summary and _is_overstated(case, claim, mention.concept.name, here):
                return Objection(
                    "RAISED_CLAIM",
                    f"The source is modest about {mention.concept.name}; the new text is not.",
                )
    return None


def _is_overstated(case: Case, claim: Claim, name: str, shown: list[Sighting]) -> bool:
    """Tell whether every place that shows a skill denies or belittles it, the claim not."""
    if negations(case, claim.text) or _is_modest(claim.text):
        return False
    texts = [
        sentence
        for sighting in shown
        for sentence in sentences(case.texts[sighting.path])
        if name in lexicon().names(sentence)
    ]
    return bool(texts) and all(negations(case, text) or _is_modest(text) for text in texts)


def _is_modest(text: str) -> bool:
    return _HEDGE in graded(text).get("proficiency", ())
