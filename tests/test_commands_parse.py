"""Turning text into data: asked for, asked for again, done, late."""

from collections.abc import Callable
from uuid import UUID

import pytest

from commands.again import again
from commands.edit_resume import EditResume, edit_resume
from commands.errors import ParsingNotRetryable, ResumeNotFound, SourceTextMissing
from commands.parse_resume import (
    FailParsing,
    RetryParsing,
    RunParsing,
    fail_parsing,
    retry_parsing,
    run_parsing,
)
from commands.ports import Conflict, Job
from events.base import Event
from events.recorded import Origin
from events.resume import (
    EditedContent,
    ParsedContent,
    ParsingRequested,
    ResumeDeleted,
    ResumeEdited,
    ResumeParsed,
    ResumeParsingFailed,
    Status,
)
from events.resume_data import ResumeData
from spec import OnPro, Scripted, Spec, charge_now, clock, erase, now
from stories import (
    BY_ACME,
    BY_GLOBEX,
    CONTENT,
    DATA,
    RESULT,
    RESUME,
    at,
    parsed,
    proposed,
    ready,
    requested,
    tailored,
    uploaded,
)


def run(spec: Spec, parser: Scripted | None = None, *, by: Origin = BY_ACME) -> None:
    run_parsing(
        RunParsing(RESUME),
        by,
        streams=spec.streams,
        parser=parser or Scripted(),
        plans=OnPro(),
        clock=clock,
    )


def retry(spec: Spec, resume_id: UUID = RESUME, *, by: Origin = BY_ACME) -> None:
    retry_parsing(RetryParsing(resume_id), by, streams=spec.streams, clock=clock)


def give_up(spec: Spec) -> None:
    fail_parsing(FailParsing(RESUME, "It broke."), BY_ACME, streams=spec.streams, clock=clock)


def failed(version: int = 4) -> list[Event]:
    return [
        ResumeParsingFailed(
            **at(version), code="LLM_PARSING_FAILED", reason="Nothing was understood."
        )
    ]


def set_to(status: Status, version: int) -> list[Event]:
    return [
        ResumeEdited(**at(version), changed=("status",), status=status, personal=EditedContent())
    ]


def parsed_now(version: int) -> list[Event]:
    return [
        ResumeParsed(
            **now(version), parser="scripted", duration_ms=0, usage=None, personal=CONTENT
        ),
        charge_now("parse", version + 1),
    ]


def test_what_was_understood_is_recorded_and_charged_once(spec: Spec) -> None:
    spec.given(uploaded()).when(lambda: run(spec)).then(*parsed_now(4))


def test_a_failure_is_recorded_and_not_charged(spec: Spec) -> None:
    spec.given(uploaded()).when(lambda: run(spec, Scripted(None))).then(
        ResumeParsingFailed(**now(4), code="LLM_PARSING_FAILED", reason="Nothing was understood.")
    )


def test_a_resume_with_nothing_in_it_is_a_failure(spec: Spec) -> None:
    nothing = ParsedContent(data=ResumeData(), sources=(), warnings=())

    spec.given(uploaded()).when(lambda: run(spec, Scripted(nothing))).then(
        ResumeParsingFailed(
            **now(4),
            code="LLM_PARSING_FAILED",
            reason="No part of a resume was recognised in the text.",
        )
    )


def test_a_second_job_for_the_same_parsing_does_nothing(spec: Spec) -> None:
    parser = Scripted()

    spec.given(ready()).when(lambda: run(spec, parser)).then()

    assert parser.asked == []


@pytest.mark.parametrize("by", [BY_ACME, BY_GLOBEX])
def test_a_job_for_a_resume_that_is_not_there_does_nothing(spec: Spec, by: Origin) -> None:
    spec.given(uploaded(UUID(int=9))).when(lambda: run(spec, by=by)).then()


def test_the_job_of_another_organization_does_nothing(spec: Spec) -> None:
    spec.given(uploaded()).when(lambda: run(spec, by=BY_GLOBEX)).then()


def test_a_deleted_resume_is_not_parsed(spec: Spec) -> None:
    spec.given(uploaded(), [ResumeDeleted(**at(4))]).when(lambda: run(spec)).then()


def late(spec: Spec, meanwhile: Callable[[], object]) -> Scripted:
    """Return a parser during whose first work something else happens."""
    parser = Scripted()

    def once() -> None:
        if len(parser.asked) == 1:
            meanwhile()

    parser.meanwhile = once
    return parser


def edit(spec: Spec, **fields: object) -> None:
    command = EditResume(RESUME, **fields)  # type: ignore[arg-type]  # as a test gives them
    edit_resume(command, BY_ACME, streams=spec.streams, clock=clock)


