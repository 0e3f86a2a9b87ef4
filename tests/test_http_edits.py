"""Editing and deleting resumes."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from server import WHOLE, Tenant

DATA = {
    "personalInfo": {"name": "Nadia Brandt", "pronouns": "she"},
    "summary": "Edited by hand.",
    "workExperience": [
        {"id": 1, "title": "Baker", "company": "Crust", "description": ["Baked bread"], "note": 7}
    ],
    "additional": {"technicalSkills": ["Rye", "Spelt"]},
    "sectionMeta": [
        {"id": "summary", "key": "summary", "displayName": "About", "sectionType": "text"}
    ],
    "customSections": {
        "volunteer_work": {"sectionType": "itemList", "items": [{"id": 1, "title": "Cook"}]}
    },
    "x_client": {"theme": ["dark", None, 1.5, {"a": True}]},
}


def path(resume_id: str) -> str:
    return f"/api/v1/resumes/{resume_id}"


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.fixture(scope="module")
def resume_id(standing: Tenant) -> str:
    """Return a resume that no test changes."""
    return standing.parsed()


def refused(tenant: Tenant, resume_id: str, **request: Any) -> tuple[int, str, str]:
    """Return how an edit is refused, having seen that it changed nothing."""
    before = tenant.get(resume_id)
    refusal = tenant.refused("PATCH", path(resume_id), **request)
    assert tenant.get(resume_id) == before
    return refusal


def test_an_edit_answers_with_the_whole_resume(tenant: Tenant) -> None:
    assert list(tenant.edit(tenant.upload(), title="Baker")) == WHOLE


@pytest.mark.parametrize("spelling", ["structured_data", "structuredData"])
def test_data_is_replaced_whole_under_either_spelling(tenant: Tenant, spelling: str) -> None:
    edited = tenant.edit(tenant.parsed(), **{spelling: {"summary": "New"}})["structured_data"]

    assert edited["summary"] == "New"
    assert edited["workExperience"] == []


def test_snake_case_wins_over_camel_case(tenant: Tenant) -> None:
    edited = tenant.edit(
        tenant.upload(), structured_data={"summary": "snake"}, structuredData={"summary": "camel"}
    )

    assert edited["structured_data"]["summary"] == "snake"


def test_what_was_read_can_be_sent_back_unchanged(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    before = tenant.get(resume_id)

    assert tenant.edit(resume_id, structured_data=before["structured_data"]) == before


def test_keys_that_nobody_knows_are_kept_at_every_level(tenant: Tenant) -> None:
    edited = tenant.edit(tenant.upload(), structured_data=DATA)["structured_data"]

    assert edited["personalInfo"]["pronouns"] == "she"
    assert edited["workExperience"][0]["note"] == 7
    assert edited["x_client"] == DATA["x_client"]
    assert edited["sectionMeta"][0]["displayName"] == "About"
    assert edited["customSections"]["volunteer_work"]["items"][0]["title"] == "Cook"


def test_the_pdf_shows_the_edit(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    tenant.edit(resume_id, structured_data=DATA)

    text = text_of(tenant.http.get(f"{path(resume_id)}/pdf").content)

    assert "Edited by hand." in text
    assert "Northwind" not in text


def test_data_set_by_hand_makes_a_failed_resume_ready(tenant: Tenant) -> None:
    assert tenant.edit(tenant.failed(), structured_data=DATA)["status"] == "READY"


@pytest.mark.parametrize("status", ["FAILED", "processing", "Ready", "pending"])
def test_a_status_is_understood_in_any_case(tenant: Tenant, status: str) -> None:
    assert tenant.edit(tenant.parsed(), status=status)["status"] == status.upper()


def test_title_and_filename_are_replaced(tenant: Tenant) -> None:
    edited = tenant.edit(tenant.upload(), title="Baker @ Crust", filename="nadia.pdf")

    assert (edited["title"], edited["filename"]) == ("Baker @ Crust", "nadia.pdf")


def test_a_filename_loses_its_path_and_line_breaks(tenant: Tenant) -> None:
    edited = tenant.edit(tenant.upload(), filename="a/../b\r\nset-cookie: c.pdf")

    assert edited["filename"] == "bset-cookie: c.pdf"


def test_an_empty_edit_changes_nothing(standing: Tenant, resume_id: str) -> None:
    before = standing.get(resume_id)

    assert standing.edit(resume_id) == before


def test_what_cannot_be_edited_is_ignored(standing: Tenant, resume_id: str) -> None:
    before = standing.get(resume_id)

    assert standing.edit(resume_id, is_master=False, markdown="", id="res_1", zzz=1) == before


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"title": None}, "title"),
        ({"title": 3}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"filename": None}, "filename"),
        ({"filename": ""}, "filename"),
        ({"filename": "\u202e"}, "filename"),
        ({"status": "DONE"}, "status"),
        ({"status": None}, "status"),
        ({"status": 1}, "status"),
        ({"structured_data": None}, "structured_data"),
        ({"structured_data": "lol"}, "structured_data"),
        ({"structuredData": [{}]}, "structuredData"),
        ({"structured_data": {"summary": 3}}, "structured_data.summary"),
        ({"structured_data": {"summary": "a\0"}}, "structured_data"),
        ({"structured_data": {"new\0key": 1}}, "structured_data"),
        ({"structured_data": {"workExperience": {}}}, "structured_data.workExperience"),
        (
            {"structured_data": {"workExperience": [{"description": "text"}]}},
            "structured_data.workExperience.0.description",
        ),
        (
            {"structured_data": {"education": [{"description": ["list"]}]}},
            "structured_data.education.0.description",
        ),
        (
            {"structured_data": {"additional": {"technicalSkills": ["Go", 1]}}},
            "structured_data.additional.technicalSkills.1",
        ),
        (
            {"structured_data": {"customSections": {"a": {"sectionType": "poem"}}}},
            "structured_data.customSections.a.sectionType",
        ),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_with_its_place(
    standing: Tenant, resume_id: str, fields: dict[str, Any], place: str
) -> None:
    status, code, detail = refused(standing, resume_id, json=fields)

    assert (status, code) == (422, "VALIDATION_ERROR")
    assert detail.startswith(f"{place}: ")


def test_all_wrong_values_are_named_at_once(standing: Tenant, resume_id: str) -> None:
    _, _, detail = refused(standing, resume_id, json={"title": 1, "status": "x"})

    assert [issue.split(":")[0] for issue in detail.split("; ")] == ["title", "status"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"title": "a"} {}',
        b'{"title": NaN}',
        b'{"title": "\\ud800"}',
        b'{"title": "\xff"}',
        b'{"a": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        b'{"a": ' + b"9" * 10_000 + b"}",
    ],
    ids=["empty", "cut", "two", "nan", "half a character", "latin-1", "deep", "endless number"],
)
def test_a_body_that_is_no_json_is_refused(standing: Tenant, resume_id: str, body: bytes) -> None:
    assert refused(standing, resume_id, content=body) == (
        400,
        "VALIDATION_ERROR",
        "Invalid JSON body",
    )


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"null", b"5", b"true"])
def test_a_body_that_is_no_object_is_refused(
    standing: Tenant, resume_id: str, body: bytes
) -> None:
    status, code, detail = refused(standing, resume_id, content=body)

    assert (status, code) == (422, "VALIDATION_ERROR")
    assert detail.startswith(": ")


@pytest.mark.parametrize(
    "value",
    [b"1e999", b"[" * 60 + b"]" * 60],
    ids=["number without end", "deep"],
)
def test_what_could_not_be_shown_again_is_refused(
    standing: Tenant, resume_id: str, value: bytes
) -> None:
    body = b'{"structured_data": {"summary": "s", "x": ' + value + b"}}"

    assert refused(standing, resume_id, content=body)[:2] == (422, "VALIDATION_ERROR")


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_is_json_whatever_it_says_of_itself(tenant: Tenant, kind: str) -> None:
    headers = {"content-type": kind} if kind else {}

    answer = tenant.http.patch(path(tenant.upload()), content=b'{"title":"a"}', headers=headers)

    assert answer.json()["data"]["title"] == "a"


def test_an_edit_is_not_overwritten_by_a_parsing_that_was_under_way(tenant: Tenant) -> None:
    resume_id = tenant.upload()
    tenant.edit(resume_id, structured_data=DATA)

    tailored = tenant.tailor(resume_id)

    assert tenant.get(resume_id)["structured_data"]["summary"] == "Edited by hand."
    assert tenant.get(tailored["resume_id"])["structured_data"]["personalInfo"]["name"] == (
        "Nadia Brandt"
    )


def test_a_deleted_resume_is_gone(tenant: Tenant) -> None:
    resume_id = tenant.parsed()

    deleted = tenant.http.delete(path(resume_id))

    assert (deleted.status_code, deleted.json()) == (200, {"data": {"success": True}})
    assert tenant.list() == []
    for method, rest in [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/pdf")]:
        more = {"json": {"title": "x"}} if method == "PATCH" else {}
        refusal = tenant.refused(method, f"{path(resume_id)}{rest}", **more)
        assert refusal[:2] == (404, "NOT_FOUND")


def test_what_was_tailored_from_a_deleted_resume_stays(tenant: Tenant) -> None:
    source = tenant.parsed()
    child = tenant.tailor(source)["resume_id"]

    tenant.data("DELETE", path(source))

    assert tenant.get(child)["parent_id"] is None
    assert tenant.http.get(f"{path(child)}/pdf").status_code == 200


def test_what_was_charged_for_a_deleted_resume_stays(tenant: Tenant) -> None:
    tenant.data("DELETE", path(tenant.parsed()))

    assert tenant.used() == {"parse": 1}


def test_deleting_the_master_promotes_nobody(tenant: Tenant) -> None:
    master = tenant.parsed()
    tenant.parsed()

    tenant.data("DELETE", path(master))

    assert [resume["is_master"] for resume in tenant.list()] == [False]
    assert tenant.refused("GET", path("master"))[1] == "NO_MASTER_RESUME"
