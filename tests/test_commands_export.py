"""Handing a resume out: which one, of which version, and what it costs."""

import hashlib
from functools import partial

import pytest

from commands.edit_resume import EditResume, edit_resume
from commands.errors import ResumeNotFound, ResumeNotRendered, VersionNotFound
from commands.export_resume import Document, ExportResume, export_resume, preview_resume
from commands.ports import RenderingFailed
from commands.run_tailoring import RunTailoring, run_tailoring
from events.base import Event
from events.recorded import Origin
from events.resume import EditedContent, ResumeDeleted, ResumeEdited, ResumeExported
from events.resume_data import ResumeData
from spec import OnPro, Proposing, Rendering, Spec, charge_now, clock, erase, now
from stories import (
    BY_ACME,
    BY_GLOBEX,
    DATA,
    LETTER,
    RESULT,
    RESUME,
    SWAP,
    at,
    data_of,
    ready,
    requested,
    uploaded,
)

GRACE = data_of("Grace Example")


def export(
    spec: Spec,
    command: ExportResume | None = None,
    renderer: Rendering | None = None,
    *,
    by: Origin = BY_ACME,
    plans: OnPro | None = None,
) -> Document:
    return export_resume(
        command or ExportResume(RESUME),
        by,
        streams=spec.streams,
        library=spec.streams,
        renderer=renderer or Rendering(),
        plans=plans or OnPro(),
        clock=clock,
    )


def edited(version: int, data: ResumeData = GRACE) -> list[Event]:
    return [
        ResumeEdited(
            **at(version), changed=("data",), status=None, personal=EditedContent(data=data)
        )
    ]


def exported(document: Document, version: int) -> list[Event]:
    return [
        ResumeExported(
            **now(version, document.resume_id),
            export_format="pdf",
            page=document.page,
            language="en",
            renderer="rendering 1",
            data_version=document.data_version,
            digest=document.digest.hex(),
            size_bytes=len(document.pdf),
        ),
        charge_now("pdf_export", version + 1, document.resume_id),
    ]


def printed(data: ResumeData) -> bytes:
    return f"A4 en {data.model_dump_json(by_alias=True)}".encode()


def tailor(spec: Spec) -> None:
    run_tailoring(
        RunTailoring(RESULT),
        BY_ACME,
        streams=spec.streams,
        engine=Proposing((SWAP,)),
        plans=OnPro(),
        clock=clock,
        new_id=lambda: LETTER,
    )


def test_an_export_is_on_record_and_charged_once(spec: Spec) -> None:
    document = Document(
        RESUME, "ada.pdf", 4, "A4", "en", printed(DATA), hashlib.sha256(printed(DATA)).digest()
    )

    spec.given(ready()).when(lambda: export(spec)).then(*exported(document, 6))
    assert export(spec) == document


def test_a_preview_leaves_no_trace(spec: Spec) -> None:
    renderer = Rendering()
    preview = partial(
        preview_resume,
        ExportResume(RESUME),
        BY_ACME,
        streams=spec.streams,
        library=spec.streams,
        renderer=renderer,
    )

    spec.given(ready()).when(preview).then()

    assert preview().pdf == printed(DATA)


def test_the_latest_of_a_resume_without_results_is_itself(spec: Spec) -> None:
    spec.given(ready())

    assert export(spec).resume_id == RESUME


def test_the_latest_of_a_resume_is_its_newest_result(spec: Spec) -> None:
    spec.given(ready(), requested())
    tailor(spec)

    document = export(spec)

    assert (document.resume_id, document.data_version) == (RESULT, 4)
    assert b'"technicalSkills":["Python","PostgreSQL","Go"]' in document.pdf
    assert spec.new()[-2:] == exported(document, 6)


def test_the_original_of_a_resume_is_itself(spec: Spec) -> None:
    spec.given(ready(), requested())
    tailor(spec)

    assert export(spec, ExportResume(RESUME, version="original")).pdf == printed(DATA)


def test_a_result_that_is_not_there_yet_is_not_the_latest(spec: Spec) -> None:
    spec.given(ready(), requested())

    assert export(spec).resume_id == RESUME


