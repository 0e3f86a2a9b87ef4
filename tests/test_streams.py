"""The log on PostgreSQL: its cache, its transactions, and many at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commands.again import again
from commands.edit_resume import EditResume, edit_resume
from commands.ports import Conflict, Job
from commands.resume import fold
from commands.upload_resume import UploadResume, upload_resume
from events.base import Event
from events.recorded import Origin
from events.resume import (
    ParsedContent,
    ResumeEdited,
    ResumeParsed,
)
from events.resume_data import ResumeData
from real_log import Store
from spec import clock, now
from stories import (
    ACME,
    BY_ACME,
    RESUME,
    TEXT,
    deleted,
    ready,
    titled,
    told,
    uploaded,
)


def test_what_another_process_appended_is_seen_at_once(store: Store) -> None:
    ours, theirs = store.streams, store.another()
    ours.append(ready(), BY_ACME)
    ours.load(RESUME, told, organization_id=ACME)

    for version in (6, 7, 8):
        theirs.append(titled(version, f"Title {version}"), BY_ACME)

        seen = ours.load(RESUME, told, organization_id=ACME)
        assert seen is not None
        assert seen[5:] == (
            *(event for v in range(6, version + 1) for event in titled(v, f"Title {v}")),
        )


def test_the_cache_forgets_what_another_process_erased(store: Store) -> None:
    ours, theirs = store.streams, store.another()
    ours.append(ready(), BY_ACME)
    before = ours.load(RESUME, fold, organization_id=ACME)

    theirs.append(deleted(6), BY_ACME)
    ours.load(RESUME, fold, organization_id=ACME)

    cached = [repository.cache for repository in ours._repositories.values()]
    then = ours.load(RESUME, fold, organization_id=ACME, version=5)
    assert "Ada Example" in repr(before)
    assert "Ada Example" not in repr([cache.cache for cache in cached if cache])
    assert "Ada Example" not in repr(then)


def test_the_cache_does_not_grow_without_bound(store: Store) -> None:
    for number in range(1, 600):
        store.streams.append(uploaded(UUID(int=number)), BY_ACME)
        store.streams.load(UUID(int=number), fold, organization_id=ACME)

    cache = store.streams._repository(fold).cache
    assert cache is not None
    assert len(cache.cache) == 500
    assert store.streams.load(UUID(int=1), fold, organization_id=ACME) is not None


def test_followers_are_woken_after_each_commit_and_not_otherwise(store: Store) -> None:
    store.streams.append(ready(), BY_ACME)
    with pytest.raises(Conflict):
        store.streams.append(ready(), BY_ACME)

    assert len(store.pokes) == 1


def test_the_log_names_who_did_it_on_whose_behalf(store: Store) -> None:
    store.streams.append(uploaded(), BY_ACME)
    store.streams.append(titled(4, "Mine"), Origin(ACME, "worker"))

    assert store.rows(
        "SELECT DISTINCT organization_id, actor, request_id FROM events ORDER BY actor"
    ) == [(ACME, BY_ACME.actor, "req-1"), (ACME, "worker", None)]


def test_a_job_names_its_stream_its_tenant_and_who_asked_by_what(store: Store) -> None:
    store.streams.append(uploaded(), BY_ACME, jobs=[Job("parse", RESUME)])

    assert store.rows("SELECT queue_name, task_name, args FROM procrastinate_jobs") == [
        (
            "refolio",
            "parse",
            {
                "stream_id": str(RESUME),
                "organization_id": str(ACME),
                "actor": BY_ACME.actor,
                "request_id": "req-1",
                "causation": f"{RESUME}/3",
            },
        )
    ]


def test_an_append_that_cannot_move_the_read_models_leaves_nothing(store: Store) -> None:
    with store.connect() as connection:
        connection.execute("ALTER TABLE usage ADD CHECK (operation <> 'parse')")

    with pytest.raises(psycopg.errors.CheckViolation):
        store.streams.append(ready(), BY_ACME, jobs=[Job("parse", RESUME)])

    for table in ("events", "data_keys", "resumes", "usage", "procrastinate_jobs"):
        assert store.value(f"SELECT count(*) FROM {table}") == 0


def test_sixteen_threads_take_every_version_of_a_stream_once(store: Store) -> None:
    store.streams.append(ready(), BY_ACME)
    begin = threading.Barrier(16)

    def rename(thread: int) -> None:
        begin.wait()
        for number in range(5):
            again(edit_resume)(
                EditResume(RESUME, title=f"{thread}/{number}"),
                BY_ACME,
                streams=store.streams,
                clock=clock,
            )

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(rename, range(16)))

    events = store.another().load(RESUME, told, organization_id=ACME)
    assert events is not None
    assert [event.originator_version for event in events] == [*range(1, 5 + 80 + 1)]
    titles = [e.personal.title for e in events if isinstance(e, ResumeEdited) and e.personal]
    assert sorted(map(str, titles)) == sorted(f"{t}/{n}" for t in range(16) for n in range(5))
    assert store.rows("SELECT version, title_at FROM resumes") == [(85, 85)]


def test_twelve_uploads_at_once_leave_one_master(store: Store) -> None:
    begin = threading.Barrier(12)

    def upload(number: int) -> bool:
        command = UploadResume(UUID(int=number), "ada.pdf", 9, "ab" * 32, TEXT, True)
        begin.wait()
        return again(upload_resume)(
            command, BY_ACME, streams=store.streams, library=store.library, clock=clock
        )

    with ThreadPoolExecutor(12) as pool:
        became = list(pool.map(upload, range(1, 13)))

    states = [
        store.another().load(UUID(int=number), fold, organization_id=ACME)
        for number in range(1, 13)
    ]
    masters = [state.id for state in states if state and state.is_master]
    assert became == [True] * 12
    assert masters == [store.library.master_of(ACME)]
    assert store.value("SELECT count(*) FROM events WHERE topic = 'master-replaced'") == 11
    assert store.value("SELECT count(*) FROM procrastinate_jobs") == 12


def test_a_deletion_and_an_edit_at_once_never_leave_content(store: Store) -> None:
    """Whoever wins, the stream ends erased or the edit was refused."""
    ids = [UUID(int=number) for number in range(1, 9)]
    for stream_id in ids:
        store.streams.append(ready(stream_id), BY_ACME)
    begin = threading.Barrier(16)

    def act(what: list[Event]) -> bool:
        begin.wait()
        try:
            store.streams.append(what, BY_ACME)
        except Conflict:
            return False
        return True

    races = [(deleted(6, stream_id), titled(6, "Mine", stream_id)) for stream_id in ids]
    with ThreadPoolExecutor(16) as pool:
        won = list(pool.map(act, [event for race in races for event in race]))

    assert all(first != second for first, second in zip(won[::2], won[1::2], strict=True))
    keys = {stream_id for (stream_id,) in store.rows("SELECT stream_id FROM data_keys")}
    assert keys == {stream_id for stream_id, gone in zip(ids, won[::2], strict=True) if not gone}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=5), inner, max_size=3
    ),
    max_leaves=6,
)  # fmt: skip


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(st.characters(exclude_categories=["Cs"])), JSON, st.uuids(version=4))
def test_whatever_a_client_writes_comes_back_as_it_was(
    store: Store, words: str, extra: Any, stream_id: UUID
) -> None:
    data = ResumeData.model_validate({"summary": words, "x": extra, "personalInfo": {"y": extra}})
    content = ParsedContent(data=data, sources=(), warnings=(words,))
    event = ResumeParsed(
        **now(4, stream_id), parser="p", duration_ms=0, usage=None, personal=content
    )
    if store.rows("SELECT FROM events WHERE originator_id = %s", stream_id):
        return  # it was tried before

    store.streams.append([*uploaded(stream_id, words), event], BY_ACME)

    assert store.streams.load(stream_id, told, organization_id=ACME) == (
        *uploaded(stream_id, words),
        event,
    )
