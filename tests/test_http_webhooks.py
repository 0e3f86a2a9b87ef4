"""Other servers are told what happens: signed, in order, at least once, and no others."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hooks import Call, Receiver, receiving
from postgres import until
from server import Deployment, Tenant, deployed, state

HOOKS = "/api/v1/webhooks"
NOBODYS = "whk_01JZP7G5YW8V0EJ9D2V8N7A2K4"


@pytest.fixture(scope="module")
def telling() -> Iterator[Deployment]:
    """Yield a server that may call this machine."""
    with state() as home, deployed(home, webhook_private_hosts="127.0.0.1") as running:
        yield running


@pytest.fixture
def teller(telling: Deployment) -> Iterator[Tenant]:
    with telling.tenant() as tenant:
        yield tenant


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def add(tenant: Tenant, url: str, *types: str) -> dict[str, Any]:
    body = {"url": url, "types": list(types)}
    made: dict[str, Any] = tenant.data("POST", HOOKS, json=body)
    return made


def log(tenant: Tenant, hook: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tenant.data("GET", f"{HOOKS}/{hook['id']}/deliveries?limit=100")
    return found


def hasten(telling: Deployment) -> None:
    """Let what is to be sent again be sent now."""
    with telling.core.connect() as connection:
        connection.execute("UPDATE webhook_deliveries SET next_at = now() WHERE state = 'due'")


def called(receiver: Receiver, count: int) -> list[Call]:
    until(lambda: len(receiver.calls) >= count, 20)
    return receiver.calls


def test_what_happens_is_told_signed(teller: Tenant, receiver: Receiver) -> None:
    hook = add(teller, f"{receiver.url}/hook?x=1", "resume.parsed")
    resume_id = teller.parsed()

    (call,) = called(receiver, 1)

    told = call.opened(hook["secret"])
    assert call.path == "/hook?x=1"
    assert told["type"] == "resume.parsed"
    assert told["data"]["subject"] == {"kind": "resume", "id": resume_id}
    assert told["data"]["id"] == call.id
    assert call.headers["content-type"] == "application/json"
    until(lambda: log(teller, hook)[0]["state"] == "delivered", 10)
    (entry,) = log(teller, hook)
    assert (entry["event_id"], entry["status"], entry["attempts"]) == (call.id, 204, 1)


def test_what_is_told_is_what_the_list_of_events_tells(teller: Tenant, receiver: Receiver) -> None:
    hook = add(teller, receiver.url)
    teller.tailor(teller.parsed())
    until(lambda: receiver.types().count("usage.charged") == 2, 20)

    listed = [
        event
        for event in teller.data("GET", "/api/v1/events?limit=100")
        if event["type"] not in {"organization.founded", "plan.changed", "key.issued"}
    ]
    assert len(listed) > 8
    assert sorted(call.id for call in receiver.calls) == sorted(e["data"]["id"] for e in listed)
    assert all(call.opened(hook["secret"]) in listed for call in receiver.calls)


def test_the_events_of_one_resume_come_in_order(
    telling: Deployment, teller: Tenant, receiver: Receiver
) -> None:
    """Each is refused at first, so that those behind it have the time to overtake it."""
    seen: Counter[str] = Counter()

    def moody(call: Call) -> tuple[int, dict[str, str]]:
        seen[call.id] += 1
        return (500 if seen[call.id] == 1 else 204), {}

    receiver.answer = moody
    hook = add(teller, receiver.url)
    resume_id = teller.parsed()

    def all_taken() -> bool:
        hasten(telling)
        told = log(teller, hook)
        return "usage.charged" in receiver.types() and not any(e["state"] == "due" for e in told)

    until(all_taken, 30)

    about = [call for call in receiver.calls if resume_id.encode() in call.body]
    versions = [int(call.id.rsplit("_", 1)[1]) for call in about]
    assert versions == sorted(versions)
    assert min(Counter(versions).values()) >= 2


def test_what_was_not_taken_comes_again_under_the_same_id(
    telling: Deployment, teller: Tenant, receiver: Receiver
) -> None:
    answers = iter((503, 204))
    receiver.answer = lambda _: (next(answers), {})
    hook = add(teller, receiver.url, "resume.parsed")
    teller.parsed()
    called(receiver, 1)
    until(lambda: log(teller, hook)[0]["attempts"] == 1, 10)
    waiting = log(teller, hook)[0]
    hasten(telling)

    first, second = called(receiver, 2)

    assert (waiting["state"], waiting["status"]) == ("due", 503)
    assert waiting["error"] == "It answered 503."
    assert waiting["next_at"] > waiting["attempted_at"]
    assert (second.id, second.body) == (first.id, first.body)
    assert second.opened(hook["secret"])["data"]["id"] == first.id
    until(lambda: log(teller, hook)[0]["state"] == "delivered", 10)


def test_one_that_is_gone_is_told_nothing_more(teller: Tenant, receiver: Receiver) -> None:
    receiver.answer = lambda _: (410, {})
    hook = add(teller, receiver.url, "resume.parsed")
    teller.parsed()
    called(receiver, 1)
    path = f"{HOOKS}/{hook['id']}"
    until(lambda: not teller.data("GET", path)["enabled"], 10)

    assert teller.data("GET", path)["disabled_because"] == "It is gone (410)."
    assert log(teller, hook)[0]["state"] == "failed"
    teller.parsed()
    assert len(receiver.calls) == 1
    again = teller.data("PATCH", path, json={"enabled": True})
    assert (again["enabled"], again["disabled_because"]) == (True, None)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nobody_is_followed_elsewhere(teller: Tenant, receiver: Receiver, status: int) -> None:
    with receiving() as elsewhere:
        receiver.answer = lambda _: (status, {"location": elsewhere.url})
        hook = add(teller, receiver.url, "resume.parsed")
        teller.parsed()
        until(lambda: any(entry["attempts"] for entry in log(teller, hook)), 10)

        assert "leads elsewhere" in log(teller, hook)[0]["error"]
        assert elsewhere.calls == []


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.2:1/",
        "http://localhost:1/",
        "http://[::1]:1/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "http://2130706434/",
        "https://[::ffff:127.0.0.2]/",
        "https://100.100.100.200/",
    ],
)
def test_what_is_private_is_not_called(teller: Tenant, url: str) -> None:
    hook = add(teller, url, "resume.parsed")
    teller.data("POST", f"{HOOKS}/{hook['id']}/test")
    until(lambda: log(teller, hook)[0]["attempts"] == 1, 20)

    entry = log(teller, hook)[0]
    assert entry["status"] is None
    assert "may be called" in entry["error"]


def test_a_test_is_sent_at_once_and_tells_nothing(teller: Tenant, receiver: Receiver) -> None:
    hook = add(teller, receiver.url, "resume.parsed")

    queued = teller.data("POST", f"{HOOKS}/{hook['id']}/test")

    (call,) = called(receiver, 1)
    assert call.opened(hook["secret"])["type"] == queued["type"] == "webhook.test"
    assert call.id == queued["event_id"]


def test_a_new_secret_and_the_one_before_both_open_what_is_sent(
    teller: Tenant, receiver: Receiver
) -> None:
    hook = add(teller, receiver.url, "resume.parsed")
    rotated = teller.data("POST", f"{HOOKS}/{hook['id']}/rotate-secret")
    teller.data("POST", f"{HOOKS}/{hook['id']}/test")

    (call,) = called(receiver, 1)

    assert rotated["secret"] != hook["secret"]
    assert rotated["older_until"] > hook["created_at"]
    assert call.opened(hook["secret"]) == call.opened(rotated["secret"])


def test_what_happened_before_is_told_again_from_a_position(
    telling: Deployment, teller: Tenant, receiver: Receiver
) -> None:
    teller.parsed()
    events = teller.data("GET", "/api/v1/events?limit=100")
    hook = add(teller, receiver.url, "resume.parsed", "text.extracted")
    place = events[0]["data"]["position"]

    queued = teller.data("POST", f"{HOOKS}/{hook['id']}/replay", json={"after": place})

    called(receiver, 2)
    assert queued["at_end"]
    assert queued["queued"] >= len(events) - 1
    assert set(receiver.types()) == {"resume.parsed", "text.extracted"}


def test_a_slow_one_holds_up_no_other(teller: Tenant, receiver: Receiver) -> None:
    let_go = threading.Event()
    with receiving() as slow:
        slow.answer = lambda _: (let_go.wait(20), (204, {}))[1]
        add(teller, slow.url)
        add(teller, receiver.url, "resume.parsed")
        for _ in range(3):
            teller.parsed()

        assert len(called(receiver, 3)) == 3
        let_go.set()


def test_secrets_are_shown_once_and_stand_nowhere_in_clear(
    telling: Deployment, teller: Tenant, receiver: Receiver
) -> None:
    hook = add(teller, f"{receiver.url}/canary-address")
    shown = teller.http.get(f"{HOOKS}/{hook['id']}").text + teller.http.get(HOOKS).text

    assert hook["secret"] not in shown
    with telling.core.connect() as connection:
        for table in ("events", "webhooks", "webhook_deliveries"):
            rows = connection.execute(f"SELECT t::text FROM {table} t").fetchall()
            text = "".join(row for (row,) in rows)
            assert "canary-address" not in text
            assert hook["secret"][6:] not in text
    assert hook["secret"] not in telling.serving.complained


def test_what_is_removed_is_told_nothing(teller: Tenant, receiver: Receiver) -> None:
    hook = add(teller, receiver.url, "resume.parsed")
    teller.data("DELETE", f"{HOOKS}/{hook['id']}")
    teller.parsed()

    assert teller.refused("GET", f"{HOOKS}/{hook['id']}")[:2] == (404, "NOT_FOUND")
    assert teller.data("GET", HOOKS) == []
    assert receiver.calls == []


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({}, "url"),
        ({"url": "ftp://example.org"}, "url"),
        ({"url": "https://a:b@example.org"}, "url"),
        ({"url": "https://example.org", "types": ["nope"]}, "types"),
        ({"url": "https://example.org", "description": "x" * 201}, "description"),
    ],
)
def test_what_is_no_webhook_is_refused(teller: Tenant, body: dict[str, Any], names: str) -> None:
    status, code, detail = teller.refused("POST", HOOKS, json=body)

    assert (status, code) == (422, "VALIDATION_ERROR")
    assert detail.startswith(names)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/test"),
        ("POST", "/rotate-secret"),
        ("GET", "/deliveries"),
        ("POST", "/replay"),
    ],
)
def test_anothers_webhook_is_like_one_that_is_missing(
    telling: Deployment, teller: Tenant, method: str, path: str
) -> None:
    hook = add(teller, "https://example.org")
    with telling.tenant() as other:
        foreign, missing = (
            other.refused(method, f"{HOOKS}/{webhook_id}{path}", json={"after": 0})
            for webhook_id in (hook["id"], NOBODYS)
        )

    assert foreign == missing
    assert foreign[:2] == (404, "NOT_FOUND")


def test_of_fifty_at_once_twenty_are_added(telling: Deployment, teller: Tenant) -> None:
    start = threading.Barrier(50)

    def ask(_: int) -> httpx2.Response:
        start.wait()
        return teller.http.post(HOOKS, json={"url": "https://example.org"})

    with ThreadPoolExecutor(50) as threads:
        statuses = Counter(answer.status_code for answer in threads.map(ask, range(50)))

    assert len(teller.data("GET", HOOKS)) == 20
    assert statuses[201] == 20
    assert statuses.keys() <= {201, 422, 409}


def test_who_is_killed_while_sending_sends_again(
    telling: Deployment, teller: Tenant, receiver: Receiver
) -> None:
    """At least once, and under the same id: the worker dies before it knows the answer."""
    arrived, let_go = threading.Event(), threading.Event()

    def hold(_: Call) -> tuple[int, dict[str, str]]:
        arrived.set()
        let_go.wait(30)
        return 204, {}

    receiver.answer = hold
    hook = add(teller, receiver.url, "resume.parsed")
    teller.parsed()
    assert arrived.wait(20)
    telling.serving.worker().kill()
    let_go.set()
    until(lambda: log(teller, hook)[0]["state"] == "due", 5)
    hasten(telling)

    first, second = called(receiver, 2)[:2]

    assert (first.id, first.body) == (second.id, second.body)
    until(lambda: log(teller, hook)[0]["state"] == "delivered", 20)


def test_the_manual_shows_how_to_check_a_signature(teller: Tenant, receiver: Receiver) -> None:
    manual = (Path(__file__).parents[1] / "docs" / "webhooks.md").read_text("utf-8")
    shown = manual.split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec(compile(shown, "docs/webhooks.md", "exec"), names)
    hook = add(teller, receiver.url)
    teller.data("POST", f"{HOOKS}/{hook['id']}/test")
    until(lambda: "webhook.test" in receiver.types(), 10)

    call = receiver.calls[receiver.types().index("webhook.test")]
    assert names["received"](hook["secret"], call.headers, call.body)["type"] == "webhook.test"
