"""Erased is erased: nothing personal is ever in clear, and after a deletion nobody reads it."""

import base64
import zlib
from typing import Any, Final
from uuid import UUID

import pytest

from api.adapters.documents import KeptDocuments
from commands.delete_resume import DeleteResume, delete_resume
from commands.edit_resume import EditResume, edit_resume
from commands.export_resume import ExportResume, export_resume
from commands.parse_resume import RunParsing, run_parsing
from commands.request_letter import RequestLetter, request_letter
from commands.request_tailoring import RequestTailoring, request_tailoring
from commands.run_tailoring import RunTailoring, run_tailoring
from commands.upload_resume import UploadResume, upload_resume
from commands.write_letter import WriteLetter, write_letter
from disclosure import told_in_clear, told_with_the_key
from events.document_text import DocumentText, FieldSource, TextLine
from events.resume import ParsedContent
from events.resume_data import ResumeData
from events.tailoring import Edit
from projections import usage
from projections.usage import UsageQuery
from real_log import Store
from spec import OnPro, Proposing, Rendering, Scripted, clock
from stories import ACME, BY_ACME, LETTER, NOON, OTHER, RESULT, RESUME
from stories import told as told_in_order

WORDS: Final = {
    what: f"Canary{number:02}{what.title().replace(' ', '')}"
    for number, what in enumerate(
        (
            "filename", "line", "link", "document warning", "name", "email", "phone", "location",
            "employer", "role", "bullet", "school", "skill", "own key", "source path",
            "parse warning", "edited title", "edited filename", "edited summary", "posting",
            "posting role", "posting employer", "edit value", "edit reason", "evidence",
            "letter draft",
        )
    )
}  # fmt: skip
"""A word for every place where people put personal content."""

TEXT: Final = DocumentText(
    kind="pdf",
    pages=1,
    lines=(TextLine(page=1, text=WORDS["line"]),),
    links=(WORDS["link"],),
    warnings=(WORDS["document warning"],),
)
DATA: Final = ResumeData.model_validate(
    {
        "personalInfo": {
            "name": WORDS["name"],
            "email": f"{WORDS['email']}@example.org",
            "phone": WORDS["phone"],
            "location": WORDS["location"],
        },
        "workExperience": (
            {
                "title": WORDS["role"],
                "company": WORDS["employer"],
                "description": (WORDS["bullet"],),
            },
        ),
        "education": ({"institution": WORDS["school"]},),
        "additional": {"technicalSkills": (WORDS["skill"],)},
        "x": {"y": WORDS["own key"]},
    }
)
CONTENT: Final = ParsedContent(
    data=DATA,
    sources=(FieldSource(path=WORDS["source path"], line=0),),
    warnings=(WORDS["parse warning"],),
)
EDITED: Final = DATA.model_copy(update={"summary": WORDS["edited summary"]})
POSTING: Final = f"""{WORDS["posting role"]} Engineer
{WORDS["posting employer"]}

Requirements
- {WORDS["posting"]}
"""
PROPOSAL: Final = Edit(
    path="summary",
    action="replace",
    original=WORDS["edited summary"],
    value=WORDS["edit value"],
    reason=WORDS["edit reason"],
    evidence=(WORDS["evidence"],),
)


def render(store: Store, resume_id: UUID, renderer: Rendering | None = None) -> bytes:
    document = export_resume(
        ExportResume(resume_id, version="original"),
        BY_ACME,
        streams=store.streams,
        library=store.library,
        renderer=KeptDocuments(renderer or Rendering(), store.pool, store.vault),
        plans=OnPro(),
        clock=clock,
    )
    return document.pdf


def delete(store: Store, resume_id: UUID = RESUME) -> None:
    delete_resume(
        DeleteResume(resume_id),
        BY_ACME,
        streams=store.streams,
        library=store.library,
        letters=store.letters,
        clock=clock,
    )


