"""Reading resumes: lists, single ones, and how they come to be READY."""

from datetime import datetime
from itertools import pairwise

import httpx2
import pytest

from server import ITEM, WHOLE, Tenant

RESUMES = "/api/v1/resumes"


@pytest.fixture(scope="module")
def library(standing: Tenant) -> Tenant:
    """Return an organization with a master and twelve other resumes."""
    for _ in range(13):
        standing.parsed()
    return standing


def ids(tenant: Tenant, query: str) -> list[str]:
    return [resume["id"] for resume in tenant.list(query)]


def test_a_new_organization_has_no_resumes(tenant: Tenant) -> None:
    assert tenant.list() == []


def test_a_list_shows_these_members_and_no_content(library: Tenant) -> None:
    assert {tuple(resume) for resume in library.list()} == {tuple(ITEM)}


def test_a_list_leaves_the_master_out(library: Tenant) -> None:
    assert not any(resume["is_master"] for resume in library.list("limit=100"))


@pytest.mark.parametrize("hiding", ["false", "FALSE", "0", ""])
def test_a_list_hides_the_master_when_told_to(library: Tenant, hiding: str) -> None:
    assert len(library.list(f"limit=100&include_master={hiding}")) == 12


@pytest.mark.parametrize("showing", ["true", "True", "1", "yes"])
def test_a_list_shows_the_master_on_any_other_word(library: Tenant, showing: str) -> None:
    assert len(library.list(f"limit=100&include_master={showing}")) == 13


def test_a_list_has_ten_resumes_unless_told_otherwise(library: Tenant) -> None:
    assert len(library.list("")) == 10


@pytest.mark.parametrize(
    ("query", "count"), [("limit=0", 1), ("limit=-5", 1), ("limit=1000", 12), ("limit=3", 3)]
)
def test_a_limit_out_of_range_is_the_nearest_in_range(
    library: Tenant, query: str, count: int
) -> None:
    assert len(library.list(query)) == count


def test_pages_add_up_to_the_list(library: Tenant) -> None:
    pages = [ids(library, f"limit=5&offset={offset}") for offset in (-7, 5, 10, 15)]

    assert [resume for page in pages for resume in page] == ids(library, "limit=100")


@pytest.mark.parametrize("offset", ["12", "99999999999999999999999"])
def test_a_page_past_the_end_is_empty(library: Tenant, offset: str) -> None:
    assert library.list(f"offset={offset}") == []


@pytest.mark.parametrize("query", ["limit=abc", "limit=1.5", "limit=", "offset=x", "offset=1e2"])
def test_a_limit_or_offset_that_is_no_integer_is_refused(library: Tenant, query: str) -> None:
    status, code, detail = library.refused("GET", f"{RESUMES}?{query}")

    assert (status, code) == (422, "VALIDATION_ERROR")
    assert detail.startswith(f"{query.split('=', maxsplit=1)[0]}: ")


def test_a_list_starts_with_what_was_changed_last(tenant: Tenant) -> None:
    first, second, third = (tenant.parsed() for _ in range(3))

    tenant.edit(second, title="Changed")

    assert ids(tenant, "include_master=true") == [second, third, first]
    times = [resume["updated_at"] for resume in tenant.list()]
    assert all(newer >= older for newer, older in pairwise(times))


def test_an_upload_can_be_read_at_once(tenant: Tenant) -> None:
    resume = tenant.get(tenant.upload())

    assert list(resume) == WHOLE
    assert resume["markdown"].startswith("Mira Holloway\n")
    assert resume["status"] in {"PROCESSING", "READY"}


def test_an_upload_becomes_ready_with_its_data_in_camel_case(tenant: Tenant) -> None:
    resume = tenant.get(tenant.parsed())

    data = resume["structured_data"]
    assert data["personalInfo"]["name"] == "Mira Holloway"
    assert data["workExperience"][0]["company"] == "Northwind Analytics"
    assert data["additional"]["technicalSkills"][0] == "Python"
    assert "Northwind Analytics" in resume["html"]


