"""What is answered from the rows, and to whom."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from event_examples import EXAMPLES
from events.base import Event
from events.organization import KeyReplaced, KeyRevoked, OrganizationFounded, PlanChanged
from events.resume import (
    MasterChosen,
)
from projections import api_keys, generations, organizations, resumes, usage
from projections.read_model import ReadModel
from projections.schema import READ_MODELS
from projections.usage import USAGE, UsageQuery
from real_log import Store
from stories import (
    ACME,
    BY_ACME,
    BY_GLOBEX,
    GLOBEX,
    KEY,
    NOON,
    OTHER,
    RESULT,
    RESUME,
    SWAP,
    at,
    charged,
    founded,
    proposed,
    ready,
    requested,
    tailored,
)

DAY = timedelta(days=1)


def fill(store: Store) -> None:
    """Tell the stories of two organizations."""
    globex: list[Event] = [
        OrganizationFounded(**at(1, GLOBEX), name="Globex"),
        PlanChanged(**at(2, GLOBEX), plan="FREE"),
    ]
    store.streams.append(founded(), BY_ACME)
    store.streams.append(globex, BY_GLOBEX)
    store.streams.append([*ready(), MasterChosen(**at(6))], BY_ACME)
    store.streams.append([*requested(), *proposed(SWAP), *tailored()], BY_ACME)
    store.streams.append(ready(OTHER), BY_GLOBEX)


def test_lists_show_ones_own_visible_resumes_last_changed_first(store: Store) -> None:
    fill(store)
    store.streams.append(requested(UUID(int=99)), BY_ACME)
    with store.connect() as connection:

        def ids(organization_id: UUID, *, master: bool, limit: int = 9, offset: int = 0) -> object:
            rows = resumes.resumes_of(
                connection, organization_id, include_master=master, limit=limit, offset=offset
            )
            return [row.id for row in rows]

        assert ids(ACME, master=True) == [RESUME, RESULT]
        assert ids(ACME, master=False) == [RESULT]
        assert ids(ACME, master=True, limit=1) == [RESUME]
        assert ids(ACME, master=True, offset=1) == [RESULT]
        assert ids(GLOBEX, master=True) == [OTHER]


def test_a_resume_is_found_by_its_owner_alone(store: Store) -> None:
    fill(store)
    store.streams.append(requested(UUID(int=99)), BY_ACME)
    with store.connect() as connection:
        found = resumes.resume_of(connection, ACME, RESULT)

        assert found is not None
        assert found.source_id == RESUME
        assert resumes.resume_of(connection, GLOBEX, RESULT) is None
        assert resumes.resume_of(connection, ACME, UUID(int=99)) is None
        assert resumes.resume_of(connection, ACME, UUID(int=7)) is None


def test_the_master_and_the_newest_result_are_those_of_the_organization(store: Store) -> None:
    fill(store)
    (asked,) = requested(UUID(int=99))
    store.streams.append([asked.model_copy(update={"timestamp": NOON + DAY})], BY_ACME)
    with store.connect() as connection:
        assert resumes.master_of(connection, ACME) == RESUME
        assert resumes.master_of(connection, GLOBEX) is None
        assert resumes.newest_result_of(connection, ACME, RESUME) == RESULT
        assert resumes.newest_result_of(connection, GLOBEX, RESUME) is None
        assert resumes.newest_result_of(connection, ACME, RESULT) is None


def test_tailorings_are_listed_for_their_owner(store: Store) -> None:
    fill(store)
    with store.connect() as connection:
        rows = generations.generations_of(connection, ACME, limit=5)

        assert [row.id for row in rows] == [RESULT]
        assert generations.generation_of(connection, ACME, RESULT) == rows[0]
        assert generations.generation_of(connection, GLOBEX, RESULT) is None
        assert generations.generations_of(connection, GLOBEX, limit=5) == []
        assert generations.generations_of(connection, ACME, limit=5, offset=1) == []


def test_the_keys_of_an_organization_are_listed_until_they_are_revoked(store: Store) -> None:
    fill(store)
    store.streams.append([EXAMPLES["key-issued"]], BY_ACME)
    with store.connect() as connection:
        assert [key.id for key in api_keys.keys_of(connection, ACME, now=NOON)] == [KEY]
        assert api_keys.keys_of(connection, GLOBEX, now=NOON) == []
        store.streams.append([KeyRevoked(**at(4, ACME), key_id=KEY)], BY_ACME)
        assert api_keys.keys_of(connection, ACME, now=NOON) == []


def test_a_key_that_was_replaced_is_listed_until_it_ends(store: Store) -> None:
    fill(store)
    replaced = EXAMPLES["key-replaced"].model_copy(update=at(4, ACME))
    assert isinstance(replaced, KeyReplaced)
    store.streams.append([EXAMPLES["key-issued"], replaced], BY_ACME)
    with store.connect() as connection:
        just_before = replaced.expires_at - timedelta.resolution

        assert [key.id for key in api_keys.keys_of(connection, ACME, now=just_before)] == [KEY]
        assert api_keys.keys_of(connection, ACME, now=replaced.expires_at) == []


def test_organizations_are_listed_oldest_first(store: Store) -> None:
    fill(store)
    with store.connect() as connection:
        assert [row.name for row in organizations.all_organizations(connection)] == [
            "Globex",
            "Acme",
        ]
        assert organizations.organization_with(connection, UUID(int=7)) is None


def test_usage_adds_up_for_its_organization_and_its_time(store: Store) -> None:
    fill(store)
    store.streams.append([charged("pdf_export", 7), charged("pdf_export", 8)], BY_ACME)
    made = charged("pdf_export", 7).timestamp
    always = UsageQuery(ACME, NOON - DAY, NOON + DAY)
    with store.connect() as connection:
        assert usage.units_of(connection, always) == {"parse": 1, "tailor": 1, "pdf_export": 2}
        assert usage.units_of(connection, replace(always, operation="parse")) == {"parse": 1}
        assert usage.units_of(connection, replace(always, organization_id=GLOBEX)) == {"parse": 1}
        from_then_on = replace(always, since=made)
        until_then = replace(always, until=made)
        assert usage.units_of(connection, from_then_on) == {"pdf_export": 2}
        assert usage.units_of(connection, until_then) == {"parse": 1, "tailor": 1}
        newest = usage.charges_of(connection, always, limit=2, offset=0)
        assert [row.id for row in newest] == [
            charged("pdf_export", 8).charge_id,
            charged("pdf_export", 7).charge_id,
        ]
        assert len(usage.charges_of(connection, always, limit=9, offset=1)) == 3
        assert len(usage.charges_of(connection, from_then_on, limit=9, offset=0)) == 2
        assert len(usage.charges_of(connection, until_then, limit=9, offset=0)) == 2


@pytest.mark.parametrize("model", READ_MODELS, ids=lambda model: model.table)
def test_the_columns_of_a_table_are_the_fields_of_its_row(
    store: Store, model: ReadModel[Any]
) -> None:
    found = store.rows(
        "SELECT column_name::text FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position",
        model.table,
    )

    assert tuple(name for (name,) in found) == model.columns


def test_the_shape_of_a_model_is_that_of_its_table_and_its_indexes() -> None:
    changed = replace(USAGE, ddl=USAGE.ddl + " ")
    indexed = replace(USAGE, indexes=USAGE.indexes + " ")

    assert len({USAGE.shape, changed.shape, indexed.shape}) == 3
    assert replace(USAGE).shape == USAGE.shape
