"""What must hold after every crash, asked of the log itself and through the API."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import partial
from typing import Any, Final, LiteralString
from uuid import UUID

import httpx2
import psycopg
from psycopg import Connection
from scripts.bench.crash_clients import Promises
from scripts.bench.crash_server import until

from api.adapters.log_reader import LOG
from api.ids import from_wire
from projections.rebuild import rebuild
from projections.schema import READ_MODELS

SETTLES_S: Final = 30.0

PENDING: Final[LiteralString] = """
SELECT (SELECT count(*) FROM resumes WHERE status IN ('PENDING', 'PROCESSING')) AS unfinished,
       (SELECT count(*) FROM procrastinate_jobs) AS jobs,
       (SELECT count(*) FROM events) - (SELECT position FROM log_head) AS unplaced
"""

AT_HAND: Final[LiteralString] = "SELECT FROM procrastinate_jobs WHERE status = 'doing' LIMIT 1"

NEVER: Final[dict[str, LiteralString]] = {
    "a stream whose versions are not 1, 2, 3 …": """
        SELECT originator_id FROM events GROUP BY originator_id
        HAVING min(originator_version) <> 1 OR max(originator_version) <> count(*)
    """,
    "positions that are not 1, 2, 3 …": """
        SELECT count(*), min(position), max(position) FROM log_positions
        HAVING count(*) <> (SELECT count(*) FROM events) OR max(position) <> count(*)
    """,
    "a position out of the order of transactions": """
        SELECT position FROM (
            SELECT position,
                   row_number() OVER (ORDER BY transaction_id, notification_id) AS expected
              FROM log_positions) AS places
         WHERE position <> expected
    """,
    "two masters": """
        SELECT organization_id FROM resumes WHERE is_master
         GROUP BY organization_id HAVING count(*) > 1
    """,
    "a resume that is not READY": "SELECT id, status FROM resumes WHERE status <> 'READY'",
    "an upload that is neither there nor deleted": """
        SELECT originator_id FROM events e
         WHERE topic = 'resume-uploaded'
           AND NOT EXISTS (SELECT FROM resumes r WHERE r.id = e.originator_id)
           AND NOT EXISTS (SELECT FROM events d WHERE d.originator_id = e.originator_id
                              AND d.topic = 'resume-deleted')
    """,
    "a parsing that failed": """
        SELECT originator_id FROM events WHERE topic = 'resume-parsing-failed'
    """,
    "a tailoring that failed though its source was there": """
        SELECT f.originator_id FROM events f
         WHERE f.topic = 'tailoring-failed'
           AND NOT EXISTS (
               SELECT FROM events q
                 JOIN events d ON d.originator_id::text
                            = convert_from(q.state, 'UTF8')::jsonb ->> 'source_id'
                              AND d.topic = 'resume-deleted'
                WHERE q.originator_id = f.originator_id AND q.topic = 'tailoring-requested')
    """,
    "an operation without its one charge, or a charge without its operation": """
        SELECT originator_id, operation, done, charged FROM (
            SELECT e.originator_id, o.operation,
                   count(*) FILTER (WHERE e.topic = o.topic) AS done,
                   count(*) FILTER (WHERE e.topic = 'usage-charged' AND
                       convert_from(e.state, 'UTF8')::jsonb ->> 'operation' = o.operation
                   ) AS charged
              FROM events e,
                   (VALUES ('resume-parsed', 'parse'), ('resume-tailored', 'tailor'),
                           ('resume-exported', 'pdf_export')) AS o (topic, operation)
             GROUP BY e.originator_id, o.operation) AS counted
         WHERE done <> charged OR (operation <> 'pdf_export' AND done > 1)
    """,
    "a charge that usage does not show, or shows differently": """
        SELECT count(*) FROM events WHERE topic = 'usage-charged'
        HAVING count(*) <> (SELECT count(*) FROM usage)
    """,
    "a deleted resume with a key or a document": """
        SELECT d.originator_id FROM events d
         WHERE d.topic = 'resume-deleted'
           AND (EXISTS (SELECT FROM data_keys k WHERE k.stream_id = d.originator_id)
                OR EXISTS (SELECT FROM documents p WHERE p.resume_id = d.originator_id)
                OR EXISTS (SELECT FROM resumes r WHERE r.id = d.originator_id))
    """,
    "a resume without a key": """
        SELECT id FROM resumes WHERE NOT EXISTS (
            SELECT FROM data_keys WHERE stream_id = resumes.id)
    """,
}
"""What no moment may show once all work is done: a query for it that must find nothing."""

SETTLED_LAST: Final[LiteralString] = """
SELECT extract(epoch FROM max(done.recorded_at) - to_timestamp(%(at)s)) * 1000
  FROM events asked
  JOIN events done USING (originator_id)
 WHERE asked.topic IN ('parsing-requested', 'tailoring-requested')
   AND done.topic IN ('resume-parsed', 'resume-tailored')
   AND asked.recorded_at < to_timestamp(%(at)s)
   AND done.recorded_at > to_timestamp(%(at)s)
