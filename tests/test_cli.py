"""The command line: programs can read what it prints, and it tells mistakes in a sentence."""

import io
import json
import re
from importlib.metadata import version
from pathlib import Path

import pytest
from pypdf import PdfReader

from api.ids import to_wire
from server import SAMPLES, Deployment, Tenant, refolio

RESUME = str(SAMPLES / "two_columns.pdf")
WORD = str(SAMPLES / "every_place.docx")
KEY = re.compile(r"raik_[0-9A-Za-z]{36}\n")


@pytest.fixture(scope="module")
def home(deployment: Deployment) -> Path:
    """Return the folder of a server that runs meanwhile."""
    return deployment.serving.home


@pytest.fixture
def posting(tmp_path: Path) -> Path:
    """Return a file with a posting."""
    posting = tmp_path / "job.txt"
    posting.write_text("Data Engineer\n\nRequired: Python, Airflow, Kafka.")
    return posting


def fails(home: Path, *arguments: str, status: int = 1) -> str:
    """Return the sentence with which a call fails; nothing but it is said."""
    done = refolio(home, *arguments)
    assert done.returncode == status
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


def test_the_version_is_printed_alone(tmp_path: Path) -> None:
    assert refolio(tmp_path, "--version").stdout == f"{version('refolio')}\n"


def test_a_key_is_printed_alone_and_opens_the_api(deployment: Deployment, home: Path) -> None:
    done = refolio(home, "key", "create", "--name", "Laptop")

    assert done.returncode == 0
    assert KEY.fullmatch(done.stdout)
    headers = {"x-api-key": done.stdout.strip()}
    assert deployment.http.get("/api/v1/resumes", headers=headers).status_code == 200


def test_a_key_is_for_the_organization_that_is_named(deployment: Deployment, home: Path) -> None:
    organization = refolio(home, "org", "create", "--name", "Acme").stdout.strip()
    key = refolio(home, "key", "create", "--name", "A", "--organization", organization).stdout

    headers = {"x-api-key": key.strip()}
    files = {"file": Path(RESUME).read_bytes()}
    uploaded = deployment.http.post("/api/v1/resumes", headers=headers, files=files)
    assert uploaded.json()["data"]["is_master"] is True


def test_a_resume_is_printed_as_json_without_any_state(tmp_path: Path) -> None:
    home = tmp_path / "home"

    done = refolio(home, "parse", RESUME)

    assert json.loads(done.stdout)["personalInfo"]["name"] == "Mira Holloway"
    assert list(home.iterdir()) == []


def test_many_resumes_are_printed_one_to_a_line(tmp_path: Path) -> None:
    done = refolio(tmp_path, "parse", "--jsonl", RESUME, WORD)

    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["file"] for line in lines] == [RESUME, WORD]
    assert lines[1]["data"]["personalInfo"]["name"] == "Rosa Quintana"


def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    tmp_path: Path, posting: Path
) -> None:
    done = refolio(tmp_path, "parse", "--jsonl", str(posting), RESUME)

    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == f"{posting}: The file is neither a PDF nor a DOCX. Send one of them.\n"


def test_one_command_does_the_whole_job(home: Path, posting: Path, tmp_path: Path) -> None:
    pdf = tmp_path / "tailored.pdf"

    done = refolio(home, "tailor", RESUME, str(posting), "-o", str(pdf))

    assert done.returncode == 0, done.stderr
    text = PdfReader(io.BytesIO(pdf.read_bytes())).pages[0].extract_text()
    assert "Mira Holloway" in text
    assert "✓ Skills" in done.stdout
    assert "Required, but nowhere in the resume: Kafka" in done.stdout
    resume_id = done.stderr.split()[-1]
    history = refolio(home, "history", resume_id).stdout
    for happened in ("Tailoring of", "The posting was analysed", "Tailored:", "Exported", "1 ×"):
        assert happened in history


def test_a_document_that_cannot_be_read_is_not_tailored(
    home: Path, posting: Path, tmp_path: Path
) -> None:
    pdf = tmp_path / "tailored.pdf"

    said = fails(home, "tailor", str(posting), str(posting), "-o", str(pdf))

    assert said == "refolio: The file is neither a PDF nor a DOCX. Send one of them."
    assert not pdf.exists()


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe\0"])
def test_a_posting_that_is_no_text_is_not_tailored_to(
    home: Path, tmp_path: Path, content: bytes
) -> None:
    posting, pdf = tmp_path / "job.txt", tmp_path / "tailored.pdf"
    posting.write_bytes(content)

    assert str(posting) in fails(home, "tailor", RESUME, str(posting), "-o", str(pdf))
    assert not pdf.exists()


