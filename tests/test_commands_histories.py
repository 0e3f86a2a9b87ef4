"""Whatever people do, in whatever order: what must be true of every history."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Final, get_args
from uuid import UUID

from hypothesis import given, settings

from commands.letter import fold as fold_letter
from commands.organization import fold as fold_organization
from commands.resume import fold as fold_resume
from events.catalogue import CATALOGUE
from events.letter import LetterRequested, LetterWritten
from events.membership import MembershipEvent
from events.organization import KeyIssued, KeyReplaced
from events.resume import (
    ResumeDeleted,
    ResumeExported,
    ResumeParsed,
    ResumeTailored,
    TailoringFailed,
    TailoringRequested,
    UsageCharged,
)
from events.user import UserEvent
from histories import GENERATING, Step, World, steps, take
from memory_streams import MemoryStreams
from stories import ACME, BY_ACME

PAID: Final = {ResumeParsed: "parse", ResumeTailored: "tailor", ResumeExported: "pdf_export"}
SOME: Final = settings(max_examples=120, deadline=None, derandomize=True)


def history(taken: Sequence[Step]) -> MemoryStreams:
    streams = MemoryStreams()
    world = World(streams, streams, streams, BY_ACME)
    world.found()
    for step in taken:
        take(world, step)
    return streams


def by_stream(streams: MemoryStreams) -> dict[UUID, list[Any]]:
    """Return the events of each stream, of either aggregate."""
    told: dict[UUID, list[Any]] = defaultdict(list)
    for fact in streams.recorded:
        told[fact.originator_id].append(fact.event)
    return told


@SOME
@given(steps(30))
def test_every_history_can_be_told_again(taken: list[Step]) -> None:
    for events in by_stream(history(taken)).values():
        erased = [event.without_personal() for event in events]
        for fold in (fold_resume, fold_letter, fold_organization):
            for told in (events, erased):
                state = fold(None, told)

                assert state is None or state.version == len(events)


@SOME
@given(steps(30))
def test_folding_in_two_goes_is_folding_in_one(taken: list[Step]) -> None:
    for events in by_stream(history(taken)).values():
        whole = fold_resume(None, events)
        for cut in range(len(events)):
            begun = fold_resume(None, events[:cut])

            assert fold_resume(begun, events[cut:]) == whole


@SOME
@given(steps(30))
def test_versions_are_dense_and_time_never_runs_back(taken: list[Step]) -> None:
    for events in by_stream(history(taken)).values():
        assert [event.originator_version for event in events] == [*range(1, len(events) + 1)]
        assert all(before.timestamp <= after.timestamp for before, after in pairwise(events))


@SOME
@given(steps(30))
def test_every_success_has_one_charge_and_nothing_else_has_one(taken: list[Step]) -> None:
    recorded = [fact.event for fact in history(taken).recorded]
    charges = [event for event in recorded if isinstance(event, UsageCharged)]
    about = {e.originator_id: e for e in recorded if isinstance(e, LetterRequested)}
    paid = [
        (about[event.originator_id].resume_id, about[event.originator_id].kind)
        if isinstance(event, LetterWritten)
        else (event.originator_id, PAID[type(event)])
        for event in recorded
        if type(event) in {*PAID, LetterWritten}
    ]

    assert [(c.originator_id, c.operation) for c in charges] == paid
    assert len({charge.charge_id for charge in charges}) == len(charges)


@SOME
@given(steps(30))
def test_there_is_never_a_second_master(taken: list[Step]) -> None:
    streams = MemoryStreams()
    world = World(streams, streams, streams, BY_ACME)
    world.found()
    for step in taken:
        take(world, step)
        states = [
            streams.load(resume_id, fold_resume, organization_id=BY_ACME.organization_id)
            for resume_id in world.resumes
        ]
        masters = [state.id for state in states if state and state.is_master]

        assert len(masters) <= 1
        assert streams.master_of(BY_ACME.organization_id) == (masters[0] if masters else None)


@SOME
@given(steps(30))
def test_a_tailoring_is_settled_at_most_once_and_a_deletion_is_the_end(taken: list[Step]) -> None:
    for events in by_stream(history(taken)).values():
        kinds = Counter(type(event) for event in events)

        assert kinds[ResumeTailored] + kinds[TailoringFailed] <= kinds[TailoringRequested]
        assert not any(isinstance(event, ResumeDeleted) for event in events[:-1])


@SOME
@given(steps(30))
def test_rows_and_aggregates_tell_the_same(taken: list[Step]) -> None:
    streams = history(taken)
    for stream_id, row in streams.rows["resumes"].items():
        state = streams.load(stream_id, fold_resume, organization_id=BY_ACME.organization_id)

        assert state is not None
        assert (row.status, row.is_master, row.visible, row.data_at or 0, row.version) == (
            state.status,
            state.is_master,
            state.exists,
            state.data_version,
            state.shown_version,
        )


@SOME
@given(steps(30))
def test_letters_live_no_longer_than_their_resume(taken: list[Step]) -> None:
    streams = history(taken)
    for stream_id, row in streams.rows["letters"].items():
        letter = streams.load(stream_id, fold_letter, organization_id=BY_ACME.organization_id)
        resume = streams.load(row.resume_id, fold_resume, organization_id=BY_ACME.organization_id)

        assert letter is not None
        assert resume is not None
        assert not resume.deleted
        assert (row.pending is not None, row.content_at is not None, row.version) == (
            letter.pending,
            letter.exists,
            letter.shown_version,
        )


@SOME
@given(steps(40))
def test_webhooks_are_the_same_to_rules_and_readers(taken: list[Step]) -> None:
    streams = history(taken)
    organization = fold_organization(None, by_stream(streams)[ACME])

    assert organization is not None
    assert {
        (row.id, tuple(row.types), row.enabled, row.older_until)
        for row in streams.rows["webhooks"].values()
    } == {
        (hook.id, hook.types, hook.enabled, hook.older_until)
        for hook in organization.webhooks.values()
    }


@SOME
@given(steps(40))
def test_a_key_is_replaced_once_and_never_lives_longer_for_it(taken: list[Step]) -> None:
    streams = history(taken)
    ends: dict[UUID, datetime | None] = {}
    replaced: set[UUID] = set()
    for event in by_stream(streams)[ACME]:
        if isinstance(event, KeyIssued):
            ends[event.key_id] = event.expires_at
        if isinstance(event, KeyReplaced):
            before = ends[event.key_id]
            assert event.key_id not in replaced
            assert before is None or event.expires_at <= before
            assert event.successor_id in ends
            replaced.add(event.key_id)


@SOME
@given(steps(40))
def test_keys_and_plan_are_the_same_to_rules_and_readers(taken: list[Step]) -> None:
    streams = history(taken)
    organization = fold_organization(None, by_stream(streams)[ACME])
    assert organization is not None
    (row,) = streams.rows["organizations"].values()
    bought = organization.subscription

    assert (row.plan, row.plan_until) == (
        organization.plan,
        bought.in_force_until if bought else None,
    )
    assert organization.keyring.keys.keys() == {
        key.id for key in streams.rows["api_keys"].values() if key.revoked_at is None
    }
    for key in organization.keyring.keys.values():
        shown = streams.rows["api_keys"][key.id]
        told = (shown.name, shown.kind, tuple(shown.scopes), shown.expires_at, shown.enabled)
        assert told == (key.name, key.kind, key.scopes, key.expires_at, key.enabled)
        assert shown.replaced_by == key.successor_id


def test_histories_reach_every_event() -> None:
    """The strategy is worth its time: whatever a use case records comes up."""
    seen: set[str] = set()

    @settings(max_examples=200, deadline=None, derandomize=True)
    @given(steps(40))
    def look(taken: list[Step]) -> None:
        seen.update(fact.event.TOPIC for fact in history(taken).recorded)

    @settings(max_examples=100, deadline=None, derandomize=True)
    @given(steps(40, GENERATING))
    def look_at_generations(taken: list[Step]) -> None:
        seen.update(fact.event.TOPIC for fact in history(taken).recorded)

    look()
    look_at_generations()
    of_people = {kind.TOPIC for kind in (*get_args(MembershipEvent), *get_args(UserEvent))}
    assert CATALOGUE.keys() - seen == {"llm-configured", "key-renamed"} | of_people
