"""Whatever people do with their accounts, in whatever order: what must be true afterwards."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, Final, get_args
from uuid import UUID

from hypothesis import HealthCheck, given, seed, settings

from account_histories import Step, Town, steps, take
from accounts import directory_of
from commands.accounts.user import fold as fold_user
from commands.organization import Organization
from commands.organization import fold as fold_organization
from events.membership import MembershipEvent
from events.organization import KeyRenamed
from events.user import ACCOUNTS, UserDeleted, UserEvent
from memory_streams import MemoryStreams
from projections.schema import READ_MODELS
from real_log import Store

SOME: Final = settings(max_examples=120, deadline=None, derandomize=True)


def history(taken: Sequence[Step]) -> MemoryStreams:
    streams = MemoryStreams()
    town = Town(streams, streams)
    for step in taken:
        take(town, step)
    return streams


def organizations_in(streams: MemoryStreams) -> list[Organization]:
    found = []
    for organization_id, events in by_stream(streams).items():
        organization = fold_organization(None, events)
        if organization is not None:
            assert organization.id == organization_id
            found.append(organization)
    return found


def by_stream(streams: MemoryStreams) -> dict[UUID, list[Any]]:
    told: dict[UUID, list[Any]] = defaultdict(list)
    for fact in streams.recorded:
        told[fact.originator_id].append(fact.event)
    return told


@SOME
@given(steps(40))
def test_every_organization_has_an_admin_until_it_ends(taken: list[Step]) -> None:
    for organization in organizations_in(history(taken)):
        people = organization.people

        assert (people.admins == 0) == organization.deleted
        if organization.deleted:
            assert not people.members
            assert not organization.keyring.keys
            assert all(i.status != "pending" for i in people.invitations.values())


@SOME
@given(steps(40))
def test_addresses_slugs_and_memberships_are_unique(taken: list[Step]) -> None:
    streams = history(taken)
    alive = [o for o in organizations_in(streams) if not o.deleted]
    users = streams.rows["users"].values()

    for values in (
        [row.email_digest for row in users],
        [organization.slug for organization in alive],
        [(o.id, m.user_id) for o in alive for m in o.people.members.values()],
    ):
        assert all(count == 1 for count in Counter(values).values())


@SOME
@given(steps(40))
def test_rows_and_states_tell_the_same(taken: list[Step]) -> None:
    streams = history(taken)
    states = {organization.id: organization for organization in organizations_in(streams)}

    assert {(row.id, row.user_id, row.role) for row in streams.rows["members"].values()} == {
        (m.id, m.user_id, m.role) for o in states.values() for m in o.people.members.values()
    }
    assert {
        (row.id, row.status, row.expires_at) for row in streams.rows["invitations"].values()
    } == {
        (i.id, i.status, i.expires_at)
        for o in states.values()
        for i in o.people.invitations.values()
    }
    for row in streams.rows["organizations"].values():
        state = states[row.id]
        assert (row.name, row.slug, row.deleted_at is not None) == (
            state.name,
            state.slug,
            state.deleted,
        )


@SOME
@given(steps(40))
def test_every_history_can_be_told_again_erased_or_not(taken: list[Step]) -> None:
    for events in by_stream(history(taken)).values():
        for told in (events, [event.without_personal() for event in events]):
            for fold in (fold_user, fold_organization):
                state = fold(None, told)

                assert state is None or state.version == len(events)


@SOME
@given(steps(40))
def test_folding_in_two_goes_is_folding_in_one(taken: list[Step]) -> None:
    for events in by_stream(history(taken)).values():
        for cut in range(len(events)):
            begun = fold_user(None, events[:cut])
            assert fold_user(begun, events[cut:]) == fold_user(None, events)
            half = fold_organization(None, events[:cut])
            assert fold_organization(half, events[cut:]) == fold_organization(None, events)


@SOME
@given(steps(40))
def test_accounts_and_organizations_are_kept_apart(taken: list[Step]) -> None:
    for fact in history(taken).recorded:
        is_users = type(fact.event).TENANT == ACCOUNTS

        assert (fact.origin.organization_id == ACCOUNTS) == is_users


@SOME
@given(steps(40))
def test_who_was_erased_is_a_member_of_nothing(taken: list[Step]) -> None:
    streams = history(taken)
    gone = {f.originator_id for f in streams.recorded if isinstance(f.event, UserDeleted)}

    assert not gone & {row.user_id for row in streams.rows["members"].values()}


def test_histories_reach_every_event() -> None:
    """The strategy is worth its time: whatever a use case records comes up."""
    kinds = (*get_args(MembershipEvent), *get_args(UserEvent), KeyRenamed)
    missing = {kind.TOPIC for kind in kinds}

    @settings(max_examples=200, deadline=None, database=None)
    @given(steps(40))
    def look(taken: list[Step]) -> None:
        missing.difference_update(fact.event.TOPIC for fact in history(taken).recorded)

    for round_of_looking in range(10):  # backup codes are random, so no seed alone is sure of all
        if missing:
            seed(round_of_looking)(look)()

    assert not missing


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps(30))
def test_rows_built_anew_are_those_that_stood_there(store: Store, taken: list[Step]) -> None:
    tables = ", ".join([*(model.table for model in READ_MODELS), "events", "data_keys"])
    with store.connect() as connection:
        connection.execute(f"TRUNCATE {tables}".encode())
    town = Town(store.another(), directory_of(store))
    for step in taken:
        take(town, step)
    live = store.read_models()
    assert live["users"] or live["organizations"]

    store.rebuild()

    assert store.read_models() == live
