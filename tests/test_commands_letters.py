"""Asking for letters, writing them draft by draft, giving them up, erasing them."""

from typing import Any

import pytest

from commands.again import again
from commands.delete_letter import DeleteLetter, delete_letter
from commands.errors import (
    LetterNotFound,
    LetterUnderWay,
    NoJobDescription,
    ResumeNotParsed,
    SubjectNotFound,
)
from commands.ports import Job
from commands.request_letter import (
    RegenerateLetter,
    RequestLetter,
    regenerate_letter,
    request_letter,
)
from commands.tailoring.engine import Brief, EngineUnavailable
from commands.tailoring.letters.template import template_letter
from commands.tailoring.posting import analyse_job
from commands.write_letter import AbandonLetter, WriteLetter, abandon_letter, write_letter
from events.base import Event
from events.letter import (
    Draft,
    LetterContent,
    LetterDeleted,
    LetterDrafted,
    LetterFailed,
    LetterKind,
    LetterRequested,
    LetterTask,
    LetterWritten,
)
from events.recorded import Origin
from events.resume import ResumeDeleted
from spec import OnPro, Proposing, Spec, charge_now, clock, erase, now
from stories import (
    BY_ACME,
    BY_GLOBEX,
    BY_WORKER,
    DATA,
    LETTER,
    OTHER,
    POSTING,
    RESULT,
    RESUME,
    at,
    deleted,
    letter_drafted,
    letter_requested,
    letter_written,
    proposed,
    ready,
    requested,
    tailored,
    titled,
    uploaded,
)

HONEST = template_letter("cover_letter", DATA, analyse_job(POSTING), POSTING, "en", variant=1)
LIE = HONEST.replace("Ada Example", "My work was awarded a Nobel Prize.\n\nAda Example")


def ask(
    spec: Spec,
    posting: str | None = POSTING,
    *,
    about: object = RESUME,
    by: Origin = BY_ACME,
) -> None:
    command = RequestLetter(LETTER, "cover_letter", about, posting, "scripted")  # type: ignore[arg-type]
    request_letter(command, by, streams=spec.streams, clock=clock)


def ask_again(
    spec: Spec,
    posting: str | None = POSTING,
    *,
    kind: LetterKind = "cover_letter",
    about: object = RESUME,
    by: Origin = BY_ACME,
) -> None:
    command = RegenerateLetter(LETTER, kind, about, posting, "scripted")  # type: ignore[arg-type]
    regenerate_letter(command, by, streams=spec.streams, clock=clock)


def write(spec: Spec, *drafts: str, engine: Proposing | None = None) -> None:
    write_letter(
        WriteLetter(LETTER),
        BY_WORKER,
        streams=spec.streams,
        engine=engine or Proposing(drafts=iter(drafts)),
        plans=OnPro(),
        clock=clock,
    )


def erase_letter(spec: Spec, *, kind: LetterKind = "cover_letter", by: Origin = BY_ACME) -> None:
    delete_letter(DeleteLetter(LETTER, kind, RESUME), by, streams=spec.streams, clock=clock)


def asked(version: int = 1, resume: int = 5, posting: str = POSTING) -> LetterRequested:
    return LetterRequested(
        **now(version, LETTER),
        kind="cover_letter",
        resume_id=RESUME,
        resume_version=resume,
        language="en",
        engine="scripted",
        personal=LetterTask(job_description=posting),
    )


def drafted(version: int, text: str) -> LetterDrafted:
    return LetterDrafted(
        **now(version, LETTER),
        engine="scripted",
        duration_ms=0,
        usage=None,
        personal=Draft(text=text),
    )


def written(version: int, text: str, *refused: tuple[str, ...]) -> LetterWritten:
    return LetterWritten(
        **now(version, LETTER),
        author="engine" if len(refused) < 2 else "template",
        refused=refused,
        duration_ms=0,
        personal=LetterContent(text=text),
    )


def failed(version: int, code: str, reason: str) -> LetterFailed:
    return LetterFailed(**now(version, LETTER), code=code, reason=reason)


# ---- asking -------------------------------------------------------------------------------------


def test_a_request_opens_the_letters_own_stream_and_enqueues_the_work(spec: Spec) -> None:
    spec.given(ready()).when(lambda: ask(spec)).then(asked(), jobs=[Job("write", LETTER)])


@pytest.mark.parametrize("given", [None, "", " \n "])
def test_without_a_posting_the_one_of_the_tailoring_counts(spec: Spec, given: str | None) -> None:
    spec.given(ready(), requested(), proposed(), tailored())
    ask(spec, given, about=RESULT)

    (event,) = spec.new()

    assert isinstance(event, LetterRequested)
    assert event.personal == LetterTask(job_description=POSTING)


