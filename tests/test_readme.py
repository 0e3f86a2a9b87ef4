"""What the README says is done here, command by command, as its reader would do it."""

import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pypdf
import pytest
from pydantic_core import from_json

from api.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
SERVE, QUICKSTART, LETTER, GENERATE, MODEL, TAILOR, AROUND, TEST = BLOCKS
POSTING = "Senior Backend Engineer\n\nRequirements:\n- Python\n- PostgreSQL\n- REST APIs\n"
JQ = f"""#!{sys.executable}
import json, sys
print(json.load(sys.stdin)["data"]["resume_id"])
"""


class Reader:
    """Somebody with a clone, a resume and the README."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = {
            **os.environ,
            "REFOLIO_HOME": str(self.home),
            "REFOLIO_PORT": str(self.port),
            "PATH": f"{self._tools()}:{os.environ['PATH']}",
        }
        shutil.copy(ROOT / "tests" / "samples" / "company_first.pdf", folder / "resume.pdf")
        (folder / "posting.txt").write_text(POSTING)
        (folder / ".venv").symlink_to(ROOT / ".venv")

    def runs(self, commands: str) -> str:
        """Paste *commands* into a shell; they must all succeed."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _tools(self) -> Path:
        folder = self.folder / "tools"
        folder.mkdir()
        if shutil.which("jq") is None:  # the reader has it; a machine that only tests need not
            (folder / "jq").write_text(JQ)
            (folder / "jq").chmod(0o755)
        return folder


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return Reader(tmp_path_factory.mktemp("reader"))


@pytest.fixture(scope="module")
def first_key(reader: Reader) -> Iterator[str]:
    """Start the server by the README's command and take the key that it prints."""
    server = subprocess.Popen(
        SERVE.split(),
        cwd=ROOT,
        env=reader.environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert server.stdout is not None
    said = ""
    deadline = time.monotonic() + 120
    for line in server.stdout:
        said += line
        if "Refolio is ready" in line or time.monotonic() > deadline:
            break
    try:
        found = re.search(r"raik_\w{36}", said)
        assert found, said
        yield found.group()
    finally:
        server.send_signal(signal.SIGTERM)
        status = server.wait(30)
        server.stdout.close()
    assert status == 0


def test_the_quickstart_ends_with_the_tailored_resume_in_hand(
    reader: Reader, first_key: str
) -> None:
    commands = QUICKSTART.replace("your_api_key_here", first_key)
    commands = commands.replace("localhost:8000", f"localhost:{reader.port}")

    reader.runs(commands)

    pdf = (reader.folder / "tailored_resume.pdf").read_bytes()
    words = words_of("\n".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(pdf)).pages))
    tailored = newest_resume(reader.port, first_key)
    assert tailored["parent_id"]
    assert tailored["structured_data"]["summary"]
    assert words_of(tailored["structured_data"]["summary"]) in words


def test_a_letter_is_one_request_more(reader: Reader, first_key: str) -> None:
    resume_id = newest_resume(reader.port, first_key)["parent_id"]
    commands = LETTER.replace("localhost:8000", f"localhost:{reader.port}")

    said = reader.runs(f'API_KEY="{first_key}"\nRESUME_ID="{resume_id}"\n{commands}')

    assert "Senior Backend Engineer" in from_json(said)["data"]["content"]


def test_a_posting_alone_becomes_a_typeset_resume_the_same_each_time(
    reader: Reader, first_key: str
) -> None:
    commands = GENERATE.replace("localhost:8000", f"localhost:{reader.port}")

    made = []
    for _ in range(2):
        reader.runs(f'API_KEY="{first_key}"\n{commands}')
        made.append((reader.folder / "generated_resume.pdf").read_bytes())

    assert made[0] == made[1]
    told = pypdf.PdfReader(io.BytesIO(made[0])).metadata
    assert told is not None
    assert "pdfTeX" in (told.producer or "")


def test_the_documentation_is_where_the_readme_says(reader: Reader, first_key: str) -> None:
    page = urlopen(f"http://localhost:{reader.port}/docs").read().decode()

    assert "swagger" in page
    assert "https://" not in page


def test_one_command_does_the_whole_job(reader: Reader, first_key: str) -> None:
    (reader.folder / "tailored_resume.pdf").unlink(missing_ok=True)

    said = reader.runs(TAILOR)

    assert "Keyword coverage" in said
    assert (reader.folder / "tailored_resume.pdf").read_bytes().startswith(b"%PDF-")


def test_the_other_commands_do_what_the_readme_says(reader: Reader, first_key: str) -> None:
    said = reader.runs(AROUND)

    assert '"personalInfo"' in (reader.folder / "resume.json").read_text()
    assert '"ok": true' in said
    assert re.search(r"^raik_\w{36}$", said, re.MULTILINE)
    events = (reader.folder / "events.jsonl").read_text().splitlines()
    assert all(from_json(line)["specversion"] == "1.0" for line in events)


def test_ci_runs_the_readmes_test_command() -> None:
    assert TEST.strip() == "./scripts/test"
    assert "./scripts/test" in (ROOT / ".ci" / "run").read_text()


def test_every_setting_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"`REFOLIO_(\w+)`", README))

    assert {name.removesuffix("_FILE").lower() for name in named} <= set(Settings.model_fields)


def test_every_file_that_the_readme_links_exists() -> None:
    linked = re.findall(r"\]\(([\w./]+)\)", README)

    assert [name for name in linked if not (ROOT / name).exists()] == []


def test_a_model_is_chosen_as_the_readme_says(reader: Reader, first_key: str) -> None:
    commands = MODEL.replace("localhost:8000", f"localhost:{reader.port}")

    said = reader.runs(f'API_KEY="{first_key}"\n{commands}')

    assert from_json(said) == {"data": {"message": "Settings updated"}}


def newest_resume(port: int, key: str) -> dict[str, Any]:
    base = f"http://localhost:{port}/api/v1/resumes"
    headers = {"Authorization": f"Bearer {key}"}
    listed = from_json(urlopen(Request(base, headers=headers)).read())["data"]
    one = urlopen(Request(f"{base}/{listed[0]['id']}", headers=headers))
    data: dict[str, Any] = from_json(one.read())["data"]
    return data


def words_of(text: str) -> str:
    return " ".join(text.split())
