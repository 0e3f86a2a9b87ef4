"""Generating over HTTP, as the contract of `/v1` has it."""

import io
import json
import os
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pypdf
import pytest

from api import bootstrap
from api.ids import new_id, to_wire
from generated_world import POSTING, Person, person
from server import SAMPLES, Deployment, Tenant, refolio


@pytest.fixture(scope="module")
def kong(deployment: Deployment) -> Iterator[Person]:
    with person(deployment) as somebody:
        yield somebody


def allow(deployment: Deployment, somebody: Person, credits_a_month: str) -> None:
    """Have the operator set how many credits somebody's organization has."""
    organization = to_wire("org", somebody.tenant.organization_id)
    said = refolio(deployment.serving.home, "org", "credits", organization, credits_a_month)
    assert said.returncode == 0, said.stderr
    assert f"{credits_a_month} credits left" in said.stderr + said.stdout


def words(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_a_posting_becomes_a_pdf(kong: Person) -> None:
    answer = kong.generate()

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert re.fullmatch(r"gen_[0-9A-HJKMNP-TV-Z]{26}", answer.headers["x-generation-id"])
    assert answer.headers["content-disposition"] == (
        'attachment; filename="Senior_Data_Engineer_Contoso.pdf";'
        " filename*=UTF-8''Senior_Data_Engineer_Contoso.pdf"
    )
    assert answer.content.startswith(b"%PDF-")
    assert "Airflow" in words(answer.content)


def test_the_history_shows_it_with_the_bytes_that_were_handed_out(kong: Person) -> None:
    answer = kong.generate()
    (newest, *_) = kong.history()["items"]

    assert [*newest] == [
        *("id", "title", "template_id", "source_type", "status", "created_at", "download_url"),
    ]
    assert newest["id"] == answer.headers["x-generation-id"]
    assert newest["title"] == "Senior Data Engineer at Contoso"
    assert newest["template_id"] == "template1"
    assert newest["source_type"] == "job_description"
    assert newest["status"] == "completed"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", newest["created_at"])
    assert newest["download_url"].endswith(f"/v1/resumes/{newest['id']}/pdf")
    again = kong.tenant.http.get(newest["download_url"])
    assert again.content == answer.content
    assert again.headers["content-type"] == "application/pdf"
    assert kong.tenant.used()["generate"] == len(kong.history(limit=100)["items"])


def test_the_other_surface_shows_it_as_a_tailored_resume_and_one_use(kong: Person) -> None:
    before = kong.tenant.used().get("generate", 0)
    answer = kong.generate()

    resume_id = answer.headers["x-generation-id"].replace("gen_", "res_")
    shown = kong.tenant.get(resume_id)
    master = kong.tenant.data("GET", "/api/v1/resumes/master")
    assert (shown["parent_id"], shown["status"]) == (master["id"], "READY")
    assert shown["title"] == "Senior Data Engineer @ Contoso"
    assert shown["job_description"] == POSTING
    assert kong.tenant.used()["generate"] == before + 1
    assert "tailor" not in kong.tenant.used()


def test_a_page_leads_to_the_next_while_new_ones_arrive(kong: Person) -> None:
    for _ in range(3):
        assert kong.generate().status_code == 200
    everything = [item["id"] for item in kong.history(limit=100)["items"]]
    first = kong.history(limit=2)
    kong.generate()

    found, cursor = [item["id"] for item in first["items"]], first["next_cursor"]
    while cursor:
        page = kong.history(limit=2, cursor=cursor)
        found += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]

    assert found == everything


@pytest.mark.parametrize("limit", ["0", "101", "-1", "two", "1.5"])
def test_a_limit_out_of_range_is_refused(kong: Person, limit: str) -> None:
    status, code, detail = kong.tenant.refused("GET", f"/v1/resumes?limit={limit}")

    assert (status, code) == (422, "VALIDATION_ERROR")
    assert detail.startswith("limit: ")


def test_a_cursor_is_whom_it_was_given_to_and_nobody_elses(
    kong: Person, deployment: Deployment
) -> None:
    kong.generate()
    kong.generate()
    cursor = kong.history(limit=1)["next_cursor"]
    forged = cursor[:-5] + ("A" if cursor[-5] != "A" else "B") + cursor[-4:]

    with person(deployment) as other:
        for holder, given in ((other, cursor), (kong, forged), (kong, "x")):
            refused = holder.tenant.refused("GET", f"/v1/resumes?cursor={given}")
            assert refused[:2] == (400, "VALIDATION_ERROR")


