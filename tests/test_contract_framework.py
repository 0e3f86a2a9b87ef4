"""What the framework refuses, before any route is asked, has the envelope of all errors."""

from typing import Any, Final

import pytest

from bad_documents import plain_text
from server import Tenant

RESUMES: Final = "/api/v1/resumes"
FORM: Final = {"content-type": "multipart/form-data; boundary=x"}
HALF_A_FORM: Final = b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\n'
TOO_MUCH: Final = b'{"title": "' + b"x" * (11 * 2**20) + b'"}'
ELSEWHERE: Final = {"host": "elsewhere.example"}


@pytest.mark.parametrize(
    ("method", "path", "request_", "status", "code", "says"),
    [
        ("GET", "/api/v1/nope", {}, 404, "NOT_FOUND", "/docs shows every route"),
        ("GET", "/nope", {"headers": ELSEWHERE}, 404, "NOT_FOUND", "nothing at this path"),
        ("PUT", RESUMES, {}, 405, "VALIDATION_ERROR", "takes GET, HEAD, POST."),
        ("POST", "/api/v1/health", {}, 405, "VALIDATION_ERROR", "takes GET, HEAD."),
        ("PUT", "/api/keys", {}, 405, "VALIDATION_ERROR", "takes GET, HEAD, POST."),
        ("PATCH", f"{RESUMES}/x", {"content": TOO_MUCH}, 413, "PAYLOAD_TOO_LARGE", "10 MB"),
        ("POST", RESUMES, {"content": TOO_MUCH}, 413, "PAYLOAD_TOO_LARGE", "10 MB limit"),
        ("POST", RESUMES, {"files": {"file": ("a.pdf", plain_text())}}, 415,
         "FILE_NOT_SUPPORTED", "PDF"),
        ("POST", RESUMES, {"files": {"other": b"x"}}, 422, "VALIDATION_ERROR",
         "Missing 'file' in form data"),
        ("GET", f"{RESUMES}?limit=ten", {}, 422, "VALIDATION_ERROR", "limit: "),
        ("POST", f"{RESUMES}/x/tailor", {"json": []}, 422, "VALIDATION_ERROR", ": "),
        ("POST", RESUMES, {"content": b"no form", "headers": FORM}, 400, "VALIDATION_ERROR", " "),
        ("POST", RESUMES, {"content": HALF_A_FORM, "headers": FORM}, 422, "VALIDATION_ERROR",
         "Missing 'file' in form data"),
        ("POST", RESUMES, {"json": {"file": "x"}}, 400, "VALIDATION_ERROR", "multipart"),
        ("POST", f"{RESUMES}/x/tailor", {"content": b"{"}, 400, "VALIDATION_ERROR",
         "Invalid JSON body"),
        ("PUT", "/api/v1/llm-config", {}, 400, "VALIDATION_ERROR", "Invalid JSON body"),
        ("PATCH", f"{RESUMES}/x", {"content": b"\xff"}, 400, "VALIDATION_ERROR",
         "Invalid JSON body"),
    ],
)  # fmt: skip
def test_what_the_framework_refuses_is_told_like_all_else(
    standing: Tenant,
    method: str,
    path: str,
    request_: dict[str, Any],
    status: int,
    code: str,
    says: str,
) -> None:
    answer = standing.http.request(method, path, **request_)

    body = answer.json()
    assert (answer.status_code, body["error"]) == (status, code)
    assert body.keys() == {"error", "detail"}
    assert says in body["detail"]
    assert len(body["detail"].split()) > 2 or says == ": "
    assert ("allow" in answer.headers) == (status == 405)


def test_a_name_that_the_server_does_not_know_is_no_reason_to_refuse(standing: Tenant) -> None:
    assert standing.http.get(RESUMES, headers=ELSEWHERE).status_code == 200