def test_an_upload_belongs_to_no_job(tenant: Tenant) -> None:
    resume = tenant.get(tenant.parsed())

    absent = ["parent_id", "job_description", "job_keywords", "strategy", "title"]
    assert {name: resume[name] for name in absent} == dict.fromkeys(absent)
    assert resume["output_language"] == "en"


def test_times_are_utc_with_milliseconds(tenant: Tenant) -> None:
    resume = tenant.get(tenant.upload())

    for name in ("created_at", "updated_at"):
        assert datetime.strptime(resume[name], "%Y-%m-%dT%H:%M:%S.%f%z").utcoffset() is not None
        assert resume[name][-5] == "."
        assert resume[name].endswith("Z")


def test_the_pdf_url_leads_to_the_pdf(tenant: Tenant) -> None:
    resume = tenant.get(tenant.parsed())

    answer = tenant.http.get(resume["pdf_url"])

    assert answer.headers["content-type"] == "application/pdf"


def test_the_pdf_url_names_the_host_that_the_client_reached(tenant: Tenant) -> None:
    answer = tenant.http.get(
        f"{RESUMES}/{tenant.upload()}", headers={"host": "resumes.example.org"}
    )

    assert answer.json()["data"]["pdf_url"].startswith("http://resumes.example.org/api/v1/")


def test_the_master_can_be_read_by_that_name(tenant: Tenant) -> None:
    master = tenant.upload()
    tenant.upload()

    assert tenant.get("master")["id"] == master


def test_without_a_master_that_name_says_so(tenant: Tenant) -> None:
    tenant.upload(set_as_master="false")

    refusal = tenant.refused("GET", f"{RESUMES}/master")

    assert refusal[:2] == (400, "NO_MASTER_RESUME")


@pytest.mark.parametrize(
    "nobodys",
    ["res_01M80H7F5PXVJDERQX2E90MY1V", "res_", "x", "org_01M80H7F5PXVJDERQX2E90MY1V", "%00"],
)
def test_an_id_that_is_nobodys_is_not_found(standing: Tenant, nobodys: str) -> None:
    assert standing.refused("GET", f"{RESUMES}/{nobodys}") == (
        404,
        "NOT_FOUND",
        "There is no such resume.",
    )


def test_an_id_is_found_in_any_case(tenant: Tenant) -> None:
    resume_id = tenant.upload()

    assert tenant.get(resume_id.replace(resume_id[4:], resume_id[4:].lower()))["id"] == resume_id


def retry(tenant: Tenant, resume_id: str) -> httpx2.Response:
    return tenant.http.post(f"{RESUMES}/{resume_id}/retry")


def test_a_ready_resume_is_not_parsed_again(tenant: Tenant) -> None:
    answer = retry(tenant, tenant.parsed())

    assert (answer.status_code, answer.json()["error"]) == (409, "CONFLICT")


@pytest.mark.parametrize("status", ["failed", "processing"])
def test_a_resume_that_is_not_ready_is_parsed_again(tenant: Tenant, status: str) -> None:
    resume_id = tenant.parsed()
    parsed = tenant.get(resume_id)["structured_data"]
    tenant.edit(resume_id, structured_data={"summary": "Something else"}, status=status)

    answer = retry(tenant, resume_id)

    assert answer.status_code == 200
    assert list(answer.json()["data"]) == WHOLE
    assert answer.json()["data"]["status"] == "READY"
    assert answer.json()["data"]["structured_data"] == parsed


def test_each_successful_parsing_is_charged(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    tenant.edit(resume_id, status="FAILED")
    retry(tenant, resume_id)

    assert tenant.used() == {"parse": 2}


def test_a_text_that_is_no_resume_fails_and_is_not_charged(tenant: Tenant) -> None:
    resume_id = tenant.failed()

    answer = retry(tenant, resume_id)

    assert (answer.status_code, answer.json()["error"]) == (500, "LLM_PARSING_FAILED")
    assert tenant.get(resume_id)["status"] == "FAILED"
    assert tenant.used() == {}
