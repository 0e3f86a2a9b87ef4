"""Downloading PDFs: which resume, which paper, which name, and charged once."""

import base64
import hashlib
import io
from dataclasses import dataclass

import pytest
from pypdf import PdfReader

from server import QUICKSTART, Tenant

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Tailored:
    """A resume, two tailored from it, and the organization that has them."""

    tenant: Tenant
    source: str
    newest: str


@pytest.fixture(scope="module")
def tailored(standing: Tenant) -> Tailored:
    source = standing.parsed()
    standing.tailor(source)
    return Tailored(standing, source, standing.tailor(source, **QUICKSTART)["resume_id"])


def path(resume_id: str, query: str = "") -> str:
    return f"/api/v1/resumes/{resume_id}/pdf{query}"


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_quickstart_downloads_the_newest_tailored_result(tailored: Tailored) -> None:
    answer = tailored.tenant.http.get(path(tailored.source))

    assert answer.headers["x-resume-id"] == tailored.newest
    summary = tailored.tenant.get(tailored.newest)["structured_data"]["summary"]
    assert summary in text_of(answer.content)


def test_the_original_can_be_asked_for(tailored: Tailored) -> None:
    answer = tailored.tenant.http.get(path(tailored.source, "?version=original"))

    assert answer.headers["x-resume-id"] == tailored.source
    assert "Mira Holloway" in text_of(answer.content)


def test_a_tailored_resume_downloads_itself(tailored: Tailored) -> None:
    answer = tailored.tenant.http.get(path(tailored.newest))

    assert answer.headers["x-resume-id"] == tailored.newest


def test_an_earlier_version_can_be_asked_for(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    first = tenant.http.get(path(resume_id, "?version=original")).content
    tenant.edit(resume_id, structured_data={"summary": "Later words."})

    parsed = next(
        answer
        for version in range(1, 9)
        if (answer := tenant.http.get(path(resume_id, f"?version={version}"))).is_success
    )

    assert parsed.content == first
    assert "Later words." in text_of(tenant.http.get(path(resume_id)).content)


@pytest.mark.parametrize("version", ["0", "1", "999", "9" * 30, "-1", "newest", "1.0", "", "٣"])
def test_a_version_that_is_not_there_is_refused(tailored: Tailored, version: str) -> None:
    query = f"?version={version}"
    status, code, detail = tailored.tenant.refused("GET", path(tailored.source, query))

    assert (status, code) == (422, "VALIDATION_ERROR")
    assert detail.startswith("version: ")


@pytest.mark.parametrize(
    ("query", "width_mm", "height_mm"),
    [("", 210, 297), ("?page=a4", 210, 297), ("?page=letter", 215.9, 279.4)],
)
def test_the_paper_is_a4_unless_letter_is_asked_for(
    tailored: Tailored, query: str, width_mm: float, height_mm: float
) -> None:
    pdf = tailored.tenant.http.get(path(tailored.source, query)).content

    box = PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    assert float(box.width) == pytest.approx(width_mm * POINTS_PER_MM, abs=0.1)
    assert float(box.height) == pytest.approx(height_mm * POINTS_PER_MM, abs=0.1)


def test_another_paper_is_refused(tailored: Tailored) -> None:
    refusal = tailored.tenant.refused("GET", path(tailored.source, "?page=a5"))

    assert refusal[:2] == (422, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    ("filename", "header"),
    [
        ("ana.pdf", "inline; filename=\"ana.pdf\"; filename*=UTF-8''ana.pdf"),
        ("ana.DOCX", "inline; filename=\"ana.pdf\"; filename*=UTF-8''ana.pdf"),
        ("ana", "inline; filename=\"ana.pdf\"; filename*=UTF-8''ana.pdf"),
        ("ana.v2.pdf", "inline; filename=\"ana.v2.pdf\"; filename*=UTF-8''ana.v2.pdf"),
        ("é 履.pdf", "inline; filename=\"_ _.pdf\"; filename*=UTF-8''%C3%A9%20%E5%B1%A5.pdf"),
        ('a";b%41.pdf', "inline; filename=\"a__b_41.pdf\"; filename*=UTF-8''a%22%3Bb%2541.pdf"),
        (".pdf", "inline; filename=\"resume.pdf\"; filename*=UTF-8''resume.pdf"),
    ],
)
def test_the_name_ends_in_one_pdf_and_is_safe_to_quote(
    tenant: Tenant, filename: str, header: str
) -> None:
    resume_id = tenant.parsed()
    tenant.edit(resume_id, filename=filename)

    assert tenant.http.get(path(resume_id)).headers["content-disposition"] == header


def test_a_download_says_what_it_is(tailored: Tailored) -> None:
    answer = tailored.tenant.http.get(path(tailored.source))

    digest = base64.b64encode(hashlib.sha256(answer.content).digest()).decode()
    assert answer.headers["content-digest"] == f"sha-256=:{digest}:"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "private, no-store"


def test_the_same_download_twice_is_the_same_bytes(tailored: Tailored) -> None:
    one, other = (tailored.tenant.http.get(path(tailored.source)).content for _ in range(2))

    assert one == other


def test_each_download_is_charged_once(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    for _ in range(3):
        tenant.http.get(path(resume_id))

    assert tenant.used() == {"parse": 1, "pdf_export": 3}


def test_asking_for_the_head_is_free_and_tells_the_same(tenant: Tenant) -> None:
    resume_id = tenant.parsed()

    head = tenant.http.head(path(resume_id))

    assert (head.status_code, head.content) == (200, b"")
    assert tenant.used() == {"parse": 1}
    named = ["content-length", "content-digest", "x-resume-id", "content-disposition"]
    headers = tenant.http.get(path(resume_id)).headers
    assert [head.headers[name] for name in named] == [headers[name] for name in named]


def test_a_download_that_is_refused_is_free(tenant: Tenant) -> None:
    resume_id = tenant.failed()

    assert tenant.refused("GET", path(resume_id))[:2] == (422, "RESUME_NOT_RENDERED")
    assert tenant.used() == {}


def test_a_resume_that_failed_later_still_shows_its_last_data(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    tenant.edit(resume_id, status="FAILED")

    assert "Mira Holloway" in text_of(tenant.http.get(path(resume_id)).content)
