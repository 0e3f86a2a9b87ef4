"""The server of our own survives what happens to servers, and harms nobody else."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from api.adapters.embedded_postgres import EmbeddedPostgres
from api.adapters.postgres_keeper import keep_up
from api.adapters.postgres_processes import is_child, processes_in
from postgres import answer, until

SRC = Path(__file__).parents[1] / "src"
NOBODY = 65534
AS_ROOT = os.geteuid() == 0

CLIENT = """
import os, sys, psycopg
from pathlib import Path
from api.adapters.embedded_postgres import EmbeddedPostgres
if len(sys.argv) > 2:
    os.setgroups([])
    os.setgid(int(sys.argv[2]))
    os.setuid(int(sys.argv[2]))
server = EmbeddedPostgres(Path(sys.argv[1]))
"""
STAYS = CLIENT + "server.start(); print('up', flush=True); sys.stdin.read()"
COMES_AND_GOES = CLIENT + "[(server.start(), server.stop()) for _ in range(3)]"
RUNS_ONE_QUERY = (
    CLIENT
    + """
with server as dsn, psycopg.connect(dsn) as connection:
    print(connection.execute("SELECT 6 * 7").fetchone()[0])
"""
)
REAPS_ORPHANS = (
    CLIENT
    + """
import ctypes, signal
from api.adapters.postgres_processes import is_child, processes_in
ctypes.CDLL(None).prctl(36, 1)  # orphans become ours, as they do in a container without init
server.start()
for process in processes_in(server.data):
    if not is_child(process):
        os.kill(process.pid, signal.SIGKILL)
with server as dsn, psycopg.connect(dsn) as connection:
    print(connection.execute("SELECT 6 * 7").fetchone()[0])
