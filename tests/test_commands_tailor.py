"""Asking for a tailoring, doing it step by step, giving it up."""

from uuid import UUID

import pytest

from commands.again import again
from commands.errors import ResumeNotFound, ResumeNotParsed
from commands.ports import Conflict, Job
from commands.request_tailoring import (
    AbandonTailoring,
    RequestTailoring,
    abandon_tailoring,
    request_tailoring,
)
from commands.resume import fold
from commands.run_tailoring import RunTailoring, run_tailoring
from commands.tailoring.conclude import conclude
from commands.tailoring.engine import EngineUnavailable, Proposed, Suggested
from commands.tailoring.posting import analyse_job
from events.base import Event
from events.recorded import Origin
from events.resume import (
    EditedContent,
    EditsProposed,
    JobAnalysed,
    MasterChosen,
    Proposal,
    ResumeDeleted,
    ResumeEdited,
    ResumeTailored,
    TailoredContent,
    TailoringFailed,
    TailoringRequested,
    TailoringTask,
)
from events.resume_data import ResumeData
from events.tailoring import Edit
from spec import NOW, OnPro, Proposing, Spec, charge_now, clock, now
from stories import (
    ACME,
    BY_ACME,
    BY_GLOBEX,
    BY_WORKER,
    DATA,
    INVENTION,
    LETTER,
    NOON,
    POSTING,
    RESULT,
    RESUME,
    SWAP,
    TEXT,
    at,
    data_of,
    founded,
    proposed,
    ready,
    requested,
    uploaded,
)

FOUND = analyse_job(POSTING)
TASK = TailoringTask(job_description=POSTING, filename="Tailored - ada.pdf")
DELETED = [ResumeDeleted(**at(6))]
GAVE_UP = TailoringFailed(**now(2, RESULT), code="TIMEOUT", reason="It took too long.")


def ask(spec: Spec, source_id: UUID = RESUME, *, by: Origin = BY_ACME) -> None:
    command = RequestTailoring(RESULT, source_id, POSTING, "FULL", "en", "scripted")
    request_tailoring(command, by, streams=spec.streams, clock=clock)


def run(spec: Spec, engine: Proposing | None = None, *, by: Origin = BY_WORKER) -> None:
    run_tailoring(
        RunTailoring(RESULT),
        by,
        streams=spec.streams,
        engine=engine or Proposing(),
        plans=OnPro(),
        clock=clock,
        new_id=lambda: LETTER,
    )


def abandon(spec: Spec) -> None:
    command = AbandonTailoring(RESULT, "TIMEOUT", "It took too long.")
    abandon_tailoring(command, BY_ACME, streams=spec.streams, clock=clock)


def answered(*edits: Edit) -> list[Event]:
    """Return the steps an engine's answer leads to."""
    return [
        JobAnalysed(**now(2, RESULT), usage=None, personal=FOUND),
        EditsProposed(
            **now(3, RESULT),
            engine="scripted",
            edit_count=len(edits),
            duration_ms=0,
            usage=None,
            personal=Proposal(edits=edits),
        ),
    ]


def settled(*edits: Edit, source: ResumeData = DATA) -> list[Event]:
    """Return the end that the gate brings to these edits."""
    tailored = conclude(source, POSTING, FOUND, "FULL", "en", edits)
    return [
        ResumeTailored(
            **now(4, RESULT),
            accepted=tailored.stats.diffs_applied,
            refused=tailored.stats.rejected_changes,
            coverage_before=tailored.coverage.before,
            coverage_after=tailored.coverage.after,
            coverage_ceiling=tailored.coverage.ceiling,
            duration_ms=round((NOW - NOON).total_seconds() * 1000) - 1000,
            personal=TailoredContent(
                markdown=TEXT.plain,
                data=tailored.data,
                verdicts=tailored.verdicts,
                coverage=tailored.coverage,
                stats=tailored.stats,
                warnings=tailored.warnings,
            ),
        ),
        charge_now("tailor", 5, RESULT),
    ]


def test_a_request_names_the_source_as_it_is_now(spec: Spec) -> None:
    spec.given(ready(), [MasterChosen(**at(6))]).when(lambda: ask(spec)).then(
        TailoringRequested(
            **now(1, RESULT),
            source_id=RESUME,
            source_version=6,
            strategy="FULL",
            language="en",
            engine="scripted",
            letters=(),
            strict=False,
            personal=TASK,
        ),
        jobs=[Job("tailor", RESULT)],
    )


@pytest.mark.parametrize(
    "before",
    [
        [],
        [
            ResumeEdited(
                **at(4), changed=("data",), status=None, personal=EditedContent(data=ResumeData())
            )
        ],
    ],
    ids=["no data", "empty data"],
)
def test_a_resume_without_data_cannot_be_tailored(spec: Spec, before: list[Event]) -> None:
    spec.given(uploaded(), before).when(lambda: ask(spec)).then_refused(ResumeNotParsed())


@pytest.mark.parametrize(
    ("story", "by"),
    [(ready(), BY_GLOBEX), ([*ready(), *DELETED], BY_ACME), ([], BY_ACME)],
    ids=["another organization's", "deleted", "never made"],
)
def test_a_resume_that_is_not_there_cannot_be_tailored(
    spec: Spec, story: list[Event], by: Origin
) -> None:
    spec.given(story).when(lambda: ask(spec, by=by)).then_refused(ResumeNotFound())


def test_an_organization_is_no_resume(spec: Spec) -> None:
    spec.given(founded()).when(lambda: ask(spec, ACME)).then_refused(ResumeNotFound())


def test_nobody_sees_a_result_before_it_is_tailored(spec: Spec) -> None:
    spec.given(ready(), requested())

    result = spec.streams.load(RESULT, fold, organization_id=ACME)

    assert result is not None
    assert not result.exists


