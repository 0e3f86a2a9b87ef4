"""Editing by hand, and deleting."""

import pytest

from commands.edit_resume import EditResume, edit_resume
from commands.errors import ResumeNotFound
from commands.resume import Resume, fold
from events.base import Event
from events.recorded import Origin
from events.resume import (
    EditedContent,
    MasterChosen,
    ResumeDeleted,
    ResumeEdited,
    ResumeParsingFailed,
    Status,
    TailoringFailed,
)
from spec import Spec, clock, erase, now
from stories import (
    ACME,
    BY_ACME,
    BY_GLOBEX,
    DATA,
    RESULT,
    RESUME,
    at,
    data_of,
    proposed,
    ready,
    requested,
    tailored,
    uploaded,
)

GRACE = data_of("Grace Example")
FAILED = [
    ResumeParsingFailed(**at(4), code="LLM_PARSING_FAILED", reason="Nothing was understood.")
]


def edit(spec: Spec, command: EditResume, *, by: Origin = BY_ACME) -> None:
    edit_resume(command, by, streams=spec.streams, clock=clock)


def delete(spec: Spec, *, by: Origin = BY_ACME) -> None:
    erase(spec, RESUME, by=by)


def status_of(spec: Spec) -> Status:
    resume = spec.streams.load(RESUME, fold, organization_id=ACME)
    assert resume is not None
    return resume.status


def test_an_edit_holds_the_changed_fields_and_no_other(spec: Spec) -> None:
    command = EditResume(RESUME, title="Mine", filename="ada.pdf", data=DATA)

    spec.given(ready()).when(lambda: edit(spec, command)).then(
        ResumeEdited(
            **now(6), changed=("title",), status=None, personal=EditedContent(title="Mine")
        )
    )


def test_all_fields_can_be_edited_at_once(spec: Spec) -> None:
    command = EditResume(RESUME, "Mine", "mine.pdf", GRACE, "FAILED")

    spec.given(ready()).when(lambda: edit(spec, command)).then(
        ResumeEdited(
            **now(6),
            changed=("title", "filename", "data", "status"),
            status="FAILED",
            personal=EditedContent(title="Mine", filename="mine.pdf", data=GRACE),
        )
    )


@pytest.mark.parametrize(
    "command",
    [
        EditResume(RESUME),
        EditResume(RESUME, filename="ada.pdf"),
        EditResume(RESUME, data=DATA),
        EditResume(RESUME, status="READY"),
        EditResume(RESUME, filename="ada.pdf", data=DATA, status="READY"),
    ],
    ids=["nothing", "filename", "data", "status", "everything"],
)
def test_what_holds_already_is_no_edit(spec: Spec, command: EditResume) -> None:
    spec.given(ready()).when(lambda: edit(spec, command)).then()


def test_the_same_edit_twice_is_recorded_once(spec: Spec) -> None:
    command = EditResume(RESUME, title="", data=GRACE, status="PENDING")
    spec.given(ready())

    edit(spec, command)
    edit(spec, command)

    assert len(spec.new()) == 1


@pytest.mark.parametrize("story", [uploaded(), [*uploaded(), *FAILED]])
def test_data_set_by_hand_makes_a_resume_ready(spec: Spec, story: list[Event]) -> None:
    spec.given(story)

    edit(spec, EditResume(RESUME, data=GRACE))

    assert status_of(spec) == "READY"


def test_data_with_a_status_of_its_own_has_that_status(spec: Spec) -> None:
    spec.given(uploaded(), FAILED)

    edit(spec, EditResume(RESUME, data=GRACE, status="FAILED"))

    assert status_of(spec) == "FAILED"


@pytest.mark.parametrize("status", ["PENDING", "PROCESSING", "FAILED"])
def test_the_owner_may_set_any_status(spec: Spec, status: Status) -> None:
    spec.given(ready()).when(lambda: edit(spec, EditResume(RESUME, status=status))).then(
        ResumeEdited(**now(6), changed=("status",), status=status, personal=EditedContent())
    )


GONE = [
    pytest.param([*ready(), ResumeDeleted(**at(6))], BY_ACME, id="deleted"),
    pytest.param(ready(), BY_GLOBEX, id="another organization's"),
    pytest.param([], BY_ACME, id="never made"),
    pytest.param(requested(RESUME, RESULT), BY_ACME, id="not tailored yet"),
]


@pytest.mark.parametrize(("story", "by"), GONE)
def test_what_the_organization_does_not_see_cannot_be_edited(
    spec: Spec, story: list[Event], by: Origin
) -> None:
    spec.given(story).when(lambda: edit(spec, EditResume(RESUME, "Mine"), by=by)).then_refused(
        ResumeNotFound()
    )


@pytest.mark.parametrize(("story", "by"), GONE)
def test_what_the_organization_does_not_see_cannot_be_deleted(
    spec: Spec, story: list[Event], by: Origin
) -> None:
    spec.given(story).when(lambda: delete(spec, by=by)).then_refused(ResumeNotFound())


@pytest.mark.parametrize("story", [uploaded(), ready(), [*uploaded(), *FAILED]])
def test_a_resume_can_be_deleted_in_any_state(spec: Spec, story: list[Event]) -> None:
    spec.given(story).when(lambda: delete(spec)).then(ResumeDeleted(**now(len(story) + 1)))


def test_nothing_of_the_content_is_left_in_a_deleted_resume() -> None:
    story = [*ready(), MasterChosen(**at(6)), ResumeDeleted(**at(7))]

    resume = fold(None, story)  # type: ignore[arg-type]  # all of them are its events

    assert resume == Resume(RESUME, 7, "READY", filename="", deleted=True)
    assert not resume.exists


def test_a_deletion_takes_failed_tailorings_of_the_resume_along(spec: Spec) -> None:
    failed = TailoringFailed(**at(2, RESULT), code="TIMEOUT", reason="It took too long.")

    spec.given(ready(), requested(), [failed]).when(lambda: delete(spec)).then(
        ResumeDeleted(**now(6)), ResumeDeleted(**now(3, RESULT))
    )


def test_a_deletion_leaves_what_was_tailored_from_the_resume(spec: Spec) -> None:
    spec.given(ready(), requested(), proposed(), tailored()).when(lambda: delete(spec)).then(
        ResumeDeleted(**now(6))
    )