def test_a_posting_that_is_given_goes_before_the_one_of_the_tailoring(spec: Spec) -> None:
    spec.given(ready(), requested(), proposed(), tailored())
    ask(spec, "We need a cook.", about=RESULT)

    (event,) = spec.new()

    assert isinstance(event, LetterRequested)
    assert event.personal == LetterTask(job_description="We need a cook.")


def test_an_uploaded_resume_has_no_posting_of_its_own(spec: Spec) -> None:
    spec.given(ready()).when(lambda: ask(spec, None)).then_refused(NoJobDescription())


def test_nobody_writes_about_a_resume_without_data(spec: Spec) -> None:
    spec.given(uploaded()).when(lambda: ask(spec)).then_refused(ResumeNotParsed())


def test_nobody_writes_about_a_resume_that_is_not_there(spec: Spec) -> None:
    spec.given(ready()).when(lambda: ask(spec, about=OTHER)).then_refused(SubjectNotFound())


def test_nobody_writes_about_another_organizations_resume(spec: Spec) -> None:
    spec.given(ready()).when(lambda: ask(spec, by=BY_GLOBEX)).then_refused(SubjectNotFound())


def test_a_letter_is_asked_for_anew_on_its_own_stream(spec: Spec) -> None:
    spec.given(ready(), letter_requested(), letter_drafted(), letter_written(), titled(6)).when(
        lambda: ask_again(spec, "Another posting.")
    ).then(asked(4, resume=6, posting="Another posting."), jobs=[Job("write", LETTER)])


def test_a_letter_that_is_being_written_cannot_be_asked_for_anew(spec: Spec) -> None:
    again_asked = letter_requested(4)
    spec.given(ready(), letter_requested(), letter_drafted(), letter_written(), again_asked).when(
        lambda: ask_again(spec)
    ).then_refused(LetterUnderWay())


@pytest.mark.parametrize(
    "wrong", [{"kind": "outreach"}, {"about": OTHER}, {"by": BY_GLOBEX}], ids=str
)
def test_a_letter_is_found_only_as_what_it_is_where_it_is(
    spec: Spec, wrong: dict[str, object]
) -> None:
    spec.given(ready(), letter_requested(), letter_drafted(), letter_written()).when(
        lambda: ask_again(spec, **wrong)  # type: ignore[arg-type]
    ).then_refused(LetterNotFound())


def test_a_letter_that_was_never_written_cannot_be_asked_for_anew(spec: Spec) -> None:
    gone = [LetterFailed(**at(2, LETTER), code="TIMEOUT", reason="Too late.")]
    spec.given(ready(), letter_requested(), gone).when(lambda: ask_again(spec)).then_refused(
        LetterNotFound()
    )


# ---- writing ------------------------------------------------------------------------------------


def test_a_draft_that_holds_becomes_the_letter_and_is_charged_to_the_resume(spec: Spec) -> None:
    spec.given(ready(), [asked()]).when(lambda: write(spec, HONEST)).then(
        drafted(2, HONEST), written(3, HONEST), charge_now("cover_letter", 6)
    )


def test_a_lie_is_sent_back_once_with_what_spoke_against_it(spec: Spec) -> None:
    engine = Proposing(drafts=iter([LIE, HONEST]))
    spec.given(ready(), [asked()])

    write(spec, engine=engine)

    second, settled = spec.new()[1:3]
    assert second == drafted(3, HONEST)
    assert isinstance(settled, LetterWritten)
    assert settled.personal == LetterContent(text=HONEST)
    assert len(settled.refused) == 1
    asked_again: Any = engine.asked[1]
    assert asked_again[1] == LIE
    assert asked_again[2]


def test_a_liar_is_not_asked_a_third_time_and_the_template_writes(spec: Spec) -> None:
    engine = Proposing(drafts=iter([LIE, LIE, HONEST]))
    spec.given(ready(), [asked()])

    write(spec, engine=engine)

    settled = spec.new()[2]
    assert len(engine.asked) == 2
    assert isinstance(settled, LetterWritten)
    assert settled.author == "template"
    assert len(settled.refused) == 2
    assert settled.personal is not None
    assert "Nobel" not in settled.personal.text


def test_a_draft_on_record_is_not_asked_for_again(spec: Spec) -> None:
    engine = Proposing()
    spec.given(ready(), [asked(), drafted(2, HONEST)]).when(
        lambda: write(spec, engine=engine)
    ).then(written(3, HONEST), charge_now("cover_letter", 6))

    assert engine.asked == []


def test_a_written_letter_stays_as_it_is(spec: Spec) -> None:
    spec.given(ready(), letter_requested(), letter_drafted(), letter_written()).when(
        lambda: write(spec, HONEST)
    ).then()


def test_a_model_without_a_word_fails_the_letter_uncharged(spec: Spec) -> None:
    spec.given(ready(), [asked()]).when(lambda: write(spec, " ", "\n")).then(
        drafted(2, " "),
        drafted(3, "\n"),
        failed(4, "LLM_GENERATION_FAILED", "The model answered without a word."),
    )