def test_what_is_anothers_is_not_there(kong: Person, deployment: Deployment) -> None:
    generation_id = kong.generate().headers["x-generation-id"]

    with person(deployment) as other:
        path = f"/v1/resumes/{generation_id}/pdf"
        foreign = other.tenant.refused("GET", path)
        missing = other.tenant.refused("GET", f"/v1/resumes/gen_{'0' * 26}/pdf")
        malformed = other.tenant.refused("GET", "/v1/resumes/gen_1/pdf")
        assert other.history() == {"items": [], "next_cursor": None}
    assert foreign == missing == malformed == (404, "NOT_FOUND", "There is no such generation.")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"template_id": "template1"}, 400, "NO_JOBS_PROVIDED"),
        ({"job_description": "  ", "linkedin_job_url": ""}, 400, "NO_JOBS_PROVIDED"),
        ({"job_description": POSTING, "template_id": "template4"}, 400, "VALIDATION_ERROR"),
        ({"job_description": POSTING, "template_id": 1}, 422, "VALIDATION_ERROR"),
        ({"job_description": 1}, 422, "VALIDATION_ERROR"),
        ({"job_description": POSTING, "response_format": "docx"}, 422, "VALIDATION_ERROR"),
        ({"linkedin_job_url": "https://example.org/jobs/view/1"}, 422, "VALIDATION_ERROR"),
        (
            {"linkedin_job_url": "http://linkedin.com/jobs/view/1", "job_description": POSTING},
            422,
            "VALIDATION_ERROR",
        ),
    ],
)
def test_an_unfit_body_is_refused_in_a_sentence(
    kong: Person, body: dict[str, object], status: int, code: str
) -> None:
    before = kong.history(limit=100)
    refused = kong.tenant.refused("POST", "/v1/resumes/generate", json=body)

    assert refused[:2] == (status, code)
    assert len(refused[2]) > 15
    assert kong.history(limit=100) == before


@pytest.mark.parametrize("body", ["", "[]", '"text"', "{", "null", "17"])
def test_a_body_that_is_no_object_cannot_be_validated(kong: Person, body: str) -> None:
    refused = kong.tenant.refused("POST", "/v1/resumes/generate", content=body)

    assert refused[:2] == (422, "VALIDATION_ERROR")


def test_without_a_key_nothing_is_done(deployment: Deployment) -> None:
    for headers, code in (({}, "MISSING_KEY"), ({"authorization": "Bearer x"}, "INVALID_KEY")):
        answer = deployment.http.post(
            "/v1/resumes/generate", json={"job_description": POSTING}, headers=headers
        )
        assert (answer.status_code, answer.json()["error"]) == (401, code)


def test_without_a_master_there_is_nothing_to_start_from(deployment: Deployment) -> None:
    with deployment.tenant("Empty") as tenant:
        refused = tenant.refused("POST", "/v1/resumes/generate", json={"job_description": POSTING})
        assert refused[:2] == (400, "NO_MASTER_RESUME")


def test_json_tells_how_the_document_came_to_be(kong: Person) -> None:
    answer = kong.generate(
        job_description=POSTING, response_format="json", template_id="template2"
    )
    told = answer.json()

    assert answer.status_code == 200
    assert [*told] == [
        *("id", "title", "template_id", "source_type", "created_at"),
        *("latex", "resume", "changes", "download_url"),
    ]
    assert told["template_id"] == "template2"
    assert told["latex"].lstrip().startswith(("\\documentclass", "%"))
    assert told["resume"]["personalInfo"]["name"]
    assert kong.tenant.http.get(told["download_url"]).content.startswith(b"%PDF-")


def test_the_same_key_is_answered_the_same_and_charged_once(kong: Person) -> None:
    before = kong.tenant.used().get("generate", 0)
    first = kong.generate("once", job_description=POSTING, template_id="template3")
    second = kong.generate("once", template_id="template3", job_description=POSTING)

    assert first.status_code == second.status_code == 200
    assert first.content == second.content
    for name in ("content-type", "content-disposition", "x-generation-id", "etag"):
        assert first.headers[name] == second.headers[name]
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert kong.tenant.used()["generate"] == before + 1
    other = kong.generate("once", job_description=POSTING)
    assert (other.status_code, other.json()["error"]) == (422, "UNPROCESSABLE")
    unfit = kong.generate("x" * 256, job_description=POSTING)
    assert (unfit.status_code, unfit.json()["error"]) == (400, "VALIDATION_ERROR")


def test_a_credit_is_told_taken_and_missed(deployment: Deployment) -> None:
    with person(deployment) as few:
        allow(deployment, few, "3")
        told = [few.generate(f"few-{n}") for n in range(3)]
        replayed = few.generate("few-0")
        refused = few.generate("few-3")
        used = few.tenant.used()["generate"]

    assert [a.headers["x-credits-remaining"] for a in told] == ["2", "1", "0"]
    assert {a.headers["x-credits-charged"] for a in told} == {"1"}
    assert replayed.headers["x-credits-charged"] == "0"
    assert replayed.headers["x-credits-remaining"] == "0"
    assert replayed.content == told[0].content
    assert refused.status_code == 402
    assert refused.json()["error"] == "INSUFFICIENT_CREDITS"
    assert re.search(r"on \d{4}-\d\d-\d\d at 00:00 UTC", refused.json()["detail"])
    assert refused.headers["x-credits-charged"] == refused.headers["x-credits-remaining"] == "0"
    assert used == 3


def test_a_plan_includes_its_credits(billed: Deployment) -> None:
    with person(billed, "PRO") as somebody:
        answer = somebody.generate()

        assert answer.headers["x-credits-remaining"] == "99"
        assert answer.headers["x-credits-charged"] == "1"


