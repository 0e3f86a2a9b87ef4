"""Random histories of generations: what holds of credits and charges whatever happens."""

from collections import Counter

from hypothesis import given, settings

from commands.credits.month import fold as fold_month
from commands.resume import fold as fold_resume
from events.credits import CreditReserved, CreditTaken
from events.generation import GenerationFailed, GenerationRequested, ResumeGenerated
from events.resume import ResumeDeleted, ResumeTailored, UsageCharged
from histories import GENERATING, OFTEN, Step, World, steps, take
from memory_streams import MemoryStreams
from stories import BY_ACME

SOME = settings(max_examples=60, deadline=None)
LIVES = steps(40, GENERATING + OFTEN)
ACME = BY_ACME.organization_id


def lived(taken: list[Step]) -> MemoryStreams:
    streams = MemoryStreams()
    world = World(streams, streams, streams, BY_ACME)
    world.found()
    for step in taken:
        take(world, step)
    return streams


@SOME
@given(LIVES)
def test_no_month_is_ever_overdrawn_and_rows_tell_the_same(taken: list[Step]) -> None:
    streams = lived(taken)
    for month_id, row in streams.rows["credit_months"].items():
        month = streams.load(month_id, fold_month, organization_id=ACME)

        assert month is not None
        assert month.free >= 0
        assert (row.granted, row.reserved, row.taken, row.expired) == (
            month.granted,
            len(month.reserved),
            month.taken,
            month.expired,
        )


@SOME
@given(LIVES)
def test_a_credit_is_set_aside_exactly_while_its_generation_is_under_way(
    taken: list[Step],
) -> None:
    streams = lived(taken)
    set_aside = Counter(
        generation_id
        for month_id in streams.rows["credit_months"]
        if (month := streams.load(month_id, fold_month, organization_id=ACME))
        for generation_id in month.reserved
    )
    under_way = {
        row.id
        for row in streams.rows["generated_resumes"].values()
        if row.status == "processing" and row.credits_id is not None
    }

    assert set_aside == Counter(under_way)


@SOME
@given(LIVES)
def test_every_generation_has_one_document_one_charge_and_one_credit_or_none_of_them(
    taken: list[Step],
) -> None:
    events = [fact.event for fact in lived(taken).recorded]
    asked = {e.originator_id: e for e in events if isinstance(e, GenerationRequested)}
    made = Counter(e.originator_id for e in events if isinstance(e, ResumeGenerated))
    tailored = Counter(e.originator_id for e in events if isinstance(e, ResumeTailored))
    charged = Counter(
        e.originator_id
        for e in events
        if isinstance(e, UsageCharged) and e.operation == "generate"
    )
    credited = Counter(e.generation_id for e in events if isinstance(e, CreditTaken))
    reserved = {e.generation_id for e in events if isinstance(e, CreditReserved)}

    assert set(made.values()) <= {1}
    assert made == charged == Counter({i: n for i, n in tailored.items() if i in asked})
    assert credited == Counter({i: 1 for i in made if i in reserved})


@SOME
@given(LIVES)
def test_a_document_is_kept_with_its_event_and_goes_with_its_stream(taken: list[Step]) -> None:
    streams = lived(taken)
    events = [fact.event for fact in streams.recorded]
    gone = {event.originator_id for event in events if isinstance(event, ResumeDeleted)}

    assert {(file.stream_id, file.version) for file in streams.files} == {
        (event.originator_id, event.originator_version)
        for event in events
        if isinstance(event, ResumeGenerated) and event.originator_id not in gone
    }


@SOME
@given(LIVES)
def test_history_and_aggregate_tell_the_same(taken: list[Step]) -> None:
    streams = lived(taken)
    for generation_id, row in streams.rows["generated_resumes"].items():
        state = streams.load(generation_id, fold_resume, organization_id=ACME)

        assert state is not None
        assert state.tailoring is not None
        generation = state.tailoring.generation
        assert generation is not None
        assert (row.status, row.failure_code, row.digest) == (
            "completed"
            if generation.document
            else "failed"
            if generation.failure
            else "processing",
            generation.failure.code if generation.failure else None,
            generation.document.digest if generation.document else None,
        )


@SOME
@given(LIVES)
def test_what_failed_was_never_charged(taken: list[Step]) -> None:
    events = [fact.event for fact in lived(taken).recorded]
    ends: dict[object, object] = {}
    for event in events:
        if isinstance(event, (GenerationFailed, ResumeGenerated)):
            ends[event.originator_id] = event
    failed = {i for i, end in ends.items() if isinstance(end, GenerationFailed)}

    assert not failed & {e.originator_id for e in events if isinstance(e, UsageCharged)}
