"""Fifty requests at once about the keys of one organization: none is lost, none comes twice."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, Final
from uuid import UUID

import httpx2

from api.ids import from_wire
from browsing import Browser, Street
from commands.organization import Organization, fold
from server import Deployment

AT_ONCE: Final = 50
KEYS: Final = "/api/keys"
Answer = tuple[int, dict[str, Any]]


def at_once(
    street: Street, who: Browser, ask: Callable[[httpx2.Client, int], httpx2.Response]
) -> list[Answer]:
    """Have fifty requests sent at once, each by a connection of its own, as *who*."""
    start = Barrier(AT_ONCE)
    cookies = dict(who.http.cookies.items())
    clients = [street.visitor().http for _ in range(AT_ONCE)]

    def send(number: int) -> Answer:
        client = clients[number]
        client.cookies.update(cookies)
        client.get("/api/v1/health")  # so that it is connected
        start.wait()
        answer = ask(client, number)
        return answer.status_code, answer.json()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(send, range(AT_ONCE)))


def made(who: Browser) -> dict[str, Any]:
    answer = who.http.post(KEYS, json={"name": "Test"})
    assert answer.status_code == 201, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


def works(deployment: Deployment, key: str) -> bool:
    answer = deployment.http.get("/api/v1/resumes", headers={"x-api-key": key})
    assert answer.status_code in {200, 401}
    return answer.status_code == 200


def statuses(answers: list[Answer]) -> Counter[int]:
    return Counter(status for status, _ in answers)


def organization_of(deployment: Deployment, who: Browser) -> Organization:
    """Return the organization as its events tell it; they are dense, and agree with the rows."""
    organization_id = from_wire("org", who.organization)
    assert organization_id
    organization = deployment.core.streams.load(
        organization_id, fold, organization_id=organization_id
    )
    assert organization
    with deployment.core.connect() as connection:
        versions = connection.execute(
            "SELECT originator_version FROM events WHERE originator_id = %s ORDER BY 1",
            (organization_id,),
        ).fetchall()
        rows = connection.execute(
            "SELECT id, replaced_by FROM api_keys"
            " WHERE organization_id = %s AND revoked_at IS NULL",
            (organization_id,),
        ).fetchall()
    assert [version for (version,) in versions] == [*range(1, organization.version + 1)]
    keys = organization.keyring.keys.values()
    assert {key.id: key.successor_id for key in keys} == dict(rows)
    return organization


def ids_of(answers: list[Answer], status: int) -> set[UUID | None]:
    return {from_wire("key", body["data"]["id"]) for s, body in answers if s == status}


def test_fifty_keys_made_at_once_are_fifty_keys(street: Street, deployment: Deployment) -> None:
    ada = street.ada()

    answers = at_once(street, ada, lambda c, n: c.post(KEYS, json={"name": f"Key {n}"}))

    assert statuses(answers) == {201: AT_ONCE}
    assert ids_of(answers, 201) == organization_of(deployment, ada).keyring.keys.keys()
    assert all(works(deployment, body["data"]["key"]) for _, body in answers)


def test_of_fifty_rotations_of_a_key_one_makes_its_successor(
    street: Street, deployment: Deployment
) -> None:
    ada = street.ada()
    old = made(ada)

    answers = at_once(street, ada, lambda c, _: c.post(f"{KEYS}/{old['id']}/rotate"))

    assert statuses(answers) == {201: 1, 409: AT_ONCE - 1}
    assert {body["error"] for status, body in answers if status == 409} == {"CONFLICT"}
    (new,) = ids_of(answers, 201)
    keys = organization_of(deployment, ada).keyring.keys
    assert {key_id: key.successor_id for key_id, key in keys.items()} == {
        from_wire("key", old["id"]): new,
        new: None,
    }
    shown = [old["key"], *(body["data"]["key"] for status, body in answers if status == 201)]
    assert all(works(deployment, key) for key in shown)


def test_of_fifty_revocations_of_a_key_one_revokes_it(
    street: Street, deployment: Deployment
) -> None:
    ada = street.ada()
    old = made(ada)

    answers = at_once(street, ada, lambda c, _: c.delete(f"{KEYS}/{old['id']}"))

    assert statuses(answers) == {200: 1, 404: AT_ONCE - 1}
    assert not works(deployment, old["key"])
    assert not organization_of(deployment, ada).keyring.keys


def test_whoever_wins_between_rotating_and_revoking_the_old_key_is_dead(
    street: Street, deployment: Deployment
) -> None:
    ada = street.ada()
    old = made(ada)

    def ask(client: httpx2.Client, number: int) -> httpx2.Response:
        if number % 2:
            return client.delete(f"{KEYS}/{old['id']}")
        return client.post(f"{KEYS}/{old['id']}/rotate")

    answers = at_once(street, ada, ask)

    rotated, told = statuses(answers[::2]), statuses(answers[1::2])
    assert told == {200: 1, 404: AT_ONCE // 2 - 1}
    assert rotated.keys() <= {201, 409, 404}
    assert rotated[201] <= 1
    assert not works(deployment, old["key"])
    left = organization_of(deployment, ada).keyring.keys
    assert left.keys() == ids_of(answers[::2], 201)
    for status, body in answers[::2]:
        assert status != 201 or works(deployment, body["data"]["key"])


def test_no_act_is_lost_among_fifty_on_different_keys(
    street: Street, deployment: Deployment
) -> None:
    ada = street.ada()
    old = [made(ada) for _ in range(AT_ONCE // 3 * 2)]

    def ask(client: httpx2.Client, number: int) -> httpx2.Response:
        if number < len(old):
            path = f"{KEYS}/{old[number]['id']}"
            return client.delete(path) if number % 2 else client.post(f"{path}/rotate")
        return client.post(KEYS, json={"name": "New"})

    answers = at_once(street, ada, ask)

    new = AT_ONCE - len(old)
    assert statuses(answers) == {201: len(old) // 2 + new, 200: len(old) // 2}
    stay = {from_wire("key", key["id"]) for key in old[::2]}
    assert organization_of(deployment, ada).keyring.keys.keys() == stay | ids_of(answers, 201)