@pytest.fixture
def told(store: Store) -> Store:
    """Return a log in which every word was said: upload, parse, edit, tailor, export."""
    ports: dict[str, Any] = {"streams": store.streams, "clock": clock}
    upload = UploadResume(RESUME, f"{WORDS['filename']}.pdf", 9, "ab" * 32, TEXT, None)
    upload_resume(upload, BY_ACME, library=store.library, **ports)
    run_parsing(RunParsing(RESUME), BY_ACME, parser=Scripted(CONTENT), plans=OnPro(), **ports)
    edit = EditResume(RESUME, WORDS["edited title"], WORDS["edited filename"], EDITED)
    edit_resume(edit, BY_ACME, **ports)
    ask = RequestTailoring(RESULT, RESUME, POSTING, "FULL", "en", "scripted")
    request_tailoring(ask, BY_ACME, **ports)
    run_tailoring(
        RunTailoring(RESULT),
        BY_ACME,
        engine=Proposing((PROPOSAL,)),
        plans=OnPro(),
        new_id=lambda: LETTER,
        **ports,
    )
    write = RequestLetter(LETTER, "cover_letter", RESUME, POSTING, "scripted")
    request_letter(write, BY_ACME, **ports)
    drafts = Proposing(drafts=iter([WORDS["letter draft"]] * 2))
    write_letter(WriteLetter(LETTER), BY_ACME, engine=drafts, plans=OnPro(), **ports)
    render(store, RESUME)
    render(store, RESULT)
    return store


def test_every_word_is_there_for_who_holds_the_key(told: Store) -> None:
    with told.connect() as connection:
        readable = told_with_the_key(connection, told.vault, WORDS.values())

    assert readable == {*WORDS.values()}
    assert len(WORDS) >= 20


def test_no_word_ever_stands_in_clear(told: Store) -> None:
    with told.connect() as connection:
        assert told_in_clear(connection, WORDS.values()) == {}
        delete(told)
        assert told_in_clear(connection, WORDS.values()) == {}


def test_after_a_deletion_nobody_reads_a_word_again(told: Store) -> None:
    delete(told)
    delete(told, RESULT)

    with told.connect() as connection:
        assert told_with_the_key(connection, told.vault, WORDS.values()) == set()


def test_what_only_the_source_said_goes_with_the_source(told: Store) -> None:
    delete(told)

    own = {WORDS[what] for what in ("filename", "link", "source path", "edited title")}
    with told.connect() as connection:
        assert told_with_the_key(connection, told.vault, own) == set()


def test_the_search_finds_what_is_packed(store: Store) -> None:
    word = b"Canary99"
    packed = zlib.compress(b"so said " + word)
    hidden: list[object] = [
        word.decode(),
        word,
        packed,
        base64.b64encode(b"it is " + word + b" here").decode(),
        base64.urlsafe_b64encode(packed).decode(),
    ]
    with store.connect() as connection:
        for number, value in enumerate(hidden):
            kind = "text" if isinstance(value, str) else "bytea"
            connection.execute(f"CREATE TABLE hidden_{number} (value {kind})")
            connection.execute(f"INSERT INTO hidden_{number} VALUES (%s)", (value,))

        told = told_in_clear(connection, [word.decode()])

    assert {f"public.hidden_{number}" for number in range(len(hidden))} <= told.keys()


def test_a_deletion_destroys_the_key_and_the_documents_of_the_resume_alone(told: Store) -> None:
    assert len(told.rows("SELECT FROM documents")) == 2

    delete(told)

    assert told.rows("SELECT resume_id FROM documents") == [(RESULT,)]
    assert told.rows("SELECT stream_id FROM data_keys") == [(RESULT,)]
    assert told.rows("SELECT id FROM resumes") == [(RESULT,)]


