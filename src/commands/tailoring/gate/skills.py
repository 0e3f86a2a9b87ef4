"""Skills: a term of the lexicon may be written only where the source names the same thing."""

from commands.tailoring.gate.case import Case, Objection
from commands.tailoring.lexicon import lexicon
from events.tailoring import Edit


def skills(case: Case, edit: Edit) -> Objection | None:
    """Refuse a skill that the entry, or for the summary the resume, doesn't name.

    What follows only by definition, such as Python from Django, licenses no text.
    """
    for claim in case.claims(edit):
        paths = {place.path for place in claim.scope}
        for mention in lexicon().find(claim.text):
            shown = case.evidence.sightings.get(mention.concept.name, [])
            if not any(sighting.path in paths for sighting in shown):
                certificate = mention.concept.category == "cert"
                where = "resume" if claim.in_summary and not shown else "entry"
                return Objection(
                    "FABRICATED_CERT" if certificate else "FABRICATED_SKILL",
                    f"Nothing in this {where} shows {mention.concept.name}.",
                )
    return None