def test_fifty_at_once_take_five_credits(deployment: Deployment) -> None:
    with person(deployment) as somebody:
        allow(deployment, somebody, "5")
        with ThreadPoolExecutor(50) as crowd:
            answers = [*crowd.map(lambda n: somebody.generate(f"crowd-{n}"), range(50))]

        statuses = sorted(answer.status_code for answer in answers)
        assert statuses == [200] * 5 + [402] * 45
        assert somebody.tenant.used()["generate"] == 5
        assert {item["status"] for item in somebody.history()["items"]} == {"completed"}


def test_where_nobody_counts_no_credit_is_told(kong: Person) -> None:
    assert "x-credits-remaining" not in kong.generate().headers


def test_a_profile_changes_in_part_and_backs_what_is_generated(deployment: Deployment) -> None:
    with person(deployment) as somebody:
        assert somebody.profile() == {
            "description": None, "skills": [], "niche": None, "resume_id": None,
        }  # fmt: skip
        somebody.profile(skills=["Kafka", "Kafka", " Rust "], niche="Streaming")
        shown = somebody.profile(description="I ran Kafka for years.")
        assert shown["skills"] == ["Kafka", "Rust"]
        assert shown["niche"] == "Streaming"

        told = somebody.generate(job_description=POSTING, response_format="json").json()
        assert "Kafka" in told["resume"]["additional"]["technicalSkills"]
        assert "Rust" not in str(told["resume"])
        assert somebody.profile(niche=None)["niche"] is None

        missing = somebody.tenant.refused("PUT", "/v1/profile", json={"resume_id": "res_1"})
        assert missing[:2] == (404, "NOT_FOUND")
        unfit = somebody.tenant.refused("PUT", "/v1/profile", json={"skills": "Kafka"})
        assert unfit[:2] == (422, "VALIDATION_ERROR")


def test_a_link_that_cannot_be_read_asks_for_the_text(kong: Person) -> None:
    url = "https://www.linkedin.com/jobs/view/4416743017/"
    refused = kong.tenant.refused("POST", "/v1/resumes/generate", json={"linkedin_job_url": url})
    both = kong.generate(linkedin_job_url=url, job_description=POSTING)

    assert refused[:2] == (422, "UNPROCESSABLE")
    assert "job_description" in refused[2]
    assert both.status_code == 200


def test_each_person_of_an_organization_has_a_history_and_a_profile_of_their_own(
    deployment: Deployment,
) -> None:
    with person(deployment) as first:
        organization_id = first.tenant.organization_id
        wanted = bootstrap.NewKey("Grace", "developer", owner_id=new_id())
        key = bootstrap.create_key(deployment.core, organization_id, wanted)
        assert key.startswith("kr_live_")
        headers = {"authorization": f"Bearer {key}"}
        with httpx2.Client(base_url=deployment.url, headers=headers, timeout=60) as client:
            second = Person(Tenant(organization_id, key, client))
            second.profile(niche="Robots")
            made = second.generate("same-key").headers["x-generation-id"]

            assert first.history()["items"] == []
            assert first.profile()["niche"] is None
            assert first.tenant.refused("GET", f"/v1/resumes/{made}/pdf")[0] == 404
            assert [item["id"] for item in second.history()["items"]] == [made]
            # Of another person the same idempotency key is another one.
            other = first.generate("same-key", job_description=POSTING, template_id="template2")
            assert other.status_code == 200


def test_what_latex_has_no_letters_for_is_set_otherwise_and_told(kong: Person) -> None:
    posting = "高级数据工程师\n\n要求：\n- Python\n- Airflow\n"
    latin = kong.generate()
    assert "x-render-fallback" not in latin.headers
    told = pypdf.PdfReader(io.BytesIO(latin.content)).metadata
    assert told is not None
    assert "pdfTeX" in (told.producer or "")

    person_info = kong.tenant.data("GET", "/api/v1/resumes/master")["structured_data"]
    chinese = {**person_info, "summary": "数据工程师，熟悉 Python。"}
    kong.tenant.edit(
        kong.tenant.data("GET", "/api/v1/resumes/master")["id"], structured_data=chinese
    )
    answer = kong.generate("中文".encode().hex(), job_description=posting)

    assert answer.status_code == 200
    assert answer.headers["x-render-fallback"] == "LaTeX has no letters for this text"
    assert "数据工程师" in words(answer.content)


def test_what_readers_of_the_other_products_documentation_paste_works(
    deployment: Deployment, tmp_path: Path
) -> None:
    blocks = (SAMPLES / "kong_curl.sh").read_text()
    with person(deployment) as somebody:
        said = subprocess.run(
            ["bash", "-ec", blocks],
            cwd=tmp_path,
            env={**os.environ, "BASE": deployment.url, "API_KEY": somebody.tenant.key},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert (tmp_path / "resume.pdf").read_bytes().startswith(b"%PDF-")
    first, second = (json.loads(page) for page in said.replace("}{", "}\n{").splitlines())
    assert first == second
    assert [item["status"] for item in first["items"]] == ["completed"]
