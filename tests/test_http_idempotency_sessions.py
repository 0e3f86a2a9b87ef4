"""What people ask for under a key is done once, too, and answered as the first time."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

import httpx2
import pytest

from api.adapters.operations import KeptOperations
from api.core import now
from api.ids import from_wire, new_id
from api.operations import Claim, Operation
from browsing import PASSWORD, Browser, Street, an_email
from commands.manage_keys import IssueKey, issue_key
from commands.ports import Conflict
from events.recorded import Origin
from replays import same
from server import Deployment
from session_requests import AUTH_KEYS, KEYS, PEOPLE, REQUESTS, scene

SIGN_UP: Final = "/api/auth/sign-up/email"


def keys_of(who: Browser) -> list[dict[str, Any]]:
    keys: list[dict[str, Any]] = who.ask(KEYS)["data"]["keys"]
    return keys


def works(deployment: Deployment, key: str) -> bool:
    answer = deployment.http.get("/api/v1/resumes", headers={"x-api-key": key})
    return answer.status_code == 200


@contextmanager
def failing(deployment: Deployment, table: str, event: str, condition: str) -> Iterator[None]:
    """Have the database refuse some rows meanwhile."""
    name = f"failing_{new_id().hex}"
    with deployment.core.connect() as connection:
        connection.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE 'refused'; END $$"
        )
        connection.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW"
            f" WHEN ({condition}) EXECUTE FUNCTION {name}()"
        )
        try:
            yield
        finally:
            connection.execute(f"DROP FUNCTION {name} CASCADE")


@contextmanager
def dying(deployment: Deployment, key: str) -> Iterator[None]:
    """Have whoever works under a key get no further than the work; the lease ends at once."""
    condition = f"NEW.key = '{key}' AND NEW.answered_at IS NOT NULL"
    with failing(deployment, "operations", "UPDATE", condition):
        yield
    with deployment.core.connect() as connection:
        connection.execute("UPDATE operations SET claimed_until = now() WHERE key = %s", (key,))


@pytest.mark.parametrize("name", REQUESTS)
def test_what_is_sent_twice_is_done_once(
    street: Street, deployment: Deployment, name: str
) -> None:
    asked = REQUESTS[name](scene(street))

    first = asked.send("twice")
    recorded = asked.recorded(deployment)
    second = asked.send("twice")

    same(first, second)
    assert asked.recorded(deployment) == recorded


@pytest.mark.parametrize("name", REQUESTS)
def test_whoever_comes_after_a_crash_is_told_what_was_done(
    street: Street, deployment: Deployment, name: str
) -> None:
    """The process dies after it recorded what was asked for, before it kept the answer."""
    asked, key = REQUESTS[name](scene(street)), f"crash-{new_id()}"
    before = asked.recorded(deployment)

    with dying(deployment, key):
        assert asked.send(key).status_code == 500
    recorded = asked.recorded(deployment)
    told = asked.send(key)

    same(told, asked.send(key))
    assert recorded > before or name == "found"
    assert asked.recorded(deployment) == recorded


@pytest.mark.parametrize("name", REQUESTS)
def test_what_failed_is_begun_anew(street: Street, deployment: Deployment, name: str) -> None:
    asked = REQUESTS[name](scene(street))
    before = asked.recorded(deployment)

    with failing(deployment, "events", "INSERT", "true"):
        failed = asked.send("anew")
    assert (failed.status_code, asked.recorded(deployment)) == (500, before)
    done = asked.send("anew")

    same(done, asked.send("anew"))


def test_a_new_key_is_shown_again_to_who_asks_again(
    street: Street, deployment: Deployment
) -> None:
    here = scene(street)
    asked, key = here.asks(KEYS, name="New"), f"crash-{new_id()}"

    with dying(deployment, key):
        asked.send(key)
    shown = [asked.send(key).json()["data"]["key"] for _ in range(2)]

    assert shown[0] == shown[1]
    assert works(deployment, shown[0])
    assert [made["name"] for made in keys_of(here.ada)] == ["New"]


def test_a_rotated_key_is_shown_again_though_the_old_one_is_gone(
    street: Street, deployment: Deployment
) -> None:
    here = scene(street)
    asked = here.asks(f"{KEYS}/{here.a_key()}/rotate", grace_period_seconds=0)
    key = f"crash-{new_id()}"

    with dying(deployment, key):
        asked.send(key)
    told = asked.send(key)

    same(told, asked.send(key))
    assert works(deployment, told.json()["data"]["key"])
    assert len(keys_of(here.ada)) == 1


@pytest.mark.parametrize(
    ("path", "body", "other", "names"),
    [
        (KEYS, {"name": "One"}, {"name": "Two"}, ("error", "detail")),
        (f"{PEOPLE}/update", {"data": {"name": "One"}}, {"data": {"name": "Two"}}, ("code",)),
        ("/api/auth/update-user", {"name": "One"}, {"bio": "Two"}, ("code", "message")),
    ],
)
def test_a_key_is_refused_for_another_request(
    street: Street, path: str, body: dict[str, Any], other: dict[str, Any], names: tuple[str, ...]
) -> None:
    asked = scene(street).asks(path, **body)
    assert asked.send("k").is_success

    refused = asked.send("k", **other)

    assert refused.status_code == 422
    assert refused.json()[names[0]] == "UNPROCESSABLE"
    assert {*names} <= refused.json().keys()


def test_users_and_their_organizations_do_not_share_keys(street: Street) -> None:
    here = scene(street)
    grace, _ = here.a_member()
    here.ada.send(f"{PEOPLE}/update-member-role", memberId=here.a_member()[1], role="admin")
    asked = here.asks(KEYS, name="Mine")
    answers = [asked.send("k")]
    grace.send(f"{PEOPLE}/set-active", organizationId=grace.ask(f"{PEOPLE}/list")[0]["id"])
    answers.append(here.asks(KEYS, by=grace, name="Mine").send("k"))
    slug = an_email("acme").partition("@")[0]
    here.ada.send(f"{PEOPLE}/create", name="Acme", slug=slug)
    answers.append(asked.send("k"))

    assert len({answer.json()["data"]["id"] for answer in answers}) == 3
    here.ada.send(f"{PEOPLE}/set-active", organizationId=here.organization)
    same(answers[0], asked.send("k"))


def test_what_was_refused_can_be_mended_under_its_key(street: Street) -> None:
    asked = scene(street).asks(f"{PEOPLE}/create", name="Acme", slug="Not one")

    refused = asked.send("m")
    mended = asked.send("m", slug=an_email("acme").partition("@")[0])

    assert (refused.status_code, refused.json()["code"]) == (400, "VALIDATION_ERROR")
    assert mended.is_success


@pytest.mark.parametrize(("path", "code"), [(KEYS, "error"), (f"{PEOPLE}/leave", "code")])
@pytest.mark.parametrize("key", ["", '""', "x" * 256, "\u00e9"])
def test_a_key_that_is_none_is_refused(street: Street, path: str, code: str, key: str) -> None:
    headers = {b"idempotency-key": key.encode()}
    answer = street.ada().http.post(path, headers=headers, json={})

    assert (answer.status_code, answer.json()[code]) == (400, "VALIDATION_ERROR")


def test_nobody_without_a_session_learns_of_a_key(street: Street) -> None:
    asked = scene(street).asks(KEYS, name="New")
    asked.send("k")

    stranger = street.visitor()
    answer = stranger.http.post(KEYS, json={"name": "New"}, headers={"idempotency-key": "k"})

    assert (answer.status_code, answer.json()["error"]) == (401, "UNAUTHORIZED")


@pytest.mark.parametrize("name", ["make a key", "rotate a key", "found", "invite"])
def test_fifty_at_once_are_one(street: Street, deployment: Deployment, name: str) -> None:
    asked = REQUESTS[name](scene(street))
    asked.who.http.get("/api/auth/ok")
    before = asked.recorded(deployment)
    clients = [street.visitor().http for _ in range(50)]
    cookies = dict(asked.who.http.cookies.items())
    start = threading.Barrier(50)

    def ask(client: httpx2.Client) -> httpx2.Response:
        client.cookies.update(cookies)
        start.wait()
        headers = {"idempotency-key": "fifty"}
        return client.request(asked.method, asked.path, json=asked.body, headers=headers)

    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(ask, clients))

    statuses = Counter(answer.status_code for answer in answers)
    assert statuses.keys() <= {200, 201, 409}
    done = [answer for answer in answers if answer.is_success]
    assert len({answer.content for answer in done}) == 1
    for refused in (answer for answer in answers if answer.status_code == 409):
        body = refused.json()
        assert "CONFLICT" in {body.get("error"), body.get("code")}
        assert refused.headers["retry-after"] == "1"
    if name != "found":
        assert asked.recorded(deployment) - before == (2 if name == "rotate a key" else 1)


def test_who_lost_the_claim_makes_no_key(street: Street, deployment: Deployment) -> None:
    here, core = scene(street), deployment.core
    operations = KeptOperations(core.pool, core.vault)
    operation = Operation(new_id(), f"POST {KEYS}", "slow", b"1")
    slow = operations.claim(operation, new_id())
    assert isinstance(slow, Claim)
    operations.release(slow)
    quick = operations.claim(operation, new_id())
    assert isinstance(quick, Claim)

    organization_id = from_wire("org", here.organization)
    assert isinstance(organization_id, UUID)
    with pytest.raises(Conflict):
        operations.note(slow, "a key", organization_id)
    with pytest.raises(Conflict):
        operations.noted(slow)
    command = IssueKey(slow.operation_id, "Slow", "digest", "raik_abcd")
    origin = Origin(organization_id, "operator", claim=slow.token)
    with pytest.raises(Conflict):
        issue_key(command, origin, streams=core.streams, clock=now)
    assert keys_of(here.ada) == []


def test_answers_with_keys_and_cookies_are_sealed(street: Street, deployment: Deployment) -> None:
    ada = street.visitor()
    ada.email = an_email()
    body = {"name": "Ada Example", "email": ada.email, "password": PASSWORD}
    mark = f"sealed-{new_id()}"
    headers = {"idempotency-key": mark}
    assert ada.http.post(SIGN_UP, json=body, headers=headers).is_success
    secrets = [ada.http.cookies["refolio.session_token"], ada.email, PASSWORD, "Ada Example"]
    with dying(deployment, f"{mark}-dying"):
        ada.http.post(KEYS, json={"name": "x"}, headers={"idempotency-key": f"{mark}-dying"})
    with deployment.core.connect() as connection:
        (noted,) = connection.execute(
            "SELECT note IS NOT NULL FROM operations WHERE key = %s", (f"{mark}-dying",)
        ).fetchall()
    for key in (f"{mark}-dying", mark):
        made = ada.http.post(KEYS, json={"name": "x"}, headers={"idempotency-key": key})
        secrets.append(made.json()["data"]["key"])

    with deployment.core.connect() as connection:
        kept = connection.execute(
            "SELECT o.*, note FROM operations o WHERE key LIKE %s", (f"{mark}%",)
        ).fetchall()
    assert noted == (True,)
    assert len(kept) == 3
    assert {row[-1] for row in kept} == {None}
    assert not [secret for secret in secrets if secret in str(kept)]


def test_a_sign_up_sent_twice_is_one_account_with_one_session(street: Street) -> None:
    first, second = street.visitor(), street.visitor()
    body = {"name": "Ada Example", "email": an_email(), "password": PASSWORD}
    answers = [
        who.http.post(SIGN_UP, json=body, headers={"idempotency-key": "su"})
        for who in (first, second)
    ]

    same(*answers)
    assert answers[0].headers["set-cookie"] == answers[1].headers["set-cookie"]
    assert second.me["email"] == body["email"]
    assert len(second.ask("/api/auth/list-sessions")) == 1
    assert len(second.ask(f"{PEOPLE}/list")) == 1


@pytest.mark.parametrize(
    "other", [{"password": "another heron 42"}, {"name": "Eve"}], ids=["password", "name"]
)
def test_who_knows_a_sign_up_but_for_a_part_is_not_let_in(
    street: Street, other: dict[str, str]
) -> None:
    body = {"name": "Ada Example", "email": an_email(), "password": PASSWORD}
    headers = {"idempotency-key": "su"}
    assert street.visitor().http.post(SIGN_UP, json=body, headers=headers).is_success

    eve = street.visitor().http.post(SIGN_UP, json=body | other, headers=headers)

    assert (eve.status_code, eve.json()["code"]) == (422, "UNPROCESSABLE")
    assert "set-cookie" not in eve.headers


def test_other_addresses_have_other_keys(street: Street) -> None:
    for _ in range(2):
        body = {"name": "Ada", "email": an_email(), "password": PASSWORD}
        answer = street.visitor().http.post(
            SIGN_UP, json=body, headers={"idempotency-key": "everybody's"}
        )
        assert answer.is_success
        assert "idempotent-replayed" not in answer.headers


def test_a_sign_up_goes_on_after_a_crash(street: Street, deployment: Deployment) -> None:
    ada, key = street.visitor(), f"crash-{new_id()}"
    body = {"name": "Ada Example", "email": an_email(), "password": PASSWORD}
    headers = {"idempotency-key": key}

    with dying(deployment, key):
        assert ada.http.post(SIGN_UP, json=body, headers=headers).status_code == 500
    told = ada.http.post(SIGN_UP, json=body, headers=headers)

    same(told, street.visitor().http.post(SIGN_UP, json=body, headers=headers))
    assert ada.me["email"] == body["email"]


def test_the_answer_goes_with_the_account(street: Street) -> None:
    ada = street.visitor()
    body = {"name": "Ada Example", "email": an_email(), "password": PASSWORD}
    headers = {"idempotency-key": "su"}
    assert ada.http.post(SIGN_UP, json=body, headers=headers).is_success
    ada.send("/api/auth/delete-user", password=PASSWORD)

    again = street.visitor().http.post(SIGN_UP, json=body, headers=headers)

    assert (again.status_code, again.json()["code"]) == (404, "NOT_FOUND")
    assert "erased" in again.json()["message"]


def test_routes_about_sessions_take_no_keys(street: Street) -> None:
    ada = street.ada()
    headers = {"idempotency-key": "k"}
    body = {"email": ada.email, "password": PASSWORD}
    answers = [
        street.visitor().http.post("/api/auth/sign-in/email", json=body, headers=headers)
        for _ in range(2)
    ]

    assert all("idempotent-replayed" not in answer.headers for answer in answers)
    assert answers[0].json()["token"] != answers[1].json()["token"]


def test_a_key_made_by_better_auths_route_is_shown_again(
    street: Street, deployment: Deployment
) -> None:
    here = scene(street)
    asked = here.asks(f"{AUTH_KEYS}/create", name="New", organizationId=here.organization)
    key = f"crash-{new_id()}"

    with dying(deployment, key):
        asked.send(key)
    told = asked.send(key)

    same(told, asked.send(key))
    assert works(deployment, told.json()["key"])
