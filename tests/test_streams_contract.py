"""The log as use cases see it: one contract for the real one and the one in memory."""

from typing import Protocol
from uuid import UUID

import pytest

from commands import organization
from commands.ports import Conflict, Job, Streams
from commands.resume import Resume, fold
from event_examples import EXAMPLES
from events.organization import KeyIssued
from events.resume import (
    MasterChosen,
)
from memory_streams import MemoryStreams
from real_log import Store
from stories import (
    ACME,
    BY_ACME,
    BY_GLOBEX,
    GLOBEX,
    OTHER,
    RESUME,
    at,
    deleted,
    founded,
    ready,
    titled,
    told,
    uploaded,
)


class World(Protocol):
    """Streams, and what they have written down."""

    @property
    def streams(self) -> Streams: ...

    def jobs(self) -> list[Job]: ...

    def facts(self) -> int: ...


class InMemory:
    """The one that rules are tested on."""

    def __init__(self) -> None:
        self.streams = MemoryStreams()

    def jobs(self) -> list[Job]:
        return self.streams.jobs

    def facts(self) -> int:
        return len(self.streams.recorded)


class OnPostgres:
    """The one that runs."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.streams = store.streams

    def jobs(self) -> list[Job]:
        found = self.store.rows("SELECT task_name, args FROM procrastinate_jobs ORDER BY id")
        return [Job(name, UUID(args["stream_id"])) for name, args in found]

    def facts(self) -> int:
        return int(self.store.value("SELECT count(*) FROM events"))


@pytest.fixture(params=["in memory", "on PostgreSQL"])
def world(request: pytest.FixtureRequest) -> World:
    if request.param == "in memory":
        return InMemory()
    return OnPostgres(request.getfixturevalue("store"))


def test_what_was_appended_is_loaded(world: World) -> None:
    world.streams.append(ready(), BY_ACME)

    assert world.streams.load(RESUME, told, organization_id=ACME) == (*ready(),)


def test_every_event_there_is_comes_back_as_it_went(world: World) -> None:
    for number, event in enumerate(EXAMPLES.values(), start=1):
        stream_id = UUID(int=number)
        one = event.model_copy(update={"originator_id": stream_id, "originator_version": 1})
        world.streams.append([one], BY_ACME)
        back = None if one.ERASES else (one,)

        if back:
            tenant = event.TENANT or ACME
            assert world.streams.load(stream_id, told, organization_id=tenant) == back
            assert world.streams.load(stream_id, told, organization_id=GLOBEX) is None


def test_a_stream_is_loaded_as_of_a_version(world: World) -> None:
    world.streams.append([*ready(), *titled(6, "Mine")], BY_ACME)
    world.streams.load(RESUME, told, organization_id=ACME)

    for version in range(1, 7):
        assert world.streams.load(RESUME, told, organization_id=ACME, version=version) == (
            *[*ready(), *titled(6, "Mine")][:version],
        )


@pytest.mark.parametrize("version", [-1, 0])
def test_there_is_nothing_before_the_first_version(world: World, version: int) -> None:
    world.streams.append(ready(), BY_ACME)

    assert world.streams.load(RESUME, told, organization_id=ACME, version=version) is None


@pytest.mark.parametrize("version", [6, 2**31, 2**63, 2**70])
def test_beyond_the_last_version_a_stream_is_as_it_is(world: World, version: int) -> None:
    world.streams.append(ready(), BY_ACME)

    assert world.streams.load(RESUME, told, organization_id=ACME, version=version) == (*ready(),)


def test_a_stream_that_was_never_opened_is_none(world: World) -> None:
    assert world.streams.load(RESUME, fold, organization_id=ACME) is None


def test_the_stream_of_another_organization_is_none(world: World) -> None:
    world.streams.append(ready(), BY_ACME)

    for _ in range(2):
        assert world.streams.load(RESUME, fold, organization_id=GLOBEX) is None
        assert world.streams.load(RESUME, fold, organization_id=GLOBEX, version=4) is None
        assert world.streams.load(RESUME, fold, organization_id=ACME) is not None


def test_a_stream_of_another_kind_is_none_whoever_loaded_it_before(world: World) -> None:
    world.streams.append(founded(), BY_ACME)
    world.streams.append(ready(), BY_ACME)

    for _ in range(2):
        assert world.streams.load(ACME, fold, organization_id=ACME) is None
        assert world.streams.load(ACME, organization.fold, organization_id=ACME) is not None
        assert world.streams.load(RESUME, organization.fold, organization_id=ACME) is None
        assert world.streams.load(RESUME, fold, organization_id=ACME) is not None


def test_a_version_is_taken_once(world: World) -> None:
    world.streams.append(ready(), BY_ACME)
    world.streams.append(titled(6, "Mine"), BY_ACME)

    with pytest.raises(Conflict):
        world.streams.append(titled(6, "Yours"), BY_ACME)

    assert world.streams.load(RESUME, told, organization_id=ACME) == (
        *ready(),
        *titled(6, "Mine"),
    )


def test_a_stream_is_opened_once(world: World) -> None:
    world.streams.append(uploaded(), BY_ACME)

    with pytest.raises(Conflict):
        world.streams.append(uploaded(), BY_GLOBEX)

    assert world.streams.load(RESUME, fold, organization_id=GLOBEX) is None


def test_nothing_can_be_appended_to_a_stream_that_was_never_opened(world: World) -> None:
    with pytest.raises(Conflict):
        world.streams.append(titled(2, "Mine"), BY_ACME)


def test_an_append_happens_wholly_or_not_at_all(world: World) -> None:
    world.streams.append(ready(), BY_ACME)
    facts = world.facts()

    with pytest.raises(Conflict):
        world.streams.append(
            [*uploaded(OTHER), *titled(5, "Taken")], BY_ACME, jobs=[Job("parse", OTHER)]
        )

    assert world.facts() == facts
    assert world.jobs() == []
    assert world.streams.load(OTHER, fold, organization_id=ACME) is None


def test_jobs_are_there_once_the_events_are(world: World) -> None:
    jobs = [Job("parse", RESUME), Job("tailor", OTHER)]

    world.streams.append(uploaded(), BY_ACME, jobs=jobs)

    assert world.jobs() == jobs


def test_an_organization_has_one_master(world: World) -> None:
    world.streams.append([*ready(), MasterChosen(**at(6))], BY_ACME)
    second = [*ready(OTHER), MasterChosen(**at(6, OTHER))]

    with pytest.raises(Conflict):
        world.streams.append(second, BY_ACME, jobs=[Job("parse", OTHER)])

    assert world.jobs() == []
    assert world.streams.load(OTHER, fold, organization_id=ACME) is None
    world.streams.append(second, BY_GLOBEX)


def test_a_digest_opens_one_organization(world: World) -> None:
    issued = EXAMPLES["key-issued"]
    assert isinstance(issued, KeyIssued)
    again_issued = issued.model_copy(update={"key_id": UUID(int=5), "originator_version": 4})
    world.streams.append([*founded(), issued], BY_ACME)

    with pytest.raises(Conflict):
        world.streams.append([again_issued], BY_ACME)


def test_an_erased_stream_is_read_without_its_content(world: World) -> None:
    world.streams.append(ready(), BY_ACME)
    world.streams.append(deleted(6), BY_ACME)
    story = [*ready(), *deleted(6)]

    assert world.streams.load(RESUME, told, organization_id=ACME) == (
        *[event.without_personal() for event in story],
    )
    assert world.streams.load(RESUME, fold, organization_id=ACME) == Resume(
        RESUME, 6, "READY", filename="", deleted=True
    )


def test_nothing_can_be_appended_to_an_erased_stream(world: World) -> None:
    world.streams.append([*ready(), *deleted(6)], BY_ACME)

    for version in (6, 7):
        with pytest.raises(Conflict):
            world.streams.append(titled(version, "Too late"), BY_ACME)
