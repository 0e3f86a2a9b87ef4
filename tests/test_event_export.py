"""The log as JSON lines: complete, in order, and nothing personal in it."""

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from api.adapters.event_export import exported
from event_examples import EXAMPLES
from events.recorded import Origin
from events.user import ACCOUNTS
from real_log import Store
from stories import ACME, BY_ACME, BY_GLOBEX, GLOBEX, OTHER, RESUME, ready


@pytest.fixture
def told(store: Store) -> Store:
    """Return a log that holds one of every event, and another organization's resume."""
    for number, event in enumerate(EXAMPLES.values(), start=1):
        place = {"originator_id": UUID(int=number), "originator_version": 1}
        if not event.ERASES:
            store.streams.append([event.model_copy(update=place)], BY_ACME)
    store.streams.append(ready(OTHER), BY_GLOBEX)
    store.streams.append([EXAMPLES["resume-deleted"].model_copy(
        update={"originator_id": OTHER, "originator_version": 6}
    )], Origin(GLOBEX, "worker"))  # fmt: skip
    store.put_in_order()
    return store


def lines(store: Store, organization_id: UUID | None = None) -> list[dict[str, Any]]:
    with store.connect() as connection:
        return [json.loads(line) for line in exported(connection, organization_id)]


def test_every_event_is_a_line_of_its_own_in_final_order(told: Store) -> None:
    with told.connect() as connection:
        text = b"".join(exported(connection, None))
    events = told.value("SELECT count(*) FROM events")

    assert text.endswith(b"\n")
    assert text.count(b"\n") == events
    assert [line["position"] for line in lines(told)] == [*range(1, events + 1)]


def test_a_line_holds_all_facts_of_its_event_and_nothing_personal(told: Store) -> None:
    examples = [event for event in EXAMPLES.values() if not event.ERASES]
    examples.sort(key=lambda event: event.TENANT is not None)
    exported_lines = lines(told, ACME) + lines(told, ACCOUNTS)
    for line, event in zip(exported_lines, examples, strict=True):
        hidden = {"originator_id", "originator_version", "personal"}

        assert line["data"] == event.model_dump(mode="json", exclude=hidden)
        assert line["type"] == f"refolio.{event.TOPIC}.v{event.SCHEMA}"


def test_a_line_is_a_cloud_event(told: Store) -> None:
    for line in lines(told):
        assert line["specversion"] == "1.0"
        assert line["id"] == f"{line['subject']}/{line['version']}"
        assert datetime.fromisoformat(line["time"]).tzinfo is not None
        assert datetime.fromisoformat(line["recordedat"]).tzinfo is not None
        assert [name for name in line if not (name.isalnum() and name.islower())] == []
    assert len({line["id"] for line in lines(told)}) == len(lines(told))


def test_a_line_tells_who_did_it_for_whom(told: Store) -> None:
    first, *_, last = lines(told)

    assert (first["source"], first["actor"], first["requestid"]) == (
        f"refolio:organization:{ACME}",
        BY_ACME.actor,
        "req-1",
    )
    assert (last["source"], last["actor"], last["requestid"]) == (
        f"refolio:organization:{GLOBEX}",
        "worker",
        None,
    )


def test_what_is_sealed_is_told_by_its_digest(told: Store) -> None:
    stored = told.rows(
        "SELECT sealed FROM events e JOIN log_positions p USING (notification_id)"
        " ORDER BY p.position"
    )

    assert [line["sealeddigest"] for line in lines(told)] == [
        hashlib.sha256(sealed).hexdigest() if sealed else None for (sealed,) in stored
    ]


def test_an_erasure_changes_no_line_before_it(told: Store) -> None:
    told.streams.append(ready(RESUME), BY_ACME)
    told.put_in_order()
    before = lines(told)

    gone = EXAMPLES["resume-deleted"].model_copy(update={"originator_version": 6})
    told.streams.append([gone], BY_ACME)
    told.put_in_order()

    assert lines(told)[:-1] == before


def test_an_organization_gets_its_own_events_alone(told: Store) -> None:
    assert [line["subject"] for line in lines(told, GLOBEX)] == [str(OTHER)] * 6
    assert lines(told, UUID(int=7)) == []


def test_an_event_without_a_final_position_waits(told: Store) -> None:
    before = lines(told)

    told.streams.append(ready(RESUME), BY_ACME)

    assert lines(told) == before


def test_an_export_may_be_broken_off(told: Store) -> None:
    with told.connect() as connection:
        next(exported(connection, None))

        assert len([*exported(connection, GLOBEX)]) == 6
