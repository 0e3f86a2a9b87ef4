"""Following the log costs what is new in it, however long it has grown."""

from typing import Any, LiteralString

import pytest
from psycopg import Connection

from api.adapters import follower, log_health, sequencer

EVENTS = 30_000
KNOWN = 29_990
FACTS = {
    "position": KNOWN,
    "transaction_id": "1000",
    "notification_id": KNOWN,
    "channel": "plans",
    "after": KNOWN,
    "limit": 500,
    "max_bytes": 2**23,
}
QUESTIONS: dict[str, LiteralString] = {
    "place": sequencer._TAKE_ONE_BATCH,
    "wait": sequencer._WAITING,
    "restored": sequencer._RESTORED,
    "read": follower._READ,
    "health": log_health._HEALTH,
}


@pytest.fixture
def long_log(connection: Connection[Any]) -> Connection[Any]:
    connection.execute(
        "INSERT INTO events (originator_id, originator_version, topic, schema, state,"
        " organization_id, actor, transaction_id)"
        " SELECT gen_random_uuid(), 1, 'x', 1, '{}', gen_random_uuid(), 'x', '1000'"
        " FROM generate_series(1, %s)",
        (EVENTS,),
    )
    connection.execute(
        "INSERT INTO log_positions (position, transaction_id, notification_id)"
        " SELECT notification_id, transaction_id, notification_id FROM events"
        " WHERE notification_id <= %s",
        (KNOWN,),
    )
    connection.execute(
        "UPDATE log_head SET position = %(position)s, transaction_id = %(transaction_id)s::xid8,"
        " notification_id = %(notification_id)s",
        FACTS,
    )
    return connection


@pytest.mark.parametrize("planning", ["force_generic_plan", "force_custom_plan"])
@pytest.mark.parametrize("statistics", ["ANALYZE", ""])
@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_no_question_asked_of_the_log_reads_all_of_it(
    long_log: Connection[Any],
    question: LiteralString,
    planning: LiteralString,
    statistics: LiteralString,
) -> None:
    long_log.execute(statistics)
    long_log.execute("SELECT set_config('plan_cache_mode', %s, false)", (planning,))

    plan = long_log.execute(f"EXPLAIN {question}", FACTS, prepare=True).fetchall()

    text = "\n".join(line for (line,) in plan)
    assert "Seq Scan on events" not in text, text
    assert "Seq Scan on log_positions" not in text, text
