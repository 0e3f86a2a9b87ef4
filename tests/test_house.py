"""What stands around the code is in order: locks, scripts, versions, and no file that tells."""

import os
import re
import subprocess
import sysconfig
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).resolve().parents[1]
PROJECT: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS: Final = ("requirements.lock", "requirements-dev.lock")
SCRIPTS: Final = sorted(
    path
    for path in [*(ROOT / "scripts").iterdir(), *(ROOT / ".ci").iterdir()]
    if path.is_file() and not path.suffix
)

FORBIDDEN: Final = {
    "a path of one machine": r"(?<![A-Za-z0-9_.])/(?:work|farm|root|Users)/",
    "the address of a package index": r"https?://[^\s\"']*/simple\b|https?://\S+\.(?:whl|tgz)\b"
    r"|\b(?:files\.pythonhosted|pypi|test\.pypi)\.org\b|index-url\s*[= ]\s*http",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/=]",
    "a secret": r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|AIza[0-9A-Za-z_-]{35}"
    r"|sk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}|xox[abprs]-[0-9A-Za-z-]{20,}|polar_(?:oat|pat|whs)_[A-Za-z0-9]{20,})",
}
KNOWN_START_UP_FILES: Final = {"distutils-precedence.pth", "_virtualenv.pth"}
"""Of setuptools and of virtualenv, beside the one that makes our own src visible."""


def pins(lock: str) -> dict[str, str]:
    """Return the exact versions in a lock file, by canonical name."""
    text = (ROOT / lock).read_text("utf-8")
    return {
        canonicalize_name(n): v
        for n, v in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.MULTILINE)
    }


def wanted(*groups: str) -> Iterator[Requirement]:
    """Yield what pyproject.toml asks for, with these dependency groups."""
    yield from map(Requirement, PROJECT["project"]["dependencies"])
    for group in groups:
        yield from (Requirement(line) for line in PROJECT["dependency-groups"][group])


def own_files() -> Iterator[Path]:
    """Yield the project's files: everything here that git is not told to ignore."""
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split()]
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [
            n for n in folders if n != ".git" and not any(fnmatch(n, i) for i in ignored)
        ]
        yield from (
            Path(folder, n)
            for n in files
            if n != ".git" and not any(fnmatch(n, i) for i in ignored)
        )


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_names_no_address_and_no_option(lock: str) -> None:
    lines = (ROOT / lock).read_text("utf-8").splitlines()

    assert [line for line in lines if "://" in line or line.startswith("-")] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_one_exact_version_and_a_hash(lock: str) -> None:
    code = re.sub(r"^\s*#.*\n", "", (ROOT / lock).read_text("utf-8"), flags=re.MULTILINE)
    entries = re.split(r"\n(?=\S)", code.replace("\\\n", " ").strip())
    entry = re.compile(r"[a-z0-9._-]+==[\w.+!]+( ; [^\\]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*")

    assert [text[:60] for text in entries if not entry.fullmatch(text)] == []
    assert len(pins(lock)) == len(entries)


@pytest.mark.parametrize(
    ("lock", "groups"), [(LOCKS[0], ["setup"]), (LOCKS[1], ["setup", "dev"])], ids=LOCKS
)
def test_what_the_project_asks_for_is_locked(lock: str, groups: list[str]) -> None:
    locked = pins(lock)
    unmet = [
        str(r)
        for r in wanted(*groups)
        if not r.specifier.contains(locked.get(canonicalize_name(r.name), "0"), prereleases=True)
    ]

    assert unmet == []


def test_what_builds_the_project_is_locked_for_the_server_too() -> None:
    locked = pins("requirements.lock")

    assert {Requirement(r).name for r in PROJECT["build-system"]["requires"]} <= locked.keys()


def test_the_tests_run_on_the_versions_that_the_server_runs_on() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_there_is_one_version() -> None:
    newest = re.search(
        r"^## \[(\d+\.\d+\.\d+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )

    assert newest
    assert newest[1] == PROJECT["project"]["version"] == version("refolio")


def test_nothing_unknown_starts_with_python() -> None:
    for scheme in ("purelib", "platlib"):
        site = Path(sysconfig.get_path(scheme))
        hooks = {path.name for path in site.glob("*.pth")} - KNOWN_START_UP_FILES

        assert hooks <= {f"__editable__.refolio-{version('refolio')}.pth"}
        assert not [*site.glob("sitecustomize*"), *site.glob("usercustomize*")]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.name)
def test_a_script_can_be_started_and_read(path: Path) -> None:
    assert os.access(path, os.X_OK)
    assert path.read_text("utf-8").startswith("#!/usr/bin/env bash\n")
    assert subprocess.run(["bash", "-n", path], check=False).returncode == 0


def test_the_two_commands_and_the_ci_command_are_there() -> None:
    assert {"serve", "test", "setup", "lock", "run"} <= {path.name for path in SCRIPTS}


def test_no_file_tells_of_a_machine_an_index_or_a_secret() -> None:
    told = [
        f"{path.relative_to(ROOT)} names {what}"
        for path in own_files()
        if path != Path(__file__).resolve()
        for what, pattern in FORBIDDEN.items()
        if re.search(pattern, path.read_text("utf-8", errors="ignore"))
    ]

    assert told == []


def test_no_file_is_larger_than_two_mebibytes() -> None:
    assert [path.name for path in own_files() if path.stat().st_size > 2 << 20] == []
