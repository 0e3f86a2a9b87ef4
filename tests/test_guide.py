"""The guide can be pasted line by line; every link in it and in `/llms.txt` leads somewhere."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from server import SAMPLES, Deployment, Tenant

GUIDE = (Path(__file__).parents[1] / "src" / "api" / "http" / "guide.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
JQ = """#!{python}
import json, sys
found = json.load(sys.stdin)
for name in sys.argv[-1].strip(".").split("."):
    found = found[name]
print(found)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a resume, and with jq where the machine has none."""
    shutil.copy(SAMPLES / "company_first.pdf", tmp_path / "resume.pdf")
    if shutil.which("jq") is None:
        python = shutil.which("python3")
        (tmp_path / "jq").write_text(JQ.format(python=python))
        (tmp_path / "jq").chmod(0o755)
    return tmp_path


def test_the_guide_runs_as_it_stands(deployment: Deployment, tenant: Tenant, folder: Path) -> None:
    commands = "\n".join(BLOCKS).replace("your_api_key_here", tenant.key)
    commands = commands.replace("http://localhost:8000", deployment.url)

    done = subprocess.run(
        ["bash", "-euxo", "pipefail", "-c", commands],
        cwd=folder,
        env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert (folder / "resume_for_them.pdf").read_bytes().startswith(b"%PDF")
    assert '"code": "NOT_FOUND"' in done.stdout
    used = tenant.used()
    assert (used["pdf_export"], used["cover_letter"], used["parse"]) == (1, 1, 1)


def test_the_guide_is_a_page_of_its_own(deployment: Deployment) -> None:
    page = deployment.http.get("/docs/guide")

    assert page.headers["content-type"].startswith("text/html")
    assert page.text.count("<h2>") == GUIDE.count("\n## ")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for link in re.findall(r'(?:href|src)="([^"]+)"', page.text):
        assert link.startswith("/")
        assert deployment.http.get(link).status_code == 200
    assert "/docs/guide" in deployment.http.get("/openapi.json").json()["info"]["description"]


def test_programs_are_told_in_short(deployment: Deployment) -> None:
    told = deployment.http.get("/llms.txt")

    assert told.headers["content-type"].startswith("text/plain")
    assert told.text.startswith("# Refolio\n\n> ")
    links = re.findall(r"\]\((/[^)]*)\)", told.text)
    assert len(links) >= 4
    for link in links:
        assert deployment.http.get(link).status_code == 200