def test_a_result_that_was_deleted_is_not_the_latest(spec: Spec) -> None:
    spec.given(ready(), requested())
    tailor(spec)
    erase(spec, RESULT, by=BY_ACME)

    assert export(spec).resume_id == RESUME


@pytest.mark.parametrize(("version", "data"), [(4, DATA), (5, DATA), (6, GRACE), (7, GRACE)])
def test_a_number_is_the_resume_as_of_that_version(
    spec: Spec, version: int, data: ResumeData
) -> None:
    title = ResumeEdited(
        **at(7), changed=("title",), status=None, personal=EditedContent(title="Mine")
    )
    spec.given(ready(), edited(6), [title])

    document = export(spec, ExportResume(RESUME, version=version))

    assert document.pdf == printed(data)
    assert document.data_version == (4 if data == DATA else 6)
    assert spec.new() == exported(document, 8)


@pytest.mark.parametrize("version", [-1, 0, 1, 3, 6, 2**31, 2**70])
def test_a_version_that_has_no_content_is_refused(spec: Spec, version: int) -> None:
    command = ExportResume(RESUME, version=version)

    spec.given(ready()).when(lambda: export(spec, command)).then_refused(VersionNotFound(version))


@pytest.mark.parametrize(
    "story", [uploaded(), [*ready(), *edited(6, ResumeData())]], ids=["no data", "empty data"]
)
def test_a_resume_with_nothing_to_render_is_refused(spec: Spec, story: list[Event]) -> None:
    renderer = Rendering()

    spec.given(story).when(lambda: export(spec, renderer=renderer)).then_refused(
        ResumeNotRendered()
    )

    assert renderer.asked == []


@pytest.mark.parametrize("version", ["latest", "original", 4])
@pytest.mark.parametrize(
    ("story", "by"),
    [(ready(), BY_GLOBEX), ([*ready(), ResumeDeleted(**at(6))], BY_ACME), ([], BY_ACME)],
    ids=["another organization's", "deleted", "never made"],
)
def test_what_the_organization_does_not_see_is_not_exported(
    spec: Spec, story: list[Event], by: Origin, version: object
) -> None:
    command = ExportResume(RESUME, version=version)  # type: ignore[arg-type]  # one of three

    spec.given(story).when(lambda: export(spec, command, by=by)).then_refused(ResumeNotFound())


def test_a_document_that_could_not_be_made_is_not_charged(spec: Spec) -> None:
    renderer = Rendering(works=False)

    spec.given(ready()).when(lambda: export(spec, renderer=renderer)).then_fails(RenderingFailed)


def test_an_edit_while_the_page_is_set_does_not_undo_the_work(spec: Spec) -> None:
    def edit() -> None:
        edit_resume(EditResume(RESUME, title="Mine"), BY_ACME, streams=spec.streams, clock=clock)

    renderer = Rendering(meanwhile=edit)
    spec.given(ready())

    document = export(spec, renderer=renderer)

    assert spec.new()[1:] == exported(document, 7)
    assert len(renderer.asked) == 1


def test_a_lost_race_for_the_record_is_run_again_without_rendering_again(spec: Spec) -> None:
    titles = ["Mine", "Ours"]

    def edit() -> None:
        if titles:
            command = EditResume(RESUME, title=titles.pop())
            edit_resume(command, BY_ACME, streams=spec.streams, clock=clock)

    renderer = Rendering()
    spec.given(ready())

    document = export(spec, renderer=renderer, plans=OnPro(edit))

    assert spec.new()[2:] == exported(document, 8)
    assert len(renderer.asked) == 1


def test_a_resume_deleted_while_the_page_is_set_is_not_handed_out(spec: Spec) -> None:
    def delete() -> None:
        erase(spec, RESUME, by=BY_ACME)

    spec.given(ready())

    with pytest.raises(ResumeNotFound):
        export(spec, renderer=Rendering(meanwhile=delete))

    assert spec.new() == [ResumeDeleted(**now(6))]
