"""A PDF or DOCX becomes a resume; anything else is refused in a sentence and leaves nothing."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import bad_documents as bad
from bad_documents import GOOD_DOCX, GOOD_PDF
from server import Tenant

RESUMES = "/api/v1/resumes"
TEN_MIB = 10 * 1024 * 1024
FORM = {"content-type": "multipart/form-data; boundary=x"}


def form(
    name: str = "a.pdf", content: bytes = GOOD_PDF, *, end: bytes = b"\r\n--x--\r\n"
) -> bytes:
    head = f'--x\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + content + end


def upload(tenant: Tenant, name: str, content: bytes, kind: str = "", **more: str) -> Any:
    file = (name, content, kind or "application/octet-stream")
    return tenant.data("POST", RESUMES, files={"file": file}, data=more)


def refused(tenant: Tenant, **request: Any) -> tuple[int, str, str]:
    """Return how an upload is refused, having seen that it left nothing behind."""
    before = tenant.list(), tenant.used()
    refusal = tenant.refused("POST", RESUMES, **request)
    assert (tenant.list(), tenant.used()) == before
    return refusal


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("ana.pdf", GOOD_PDF, "application/pdf"),
        ("ana.docx", GOOD_DOCX, "application/octet-stream"),
        ("ana", GOOD_PDF, "text/plain"),
        ("ana.pdf", GOOD_DOCX, "application/pdf"),
    ],
)
def test_a_pdf_or_docx_is_known_by_its_content(
    tenant: Tenant, name: str, content: bytes, kind: str
) -> None:
    uploaded = upload(tenant, name, content, kind)

    assert uploaded == {
        "resume_id": uploaded["resume_id"],
        "is_master": True,
        "status": "PROCESSING",
        "filename": name,
        "warnings": [],
    }


def test_an_upload_answers_201(tenant: Tenant) -> None:
    answer = tenant.http.post(RESUMES, files={"file": ("a.pdf", GOOD_PDF)})

    assert answer.status_code == 201


@pytest.mark.parametrize("make", [bad.plain_text, bad.old_word, bad.other_zip])
def test_another_kind_of_file_is_not_supported(
    standing: Tenant, make: Callable[[], bytes]
) -> None:
    file = ("a.pdf", make(), "application/pdf")
    status, code, detail = refused(standing, files={"file": file})

    assert (status, code) == (415, "FILE_NOT_SUPPORTED")
    assert "DOCX" in detail


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (bad.empty, "empty"),
        (bad.encrypted_pdf, "password"),
        (bad.scanned_pdf, "text"),
        (bad.cut_pdf, "damaged"),
        (bad.cut_docx, "damaged"),
        (bad.zip_bomb, "smaller"),
    ],
)
def test_a_document_that_cannot_be_read_is_refused_with_the_reason(
    standing: Tenant, make: Callable[[], bytes], reason: str
) -> None:
    status, code, detail = refused(standing, files={"file": ("a.pdf", make())})

    assert (status, code) == (422, "UNPROCESSABLE")
    assert reason in detail


@pytest.mark.parametrize(
    "parts", [{"other": ("a.pdf", GOOD_PDF)}, {"file": (None, "text")}], ids=["other", "text"]
)
def test_a_form_without_a_file_is_refused(standing: Tenant, parts: dict[str, Any]) -> None:
    assert refused(standing, files=parts) == (
        422,
        "VALIDATION_ERROR",
        "Missing 'file' in form data",
    )


@pytest.mark.parametrize(
    "request_",
    [{"json": {"file": "x"}}, {"data": {"file": "x"}}, {}],
    ids=["json", "form", "none"],
)
def test_a_body_that_is_no_multipart_form_is_refused(
    standing: Tenant, request_: dict[str, Any]
) -> None:
    assert refused(standing, **request_)[:2] == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (b"garbage", FORM),
        (b"--y\r\n\r\n--y--", FORM),
        (form(), {"content-type": "multipart/form-data"}),
        (form() * 2, {"content-type": "multipart/form-data; boundary=" + "x" * 300}),
    ],
    ids=["garbage", "other boundary", "no boundary", "endless boundary"],
)
def test_a_broken_form_is_refused(
    standing: Tenant, content: bytes, headers: dict[str, str]
) -> None:
    assert refused(standing, content=content, headers=headers)[:2] == (400, "VALIDATION_ERROR")


def test_a_form_that_breaks_off_is_refused(standing: Tenant) -> None:
    status, code, _ = refused(standing, content=form(end=b""), headers=FORM)

    assert (status, code) == (422, "VALIDATION_ERROR")


def test_two_files_are_refused(standing: Tenant) -> None:
    files = [("file", ("a.pdf", GOOD_PDF)), ("file", ("b.pdf", GOOD_PDF))]

    assert refused(standing, files=files)[:2] == (400, "VALIDATION_ERROR")


def test_ten_mebibytes_are_taken(tenant: Tenant) -> None:
    assert upload(tenant, "a.pdf", GOOD_PDF.ljust(TEN_MIB, b"\n"))["resume_id"]


@pytest.mark.parametrize("size", [TEN_MIB + 1, TEN_MIB + 2**20])
def test_one_byte_more_is_too_large(standing: Tenant, size: int) -> None:
    content = GOOD_PDF.ljust(size, b"\n")

    assert refused(standing, files={"file": ("a.pdf", content)}) == (
        413,
        "PAYLOAD_TOO_LARGE",
        "File size exceeds the 10 MB limit",
    )


def test_a_body_of_undeclared_length_is_counted(standing: Tenant) -> None:
    def chunks() -> Iterator[bytes]:
        yield form(end=b"")
        for _ in range(11):
            yield bytes(2**20)

    refusal = refused(standing, content=chunks(), headers=FORM)

    assert refusal[:2] == (413, "PAYLOAD_TOO_LARGE")


def test_a_name_with_a_nul_character_is_refused(standing: Tenant) -> None:
    status, code, detail = refused(standing, content=form("a\0b.pdf"), headers=FORM)

    assert (status, code) == (422, "VALIDATION_ERROR")
    assert "NUL" in detail


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/ana.pdf", "ana.pdf"),
        ("C:\\Users\\Ana\\ana.pdf", "ana.pdf"),
        ("résumé 履歴書.pdf", "résumé 履歴書.pdf"),
        ("ana\u202efdp.exe", "anafdp.exe"),
        ("a" * 300, "a" * 255),
        ("..\\", "resume"),
    ],
)
def test_a_name_is_kept_without_its_path_and_tricks(tenant: Tenant, sent: str, kept: str) -> None:
    answer = tenant.http.post(RESUMES, content=form(sent), headers=FORM)

    assert answer.json()["data"]["filename"] == kept


@pytest.mark.parametrize("said", ["true", "TRUE", "1"])
def test_an_upload_can_become_the_master_in_place_of_another(tenant: Tenant, said: str) -> None:
    first = tenant.upload()

    second = tenant.upload(set_as_master=said)

    masters = [resume["id"] for resume in tenant.list() if resume["is_master"]]
    assert masters == [second] != [first]


def test_of_twelve_clients_that_want_the_master_at_once_one_has_it(tenant: Tenant) -> None:
    with ThreadPoolExecutor(12) as clients:
        uploads = [clients.submit(tenant.upload, set_as_master="true") for _ in range(12)]
        resumes = {uploaded.result() for uploaded in uploads}

    listed = tenant.list("include_master=true&limit=100")
    masters = [resume["id"] for resume in listed if resume["is_master"]]
    assert len(resumes) == len(listed) == 12
    assert len(masters) == 1


@pytest.mark.parametrize("said", ["false", "False", "0"])
def test_an_upload_can_refuse_to_be_the_master(tenant: Tenant, said: str) -> None:
    assert upload(tenant, "a.pdf", GOOD_PDF, set_as_master=said)["is_master"] is False


@pytest.mark.parametrize("said", ["", "yes", "null"])
def test_any_other_word_leaves_the_master_to_the_rule(tenant: Tenant, said: str) -> None:
    both = [upload(tenant, "a.pdf", GOOD_PDF, set_as_master=said) for _ in range(2)]

    assert [uploaded["is_master"] for uploaded in both] == [True, False]


def test_the_same_document_twice_is_two_resumes(tenant: Tenant) -> None:
    assert tenant.upload() != tenant.upload()
