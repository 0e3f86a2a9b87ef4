"""What happened is told once, in order, to its owner: as a list, and as it happens."""

import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

import httpx2
import pytest

from api.core import now
from api.happenings import topic_of, type_of
from api.keys import digest_of
from commands.manage_keys import RevokeKey, revoke_key
from events.catalogue import CATALOGUE
from events.recorded import Origin
from postgres import until
from server import JOB, QUICKSTART, Deployment, Tenant, deployed, state

EVENTS = "/api/v1/events"
STREAM = f"{EVENTS}/stream"


@dataclass(frozen=True)
class Told:
    """One server-sent event."""

    id: int
    type: str
    body: dict[str, Any]


def told_in(lines: Iterator[str]) -> Iterator[Told]:
    """Read server-sent events as the standard says."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield Told(int(fields["id"]), fields["event"], json.loads(fields["data"]))
            fields = {}
        else:
            fields.pop("", None)


@contextmanager
def streaming(
    tenant: Tenant, query: str = "", *, timeout_s: float = 30, **headers: str
) -> Iterator[Iterator[Told]]:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    with tenant.http.stream("GET", f"{STREAM}{query}", headers=names, timeout=timeout_s) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield told_in(answer.iter_lines())


def everything(tenant: Tenant, query: str = "") -> list[dict[str, Any]]:
    """Return all events of an organization, page by page."""
    found, url = [], f"{EVENTS}?limit=7{query}"
    while True:
        answer = tenant.http.get(url)
        assert answer.status_code == 200, answer.text
        found += answer.json()["data"]
        if not answer.json()["data"]:
            return found
        url = answer.links["next"]["url"]


def types(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in events]


def settle(deployment: Deployment) -> None:
    """Wait until every event has its place."""
    with deployment.core.connect() as connection:
        until(lambda: connection.execute(UNPLACED).fetchone() == (0,), 10)


UNPLACED = "SELECT (SELECT count(*) FROM events) - (SELECT position FROM log_head)"


def test_topics_are_called_with_a_full_stop() -> None:
    assert type_of("resume-parsing-failed") == "resume.parsing-failed"
    assert [topic_of(type_of(topic)) for topic in CATALOGUE] == list(CATALOGUE)


def test_a_list_tells_what_happened_oldest_first(deployment: Deployment, tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    letter = tenant.data(
        "POST", f"/api/v1/resumes/{resume_id}/outreach", json={"jobDescription": JOB}
    )
    settle(deployment)

    events = everything(tenant)

    assert types(events)[:3] == ["organization.founded", "plan.changed", "key.issued"]
    about = {(e["data"]["subject"]["kind"], e["data"]["subject"]["id"]) for e in events}
    assert ("resume", resume_id) in about
    assert ("outreach", letter["id"]) in about
    positions = [event["data"]["position"] for event in events]
    assert positions == sorted(set(positions))
    ids = [event["data"]["id"] for event in events]
    assert len(set(ids)) == len(ids)


def test_a_list_can_be_narrowed(deployment: Deployment, tenant: Tenant) -> None:
    first, second = tenant.parsed(), tenant.parsed()
    settle(deployment)

    assert types(everything(tenant, "&types=resume.parsed,key.issued")) == [
        "key.issued", "resume.parsed", "resume.parsed",
    ]  # fmt: skip
    about = everything(tenant, f"&resume_id={second}")
    assert {event["data"]["subject"]["id"] for event in about} == {second}
    assert first != second


@pytest.mark.parametrize(
    "query", ["types=nope", "types=", "after=-1", "after=x", "after=9999999999999999999"]
)
def test_a_list_of_nonsense_is_refused(standing: Tenant, query: str) -> None:
    assert standing.refused("GET", f"{EVENTS}?{query}")[:2] == (422, "VALIDATION_ERROR")


def test_others_are_told_nothing(deployment: Deployment, tenant: Tenant) -> None:
    with deployment.tenant() as other:
        resume_id = other.parsed()
        settle(deployment)

        assert everything(tenant, f"&resume_id={resume_id}") == []
        assert resume_id not in json.dumps(everything(tenant))
        assert resume_id in json.dumps(everything(other))


def test_a_stream_tells_events_as_they_happen(deployment: Deployment, tenant: Tenant) -> None:
    settle(deployment)
    with streaming(tenant, "?types=resume.parsed,resume.tailored") as told:
        source = tenant.parsed()
        parsed = next(told)
        tailored_id = tenant.tailor(source)["resume_id"]
        tailored = next(told)

    assert (parsed.type, parsed.body["data"]["subject"]["id"]) == ("resume.parsed", source)
    assert tailored.body["data"]["subject"]["id"] == tailored_id
    assert tailored.body["type"] == "resume.tailored"
    assert tailored.id == tailored.body["data"]["position"] > parsed.id


def test_whoever_comes_back_misses_nothing_and_hears_nothing_twice(
    deployment: Deployment, tenant: Tenant
) -> None:
    """The connection is cut at random moments while things happen."""
    dice = random.Random(7)
    worker = threading.Thread(target=lambda: [tenant.tailor(tenant.parsed()) for _ in range(4)])
    worker.start()
    heard: list[Told] = []
    while worker.is_alive() or len(heard) < len(everything(tenant)):
        last = str(heard[-1].id if heard else 0)
        # A pause is a cut, too.
        with (
            suppress(httpx2.ReadTimeout),
            streaming(tenant, timeout_s=0.5, last_event_id=last) as told,
        ):
            heard += islice(told, dice.randrange(1, 12))
    worker.join()
    settle(deployment)

    assert [event.body for event in heard] == everything(tenant)


@pytest.mark.parametrize("last", ["x", "-1", "1.5", str(2**63)])
def test_a_last_event_that_is_none_is_refused(standing: Tenant, last: str) -> None:
    answer = standing.http.get(STREAM, headers={"last-event-id": last})

    assert (answer.status_code, answer.json()["error"]) == (422, "VALIDATION_ERROR")


def test_head_of_a_stream_ends(standing: Tenant) -> None:
    assert standing.http.head(STREAM).status_code == 200


def test_an_organization_opens_so_many_streams(tenant: Tenant) -> None:
    with httpx2.Client(
        base_url=tenant.http.base_url, headers=tenant.http.headers, timeout=30
    ) as client:
        opened = [client.send(client.build_request("GET", STREAM), stream=True) for _ in range(20)]
        listening = [answer.iter_lines() for answer in opened]
        assert {next(lines) for lines in listening} == {"retry: 1000"}
        refused = client.get(STREAM)
        for answer in opened:
            answer.close()
        assert (refused.status_code, refused.json()["error"]) == (429, "RATE_LIMITED")
        until(lambda: tenant.http.head(STREAM).status_code == 200, 10)


def test_a_stream_ends_with_the_server() -> None:
    with state() as home, deployed(home) as running, running.tenant() as tenant:
        with streaming(tenant) as told:
            ends = threading.Thread(target=running.serving.stop)
            ends.start()
            heard = list(told)
        ends.join()
        assert running.serving.process.returncode == 0
        assert {event.type for event in heard} <= {
            "organization.founded",
            "plan.changed",
            "key.issued",
        }


def test_a_key_that_is_revoked_is_told_no_more(deployment: Deployment, tenant: Tenant) -> None:
    core = deployment.core
    held = core.door.admit(digest_of(tenant.key), now())
    assert held
    assert core.door.is_open(held.key_id, now())

    origin = Origin(tenant.organization_id, "operator")
    revoke_key(RevokeKey(held.key_id), origin, streams=core.streams, clock=now)

    assert not core.door.is_open(held.key_id, now())


def test_a_tailoring_is_told_step_by_step(deployment: Deployment, tenant: Tenant) -> None:
    source = tenant.parsed()
    result = tenant.data("POST", f"/api/v1/resumes/{source}/tailor", json=QUICKSTART)
    settle(deployment)

    told = types(everything(tenant, f"&resume_id={result['resume_id']}"))

    assert told == [
        *("tailoring.requested", "job.analysed", "edits.proposed"),
        *("resume.tailored", "usage.charged"),
    ]
