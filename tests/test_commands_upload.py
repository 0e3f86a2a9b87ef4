"""Taking in a document, and which resume is the master."""

from uuid import UUID

import pytest

from commands.ports import Conflict, Job
from commands.resume import fold
from commands.upload_resume import UploadResume, upload_resume
from events.base import Event
from events.resume import (
    MasterChosen,
    MasterReplaced,
    ParsingRequested,
    ResumeUploaded,
    TextExtracted,
    UploadedFile,
)
from spec import Spec, clock, now
from stories import ACME, BY_ACME, BY_GLOBEX, OTHER, RESUME, TEXT, at, ready, uploaded

PARSE = Job("parse", RESUME)


def upload(spec: Spec, *, set_as_master: bool | None = None, resume_id: UUID = RESUME) -> bool:
    command = UploadResume(resume_id, "ada.pdf", 9, "ab" * 32, TEXT, set_as_master)
    return upload_resume(command, BY_ACME, streams=spec.streams, library=spec.streams, clock=clock)


def arrived() -> list[Event]:
    return [
        ResumeUploaded(
            **now(1),
            kind="pdf",
            size_bytes=9,
            digest="ab" * 32,
            pages=1,
            personal=UploadedFile(filename="ada.pdf"),
        ),
        TextExtracted(**now(2), line_count=2, personal=TEXT),
        ParsingRequested(**now(3)),
    ]


def master(stream_id: UUID = OTHER) -> list[Event]:
    return [*ready(stream_id), MasterChosen(**at(6, stream_id))]


@pytest.mark.parametrize("choice", [None, True])
def test_the_first_upload_becomes_the_master_unless_told_otherwise(
    spec: Spec, *, choice: bool | None
) -> None:
    spec.when(lambda: upload(spec, set_as_master=choice)).then(
        *arrived(), MasterChosen(**now(4)), jobs=[PARSE]
    )


def test_the_first_upload_is_no_master_when_told_so(spec: Spec) -> None:
    spec.when(lambda: upload(spec, set_as_master=False)).then(*arrived(), jobs=[PARSE])


@pytest.mark.parametrize("choice", [None, False])
def test_a_master_is_not_replaced_unasked(spec: Spec, *, choice: bool | None) -> None:
    spec.given(master()).when(lambda: upload(spec, set_as_master=choice)).then(
        *arrived(), jobs=[PARSE]
    )


def test_the_old_master_steps_down_before_the_new_one_is_chosen(spec: Spec) -> None:
    spec.given(master()).when(lambda: upload(spec, set_as_master=True)).then(
        MasterReplaced(**now(7, OTHER), successor_id=RESUME),
        *arrived(),
        MasterChosen(**now(4)),
        jobs=[PARSE],
    )


def test_the_master_of_another_organization_is_left_alone(spec: Spec) -> None:
    spec.given(master(), by=BY_GLOBEX).when(lambda: upload(spec)).then(
        *arrived(), MasterChosen(**now(4)), jobs=[PARSE]
    )


@pytest.mark.parametrize("choice", [None, True, False])
def test_the_answer_tells_whether_it_became_the_master(spec: Spec, *, choice: bool | None) -> None:
    became = upload(spec, set_as_master=choice)

    assert became == (spec.streams.master_of(ACME) == RESUME) == (choice is not False)


def test_a_library_that_lags_behind_cannot_make_two_masters(spec: Spec) -> None:
    class Behind:
        def master_of(self, organization_id: UUID) -> UUID | None:  # noqa: ARG002 knows of nobody
            return None

        def newest_result_of(self, organization_id: UUID, source_id: UUID) -> UUID | None: ...

        def failed_attempts_on(self, *_: UUID) -> list[UUID]:
            return []

    command = UploadResume(RESUME, "ada.pdf", 9, "ab" * 32, TEXT, set_as_master=True)

    spec.given(master()).when(
        lambda: upload_resume(
            command, BY_ACME, streams=spec.streams, library=Behind(), clock=clock
        )
    ).then_fails(Conflict)


def test_an_id_that_is_taken_is_a_conflict(spec: Spec) -> None:
    spec.given(uploaded()).when(lambda: upload(spec)).then_fails(Conflict)


def test_an_uploaded_resume_waits_for_its_parser(spec: Spec) -> None:
    upload(spec)

    resume = spec.streams.load(RESUME, fold, organization_id=ACME)

    assert resume is not None
    assert (resume.status, resume.data, resume.markdown) == ("PROCESSING", None, TEXT.plain)
    assert resume.is_master


def test_it_is_recorded_who_did_it(spec: Spec) -> None:
    upload(spec)

    assert {fact.origin for fact in spec.streams.recorded} == {BY_ACME}