def test_a_pdf_that_cannot_be_written_is_told(home: Path, posting: Path, tmp_path: Path) -> None:
    pdf = tmp_path / "nowhere" / "tailored.pdf"

    assert str(pdf) in fails(home, "tailor", RESUME, str(posting), "-o", str(pdf))


def test_the_history_of_a_resume_tells_who_did_what(home: Path, tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    tenant.edit(resume_id, title="Changed")

    done = refolio(home, "history", resume_id)

    for happened in ("Uploaded", "Parsed by", "Charged 1", "Edited by hand: title", "key:", "#3"):
        assert happened in done.stdout


@pytest.mark.parametrize("resume_id", ["res_01M80H7F5PXVJDERQX2E90MY1V", "x"])
def test_a_resume_that_is_not_there_has_no_history(home: Path, resume_id: str) -> None:
    assert fails(home, "history", resume_id) == f"refolio: there is no resume {resume_id}"


def test_events_are_exported_in_order_with_personal_data_sealed(
    home: Path, tenant: Tenant
) -> None:
    tenant.parsed()
    organization = to_wire("org", tenant.organization_id)

    done = refolio(home, "export-events", "--organization", organization)

    events = [json.loads(line) for line in done.stdout.splitlines()]
    positions = [int(event["position"]) for event in events]
    assert positions == sorted(set(positions))
    kinds = [event["type"].split(".")[1] for event in events]
    happened = ["organization-founded", "key-issued", "resume-uploaded", "resume-parsed"]
    assert [kind for kind in kinds if kind in happened] == happened
    assert "Holloway" not in done.stdout


def test_read_models_are_rebuilt_while_the_server_runs(home: Path, tenant: Tenant) -> None:
    tenant.tailor(tenant.parsed())
    before = tenant.list(), tenant.used()

    done = refolio(home, "rebuild")

    assert done.returncode == 0
    assert re.search(r"\d+ read models were built from \d+ events\.", done.stderr)
    assert (tenant.list(), tenant.used()) == before


def test_migrating_what_is_up_to_date_changes_nothing(home: Path) -> None:
    assert refolio(home, "migrate").stderr == "The database is up to date.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("key", "create"),
        ("key", "create", "--name", "A", "--organization", "x"),
        ("key", "create", "--name", "A", "--scope", "everything"),
        ("key", "create", "--name", "A", "--expires-in-days", "366"),
        ("key", "rotate", "key_x", "--grace", "2592001"),
        ("org", "create", "--name", "A", "--plan", "GOLD"),
        ("org", "plan", "org_x", "PRO", "--period-end", "2026-12-01"),
        ("parse", "/nowhere.pdf"),
        ("tailor", RESUME, RESUME, "-o", "/tmp/x.pdf", "--strategy", "x"),
        ("serve", "--port", "x"),
    ],
    ids=" ".join,
)
def test_a_call_that_makes_no_sense_is_explained(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    assert "refolio" in fails(tmp_path, *arguments, status=2)


def test_a_key_for_an_organization_that_is_not_there_is_refused(home: Path) -> None:
    unknown = "org_01M80H7F5PXVJDERQX2E90MY1V"

    said = fails(home, "key", "create", "--name", "A", "--organization", unknown)

    assert "There is no such organization." in said


def test_a_port_that_does_not_exist_is_told(tmp_path: Path) -> None:
    assert fails(tmp_path, "serve", "--port", "99999").startswith("refolio: REFOLIO_PORT: ")


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("REFOLIO_PORT", "many", "refolio_port: "),
        ("REFOLIO_LOG_FORMAT", "loud", "refolio_log_format: "),
        ("REFOLIO_MASTER_KEY", "short", "master"),
        ("REFOLIO_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/x", "connection"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, told: str
) -> None:
    monkeypatch.setenv(setting, value)

    said = fails(tmp_path, "migrate")

    assert told in said.lower()
    assert "short" not in said
