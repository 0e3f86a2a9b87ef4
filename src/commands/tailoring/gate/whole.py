"""The whole document: after all edits nothing is locked that moved, and no skill is new."""

from commands.tailoring.evidence import Evidence
from commands.tailoring.gate.case import Case, Objection
from events.resume_data import ResumeData


def whole(case: Case, result: ResumeData) -> Objection | None:
    """Hold *result* against the source: only summary, bullets and the order of skills differ."""
    if _locked(result) != _locked(case.source):
        return Objection("DOCUMENT_NOT_GROUNDED", "Something changed that never changes.")
    if not Evidence(result).concepts <= case.evidence.concepts:
        return Objection("DOCUMENT_NOT_GROUNDED", "The result names a skill the source lacks.")
    return None


def _locked(data: ResumeData) -> dict[str, object]:
    """Return everything that no tailoring may change."""
    document = data.model_dump(by_alias=True)
    document.pop("summary")
    for section in ("workExperience", "personalProjects"):
        for entry in document[section]:
            entry.pop("description")
    document["additional"]["technicalSkills"] = sorted(document["additional"]["technicalSkills"])
    return document
