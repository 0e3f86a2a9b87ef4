"""Where the server may live, and what an operator reads when it cannot."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from api.adapters.embedded_postgres import EmbeddedPostgres
from api.adapters.postgres_processes import processes_in
from api.adapters.postgres_programs import PostgresUnavailable, Programs
from postgres import answer

AS_ROOT = os.geteuid() == 0


@pytest.mark.parametrize("name", ["x" * 120, "with a space", "with, a comma", "ünïcode"])
def test_any_folder_name_will_do(server_root: Path, name: str) -> None:
    odd = server_root / name
    odd.mkdir()
    shutil.copytree(server_root / "data", odd / "data")
    shutil.copy(server_root / "gate.lock", odd)
    if AS_ROOT:
        subprocess.run(["chown", "-R", f"{server_root.stat().st_uid}", odd], check=True)

    with EmbeddedPostgres(odd) as dsn:
        assert answer(dsn, "SELECT 1") == 1


def test_programs_in_a_closed_folder_are_copied_and_the_folder_stays_closed(
    server_root: Path, tmp_path: Path
) -> None:
    installed = Programs.for_data_in(server_root).folder
    package = installed.parent.parent
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(package, closed / package.name, symlinks=True)
    shutil.copytree(f"{package}.libs", closed / f"{package.name}.libs")
    shutil.rmtree(server_root / "data")

    with EmbeddedPostgres(
        server_root, programs=closed / package.name / "pginstall" / "bin"
    ) as dsn:
        assert answer(dsn, "SELECT 1") == 1

    assert closed.stat().st_mode & 0o777 == 0o700


def test_a_folder_with_other_things_in_it_is_refused_and_untouched(empty_root: Path) -> None:
    (empty_root / "thesis.txt").write_text("years of work")
    before = empty_root.stat()

    with pytest.raises(PostgresUnavailable, match="holds other things"):
        EmbeddedPostgres(empty_root).start()

    assert (empty_root.stat().st_uid, empty_root.stat().st_mode) == (before.st_uid, before.st_mode)


@pytest.mark.skipif(not AS_ROOT, reason="only root can reach what its server's account cannot")
def test_root_runs_its_server_below_a_folder_closed_to_others_which_stays_closed(
    empty_root: Path,
) -> None:
    closed = empty_root / "closed"
    closed.mkdir(mode=0o700)
    if subprocess.run(["unshare", "--user", "true"], check=False).returncode:
        pytest.skip("this machine has no user namespaces")

    for _ in range(2):
        with EmbeddedPostgres(closed / "data") as dsn:
            assert answer(dsn, "SELECT 1") == 1

    assert closed.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(AS_ROOT, reason="root may write anywhere")
def test_data_that_the_account_cannot_reach_are_reported_in_a_sentence(empty_root: Path) -> None:
    closed = empty_root / "closed" / "data of ours"
    closed.mkdir(parents=True)
    closed.chmod(0o500)

    with pytest.raises(PostgresUnavailable, match=r"who may not use|cannot be used"):
        EmbeddedPostgres(closed / "deeper").start()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("initdb: error: could not write file: No space left on device", "is full"),
        ("FATAL:  could not open file: Permission denied", "may not use"),
        ("DETAIL: … which is not compatible with this version 18.6.", "another major version"),
        ("PANIC:  could not locate a valid checkpoint record at 0/0", "is damaged"),
        ("FATAL:  something new", "FATAL:  something new"),
    ],
)
def test_what_the_programs_say_becomes_a_sentence(
    server_root: Path, said: str, sentence: str
) -> None:
    assert sentence in str(Programs.for_data_in(server_root).explained(said))


def test_a_bad_setting_is_reported_with_the_servers_own_words(server_root: Path) -> None:
    server = EmbeddedPostgres(server_root, settings={"shared_buffers": "much"})

    with pytest.raises(PostgresUnavailable, match="shared_buffers"):
        server.start()

    assert processes_in(server_root / "data") == []
