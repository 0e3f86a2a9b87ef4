"""How well real resumes are read, as floors that only ever rise."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from render.parsing.resume import parse_resume
from render.reading.document import read_document
from render.sandbox import Sandbox
from render.sandbox import read_document as read_in_sandbox

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"
FLOORS = {
    "name": 1.0,
    "email": 1.0,
    "phone": 1.0,
    "title": 0.98,
    "employer": 0.98,
    "dates": 1.0,
    "whole entry": 0.96,
    "institution": 1.0,
    "degree": 0.6,
    "skills": 0.94,
}

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real resumes is absent")


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    path = ROOT / "scripts" / "bench" / "parsing.py"
    spec = importlib.util.spec_from_file_location("bench_parsing", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_parsing"] = module
    spec.loader.exec_module(module)
    return module


def resumes() -> list[Path]:
    folder = CORPUS / "resumes"
    return sorted(file for file in folder.iterdir() if file.suffix in {".pdf", ".docx"})


def test_no_field_is_read_worse_than_before(bench: ModuleType) -> None:
    counts, _ = bench.scores(CORPUS)

    worse = {field: bench.f1(counts[field]) for field in FLOORS}
    assert {field: score for field, score in worse.items() if score < FLOORS[field]} == {}


def test_every_resume_is_read_alike_inside_and_outside_the_sandbox() -> None:
    with Sandbox() as sandbox:
        for path in resumes():
            data = path.read_bytes()

            assert read_in_sandbox(sandbox, data) == read_document(data)


def test_hardly_a_word_of_a_resume_gets_lost() -> None:
    for path in resumes():
        text = read_document(path.read_bytes())
        said = parse_resume(text).data.model_dump_json()
        words = [word.strip(".,:;()|") for word in text.plain.split()]
        known = [word for word in words if len(word) > 3]

        lost = [word for word in known if word not in said]
        assert len(lost) <= 0.12 * len(known), (path.name, lost)