def test_a_tailoring_is_recorded_step_by_step_and_charged_once(spec: Spec) -> None:
    engine = Proposing((SWAP, INVENTION))

    spec.given(ready(), requested()).when(lambda: run(spec, engine)).then(
        *answered(SWAP, INVENTION), *settled(SWAP, INVENTION)
    )


def test_the_gate_has_the_last_word(spec: Spec) -> None:
    spec.given(ready(), requested())

    run(spec, Proposing((SWAP, INVENTION)))

    result = spec.streams.load(RESULT, fold, organization_id=ACME)
    assert result is not None
    assert result.data is not None
    assert result.data.additional.technical_skills == ("Python", "PostgreSQL", "Go")
    assert "Nobel" not in result.data.summary
    assert result.data.personal_info == DATA.personal_info


def test_an_engine_without_a_proposal_still_ends_in_a_resume(spec: Spec) -> None:
    spec.given(ready(), requested()).when(lambda: run(spec)).then(*answered(), *settled())


def test_the_engine_is_asked_about_the_source_as_of_the_request(spec: Spec) -> None:
    later = ResumeEdited(
        **at(6), changed=("data",), status=None, personal=EditedContent(data=data_of("Grace"))
    )
    engine = Proposing()
    spec.given(ready(), requested(), [later])

    run(spec, engine)

    assert engine.asked == [(DATA, FOUND, POSTING, "FULL", "en")]
    result = spec.streams.load(RESULT, fold, organization_id=ACME)
    assert result is not None
    assert result.data is not None
    assert result.data.personal_info == DATA.personal_info
    assert result.data.work_experience == DATA.work_experience


def test_an_answer_on_record_is_not_asked_for_again(spec: Spec) -> None:
    engine = Proposing((INVENTION,))

    spec.given(ready(), requested(), proposed(SWAP, analysis=FOUND)).when(
        lambda: run(spec, engine)
    ).then(*settled(SWAP))

    assert engine.asked == []


def test_a_settled_tailoring_stays_as_it_is(spec: Spec) -> None:
    engine = Proposing((SWAP,))
    spec.given(ready(), requested())
    run(spec, engine)
    before = [*spec.new()]

    run(spec, engine)

    assert spec.new() == before
    assert len(engine.asked) == 1


@pytest.mark.parametrize("answer", [[], proposed(SWAP)], ids=["before", "after its answer"])
def test_a_source_that_was_deleted_fails_the_tailoring(spec: Spec, answer: list[Event]) -> None:
    engine = Proposing()

    spec.given(ready(), requested(), answer, DELETED).when(lambda: run(spec, engine)).then(
        TailoringFailed(
            **now(2 + len(answer), RESULT), code="NOT_FOUND", reason="The source was deleted."
        ),
        ResumeDeleted(**now(3 + len(answer), RESULT)),
    )

    assert engine.asked == []


@pytest.mark.parametrize("by", [BY_ACME, BY_GLOBEX])
def test_a_job_for_what_is_not_there_does_nothing(spec: Spec, by: Origin) -> None:
    story = requested() if by == BY_GLOBEX else ready(RESULT)

    spec.given(ready(), story).when(lambda: run(spec, by=by)).then()


def test_what_is_no_tailoring_cannot_be_abandoned(spec: Spec) -> None:
    spec.given(ready(RESULT)).when(lambda: abandon(spec)).then()


def test_a_tailoring_that_nobody_waits_for_is_settled_as_failed(spec: Spec) -> None:
    spec.given(ready(), requested()).when(lambda: abandon(spec)).then(GAVE_UP)


def test_a_settled_tailoring_cannot_be_abandoned(spec: Spec) -> None:
    spec.given(ready(), requested())
    run(spec)
    before = [*spec.new()]

    abandon(spec)

    assert spec.new() == before


def test_a_result_that_comes_too_late_is_dropped_and_not_charged(spec: Spec) -> None:
    engine = Proposing((SWAP,), meanwhile=lambda: abandon(spec))

    spec.given(ready(), requested()).when(lambda: again(run)(spec, engine)).then(
        answered()[0], GAVE_UP.model_copy(update={"originator_version": 3})
    )


def test_an_answer_that_comes_too_late_is_a_conflict(spec: Spec) -> None:
    spec.given(ready(), requested())

    with pytest.raises(Conflict):
        run(spec, Proposing(meanwhile=lambda: abandon(spec)))


def test_two_workers_with_the_same_job_charge_once(spec: Spec) -> None:
    engine = Proposing((SWAP,), meanwhile=lambda: run(spec, Proposing((SWAP,))))

    spec.given(ready(), requested()).when(lambda: again(run)(spec, engine)).then(
        *answered(SWAP), *settled(SWAP)
    )


class Broken(Proposing):
    """An engine that gives no answer."""

    def propose(self, *_: object) -> Proposed:
        raise EngineUnavailable("The provider asks to slow down.")


def test_an_engine_without_an_answer_fails_the_tailoring_and_charges_nothing(spec: Spec) -> None:
    failed = TailoringFailed(
        **now(3, RESULT),
        code="PRIMARY_TAILORING_FAILED",
        reason="The provider asks to slow down.",
    )

    spec.given(ready(), requested()).when(lambda: run(spec, Broken())).then(answered()[0], failed)


class Silent(Proposing):
    """An engine that suggests nothing, but proposes."""

    def suggest(self, *_: object) -> Suggested:
        raise EngineUnavailable("The provider asks to slow down.")


def test_without_suggestions_the_posting_is_what_rules_make_of_it(spec: Spec) -> None:
    spec.given(ready(), requested()).when(lambda: run(spec, Silent((SWAP,)))).then(
        *answered(SWAP), *settled(SWAP)
    )
