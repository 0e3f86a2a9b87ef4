"""Cover letters and outreach messages over HTTP, by template and by a model."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from api.ids import new_id, to_wire
from llm_standin import Reply, StandIn
from server import JOB, Deployment, Tenant

RECORD = ["id", "organization_id", "resume_id", "content", "created_at", "updated_at"]
KINDS = {"cover-letters": "cover_letter", "outreach": "outreach"}
PREFIXES = {"cover-letters": "cl", "outreach": "om"}


def path(resume_id: str, kind: str = "cover-letters", *more: str) -> str:
    return "/".join([f"/api/v1/resumes/{resume_id}/{kind}", *more])


def written(tenant: Tenant, resume_id: str, kind: str = "cover-letters", **body: object) -> Any:
    return tenant.data("POST", path(resume_id, kind), json=body)


@pytest.fixture(scope="module")
def source(standing: Tenant) -> str:
    """Return a parsed resume that no test changes."""
    return standing.parsed()


@pytest.fixture(scope="module")
def result(standing: Tenant, source: str) -> str:
    """Return a tailored resume, which has a posting of its own."""
    resume_id: str = standing.tailor(source)["resume_id"]
    return resume_id


@pytest.fixture
def standin() -> Iterator[StandIn]:
    server = StandIn()
    yield server
    server.close()


def use(tenant: Tenant, standin: StandIn) -> None:
    settings = {"api_base": f"{standin.url}/v1", "api_key": "key", "model": "test-model"}
    tenant.data("PUT", "/api/v1/llm-config", json={"provider": "openai_compatible", **settings})


def saying(standin: StandIn, *letters: str) -> None:
    """Have the model write these letters, one after the other, and propose no edits."""
    left = iter(letters)

    def script(asked: Any) -> Reply:
        if '"letter"' not in json.dumps(asked.body).replace("\\", ""):
            return Reply(text='{"edits": [], "keywords": []}')
        return Reply(text=json.dumps({"letter": next(left)}))

    standin.script = script


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_is_a_record_of_six_members(tenant: Tenant, kind: str) -> None:
    resume_id = tenant.parsed()

    answer = tenant.http.post(path(resume_id, kind), json={"job_description": JOB})

    letter = answer.json()["data"]
    assert answer.status_code == 201
    assert list(letter) == RECORD
    assert letter["id"].startswith(f"{PREFIXES[kind]}_")
    assert letter["resume_id"] == resume_id
    assert letter["content"].endswith("Mira Holloway")
    assert letter["created_at"] == letter["updated_at"]
    assert tenant.data("GET", path(resume_id, kind, letter["id"])) == letter
    assert tenant.data("GET", path(resume_id, kind)) == [letter]


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_is_charged_once_and_reading_it_never(tenant: Tenant, kind: str) -> None:
    resume_id = tenant.parsed()
    letter = written(tenant, resume_id, kind, jobDescription=JOB)

    tenant.data("GET", path(resume_id, kind, letter["id"]))

    assert tenant.used() == {"parse": 1, KINDS[kind]: 1}
    records = tenant.data("GET", "/api/v1/usage")["records"]
    assert records[0]["operation"] == KINDS[kind]
    assert records[0]["resume_id"] == resume_id


@pytest.mark.parametrize("kind", KINDS)
def test_the_two_kinds_do_not_see_each_other(tenant: Tenant, kind: str) -> None:
    other = next(each for each in KINDS if each != kind)
    resume_id = tenant.parsed()
    letter = written(tenant, resume_id, kind, job_description=JOB)

    assert tenant.data("GET", path(resume_id, other)) == []
    for method, *more in (["GET"], ["DELETE"], ["POST", "regenerate"]):
        refusal = tenant.refused(method, path(resume_id, other, letter["id"], *more))
        assert refusal[:2] == (404, "NOT_FOUND")


@pytest.mark.parametrize("body", [None, {}, {"job_description": ""}, {"jobDescription": None}])
def test_a_tailored_resume_brings_its_posting(
    standing: Tenant, result: str, body: dict[str, object] | None
) -> None:
    answer = standing.http.post(path(result), json=body)

    assert answer.status_code == 201
    assert "Contoso" in answer.json()["data"]["content"]


@pytest.mark.parametrize("body", [None, {}, {"job_description": " \n"}])
def test_without_any_posting_there_is_no_letter(
    standing: Tenant, source: str, body: dict[str, object] | None
) -> None:
    refusal = standing.refused("POST", path(source), json=body)

    assert refusal[:2] == (400, "NO_JOB_DESCRIPTION")


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_resume_is_told_as_the_contract_says(standing: Tenant, kind: str) -> None:
    missing = to_wire("res", new_id())

    refusal = standing.refused("POST", path(missing, kind), json={"job_description": JOB})

    assert refusal[:2] == (404, "RESUME_NOT_FOUND")
    assert standing.refused("GET", path(missing, kind))[:2] == (404, "NOT_FOUND")


def test_nobody_writes_about_a_resume_without_data(tenant: Tenant) -> None:
    refusal = tenant.refused("POST", path(tenant.failed()), json={"job_description": JOB})

    assert refusal[:2] == (400, "RESUME_NOT_PARSED")


@pytest.mark.parametrize("posting", [123, ["x"], "word " * 8_001])
def test_a_posting_that_is_none_is_refused(standing: Tenant, source: str, posting: object) -> None:
    refusal = standing.refused("POST", path(source), json={"job_description": posting})

    assert refusal[:2] == (422, "VALIDATION_ERROR")


def test_a_letter_can_be_asked_for_straight_after_the_upload(tenant: Tenant) -> None:
    letter = written(tenant, tenant.upload(), job_description=JOB)

    assert letter["content"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_written_anew_keeps_its_id_and_reads_differently(
    tenant: Tenant, kind: str
) -> None:
    resume_id = tenant.parsed()
    before = written(tenant, resume_id, kind, job_description=JOB)

    body = {"job_description": JOB}
    answer = tenant.http.post(path(resume_id, kind, before["id"], "regenerate"), json=body)

    after = answer.json()["data"]
    assert answer.status_code == 200
    assert list(after) == RECORD
    assert after["id"] == before["id"]
    assert after["created_at"] == before["created_at"]
    assert after["updated_at"] > before["updated_at"]
    assert after["content"] != before["content"]
    assert tenant.used()[KINDS[kind]] == 2


def test_the_posting_that_is_given_once_is_not_kept(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    letter = written(tenant, resume_id, job_description=JOB)

    refusal = tenant.refused("POST", path(resume_id, "cover-letters", letter["id"], "regenerate"))

    assert refusal[:2] == (400, "NO_JOB_DESCRIPTION")
    assert tenant.data("GET", path(resume_id, "cover-letters", letter["id"])) == letter


def test_letters_are_listed_last_written_first_and_in_pages(tenant: Tenant) -> None:
    resume_id = tenant.parsed()
    ids = [written(tenant, resume_id, job_description=JOB)["id"] for _ in range(3)]
    tenant.data(
        "POST",
        path(resume_id, "cover-letters", ids[0], "regenerate"),
        json={"job_description": JOB},
    )

    listed = [letter["id"] for letter in tenant.data("GET", path(resume_id))]
    paged = [letter["id"] for letter in tenant.data("GET", f"{path(resume_id)}?limit=1&offset=1")]

    assert listed == [ids[0], ids[2], ids[1]]
    assert paged == [ids[2]]


@pytest.mark.parametrize("kind", KINDS)
def test_an_erased_letter_is_gone_and_its_charge_stays(tenant: Tenant, kind: str) -> None:
    resume_id = tenant.parsed()
    letter = written(tenant, resume_id, kind, job_description=JOB)

    assert tenant.data("DELETE", path(resume_id, kind, letter["id"])) == {"success": True}

    refusal = tenant.refused("GET", path(resume_id, kind, letter["id"]))
    assert refusal[:2] == (404, "NOT_FOUND")
    assert tenant.refused("DELETE", path(resume_id, kind, letter["id"])) == refusal
    assert tenant.data("GET", path(resume_id, kind)) == []
    assert tenant.used()[KINDS[kind]] == 1


def test_letters_go_with_their_resume(tenant: Tenant) -> None:
    resume_id, other = tenant.parsed(), tenant.parsed()
    letter = written(tenant, resume_id, job_description=JOB)
    kept = written(tenant, other, job_description=JOB)

    tenant.data("DELETE", f"/api/v1/resumes/{resume_id}")

    refusal = tenant.refused("GET", path(resume_id, "cover-letters", letter["id"]))
    assert refusal[:2] == (404, "NOT_FOUND")
    assert tenant.data("GET", path(other)) == [kept]
    assert tenant.used()["cover_letter"] == 2


def test_a_letter_is_in_the_language_of_its_resume(tenant: Tenant) -> None:
    resume_id = tenant.tailor(tenant.parsed(), output_language="es")["resume_id"]

    first = written(tenant, resume_id)
    again = tenant.data("POST", path(resume_id, "cover-letters", first["id"], "regenerate"))

    for letter in (first, again):
        assert " de " in letter["content"]
        assert " the " not in letter["content"]


# ---- together with a tailoring ------------------------------------------------------------------


def test_a_tailoring_brings_the_letters_that_it_was_asked_for(tenant: Tenant) -> None:
    tailored = tenant.tailor(tenant.parsed(), generate_cover_letter=True, generateOutreach=True)

    result = tailored["resume_id"]
    (letter,) = tenant.data("GET", path(result))
    (message,) = tenant.data("GET", path(result, "outreach"))
    assert (tailored["cover_letter_id"], tailored["outreach_id"]) == (letter["id"], message["id"])
    assert tenant.used() == {"parse": 1, "tailor": 1, "cover_letter": 1, "outreach": 1}


def test_the_organizations_flags_hold_for_a_tailoring_that_says_nothing(tenant: Tenant) -> None:
    tenant.data("PUT", "/api/v1/llm-config", json={"enable_cover_letter": True})
    source = tenant.parsed()

    by_flag = tenant.tailor(source)
    against = tenant.tailor(source, generate_cover_letter=False)

    assert by_flag["cover_letter_id"]
    assert by_flag["outreach_id"] is None
    assert against["cover_letter_id"] is None


def test_a_letter_that_fails_leaves_the_tailoring_as_it_is(
    tenant: Tenant, standin: StandIn
) -> None:
    source = tenant.parsed()
    saying(standin, "", "")
    use(tenant, standin)

    tailored = tenant.tailor(source, generate_cover_letter=True)

    codes = {warning["code"] for warning in tailored["warnings"]}
    assert tailored["status"] == "READY"
    assert tailored["cover_letter_id"] is None
    assert "COVER_LETTER_FAILED" in codes
    assert "cover_letter" not in tenant.used()


# ---- by a model ---------------------------------------------------------------------------------

HONEST = """Dear hiring team,

