"""ETag, If-None-Match and If-Match: nothing is sent that is known, nothing unseen overwritten."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from llm_standin import Asked, Reply, StandIn
from server import JOB, QUICKSTART, SAMPLES, Tenant

RESUMES = "/api/v1/resumes"


def tag_of(tenant: Tenant, path: str) -> str:
    answer = tenant.http.get(path)
    assert answer.status_code == 200, answer.text
    return answer.headers["etag"]


def matching(tag: str) -> dict[str, str]:
    return {"if-match": tag}


def changed(answer: httpx2.Response) -> bool:
    if answer.status_code == 412:
        assert answer.json()["error"] == "CONFLICT"
        return False
    assert answer.is_success, answer.text
    return True


@pytest.mark.parametrize(
    "path", [RESUMES, f"{RESUMES}/{{id}}", "/api/v1/llm-config", f"{RESUMES}/{{id}}/outreach"]
)
def test_what_is_known_is_not_sent_again_and_costs_no_request(tenant: Tenant, path: str) -> None:
    path = path.format(id=tenant.parsed())
    first = tenant.http.get(path)
    left = int(first.headers["x-ratelimit-remaining"])

    again = tenant.http.get(path, headers={"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert int(again.headers["x-ratelimit-remaining"]) == left
    assert int(tenant.http.get(path).headers["x-ratelimit-remaining"]) == left - 1


def test_what_changed_is_sent(tenant: Tenant) -> None:
    path = f"{RESUMES}/{tenant.parsed()}"
    tag = tag_of(tenant, path)
    tenant.data("PATCH", path, json={"title": "New"})

    assert tenant.http.get(path, headers={"if-none-match": tag}).status_code == 200


def test_a_new_master_changes_the_old_one_too(tenant: Tenant) -> None:
    path = f"{RESUMES}/{tenant.parsed()}"
    tag = tag_of(tenant, path)
    tenant.parsed(set_as_master="true")

    assert tenant.http.get(path, headers={"if-none-match": tag}).json()["data"]["is_master"] is (
        False
    )


@pytest.mark.parametrize("names", ["*", "W/{tag}", '"x", {tag}'])
def test_a_tag_is_known_however_it_is_named(tenant: Tenant, names: str) -> None:
    path = f"{RESUMES}/{tenant.parsed()}"
    header = names.format(tag=tag_of(tenant, path))

    assert tenant.http.get(path, headers={"if-none-match": header}).status_code == 304


def test_the_answer_to_an_edit_carries_the_tag_to_go_on_with(tenant: Tenant) -> None:
    path = f"{RESUMES}/{tenant.parsed()}"

    edited = tenant.http.patch(path, json={"title": "A"})

    assert edited.headers["etag"] == tag_of(tenant, path)
    assert changed(
        tenant.http.patch(path, json={"title": "B"}, headers=matching(edited.headers["etag"]))
    )


def test_an_edit_of_what_was_not_seen_is_refused(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    path = f"{RESUMES}/{resume_id}"
    seen = tag_of(tenant, path)
    tenant.edit(resume_id, title="Somebody else's")

    assert not changed(tenant.http.patch(path, json={"title": "Mine"}, headers=matching(seen)))
    assert not changed(tenant.http.delete(path, headers=matching(seen)))
    assert not changed(tenant.http.post(f"{path}/tailor", headers=matching(seen), json=QUICKSTART))
    assert not changed(tenant.http.post(f"{path}/retry", headers=matching(seen)))

    assert tenant.get(resume_id)["title"] == "Somebody else's"


@pytest.mark.parametrize("tag", ["x", "", '"x', '"a" "b"'])
def test_what_is_no_tag_is_refused(tenant: Tenant, tag: str) -> None:
    path = f"{RESUMES}/{tenant.parsed()}"

    refused = tenant.http.patch(path, json={"title": "A"}, headers=matching(tag))

    assert (refused.status_code, refused.json()["error"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize("tag", ['"1"', '"x"', "W/{tag}", '""'])
def test_a_tag_that_names_no_version_matches_none(tenant: Tenant, tag: str) -> None:
    path = f"{RESUMES}/{tenant.parsed()}"
    header = tag.format(tag=tag_of(tenant, path))

    assert not changed(tenant.http.patch(path, json={"title": "A"}, headers=matching(header)))


def test_a_star_matches_any_version(tenant: Tenant) -> None:
    path = f"{RESUMES}/{tenant.parsed()}"

    assert changed(tenant.http.patch(path, json={"title": "A"}, headers=matching("*")))


def test_of_fifty_edits_of_one_version_one_is_made(tenant: Tenant) -> None:
    path = f"{RESUMES}/{tenant.parsed()}"
    headers = matching(tag_of(tenant, path))
    start = threading.Barrier(50)

    def edit(number: int) -> bool:
        start.wait()
        return changed(tenant.http.patch(path, json={"title": str(number)}, headers=headers))

    with ThreadPoolExecutor(50) as threads:
        assert Counter(threads.map(edit, range(50))) == {True: 1, False: 49}


def test_settings_are_changed_only_as_they_were_seen(tenant: Tenant) -> None:
    path = "/api/v1/llm-config"
    seen = tag_of(tenant, path)

    assert changed(tenant.http.put(path, json={"model": "a"}, headers=matching(seen)))
    assert not changed(tenant.http.put(path, json={"model": "b"}, headers=matching(seen)))
    assert tenant.data("GET", path)["model"] == "a"


def test_a_letter_is_written_anew_or_erased_only_as_it_was_seen(tenant: Tenant) -> None:
    letters = f"{RESUMES}/{tenant.parsed()}/cover-letters"
    made = tenant.data("POST", letters, json={"job_description": JOB})
    path = f"{letters}/{made['id']}"
    seen = tag_of(tenant, path)
    posting = {"job_description": JOB}

    assert changed(tenant.http.post(f"{path}/regenerate", json=posting, headers=matching(seen)))
    assert not changed(
        tenant.http.post(f"{path}/regenerate", json=posting, headers=matching(seen))
    )
    assert not changed(tenant.http.delete(path, headers=matching(seen)))
    assert changed(tenant.http.delete(path, headers=matching(tag_of(tenant, path))))


def test_a_source_that_changes_meanwhile_gives_no_result_to_who_minds(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    path = f"{RESUMES}/{resume_id}"

    def meddling(_: Asked) -> Reply:
        summary = f"Analyst number {len(standin.asked)}."
        tenant.edit(resume_id, structured_data={"summary": summary})
        return Reply(text='{"edits": [], "keywords": []}')

    standin = StandIn(meddling)
    settings = {"api_base": f"{standin.url}/v1", "api_key": "key", "model": "test-model"}
    tenant.data("PUT", "/api/v1/llm-config", json={"provider": "openai_compatible", **settings})

    minding = tenant.http.post(
        f"{path}/tailor", json=QUICKSTART, headers=matching(tag_of(tenant, path))
    )
    used = tenant.used()
    careless = tenant.http.post(f"{path}/tailor", json=QUICKSTART)
    standin.close()

    assert (minding.status_code, minding.json()["error"]) == (409, "APPLY_CONFLICT")
    assert used == {"parse": 1}
    assert careless.status_code == 201


def test_a_pdf_that_is_known_is_not_charged_again(tenant: Tenant) -> None:
    path = f"{RESUMES}/{tenant.parsed()}/pdf"
    tag = tag_of(tenant, path)

    assert tenant.http.get(path, headers={"if-none-match": tag}).status_code == 304
    assert tenant.used()["pdf_export"] == 1
    assert tenant.http.get(path, headers={"if-none-match": '"other"'}).status_code == 200
    assert tenant.used()["pdf_export"] == 2


@pytest.mark.parametrize(
    ("query", "links"),
    [
        ("limit=1", {"next": 1}),
        ("limit=1&offset=1", {"first": 0, "prev": 0, "next": 2}),
        ("limit=2&offset=2", {"first": 0, "prev": 0}),
        ("limit=9", {}),
    ],
)
def test_a_list_links_to_the_pages_beside_this_one(
    tenant: Tenant, query: str, links: dict[str, int]
) -> None:
    for _ in range(3):
        tenant.upload(set_as_master="false")

    answer = tenant.http.get(f"{RESUMES}?include_master=true&{query}")

    told = {link["rel"]: link["url"] for link in answer.links.values()}
    assert {rel: httpx2.URL(url).params["offset"] for rel, url in told.items()} == {
        rel: str(offset) for rel, offset in links.items()
    }
    for url in told.values():
        assert tenant.http.get(url).status_code == 200
        assert "include_master=true" in url


def test_what_is_made_tells_where_it_is(tenant: Tenant) -> None:
    uploaded = tenant.http.post(
        RESUMES, files={"file": ("a.pdf", (SAMPLES / "two_columns.pdf").read_bytes())}
    )
    where = uploaded.headers["location"]
    assert tenant.data("GET", where)["id"] == uploaded.json()["data"]["resume_id"]
    tailored = tenant.http.post(f"{where}/tailor", json=QUICKSTART)
    result = tailored.headers["location"]
    assert tenant.data("GET", result)["id"] == tailored.json()["data"]["resume_id"]
    letter = tenant.http.post(f"{result}/outreach", json={})
    assert tenant.data("GET", letter.headers["location"]) == letter.json()["data"]


def data_of(tenant: Tenant, path: str) -> dict[str, Any]:
    found: dict[str, Any] = tenant.data("GET", path)["structured_data"]
    return found


def test_merged_data_keeps_what_was_not_sent(tenant: Tenant) -> None:
    path = f"{RESUMES}/{tenant.parsed()}"
    before = data_of(tenant, path)

    tenant.data(
        "PATCH",
        f"{path}?merge=true",
        json={
            "structuredData": {
                "summary": "Merged.",
                "personalInfo": {"title": "Baker"},
                "additional": {"technicalSkills": ["Bread"]},
            }
        },
    )

    after = data_of(tenant, path)
    assert after["summary"] == "Merged."
    assert after["personalInfo"] == before["personalInfo"] | {"title": "Baker"}
    assert after["additional"] == before["additional"] | {"technicalSkills": ["Bread"]}
    assert after["workExperience"] == before["workExperience"]


def test_without_merging_data_is_replaced_whole(tenant: Tenant) -> None:
    path = f"{RESUMES}/{tenant.parsed()}"

    tenant.data("PATCH", path, json={"structured_data": {"summary": "Alone."}})

    after = data_of(tenant, path)
    assert after["summary"] == "Alone."
    assert after["workExperience"] == []
