"""Generations: what is asked for, each step once, one credit and one charge, and failures."""

from collections.abc import Sequence
from typing import Any

import pytest

from commands.errors import (
    InsufficientCredits,
    NoMasterResume,
    ResumeNotParsed,
)
from commands.ports import Job
from commands.resume import fold
from commands.tailoring.engine import EngineUnavailable, Proposed
from events.base import Event
from events.credits import CreditReleased, CreditReserved, CreditsGranted, CreditTaken
from events.generation import (
    GenerationFailed,
    GenerationRequested,
    GenerationResumed,
    JobResolved,
    ResumeGenerated,
)
from events.organization import AllowanceSet
from events.resume import (
    EditedContent,
    JobAnalysed,
    ResumeEdited,
    TailoringRequested,
    UsageCharged,
)
from events.resume_data import ResumeData
from generating import JOB, UNREADABLE, Board, Setting
from generating_acts import END, OWN, STEPS, ask, asked, free, give_up, go_on, kinds, master, run
from spec import Proposing, Spec, erase
from stories import (
    ACME,
    BY_ACME,
    OTHER,
    RESULT,
    RESUME,
    SWAP,
    at,
    founded,
)


def test_a_request_starts_from_the_master_and_sets_one_credit_aside(spec: Spec) -> None:
    spec.given(master())
    ask(spec)
    tailoring, requested, *counted = spec.new()

    assert isinstance(tailoring, TailoringRequested)
    assert (tailoring.originator_id, tailoring.source_id) == (RESULT, RESUME)
    assert isinstance(requested, GenerationRequested)
    assert (requested.template, requested.source, requested.owner_id) == (
        "template2",
        "job_description",
        OWN,
    )
    assert [type(event) for event in counted] == [CreditsGranted, CreditReserved]
    assert requested.credits_id == counted[0].originator_id
    assert spec.streams.jobs[-1:] == [Job("generate", RESULT)]
    assert free(spec) == 99


def test_a_generation_takes_each_step_once_and_ends_in_one_go(spec: Spec) -> None:
    spec.given(master())
    ask(spec)
    appends: list[int] = []
    inner = spec.streams.append

    def counting(events: Sequence[Event], *others: Any, **more: Any) -> None:
        inner(events, *others, **more)
        appends.append(len(events))

    spec.streams.append = counting  # type: ignore[method-assign]
    run(spec)

    assert kinds(spec)[4:] == [*STEPS, *END, CreditTaken]
    assert appends == [1, 1, 1, 4]
    charged = next(event for event in spec.new() if isinstance(event, UsageCharged))
    assert (charged.operation, charged.units) == ("generate", 1)
    (file,) = spec.streams.files
    assert (file.stream_id, file.content) == (RESULT, b"template2 en")
    made = next(event for event in spec.new() if isinstance(event, ResumeGenerated))
    assert file.version == made.originator_version
    assert free(spec) == 99


def test_a_job_that_comes_twice_finds_its_work_done(spec: Spec) -> None:
    spec.given(master())
    ask(spec)
    run(spec)
    done = len(spec.new())

    run(spec)

    assert len(spec.new()) == done


def test_after_a_crash_the_engine_is_not_asked_again(spec: Spec) -> None:
    spec.given(master())
    ask(spec)
    engine = Proposing((SWAP,))

    def die() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(spec, engine=engine, setting=Setting(meanwhile=die))
    run(spec, engine=engine)

    assert len(engine.asked) == 1
    assert kinds(spec)[4:] == [*STEPS, *END, CreditTaken]


def test_credits_that_move_meanwhile_have_nothing_typeset_again(spec: Spec) -> None:
    spec.given(master())
    ask(spec)
    setting = Setting(meanwhile=lambda: ask(spec, asked(generation_id=OTHER)))

    run(spec, setting=setting)

    assert len(setting.asked) == 1
    assert kinds(spec)[-4:] == [*END, CreditTaken]


def test_the_posting_behind_a_link_comes_first_and_the_text_is_its_context(spec: Spec) -> None:
    spec.given(master())
    ask(spec, asked(linkedin_job_id="4416743017", job_description="They use Kafka."))
    board = Board()

    run(spec, board=board)

    resolved = next(event for event in spec.new() if isinstance(event, JobResolved))
    analysed = next(event for event in spec.new() if isinstance(event, JobAnalysed))
    assert board.asked == ["4416743017"]
    assert resolved.source == "linkedin_job_url"
    assert resolved.personal is not None
    assert resolved.personal.text == f"{JOB.text}\n\nThey use Kafka."
    assert analysed.personal is not None
    assert (analysed.personal.role, analysed.personal.company) == (JOB.title, JOB.company)


