"""Verifying a key costs one indexed look-up, however many keys and organizations there are."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, LiteralString

import pytest
from psycopg import Connection

from api.adapters import admission
from postgres import until
from real_log import Store
from stories import NOON

MANY = 20_000
FACTS = {
    "digest": "digest 777",
    "now": NOON,
    "recent": NOON - admission.USE_RECORDED_EVERY,
    "plan": None,
    "limited": True,
    "number": 1,
    "weight": 0.5,
    "quotas": admission._QUOTAS,
}


@pytest.fixture
def crowded(store: Store) -> Iterator[Connection[Any]]:
    """Yield a connection to a database with many organizations that have a key each."""
    with store.connect() as connection:
        connection.execute(
            "INSERT INTO organizations (id, name, plan, created_at, status, plan_changed_at)"
            " SELECT lpad(n::text, 32, '0')::uuid, 'Some', 'PRO', %s, 'active', %s"
            " FROM generate_series(1, %s) n",
            (NOON, NOON, MANY),
        )
        connection.execute(
            "INSERT INTO api_keys (id, organization_id, name, kind, digest, start, scopes,"
            " created_at, enabled, updated_at)"
            " SELECT id, id, 'k', 'organization', 'digest ' || ltrim(replace(id::text, '-', ''),"
            " '0'), 'raik_', '{}', created_at, true, created_at FROM organizations"
        )
        connection.execute(
            "INSERT INTO key_uses SELECT id, %s FROM api_keys", (NOON - timedelta(days=1),)
        )
        connection.execute(
            "INSERT INTO request_windows SELECT id, 1, 0, 1, 100, true FROM organizations"
        )
        yield connection


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a plan's node and all below it."""
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


@pytest.mark.parametrize("planning", ["force_generic_plan", "force_custom_plan"])
@pytest.mark.parametrize("statistics", ["ANALYZE", ""])
def test_verifying_a_key_costs_one_indexed_look_up(
    crowded: Connection[Any], planning: LiteralString, statistics: LiteralString
) -> None:
    crowded.execute(statistics)
    crowded.execute("SELECT set_config('plan_cache_mode', %s, false)", (planning,))
    question = f"EXPLAIN (ANALYZE, FORMAT JSON) {admission._ADMIT}"

    found = crowded.execute(question, FACTS, prepare=True).fetchone()

    assert found
    read = [node for node in nodes(found[0][0]["Plan"]) if "Scan" in node["Node Type"]]
    tables = Counter(node["Relation Name"] for node in read if "Relation Name" in node)
    assert tables == {"api_keys": 1, "organizations": 1, "key_uses": 1}
    for node in read:
        if "Relation Name" in node:
            assert node["Node Type"] in {"Index Scan", "Index Only Scan", "Bitmap Heap Scan"}
            assert node["Actual Rows"] * node["Actual Loops"] <= 1, node
            assert node.get("Rows Removed by Filter", 0) <= 1, node
    assert {node["Index Name"] for node in read if "Index Name" in node} == {
        "api_keys_digest",
        "organizations_pkey",
        "key_uses_pkey",
    }


def test_a_use_that_is_recent_is_only_read(crowded: Connection[Any]) -> None:
    for _ in range(2):
        crowded.execute(admission._ADMIT, FACTS)
        crowded.execute("SELECT pg_stat_force_next_flush()")
    found = crowded.execute(
        "SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'key_uses'"
    ).fetchone()

    assert found == (1,)


def test_nobody_waits_for_the_disk_because_of_a_use(crowded: Connection[Any]) -> None:
    told: list[Any] = []
    crowded.execute("SET synchronous_commit = on")
    for _ in range(2):
        with crowded.transaction():
            crowded.execute(admission._ADMIT, FACTS)
            told.append(crowded.execute("SHOW synchronous_commit").fetchone())
        told.append(crowded.execute("SHOW synchronous_commit").fetchone())

    assert told == [("off",), ("on",), ("on",), ("on",)]


def test_who_waited_for_another_to_record_a_use_writes_nothing(
    store: Store, crowded: Connection[Any]
) -> None:
    unlimited = FACTS | {"limited": False}

    def wrote() -> Any:
        return crowded.execute(
            "SELECT xmin FROM key_uses WHERE last_used = %s", (NOON,)
        ).fetchall()

    with store.connect() as second, ThreadPoolExecutor(1) as thread:
        with crowded.transaction():
            crowded.execute(admission._ADMIT, unlimited)
            first = wrote()
            later = thread.submit(second.execute, admission._ADMIT, unlimited)
            until(lambda: is_waiting(store, second.info.backend_pid))
        assert later.result().fetchone()

    assert len(first) == 1
    assert wrote() == first


def is_waiting(store: Store, backend: int) -> bool:
    """Tell whether a connection waits for another one's transaction."""
    question = "SELECT count(*) FROM pg_locks WHERE pid = %s AND NOT granted"
    return store.rows(question, backend) == [(1,)]