The Senior Data Engineer role at Contoso asks for Python, and that is where I would start.

{evidence} I would bring the same care to your data, and I like work that others rely on every \
day. What I have done so far is close to what your posting describes, and I would be glad to show \
you how I went about it, which questions came first and what the people around me made of it. I \
know that every team works in its own way, and I read before I change anything.

I am available for a conversation at any time that suits you, and I thank you for reading this \
letter with care.

Kind regards,"""


def honest(tenant: Tenant, resume_id: str) -> str:
    """Return a letter that says nothing which the resume does not say."""
    job = tenant.get(resume_id)["structured_data"]["workExperience"][0]
    return HONEST.format(evidence=f"I worked as {job['title']} at {job['company']}.")


def test_a_models_honest_letter_is_taken_and_signed(tenant: Tenant, standin: StandIn) -> None:
    resume_id = tenant.parsed()
    text = honest(tenant, resume_id)
    saying(standin, text)
    use(tenant, standin)

    letter = written(tenant, resume_id, job_description=JOB)

    assert letter["content"] == f"{text}\nMira Holloway"


def test_a_models_lie_is_sent_back_and_then_put_aside(tenant: Tenant, standin: StandIn) -> None:
    resume_id = tenant.parsed()
    lie = honest(tenant, resume_id).replace(
        "I would bring", "I won a Nobel Prize in 2019. I bring"
    )
    saying(standin, lie, lie, "never asked for")
    use(tenant, standin)

    letter = written(tenant, resume_id, job_description=JOB)

    assert "Nobel" not in letter["content"]
    assert letter["content"].endswith("Mira Holloway")
    second = json.dumps(standin.asked[1].body)
    assert len(standin.asked) == 2
    assert "thrown away" in second
    assert tenant.used()["cover_letter"] == 1


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("cover-letters", "COVER_LETTER_PROCESS_FAILED"),
        ("outreach", "OUTREACH_PROCESS_FAILED"),
    ],
)
def test_a_provider_that_refuses_the_key_fails_the_letter_uncharged(
    tenant: Tenant, standin: StandIn, kind: str, code: str
) -> None:
    resume_id = tenant.parsed()
    standin.script = lambda _: Reply(status=401, body={"error": {"message": "no"}})
    use(tenant, standin)

    refusal = tenant.refused("POST", path(resume_id, kind), json={"job_description": JOB})

    assert refusal[:2] == (500, code)
    assert tenant.data("GET", path(resume_id, kind)) == []
    assert tenant.used() == {"parse": 1}


def test_a_model_without_a_word_is_told_as_such(tenant: Tenant, standin: StandIn) -> None:
    resume_id = tenant.parsed()
    saying(standin, "", " \n")
    use(tenant, standin)

    refusal = tenant.refused("POST", path(resume_id), json={"job_description": JOB})

    assert refusal[:2] == (500, "LLM_GENERATION_FAILED")
    assert tenant.used() == {"parse": 1}


def test_a_failed_second_letter_leaves_the_first_one(tenant: Tenant, standin: StandIn) -> None:
    resume_id = tenant.parsed()
    first = written(tenant, resume_id, job_description=JOB)
    standin.script = lambda _: Reply(status=401, body={"error": {"message": "no"}})
    use(tenant, standin)

    again = path(resume_id, "cover-letters", first["id"], "regenerate")
    refusal = tenant.refused("POST", again, json={"job_description": JOB})

    assert refusal[:2] == (500, "REGENERATE_FAILED")
    assert tenant.data("GET", path(resume_id)) == [first]
    assert tenant.used()["cover_letter"] == 1


def test_what_a_letter_took_is_on_record(
    tenant: Tenant, standin: StandIn, deployment: Deployment
) -> None:
    resume_id = tenant.parsed()
    saying(standin, honest(tenant, resume_id))
    use(tenant, standin)
    written(tenant, resume_id, job_description=JOB)

    with deployment.core.connect() as connection:
        (state,) = connection.execute(
            "SELECT convert_from(state, 'UTF8')::jsonb FROM events"
            " WHERE topic = 'letter-drafted' AND organization_id = %s",
            (tenant.organization_id,),
        ).fetchall()

    usage = state[0]["usage"]
    assert usage["model"] == "openai_compatible/test-model"
    assert usage["prompt"].startswith("letter-1:")
    assert (usage["input_tokens"], usage["output_tokens"]) == (11, 7)
    assert usage["cost_micro_usd"] is None
