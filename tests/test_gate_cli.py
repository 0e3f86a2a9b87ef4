"""The gate by itself: pairs in, verdicts out, and no line can stop it."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from api.gate_cli import answers
from server import cli, refolio
from tailoring_samples import resume

SOURCE: dict[str, Any] = resume().model_dump(mode="json", by_alias=True)
FALSE = SOURCE | {"summary": "Backend engineer with 10 years of Terraform."}
CLEAN = {"ok": True, "violations": []}


def answered(*lines: bytes | dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the lines are answered with."""
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    return [json.loads(answer) for answer in answers(raw)]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "source.json"
    file.write_text(json.dumps(SOURCE))
    return file


@pytest.fixture
def false(tmp_path: Path) -> Path:
    file = tmp_path / "false.json"
    file.write_text(json.dumps(FALSE))
    return file


def test_a_true_pair_ends_with_status_0(tmp_path: Path, source: Path) -> None:
    done = refolio(tmp_path / "home", "gate", str(source), str(source))

    assert (done.returncode, json.loads(done.stdout)) == (0, CLEAN)


def test_a_false_pair_is_told_and_ends_with_status_1(
    tmp_path: Path, source: Path, false: Path
) -> None:
    done = refolio(tmp_path / "home", "gate", str(source), str(false))

    told = json.loads(done.stdout)
    assert (done.returncode, told["ok"]) == (1, False)
    assert [found.keys() for found in told["violations"]] == [
        {"path", "kind", "detail", "source", "tailored"}
    ]
    assert told["violations"][0]["path"] == "summary"
    assert told["violations"][0]["tailored"] == FALSE["summary"]


def test_the_strategy_of_a_pair_counts(tmp_path: Path, source: Path) -> None:
    jobs = [SOURCE["workExperience"][0], SOURCE["workExperience"][1]]
    moved = jobs[0] | {"description": jobs[0]["description"][::-1]}
    tailored = tmp_path / "moved.json"
    tailored.write_text(json.dumps(SOURCE | {"workExperience": [moved, jobs[1]]}))
    pair = ("gate", str(source), str(tailored))

    narrow = refolio(tmp_path / "home", *pair, "--strategy", "nudge", "--language", "en")
    wide = refolio(tmp_path / "home", *pair)

    assert (narrow.returncode, wide.returncode) == (1, 0)


def test_what_is_no_resume_is_told_in_a_sentence(tmp_path: Path, source: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"summary": 1}')

    done = refolio(tmp_path / "home", "gate", str(source), str(broken))

    assert (done.returncode, done.stdout) == (2, "")
    assert f"{broken} is no resume" in done.stderr
    assert "summary" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("wrong", [[], ["one"], ["one", "--jsonl"]], ids=len)
def test_a_call_that_is_no_pair_and_no_stream_is_a_mistake(
    tmp_path: Path, source: Path, wrong: list[str]
) -> None:
    arguments = [str(source) if part == "one" else part for part in wrong]

    done = refolio(tmp_path / "home", "gate", *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert "give two files" in done.stderr


def test_the_gate_needs_no_state(tmp_path: Path, source: Path) -> None:
    home = tmp_path / "home"

    refolio(home, "gate", str(source), str(source))

    assert list(home.iterdir()) == []


def test_lines_on_standard_input_are_answered_line_by_line(tmp_path: Path) -> None:
    lines = [{"source": SOURCE, "tailored": SOURCE}, 1, {"source": SOURCE, "tailored": FALSE}]
    done = subprocess.run(
        cli(tmp_path / "home", "gate", "--jsonl"),
        input="".join(json.dumps(line) + "\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    first, second, third = (json.loads(line) for line in done.stdout.splitlines())
    assert first == CLEAN
    assert second["error"] == "VALIDATION_ERROR"
    assert third["ok"] is False


def test_a_line_may_name_strategy_language_and_posting() -> None:
    pair = {"source": SOURCE, "tailored": SOURCE, "note": "ignored"}

    for more in (
        {"strategy": "nudge", "language": "en", "job_description": "Python"},
        {"strategy": "FULL", "language": "PT"},
        {"strategy": None, "language": None, "job_description": None},
    ):
        assert answered(pair | more) == [CLEAN]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"source": {}}',
        b'{"source": {}, "tailored": []}',
        b'{"source": {}, "tailored": {}, "strategy": "most"}',
        b'{"source": {}, "tailored": {}, "language": "fr"}',
        b'{"source": {}, "tailored": {"summary": "\\ud800"}}',
        b'{"source": {}, "tailored": {"a": ' + b"[" * 5000 + b"]" * 5000 + b"}}",
    ],
    ids=lambda line: repr(line[:60]),
)
def test_a_bad_line_is_answered_with_an_error_and_the_next_one_is_judged(line: bytes) -> None:
    bad, good = answered(line, {"source": SOURCE, "tailored": SOURCE})

    assert bad["error"] == "VALIDATION_ERROR"
    assert bad["detail"]
    assert good == CLEAN


def test_an_error_never_quotes_the_resume() -> None:
    secret = "Mira Holloway"

    (bad,) = answered({"source": SOURCE, "tailored": {"summary": [secret]}})

    assert secret not in str(bad)


def test_what_is_nested_as_deep_as_json_allows_is_judged() -> None:
    deep = b'{"a": ' * 150 + b"1" + b"}" * 150

    (verdict,) = answered(b'{"source": {}, "tailored": {"own": ' + deep + b"}}")

    assert verdict.get("ok") is False
