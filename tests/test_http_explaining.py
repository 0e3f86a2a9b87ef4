"""Explanations over HTTP: what a tailoring did, how a resume answers a posting, what is true."""

from typing import Any

import pytest

from commands.tailoring.serving import served
from events.tailoring import Edit, KeywordMatch
from server import JOB, Deployment, Tenant

CHANGE = {
    "path",
    "action",
    "before",
    "after",
    "reason",
    "evidence",
    "keywords",
    "accepted",
    "refusal",
    "detail",
}
MATCH = {"resume_id", "parent_id", "strategy", "coverage", "keywords", "gaps"}
UNKNOWN = "res_01M80H7F5PXVJDERQX2E90MY1V"


@pytest.fixture(scope="module")
def source(standing: Tenant) -> str:
    """Return a parsed resume that no test changes."""
    return standing.parsed()


@pytest.fixture(scope="module")
def result(standing: Tenant, source: str) -> str:
    """Return a resume tailored from it."""
    tailored: str = standing.tailor(source, strategy="full")["resume_id"]
    return tailored


def explained(tenant: Tenant, resume_id: str) -> dict[str, Any]:
    found: dict[str, Any] = tenant.data("GET", f"/api/v1/resumes/{resume_id}/changes")
    return found


def match(tenant: Tenant, resume_id: str, **body: object) -> dict[str, Any]:
    method = "POST" if body else "GET"
    path = f"/api/v1/resumes/{resume_id}/match"
    found: dict[str, Any] = tenant.data(method, path, json=body or None)
    return found


def check(tenant: Tenant, resume_id: str, **body: object) -> dict[str, Any]:
    path = f"/api/v1/resumes/{resume_id}/check"
    found: dict[str, Any] = tenant.data("POST", path, json=body)
    return found


def data_of(tenant: Tenant, resume_id: str) -> dict[str, Any]:
    data: dict[str, Any] = tenant.get(resume_id)["structured_data"]
    return data


def everything(tenant: Tenant) -> tuple[object, ...]:
    return tenant.list("limit=100&include_master=true"), tenant.used()


def test_a_change_shows_what_was_before_and_what_is_after(
    standing: Tenant, source: str, result: str
) -> None:
    changes = explained(standing, result)["changes"]

    assert {frozenset(change) for change in changes} == {frozenset(CHANGE)}
    summary = next(change for change in changes if change["path"] == "summary")
    assert summary["before"] == data_of(standing, source)["summary"]
    assert summary["after"] == data_of(standing, result)["summary"]
    assert (summary["accepted"], summary["refusal"]) == (True, None)


def test_evidence_is_quoted_from_the_source(standing: Tenant, source: str, result: str) -> None:
    grounds = [
        one for change in explained(standing, result)["changes"] for one in change["evidence"]
    ]

    told = str(data_of(standing, source))
    assert grounds
    assert all(one["text"].split("\n")[0] in told for one in grounds)


def test_a_change_names_the_keywords_that_it_serves(standing: Tenant, result: str) -> None:
    changes = explained(standing, result)

    asked = {keyword["keyword"] for keyword in changes["coverage"]["keywords"]}
    served = [set(change["keywords"]) for change in changes["changes"]]
    assert any(served)
    assert set().union(*served) <= asked - set(changes["gaps"])


@pytest.mark.parametrize(
    ("original", "value", "keywords"),
    [
        ("Ran it on K8s", "Ran it on Kubernetes", ("Kubernetes",)),
        ("Ran it on Kubernetes", "Ran it on Kubernetes well", ()),
        ("Ran it", "Ran it with Frobnicator", ("Frobnicator",)),
        (None, "Ran Kubernetes with Frobnicator", ("Kubernetes", "Frobnicator")),
        (("Java", "Kubernetes"), ("Kubernetes", "Java"), ("Kubernetes",)),
        (("Kubernetes", "Java", "Go"), ("Kubernetes", "Go", "Java"), ()),
    ],
)
def test_a_keyword_is_served_where_it_comes_in_or_moves_up(
    original: str | tuple[str, ...] | None, value: str | tuple[str, ...], keywords: tuple[str, ...]
) -> None:
    edit = Edit(path="", action="replace", original=original, value=value, reason="")
    asked = [
        KeywordMatch(
            keyword=keyword, importance="required", weight=3, before="missing", after="missing"
        )
        for keyword in ("Kubernetes", "Frobnicator")
    ]

    assert served(edit, asked) == keywords


def test_evidence_is_of_the_version_that_was_tailored(tenant: Tenant) -> None:
    source = tenant.parsed()
    result = tenant.tailor(source)["resume_id"]
    before = explained(tenant, result)

    tenant.edit(source, structured_data={"summary": "Rewritten."})

    assert explained(tenant, result) == before


