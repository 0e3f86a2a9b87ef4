from commands.tailoring.gate.case import Case
from commands.tailoring.gate.whole import whole
from events.resume_data import ResumeData
from tailoring_samples import POSTING, analysis, resume

CASE = Case(resume(), "FULL", analysis(), POSTING, "en")


def code(result: ResumeData) -> str | None:
    objection = whole(CASE, result)
    return objection.code if objection else None


def test_the_source_itself_holds() -> None:
    assert code(resume()) is None


def test_a_moved_locked_field_condemns_the_whole() -> None:
    assert code(resume(personalInfo={"name": "Eve"})) == "DOCUMENT_NOT_GROUNDED"


def test_a_skill_that_was_not_there_condemns_the_whole() -> None:
    assert code(resume(summary="Terraform.")) == "DOCUMENT_NOT_GROUNDED"