def test_the_events_of_an_erased_resume_are_read_without_their_content(told: Store) -> None:
    before = told.streams.load(RESUME, told_in_order, organization_id=ACME)
    delete(told)
    after = told.another().load(RESUME, told_in_order, organization_id=ACME)

    assert before
    assert after
    assert after[:-1] == tuple(event.without_personal() for event in before)
    assert [e.personal for e in after if hasattr(e, "personal")] == [None] * 4


def test_an_erased_resume_is_gone_for_every_reader(told: Store) -> None:
    delete(told)

    assert told.library.detail(ACME, RESUME) is None
    assert told.library.status_of(ACME, RESUME) is None
    assert told.library.master_of(ACME) is None
    shown = told.library.list(ACME, include_master=True, limit=9, offset=0)
    assert [view.row.id for view in shown] == [RESULT]


def test_what_was_charged_stays(told: Store) -> None:
    always = UsageQuery(ACME, NOON.replace(year=2025), NOON.replace(year=2027))
    with told.connect() as connection:
        before = usage.charges_of(connection, always, limit=99, offset=0)
        delete(told)

        assert usage.charges_of(connection, always, limit=99, offset=0) == before
        assert usage.units_of(connection, always) == {
            "parse": 1,
            "tailor": 1,
            "pdf_export": 2,
            "cover_letter": 1,
        }


def test_a_result_outlives_its_source(told: Store) -> None:
    before = told.library.detail(ACME, RESULT)
    document = render(told, RESULT)

    delete(told)

    after = told.library.detail(ACME, RESULT)
    assert before is not None
    assert after is not None
    assert (before.view.row.source_id, after.view.row.source_id) == (RESUME, None)
    assert (after.data, after.markdown) == (before.data, WORDS["line"])
    assert after.view.filename == f"Tailored - {WORDS['edited filename']}"
    assert after.view.job_description == POSTING
    assert render(told, RESULT) == document
    generation = told.library.generation(ACME, RESULT)
    assert generation is not None
    assert generation.content is not None
    assert generation.content.verdicts[0].edit.reason == WORDS["edit reason"]


def test_a_deleted_result_leaves_a_row_without_content_in_the_history(told: Store) -> None:
    delete(told, RESULT)

    generation = told.library.generation(ACME, RESULT)
    assert generation is not None
    assert (generation.row.outcome, generation.content) == ("tailored", None)


def test_a_resume_deleted_while_it_is_rendered_leaves_no_document(told: Store) -> None:
    kept = KeptDocuments(
        Rendering(meanwhile=lambda: delete(told), name="rendering 2"), told.pool, told.vault
    )

    kept.render(RESUME, DATA, page="A4", language="en")

    assert told.rows("SELECT FROM documents WHERE resume_id = %s", RESUME) == []


def test_a_document_is_rendered_once_and_kept_by_page_language_and_renderer(told: Store) -> None:
    renderer = Rendering(name="rendering 3")
    kept = KeptDocuments(renderer, told.pool, told.vault)

    first = kept.render(RESUME, DATA, page="A4", language="en")

    assert kept.render(RESUME, DATA, page="A4", language="en") == first
    assert len(renderer.asked) == 1
    kept.render(RESUME, DATA, page="LETTER", language="en")
    kept.render(RESUME, DATA, page="A4", language="es")
    kept.render(RESUME, EDITED, page="A4", language="en")
    kept.render(RESULT, DATA, page="A4", language="en")
    assert len(renderer.asked) == 5
    newer = Rendering(name="rendering 4")
    KeptDocuments(newer, told.pool, told.vault).render(RESUME, DATA, page="A4", language="en")
    assert len(newer.asked) == 1


def test_a_document_for_a_resume_that_is_not_there_is_not_kept(store: Store) -> None:
    kept = KeptDocuments(Rendering(), store.pool, store.vault)

    assert kept.render(OTHER, DATA, page="A4", language="en")

    assert store.rows("SELECT FROM documents") == []


def test_rows_built_anew_after_an_erasure_are_the_same(told: Store) -> None:
    delete(told)
    live = told.read_models()

    told.rebuild()

    assert told.read_models() == live