def test_evidence_of_an_erased_source_is_gone(tenant: Tenant) -> None:
    source = tenant.parsed()
    result = tenant.tailor(source)["resume_id"]
    tenant.data("DELETE", f"/api/v1/resumes/{source}")

    changes = explained(tenant, result)["changes"]
    keywords = match(tenant, result)["keywords"]

    texts = [one["text"] for told in (*changes, *keywords) for one in told["evidence"]]
    assert texts
    assert set(texts) == {None}


def test_a_tailored_resume_is_held_against_its_own_posting(
    standing: Tenant, source: str, result: str
) -> None:
    found = match(standing, result)

    assert found.keys() == MATCH
    assert (found["resume_id"], found["parent_id"]) == (result, source)
    assert found["strategy"] == "FULL"
    assert found["coverage"] == {
        name: value
        for name, value in explained(standing, result)["coverage"].items()
        if name != "keywords"
    }
    for keyword in found["keywords"]:
        assert keyword["importance"] in {"required", "preferred", "mentioned"}
        assert {keyword["before"], keyword["after"]} <= {"present", "alias", "implied", "missing"}
        assert bool(keyword["evidence"]) == (keyword["before"] != "missing")


def test_a_gap_tells_what_closing_it_would_gain(standing: Tenant, result: str) -> None:
    gaps = match(standing, result)["gaps"]

    assert [gap["gain"] for gap in gaps] == sorted((g["gain"] for g in gaps), reverse=True)
    kafka = next(gap for gap in gaps if gap["keyword"] == "Kafka")
    assert 0 < kafka["gain"] < 100


@pytest.mark.parametrize("spelling", ["job_description", "jobDescription"])
def test_a_posting_is_matched_without_tailoring(
    standing: Tenant, source: str, result: str, spelling: str
) -> None:
    found = match(standing, source, **{spelling: JOB})

    assert found.keys() == MATCH
    assert (found["resume_id"], found["parent_id"], found["strategy"]) == (source, None, None)
    assert {keyword["after"] for keyword in found["keywords"]} == {None}
    assert (found["coverage"]["after"], found["coverage"]["required_after"]) == (None, None)
    tailored = match(standing, result)
    for name in ("before", "ceiling", "required_before"):
        assert found["coverage"][name] == tailored["coverage"][name]


def test_matching_leaves_nothing_behind(standing: Tenant, source: str) -> None:
    before = everything(standing)

    match(standing, source, job_description=JOB)

    assert everything(standing) == before


def test_a_match_is_always_the_same(standing: Tenant, source: str) -> None:
    path = f"/api/v1/resumes/{source}/match"
    body = {"job_description": JOB}

    answers = {standing.http.post(path, json=body).content for _ in range(20)}

    assert len(answers) == 1


def test_a_posting_that_names_nothing_has_no_coverage(standing: Tenant, source: str) -> None:
    found = match(standing, source, job_description="Hello.")

    assert (found["coverage"]["before"], found["keywords"], found["gaps"]) == (None, [], [])


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "NO_JOBS_PROVIDED"),
        ({"job_description": None}, 400, "NO_JOBS_PROVIDED"),
        ({"jobDescription": " \n"}, 400, "EMPTY_JOB_DESCRIPTION"),
        ({"job_description": 123}, 422, "VALIDATION_ERROR"),
        ({"job_description": "word " * 8001}, 422, "VALIDATION_ERROR"),
        ({"job_description": "x" * 200_001}, 422, "VALIDATION_ERROR"),
        ({"job_description": "Py\0thon"}, 422, "VALIDATION_ERROR"),
        ([], 422, "VALIDATION_ERROR"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_matched_is_refused_as_by_tailoring(
    standing: Tenant, source: str, body: Any, status: int, code: str
) -> None:
    refusals = [
        standing.refused("POST", f"/api/v1/resumes/{source}/{act}", json=body)
        for act in ("match", "tailor")
    ]

    assert refusals[0] == refusals[1]
    assert refusals[0][:2] == (status, code)


@pytest.mark.parametrize("act", ["match", "check"])
def test_a_body_that_is_no_json_is_refused(standing: Tenant, source: str, act: str) -> None:
    path = f"/api/v1/resumes/{source}/{act}"

    assert standing.refused("POST", path, content=b"{")[:2] == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    ("method", "act"), [("GET", "changes"), ("GET", "match"), ("POST", "match"), ("POST", "check")]
)
def test_an_unknown_resume_is_not_found(standing: Tenant, method: str, act: str) -> None:
    body = {"job_description": JOB, "structured_data": {}} if method == "POST" else None

    refusal = standing.refused(method, f"/api/v1/resumes/{UNKNOWN}/{act}", json=body)

    assert refusal[:2] == (404, "NOT_FOUND")