def test_what_a_link_does_not_tell_the_text_does(spec: Spec) -> None:
    spec.given(master())
    ask(spec, asked(linkedin_job_id="4416743017"))

    run(spec, board=Board(works=False))

    resolved = next(event for event in spec.new() if isinstance(event, JobResolved))
    assert resolved.source == "job_description"
    assert kinds(spec)[-1] is CreditTaken


class Broken(Proposing):
    """An engine that gives no answer."""

    def propose(self, *_: object) -> Proposed:
        raise EngineUnavailable("The provider asks to slow down.")


@pytest.mark.parametrize(
    ("how", "code", "reason"),
    [
        ({"engine": Broken()}, "TAILORING_FAILED", "The provider asks to slow down."),
        (
            {"setting": Setting(works=False)},
            "PDF_RENDER_FAILED",
            "The document could not be typeset: no ink",
        ),
        ({"board": Board(works=False)}, "UNPROCESSABLE", UNREADABLE),
    ],
)
def test_a_failure_is_on_record_and_releases_the_credit(
    spec: Spec, how: dict[str, Any], code: str, reason: str
) -> None:
    spec.given(master())
    ask(spec, asked(linkedin_job_id="1", job_description="") if "board" in how else None)

    run(spec, **how)

    failed, released = spec.new()[-2:]
    assert isinstance(failed, GenerationFailed)
    assert (failed.code, failed.reason) == (code, reason)
    assert isinstance(released, CreditReleased)
    assert free(spec) == 100
    assert UsageCharged not in kinds(spec)


def test_a_failed_generation_goes_on_from_where_it_was(spec: Spec) -> None:
    spec.given(master())
    ask(spec)
    engine = Proposing((SWAP,))
    run(spec, engine=engine, setting=Setting(works=False))
    told = len(spec.new())

    go_on(spec)
    run(spec, engine=engine)

    assert kinds(spec)[told:] == [GenerationResumed, CreditReserved, *END, CreditTaken]
    assert len(engine.asked) == 1
    assert free(spec) == 99


def test_only_a_failed_generation_goes_on(spec: Spec) -> None:
    spec.given(master())
    ask(spec)
    asked_for = len(spec.new())
    go_on(spec)
    assert len(spec.new()) == asked_for

    run(spec)
    done = len(spec.new())
    go_on(spec)
    assert len(spec.new()) == done


def test_to_go_on_takes_a_credit_that_is_free(spec: Spec) -> None:
    story = [*master(), AllowanceSet(**at(3, ACME), credits_a_month=1)]
    spec.given(story)
    ask(spec)
    give_up(spec)
    ask(spec, asked(generation_id=OTHER))

    with pytest.raises(InsufficientCredits):
        go_on(spec)


def test_a_late_result_of_what_was_given_up_is_refused(spec: Spec) -> None:
    spec.given(master())
    ask(spec)

    run(spec, setting=Setting(meanwhile=lambda: give_up(spec)))

    assert kinds(spec)[-2:] == [GenerationFailed, CreditReleased]
    assert spec.streams.files == []
    assert free(spec) == 100


def test_with_its_source_a_generation_under_way_ends_and_is_erased(spec: Spec) -> None:
    spec.given(master())
    ask(spec)
    erase(spec, RESUME, by=BY_ACME)

    run(spec)

    state = spec.streams.load(RESULT, fold, organization_id=ACME)
    assert state is not None
    assert state.deleted
    assert free(spec) == 100


def test_without_a_credit_nothing_is_asked_for(spec: Spec) -> None:
    story = [*master(), AllowanceSet(**at(3, ACME), credits_a_month=0)]
    spec.given(story).when(lambda: ask(spec)).then_fails(InsufficientCredits)


def test_without_a_resume_to_start_from_there_is_nothing_to_do(spec: Spec) -> None:
    spec.given(founded()).when(lambda: ask(spec)).then_refused(NoMasterResume())


def test_a_resume_that_was_not_parsed_is_no_start(spec: Spec) -> None:
    empty = ResumeEdited(
        **at(7), changed=("data",), status=None, personal=EditedContent(data=ResumeData())
    )
    spec.given([*master(), empty]).when(lambda: ask(spec)).then_refused(ResumeNotParsed())
