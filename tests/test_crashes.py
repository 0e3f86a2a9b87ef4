"""kill -9 loses nothing: a few rounds of the proof in `scripts/bench/crashes.py`."""

import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[1] / "scripts" / "bench" / "crashes.py"
KINDS = ("everything at once", "the worker", "the database server", "the API process")


def test_whatever_is_killed_nothing_is_lost_charged_twice_or_left_hanging() -> None:
    told = subprocess.run(
        [
            *(sys.executable, PROGRAM, str(len(KINDS)), "--seed=11"),
            *(f"--only={kind}" for kind in KINDS),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )

    assert told.returncode == 0, told.stderr + told.stdout