@pytest.mark.parametrize("act", ["changes", "match"])
def test_only_a_tailored_resume_has_a_tailoring_to_explain(
    standing: Tenant, source: str, act: str
) -> None:
    refusal = standing.refused("GET", f"/api/v1/resumes/{source}/{act}")

    assert refusal[:2] == (404, "NOT_FOUND")


@pytest.mark.parametrize("act", ["match", "check"])
def test_a_resume_that_could_not_be_parsed_is_refused(tenant: Tenant, act: str) -> None:
    body = {"job_description": JOB, "structured_data": {}}

    refusal = tenant.refused("POST", f"/api/v1/resumes/{tenant.failed()}/{act}", json=body)

    assert refusal[:2] == (400, "RESUME_NOT_PARSED")


def test_a_match_straight_after_the_upload_waits_for_the_parsing(tenant: Tenant) -> None:
    assert match(tenant, tenant.upload(), job_description=JOB)["keywords"]


def test_the_master_can_be_matched_by_that_name(tenant: Tenant) -> None:
    master = tenant.parsed()

    assert match(tenant, "master", job_description=JOB)["resume_id"] == master


@pytest.mark.parametrize("spelling", ["structured_data", "structuredData"])
def test_a_version_that_says_nothing_new_holds(
    standing: Tenant, source: str, spelling: str
) -> None:
    own = data_of(standing, source)

    assert check(standing, source, **{spelling: own}) == {"ok": True, "violations": []}


@pytest.mark.parametrize("strategy", ["nudge", "keywords", "full"])
def test_what_refolio_tailors_holds(tenant: Tenant, strategy: str) -> None:
    source = tenant.parsed()
    result = tenant.tailor(source, strategy=strategy)["resume_id"]

    verdict = check(
        tenant,
        source,
        structured_data=data_of(tenant, result),
        strategy=strategy,
        job_description=JOB,
        output_language="en",
    )

    assert verdict == {"ok": True, "violations": []}


def test_a_version_with_a_lie_is_told_where_and_what(standing: Tenant, source: str) -> None:
    own = data_of(standing, source)
    person = own["personalInfo"] | {"name": "Somebody Else"}

    verdict = check(standing, source, structured_data=own | {"personalInfo": person})

    assert verdict == {
        "ok": False,
        "violations": [
            {
                "path": "personalInfo.name",
                "kind": "LOCKED_FIELD_CHANGED",
                "detail": "This place is never changed by a tailoring.",
                "source": own["personalInfo"]["name"],
                "tailored": "Somebody Else",
            }
        ],
    }


def test_the_strategy_that_is_named_counts(standing: Tenant, source: str) -> None:
    own = data_of(standing, source)
    job = own["workExperience"][0]
    moved = job | {"description": job["description"][::-1]}
    version = own | {"workExperience": [moved, *own["workExperience"][1:]]}

    kinds = {
        strategy: [
            found["kind"]
            for found in check(standing, source, structured_data=version, strategy=strategy)[
                "violations"
            ]
        ]
        for strategy in ("NUDGE", "FULL")
    }

    assert kinds == {"NUDGE": ["STRATEGY_FORBIDS"], "FULL": []}


def test_checking_leaves_nothing_behind(standing: Tenant, source: str) -> None:
    before = everything(standing), standing.get(source)

    check(standing, source, structured_data={"summary": "CTO"})

    assert (everything(standing), standing.get(source)) == before


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"structured_data": None},
        {"structured_data": []},
        {"structured_data": {"summary": 1}},
        {"structured_data": {}, "strategy": "most"},
        {"structured_data": {}, "output_language": "fr"},
        {"structured_data": {}, "job_description": "x" * 200_001},
        {"structured_data": {"summary": "\0"}},
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_version_is_refused(standing: Tenant, source: str, body: Any) -> None:
    refusal = standing.refused("POST", f"/api/v1/resumes/{source}/check", json=body)

    assert refusal[:2] == (422, "VALIDATION_ERROR")


def test_the_api_documentation_shows_what_is_answered(deployment: Deployment) -> None:
    document = deployment.http.get("/openapi.json").json()
    schemas = document["components"]["schemas"]

    for method, act, name in (
        ("get", "changes", "Changes"),
        ("get", "match", "Match"),
        ("post", "match", "Match"),
        ("post", "check", "Checked"),
    ):
        operation = document["paths"][f"/api/v1/resumes/{{resume_id}}/{act}"][method]
        shown = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        assert shown.endswith(f"/Data_{name}_")
    assert schemas["Change"]["properties"].keys() == CHANGE
    assert schemas["Match"]["properties"].keys() == MATCH
    assert schemas["Breach"]["properties"].keys() == {
        "path",
        "kind",
        "detail",
        "source",
        "tailored",
    }