@pytest.mark.parametrize(
    ("before", "code"),
    [
        ([asked()], "COVER_LETTER_PROCESS_FAILED"),
        (
            [*letter_requested(), *letter_drafted(), *letter_written(), asked(4)],
            "REGENERATE_FAILED",
        ),
    ],
)
def test_without_an_engine_the_request_fails_under_its_own_code(
    spec: Spec, before: list[Event], code: str
) -> None:
    def away() -> None:
        raise EngineUnavailable("The model is away.")

    spec.given(ready(), before).when(lambda: write(spec, engine=Proposing(meanwhile=away))).then(
        failed(before[-1].originator_version + 1, code, "The model is away.")
    )


def test_an_outreach_message_fails_under_its_own_code(spec: Spec) -> None:
    def away() -> None:
        raise EngineUnavailable("The model is away.")

    spec.given(ready(), letter_requested(kind="outreach"))
    write(spec, engine=Proposing(meanwhile=away))

    assert spec.new() == [failed(2, "OUTREACH_PROCESS_FAILED", "The model is away.")]


def test_a_letter_about_a_deleted_resume_fails_and_is_erased(spec: Spec) -> None:
    spec.given(ready(), [asked()], deleted(6)).when(lambda: write(spec, HONEST)).then(
        failed(2, "RESUME_NOT_FOUND", "The resume was deleted."), LetterDeleted(**now(3, LETTER))
    )


def test_a_resume_deleted_while_the_model_writes_takes_the_letter_with_it(spec: Spec) -> None:
    spec.given(ready(), [asked()])
    engine = Proposing(drafts=iter([HONEST]), meanwhile=lambda: erase(spec, RESUME, by=BY_ACME))

    again(write)(spec, engine=engine)

    assert spec.new() == [ResumeDeleted(**now(6)), LetterDeleted(**now(2, LETTER))]


def test_the_letter_is_about_the_resume_as_it_was_asked_for(spec: Spec) -> None:
    engine = Proposing(drafts=iter([HONEST]))
    spec.given(ready(), [asked()], titled(6))

    write(spec, engine=engine)

    brief = engine.asked[0][0]  # type: ignore[index]
    assert brief == Brief("cover_letter", DATA, analyse_job(POSTING), POSTING, "en", variant=0)


def test_each_request_for_the_same_letter_asks_for_another_variant(spec: Spec) -> None:
    engine = Proposing(drafts=iter([HONEST]))
    spec.given(ready(), letter_requested(), letter_drafted(), letter_written(), [asked(4)])

    write(spec, engine=engine)

    assert engine.asked[0][0].variant == 1  # type: ignore[index]


# ---- giving up ----------------------------------------------------------------------------------


def test_a_letter_nobody_waits_for_is_settled_and_a_late_draft_changes_nothing(
    spec: Spec,
) -> None:
    spec.given(ready(), [asked()])
    command = AbandonLetter(LETTER, "TIMEOUT", "It took too long.")

    abandon_letter(command, BY_ACME, streams=spec.streams, clock=clock)
    write(spec, HONEST)

    assert spec.new() == [failed(2, "TIMEOUT", "It took too long.")]


def test_a_written_letter_cannot_be_given_up(spec: Spec) -> None:
    command = AbandonLetter(LETTER, "TIMEOUT", "It took too long.")
    spec.given(ready(), letter_requested(), letter_drafted(), letter_written()).when(
        lambda: abandon_letter(command, BY_ACME, streams=spec.streams, clock=clock)
    ).then()


# ---- erasing ------------------------------------------------------------------------------------


def test_a_letter_can_be_erased_alone(spec: Spec) -> None:
    spec.given(ready(), letter_requested(), letter_drafted(), letter_written()).when(
        lambda: erase_letter(spec)
    ).then(LetterDeleted(**now(4, LETTER)))


@pytest.mark.parametrize("wrong", [{"kind": "outreach"}, {"by": BY_GLOBEX}], ids=str)
def test_only_the_letter_that_is_meant_is_erased(spec: Spec, wrong: dict[str, object]) -> None:
    spec.given(ready(), letter_requested(), letter_drafted(), letter_written()).when(
        lambda: erase_letter(spec, **wrong)  # type: ignore[arg-type]
    ).then_refused(LetterNotFound())


@pytest.mark.parametrize("finished", [True, False])
def test_letters_go_with_their_resume(spec: Spec, finished: bool) -> None:  # noqa: FBT001 a parameter
    story = [letter_requested(), letter_drafted(), letter_written()] if finished else [[asked()]]
    spec.given(ready(), *story).when(lambda: erase(spec, RESUME, by=BY_ACME)).then(
        ResumeDeleted(**now(6)), LetterDeleted(**now(4 if finished else 2, LETTER))
    )
