"""Every code there is can be met, and an operation documents those that it is refused with."""

from typing import Any

from api.http.error_codes import CODES
from api.http.openapi_parts import ERRORS, EVERYWHERE
from server import Deployment

BY_PLAN_OR_INPUT = {"PLAN_REQUIRED", "VALIDATION_ERROR", "CONFLICT", "UNPROCESSABLE", "NOT_FOUND"}
CONTRACT = set(
    """
    MISSING_KEY INVALID_KEY UNAUTHORIZED NOT_FOUND VALIDATION_ERROR PLAN_REQUIRED RATE_LIMITED
    NO_JOBS_PROVIDED EMPTY_JOB_DESCRIPTION NO_MASTER_RESUME NO_JOB_DESCRIPTION RESUME_NOT_RENDERED
    PDF_RENDER_FAILED TAILORING_FAILED MISSING_SOURCE_TEXT LLM_PARSING_FAILED RETRY_FAILED
    RESUME_NOT_PARSED PRIMARY_TAILORING_FAILED TAILORING_PROCESS_FAILED FILE_NOT_SUPPORTED
    RESUME_NOT_FOUND LLM_GENERATION_FAILED COVER_LETTER_PROCESS_FAILED OUTREACH_PROCESS_FAILED
    REGENERATE_FAILED PAYLOAD_TOO_LARGE TIMEOUT CONFLICT UNPROCESSABLE APPLY_CONFLICT
    INTERNAL_ERROR INSUFFICIENT_CREDITS
    """.split()  # noqa: SIM905 -- thirty names read better as text than as a column
)


def test_there_are_the_codes_of_the_contract_and_no_others() -> None:
    assert CODES.keys() == CONTRACT


def test_every_code_belongs_to_an_operation() -> None:
    documented = {code for codes in ERRORS.values() for code in codes}

    assert documented | set(EVERYWHERE) | BY_PLAN_OR_INPUT == CONTRACT


def test_the_document_names_the_codes_of_each_refusal(deployment: Deployment) -> None:
    document: dict[str, Any] = deployment.http.get("/openapi.json").json()
    tailor = document["paths"]["/api/v1/resumes/{resume_id}/tailor"]["post"]["responses"]

    assert "`PLAN_REQUIRED`" in tailor["403"]["description"]
    assert "`APPLY_CONFLICT`" in tailor["409"]["description"]
    assert "`NO_JOBS_PROVIDED`" in tailor["400"]["description"]
    assert "`TIMEOUT`" in tailor["504"]["description"]
    assert tailor["412"]
    assert tailor["202"]["headers"].keys() >= {"Location", "Preference-Applied", "Retry-After"}