"""
)


def run(script: str, root: Path, *, as_user: int | None = None) -> subprocess.Popen[str]:
    user = [str(as_user)] if AS_ROOT and as_user is not None else []
    return subprocess.Popen(
        [sys.executable, "-c", script, str(root), *user],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
        env={**os.environ, "PYTHONPATH": str(SRC), "PYTHONDONTWRITEBYTECODE": "1"},
    )


def kill_server(root: Path) -> None:
    for process in processes_in(root / "data"):
        if not is_child(process):
            process.kill()


def answers(dsn: str) -> bool:
    try:
        return answer(dsn, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def test_the_server_is_made_on_first_use_and_stopped_by_the_last_to_leave(
    empty_root: Path,
) -> None:
    first, second = EmbeddedPostgres(empty_root), EmbeddedPostgres(empty_root)

    dsn = first.start()
    assert second.start() == dsn
    assert answer(dsn, "SELECT current_database()") == "refolio"

    assert first.stop() is False
    assert answer(dsn, "SELECT 1") == 1
    assert second.stop() is True
    assert processes_in(empty_root / "data") == []


def test_the_server_sorts_alike_everywhere_and_ends_forgotten_transactions(
    server_root: Path,
) -> None:
    with EmbeddedPostgres(server_root) as dsn:
        assert answer(dsn, "SHOW idle_in_transaction_session_timeout") == "1min"
        assert answer(dsn, "SHOW listen_addresses") == ""
        assert answer(dsn, "SELECT lower('ÀÉÑ') || (SELECT 'a' > 'B')::text") == "àéñtrue"


def test_no_acknowledged_row_is_lost_when_the_server_is_killed_while_writing(
    server_root: Path,
) -> None:
    server = EmbeddedPostgres(server_root)
    dsn = server.start()
    acknowledged: list[int] = []

    def write() -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (n int)")
            for n in range(1_000_000):
                try:
                    connection.execute("INSERT INTO kept VALUES (%s)", (n,))
                except psycopg.OperationalError:
                    return
                acknowledged.append(n)

    writer = threading.Thread(target=write)
    writer.start()
    until(lambda: len(acknowledged) > 100)
    kill_server(server_root)
    writer.join()

    server.start()

    with psycopg.connect(dsn) as connection:
        found = {row[0] for row in connection.execute("SELECT n FROM kept")}
    assert set(acknowledged) <= found
    assert server.stop() is True


def test_a_kept_up_server_comes_back_by_itself_until_it_is_stopped(server_root: Path) -> None:
    server = EmbeddedPostgres(server_root)
    dsn = server.start()
    keep_up(server)
    kill_server(server_root)

    until(lambda: answers(dsn))

    assert server.stop() is True
    time.sleep(0.1)
    assert processes_in(server_root / "data") == []


def test_a_query_that_outlives_its_killed_server_does_not_keep_the_next_one_out(
    server_root: Path,
) -> None:
    server = EmbeddedPostgres(server_root)
    dsn = server.start()

    def compute() -> None:
        with pytest.raises(psycopg.OperationalError):
            answer(dsn, "SELECT sum(n) FROM generate_series(1, 1e9::bigint) AS n")

    busy = threading.Thread(target=compute)
    busy.start()
    with psycopg.connect(dsn, autocommit=True) as connection:
        working = (
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%generate_series(1, 1e%'"
        )
        until(lambda: (connection.execute(working).fetchone() or (0,))[0] > 1)
    kill_server(server_root)

    server.start(timeout_s=10)

    assert answer(dsn, "SELECT 1") == 1
    assert server.stop() is True
    busy.join()


def test_an_innocent_process_that_took_the_servers_pid_is_left_alone(server_root: Path) -> None:
    with EmbeddedPostgres(server_root):
        owner = server_root.stat().st_uid
        pid_file = (server_root / "data" / "postmaster.pid").read_text().splitlines()
    innocent = subprocess.Popen(
        ["/bin/sleep", "60"], cwd=server_root / "data", user=owner if AS_ROOT else None
    )
    stale = "\n".join([str(innocent.pid), *pid_file[1:]]) + "\n"
    (server_root / "data" / "postmaster.pid").write_text(stale)

    with EmbeddedPostgres(server_root) as dsn:
        assert answer(dsn, "SELECT 1") == 1

    assert innocent.poll() is None
    innocent.kill()
    innocent.wait()


def test_eight_processes_coming_and_going_at_once_leave_no_server_behind(empty_root: Path) -> None:
    processes = [run(COMES_AND_GOES, empty_root) for _ in range(8)]

    failures = [process.communicate(timeout=60)[1] for process in processes]

    assert failures == [""] * 8
    assert processes_in(empty_root / "data") == []


def test_a_killed_client_does_not_keep_the_server_alive(server_root: Path) -> None:
    server = EmbeddedPostgres(server_root)
    server.start()
    with run(STAYS, server_root) as client:
        assert client.stdout is not None
        assert client.stdout.readline() == "up\n"
        client.kill()

    assert server.stop() is True
    assert processes_in(server_root / "data") == []


def test_a_server_whose_only_client_was_killed_is_found_again(server_root: Path) -> None:
    with run(STAYS, server_root) as client:
        assert client.stdout is not None
        client.stdout.readline()
        client.kill()
    before = {
        process.pid for process in processes_in(server_root / "data") if not is_child(process)
    }

    server = EmbeddedPostgres(server_root)
    server.start()

    after = {
        process.pid for process in processes_in(server_root / "data") if not is_child(process)
    }
    assert before == after != set()
    assert server.stop() is True


def test_an_interrupted_first_start_is_repaired_by_the_next(empty_root: Path) -> None:
    with run(STAYS, empty_root) as client:
        until(lambda: list(empty_root.glob("data.new-*/base")))
        client.kill()
    assert not (empty_root / "data").exists()

    with EmbeddedPostgres(empty_root) as dsn:
        assert answer(dsn, "SELECT 1") == 1

    assert not list(empty_root.glob("data.new-*"))


def nobody_can_run_us() -> bool:
    """Tell whether another account can reach the packages that this project runs on."""
    if not AS_ROOT:
        return True
    packages = ["test", "-r", psycopg.__file__]
    return subprocess.run(packages, user=NOBODY, check=False).returncode == 0


BY_ANOTHER_ACCOUNT = pytest.mark.skipif(
    not nobody_can_run_us(), reason="this copy of the project is closed to other accounts"
)


@BY_ANOTHER_ACCOUNT
def test_an_ordinary_user_runs_the_server_as_themselves(empty_root: Path) -> None:
    if AS_ROOT:
        os.chown(empty_root, NOBODY, NOBODY)

    said, failure = run(RUNS_ONE_QUERY, empty_root, as_user=NOBODY).communicate(timeout=60)

    assert (said, failure) == ("42\n", "")


@BY_ANOTHER_ACCOUNT
def test_root_and_the_owner_of_the_data_share_one_server(empty_root: Path) -> None:
    if AS_ROOT:
        os.chown(empty_root, NOBODY, NOBODY)

    with EmbeddedPostgres(empty_root):
        said, failure = run(RUNS_ONE_QUERY, empty_root, as_user=NOBODY).communicate(timeout=60)
        assert (said, failure) == ("42\n", "")
        assert processes_in(empty_root / "data")


def test_a_server_killed_under_a_first_process_without_init_comes_back(server_root: Path) -> None:
    said, failure = run(REAPS_ORPHANS, server_root).communicate(timeout=60)

    assert (said, failure) == ("42\n", "")


def test_a_forked_child_that_ends_does_not_stop_its_parents_server(server_root: Path) -> None:
    with EmbeddedPostgres(server_root) as dsn:
        server = EmbeddedPostgres(server_root)
        server.start()
        child = os.fork()
        if child == 0:
            os._exit(int(server.stop()))

        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert answer(dsn, "SELECT 1") == 1
        assert server.stop() is False