"""


class Proof:
    """Looks at one deployment again and again; remembers positions, which never change."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._placed = 0
        self._places = ""

    def violations(self, http: httpx2.Client, promises: Promises) -> list[str]:
        """Return what does not hold, once all work is done or should be."""
        with closing(psycopg.connect(self._dsn, autocommit=True)) as connection:
            return [
                *promises.broken,
                *self._unsettled(connection),
                *_never(connection),
                *self._moved_positions(connection),
                *_promised_in_log(connection, promises),
                *_promised_to_clients(http, promises),
                *self._differing_from_rebuild(connection),
            ]

    def wait_for_work(self) -> None:
        """Return when a worker has a job at hand, or after a second."""
        with (
            suppress(psycopg.OperationalError),
            psycopg.connect(self._dsn, autocommit=True) as connection,
        ):
            until(lambda: connection.execute(AT_HAND).fetchone(), 1.0, pause_s=0.0005)

    def settled_ms(self, killed_at: float) -> float | None:
        """Return when the last work under way at a crash was done; None if there was none."""
        with closing(psycopg.connect(self._dsn, autocommit=True)) as connection:
            found = connection.execute(SETTLED_LAST, {"at": killed_at}).fetchone()
        return float(found[0]) if found and found[0] is not None else None

    def _unsettled(self, connection: Connection[Any]) -> Iterator[str]:
        def pending() -> tuple[int, ...]:
            return tuple(connection.execute(PENDING).fetchone() or ())

        if not until(lambda: not any(pending()), SETTLES_S):
            yield f"after {SETTLES_S:g} s (resumes, jobs, unplaced events) left: {pending()}"
            yield f"jobs: {connection.execute('SELECT * FROM procrastinate_jobs').fetchall()}"

    def _moved_positions(self, connection: Connection[Any]) -> Iterator[str]:
        def places(upto: int) -> str:
            found = connection.execute(
                """
                SELECT position, originator_id, originator_version
                  FROM log_positions JOIN events USING (transaction_id, notification_id)
                 WHERE position <= %s ORDER BY position
                """,
                (upto,),
            ).fetchall()
            return hashlib.sha256(repr(found).encode()).hexdigest()

        if self._placed and places(self._placed) != self._places:
            yield f"one of the first {self._placed} positions changed"
        head = connection.execute("SELECT position FROM log_head").fetchone()
        self._placed = head[0] if head else 0
        self._places = places(self._placed)

    def _differing_from_rebuild(self, connection: Connection[Any]) -> Iterator[str]:
        before = _dump(connection)
        rebuild(partial(psycopg.connect, self._dsn, autocommit=True), READ_MODELS, LOG)
        after = _dump(connection)
        for table, rows in before.items():
            if rows != after[table]:
                moved = set(rows) ^ set(after[table])
                yield f"{table} differs from its rebuild: {sorted(moved)[:4]}"


def _never(connection: Connection[Any]) -> Iterator[str]:
    for what, query in NEVER.items():
        found = connection.execute(query).fetchall()
        if found:
            yield f"{what}: {len(found)}, such as {found[0]}"


def _promised_in_log(connection: Connection[Any], promises: Promises) -> Iterator[str]:
    topics = Counter(dict(connection.execute("SELECT topic, count(*) FROM events GROUP BY topic")))
    if topics["resume-uploaded"] > promises.upload_attempts:
        yield "there are more uploads than were tried"
    if topics["tailoring-requested"] > promises.tailor_attempts.total():
        yield "there are more tailorings than were tried"
    charged: dict[UUID | None, int] = dict(
        connection.execute(
            "SELECT resume_id, count(*) FROM usage WHERE operation = 'pdf_export' GROUP BY 1"
        ).fetchall()
    )
    for resume, attempts in promises.pdf_attempts.items():
        charges = charged.get(from_wire("res", resume), 0)
        if not promises.pdfs[resume] <= charges <= attempts:
            handed = promises.pdfs[resume]
            yield f"{resume}: {handed} of {attempts} PDFs came, {charges} were charged"


def _promised_to_clients(http: httpx2.Client, promises: Promises) -> Iterator[str]:
    shown = _all_shown(http)
    for resume in promises.uploads | promises.results.keys():
        record = shown.get(resume)
        if record is None and resume not in promises.delete_attempts:
            yield f"{resume} was acknowledged and is gone"
        if record is not None and resume in promises.deleted:
            yield f"{resume} was deleted and is back"
        titles = promises.titles.get(resume, [None])
        if record is not None and None not in titles and record["title"] not in titles:
            yield f"{resume} is called {record['title']}, not {titles}"


def _all_shown(http: httpx2.Client) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    while True:
        page = f"?include_master=true&limit=100&offset={len(shown)}"
        answer = http.get(f"/api/v1/resumes{page}").raise_for_status().json()["data"]
        if not answer:
            return shown
        shown |= {item["id"]: item for item in answer}


def _dump(connection: Connection[Any]) -> dict[str, list[str]]:
    return {
        model.table: [
            line
            for (line,) in connection.execute(
                f"SELECT t::text FROM {model.table} AS t ORDER BY id"
            ).fetchall()
        ]
        for model in READ_MODELS
    }
