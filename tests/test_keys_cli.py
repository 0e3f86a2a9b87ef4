"""Operators look after keys on the command line."""

import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from server import Deployment, refolio

KEY = re.compile(r"(raik_|kr_live_)[0-9A-Za-z]{36}\n")
ID = re.compile(r"key_\w{26}")

Keys = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="module")
def home(deployment: Deployment) -> Path:
    """Return the folder of a server that runs meanwhile."""
    return deployment.serving.home


@pytest.fixture
def keys(home: Path) -> Keys:
    """Return how to call `refolio key` for an organization of the test's own."""
    organization = refolio(home, "org", "create", "--name", "Acme").stdout.strip()

    def run(command: str, *arguments: str) -> CompletedProcess[str]:
        named = ("--organization", organization) if command in {"create", "list"} else ()
        return refolio(home, "key", command, *named, *arguments)

    return run


def status(deployment: Deployment, key: str, method: str = "GET") -> int:
    headers = {"x-api-key": key.strip()}
    return deployment.http.request(method, "/api/v1/resumes", headers=headers).status_code


def test_a_key_is_limited_and_the_list_tells_how(
    deployment: Deployment, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    limits = ("--scope", "read", "--scope", "billing", "--expires-in-days", "30")

    key = keys("create", "--name", "Audit", "--kind", "developer", *limits).stdout

    assert KEY.fullmatch(key)
    assert (status(deployment, key), status(deployment, key, "POST")) == (200, 401)
    shown = keys("list").stdout
    assert key.strip() not in shown
    assert re.search(
        r"Audit +kr_live_\w{4} +read, billing( +20\d\d-\d\d-\d\d \d\d:\d\d){3}", shown
    )


def test_a_rotated_key_is_printed_alone_and_the_old_one_works_on(
    deployment: Deployment, keys: Keys
) -> None:
    old = keys("create", "--name", "CI").stdout
    (key_id,) = ID.findall(keys("list").stdout)

    rotated = keys("rotate", key_id, "--grace", "600")

    assert KEY.fullmatch(rotated.stdout)
    assert re.fullmatch(r"The key CI \(raik_\w{4}…\) works until \S+Z\.\n", rotated.stderr)
    assert (status(deployment, old), status(deployment, rotated.stdout)) == (200, 200)
    again = keys("rotate", key_id)
    assert (again.returncode, again.stdout) == (1, "")
    assert "took the place" in again.stderr


def test_without_a_grace_the_old_key_is_dead_and_gone_from_the_list(
    deployment: Deployment, keys: Keys
) -> None:
    old = keys("create", "--name", "CI").stdout
    (key_id,) = ID.findall(keys("list").stdout)

    new = keys("rotate", key_id, "--grace", "0").stdout

    assert (status(deployment, old), status(deployment, new)) == (401, 200)
    (left,) = ID.findall(keys("list").stdout)
    assert left != key_id


@pytest.mark.parametrize("command", ["rotate", "revoke"])
def test_a_key_that_is_not_there_is_told(keys: Keys, command: str) -> None:
    done = keys(command, "key_01M80H7F5PXVJDERQX2E90MY1V")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "refolio: API key not found\n"