def test_a_late_result_does_not_replace_what_the_owner_wrote(spec: Spec) -> None:
    by_hand = DATA.model_copy(update={"summary": "By hand."})
    parser = late(spec, lambda: edit(spec, data=by_hand))

    spec.given(uploaded()).when(lambda: again(run)(spec, parser)).then(
        ResumeEdited(
            **now(4), changed=("data",), status=None, personal=EditedContent(data=by_hand)
        )
    )


def test_an_edit_of_the_title_makes_the_parser_look_again(spec: Spec) -> None:
    parser = late(spec, lambda: edit(spec, title="Mine"))

    spec.given(uploaded()).when(lambda: again(run)(spec, parser)).then(
        ResumeEdited(
            **now(4), changed=("title",), status=None, personal=EditedContent(title="Mine")
        ),
        *parsed_now(5),
    )


def test_a_late_result_after_a_deletion_is_dropped(spec: Spec) -> None:
    parser = late(
        spec,
        lambda: erase(spec, RESUME, by=BY_ACME),
    )

    spec.given(uploaded()).when(lambda: again(run)(spec, parser)).then(ResumeDeleted(**now(4)))


def test_without_a_second_try_a_late_result_is_a_conflict(spec: Spec) -> None:
    spec.given(uploaded())

    with pytest.raises(Conflict):
        run(spec, late(spec, lambda: give_up(spec)))

    assert spec.new() == [ResumeParsingFailed(**now(4), code="RETRY_FAILED", reason="It broke.")]


def test_two_workers_with_the_same_job_charge_once(spec: Spec) -> None:
    parser = late(spec, lambda: run(spec))

    spec.given(uploaded()).when(lambda: again(run)(spec, parser)).then(*parsed_now(4))


@pytest.mark.parametrize("before", [[], failed(), set_to("PROCESSING", 4)])
def test_a_failed_or_waiting_resume_is_parsed_again(spec: Spec, before: list[Event]) -> None:
    version = 4 + len(before)

    spec.given(uploaded(), before).when(lambda: retry(spec)).then(
        ParsingRequested(**now(version)), jobs=[Job("parse", RESUME)]
    )


@pytest.mark.parametrize(
    ("before", "status"), [(parsed(), "READY"), (set_to("PENDING", 4), "PENDING")]
)
def test_no_other_resume_is_parsed_again(spec: Spec, before: list[Event], status: Status) -> None:
    spec.given(uploaded(), before).when(lambda: retry(spec)).then_refused(
        ParsingNotRetryable(status)
    )


def test_a_retry_can_succeed(spec: Spec) -> None:
    retried = [ParsingRequested(**at(5))]

    spec.given(uploaded(), failed(), retried).when(lambda: run(spec)).then(*parsed_now(6))


def test_a_tailored_resume_has_no_text_to_parse_again(spec: Spec) -> None:
    broken = ResumeEdited(
        **at(6, RESULT), changed=("status",), status="FAILED", personal=EditedContent()
    )

    spec.given(ready(), requested(), proposed(), tailored(), [broken]).when(
        lambda: retry(spec, RESULT)
    ).then_refused(SourceTextMissing())


def test_the_refusal_to_parse_again_names_the_status() -> None:
    assert "READY" in ParsingNotRetryable("READY").detail


@pytest.mark.parametrize("by", [BY_ACME, BY_GLOBEX])
def test_a_resume_that_is_not_there_is_not_parsed_again(spec: Spec, by: Origin) -> None:
    story = [*uploaded(), ResumeDeleted(**at(4))] if by == BY_ACME else uploaded()

    spec.given(story).when(lambda: retry(spec, by=by)).then_refused(ResumeNotFound())


def test_a_breakdown_settles_the_parsing(spec: Spec) -> None:
    spec.given(uploaded()).when(lambda: give_up(spec)).then(
        ResumeParsingFailed(**now(4), code="RETRY_FAILED", reason="It broke.")
    )


@pytest.mark.parametrize("story", [ready(), [*uploaded(), ResumeDeleted(**at(4))], []])
def test_a_breakdown_after_the_outcome_changes_nothing(spec: Spec, story: list[Event]) -> None:
    spec.given(story).when(lambda: give_up(spec)).then()


@pytest.mark.parametrize("status", ["READY", "FAILED"])
def test_a_status_set_by_hand_ends_the_wait_for_the_parser(spec: Spec, status: Status) -> None:
    by_hand = ResumeEdited(**at(4), changed=("status",), status=status, personal=EditedContent())
    parser = Scripted()

    spec.given(uploaded(), [by_hand]).when(lambda: run(spec, parser)).then()

    assert parser.asked == []


def test_processing_set_by_hand_asks_for_no_parsing(spec: Spec) -> None:
    by_hand = ResumeEdited(
        **at(6), changed=("status",), status="PROCESSING", personal=EditedContent()
    )

    spec.given(ready(), [by_hand]).when(lambda: run(spec, Scripted())).then()
