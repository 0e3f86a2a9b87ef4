"""The contract's test vectors 07 to 10: what a model may change, over real HTTP.

The model proposes what a test tells it to; what became of it, the product tells.
"""

import io
import json
from collections.abc import Iterator
from typing import Any, Final

import docx
import pytest

from hostile_world import obeying, use
from llm_roles import honest, task_of
from llm_standin import Asked, Reply, StandIn
from server import Tenant
from tailoring_edits import BUILT, SKILLS, WORK
from tailoring_samples import POSTING, resume

RESUMES: Final = "/api/v1/resumes"
REWORDED: Final = "Built Python REST APIs for over 300 clients, cutting latency by 20%"
SHORTER: Final = "Built REST APIs in Python for clients"
SKILLS_PATH: Final = "additional.technicalSkills"
CONSULTED: Final = {"sectionType": "text", "text": "Consulted."}


@pytest.fixture(scope="module")
def model() -> Iterator[StandIn]:
    server = StandIn(honest)
    yield server
    server.close()


@pytest.fixture(scope="module")
def source(standing: Tenant, model: StandIn) -> str:
    """Return a resume full of traps, of an organization that asks the model."""
    resume_id = standing.parsed()
    data = resume().model_dump(mode="json", by_alias=True)
    data["customSections"] = {"consulting": CONSULTED}
    standing.edit(resume_id, structured_data=data)
    use(standing, model, "openai")
    return resume_id


def data_of(tenant: Tenant, resume_id: str) -> dict[str, Any]:
    data: dict[str, Any] = tenant.get(resume_id)["structured_data"]
    return data


def change(
    path: str, value: object, original: object = None, action: str = "replace"
) -> dict[str, Any]:
    """Return an edit as a model proposes it."""
    named = {"path": path, "action": action, "original": original, "value": value}
    return named | {"reason": "Closer to the posting.", "evidence": []}


REFUSED: Final = {
    "null original": ("FULL", change(f"{WORK}[1]", REWORDED)),
    "replace on a list": ("FULL", change(WORK, REWORDED, BUILT)),
    "title": ("FULL", change("workExperience[0].title", "CTO", "Backend Engineer")),
    "company": ("FULL", change("workExperience[0].company", "Initech", "Robust Systems")),
    "education": ("FULL", change("education[0].degree", "PhD", "BSc")),
    "custom": ("FULL", change("customSections.consulting.text", "Led.", "Consulted.")),
    "append of nothing": ("FULL", change(WORK, "  ", None, "append")),
    "append under keywords": ("KEYWORDS", change(WORK, SHORTER, None, "append")),
    "other skills": ("FULL", change(SKILLS_PATH, ["Go", *SKILLS[1:]], [*SKILLS], "reorder")),
}
ACCEPTED: Final = {
    "replace": ("NUDGE", change(f"{WORK}[1]", REWORDED, BUILT)),
    "append under full": ("FULL", change(WORK, SHORTER, None, "append")),
    "same skills": ("NUDGE", change(SKILLS_PATH, [*SKILLS[::-1]], [*SKILLS], "reorder")),
}


def verdict(
    tenant: Tenant, model: StandIn, source: str, strategy: str, edit: dict[str, Any]
) -> dict[str, Any]:
    """Have the model propose one edit, and return what was made of it."""
    model.script = obeying([edit])
    tailored = tenant.tailor(source, job_description=POSTING, strategy=strategy)
    path = f"{RESUMES}/{tailored['resume_id']}/changes"
    changes = tenant.data("GET", path)["changes"]
    judged: dict[str, Any] = next(one for one in changes if one["path"] == edit["path"])
    assert tailored["refinement_stats"]["rejected_changes"] == (not judged["accepted"])
    judged["data"] = data_of(tenant, tailored["resume_id"])
    return judged


@pytest.mark.parametrize("name", ACCEPTED)
def test_vector_07_what_is_true_and_allowed_is_applied(
    standing: Tenant, model: StandIn, source: str, name: str
) -> None:
    strategy, edit = ACCEPTED[name]

    judged = verdict(standing, model, source, strategy, edit)

    assert (judged["accepted"], judged["refusal"]) == (True, None)
    assert json.dumps(edit["value"])[1:-1] in json.dumps(judged["data"])


@pytest.mark.parametrize("name", REFUSED)
def test_vector_07_what_is_not_allowed_is_refused(
    standing: Tenant, model: StandIn, source: str, name: str
) -> None:
    strategy, edit = REFUSED[name]
    before = data_of(standing, source)

    judged = verdict(standing, model, source, strategy, edit)

    assert judged["accepted"] is False
    assert judged["refusal"]
    for locked in ("personalInfo", "education", "customSections"):
        assert judged["data"][locked] == before[locked]
    assert edit["value"] not in judged["data"]["workExperience"][0].values()
    assert SHORTER not in judged["data"]["workExperience"][0]["description"]
    assert sorted(judged["data"]["additional"]["technicalSkills"]) == sorted(SKILLS)


@pytest.mark.parametrize("strategy", ["NUDGE", "KEYWORDS", "FULL"])
def test_vector_08_names_dates_addresses_and_odd_skills_survive(
    standing: Tenant, model: StandIn, source: str, strategy: str
) -> None:
    model.script = honest
    tailored = standing.tailor(source, job_description=POSTING, strategy=strategy)
    data = data_of(standing, tailored["resume_id"])
    job = data["workExperience"][0]

    assert (job["company"], job["years"]) == ("Robust Systems", "2019—2020")
    assert "https://x.org/a--b" in job["description"][3]
    assert sorted(data["additional"]["technicalSkills"]) == sorted(SKILLS)


@pytest.mark.parametrize(
    ("asked_for", "removed"), [("", ["spearheaded"]), ("You have spearheaded it.", [])]
)
def test_vector_08_spearheaded_becomes_plain_unless_the_posting_says_it(
    tenant: Tenant, asked_for: str, removed: list[str]
) -> None:
    resume_id = tenant.parsed()
    spearheaded = "Spearheaded REST API design in Python"
    job = {"id": 1, "title": "Engineer", "company": "Acme", "description": [spearheaded]}
    tenant.edit(resume_id, structured_data={"workExperience": [job]})

    posting = f"{POSTING}\n{asked_for}"
    tailored = tenant.tailor(resume_id, job_description=posting)

    (bullet,) = data_of(tenant, tailored["resume_id"])["workExperience"][0]["description"]
    assert bullet.startswith("Led " if removed else "Spearheaded ")
    assert bullet.endswith("REST API design in Python")
    assert tailored["refinement_stats"]["ai_phrases_removed"] == removed


def test_vector_09_javascript_is_no_spelling_of_java(
    standing: Tenant, model: StandIn, source: str
) -> None:
    java = "Fixed bugs in a Java billing tool"
    path = "workExperience[1].description[0]"
    lie = change(path, java.replace("Java", "JavaScript"), java)
    data = data_of(standing, source)
    data["additional"]["technicalSkills"] = ["JavaScript", *SKILLS[1:]]

    judged = verdict(standing, model, source, "FULL", lie)
    checked = standing.data(
        "POST", f"{RESUMES}/{source}/check", json={"structured_data": data, "strategy": "full"}
    )

    assert judged["refusal"] == "FABRICATED_SKILL"
    assert "JavaScript" not in json.dumps(judged["data"])
    assert checked["ok"] is False
    assert {breach["path"] for breach in checked["violations"]} == {SKILLS_PATH}


LINES: Final = (
    "Ada Example",
    "ada@example.org",
    "Experience",
    "Backend Engineer, Robust Systems",
    "Jan 2019 - Present",
    "Built REST APIs for 300 clients",
    "Education",
    "BSc Computer Science, Example University",
    "2019",
)


def document() -> bytes:
    written = docx.Document()
    for line in LINES:
        written.add_paragraph(line)
    file = io.BytesIO()
    written.save(file)
    return file.getvalue()


def without_months(asked: Asked) -> Reply:
    """Sort the document as a model that leaves months out."""
    if task_of(asked) != "resume":
        return honest(asked)
    answer = json.loads(honest(asked).text)
    job = {"title": "Backend Engineer", "company": "Robust Systems", "location": ""}
    study = {"institution": "Example University", "degree": "BSc Computer Science"}
    bullets = ["Built REST APIs for 300 clients"]
    answer["workExperience"] = [job | {"years": "2019 - Present", "description": bullets}]
    answer["education"] = [study | {"years": "2019", "description": []}]
    return Reply(text=json.dumps(answer))


@pytest.mark.parametrize("sorted_by", ["rules", "model"])
def test_vector_10_months_come_back_to_the_range_they_belong_to(
    tenant: Tenant, model: StandIn, sorted_by: str
) -> None:
    model.asked.clear()
    if sorted_by == "model":
        model.script = without_months
        use(tenant, model, "openai")

    resume_id = tenant.until(tenant.upload_file("ada.docx", document()), "READY")

    data = data_of(tenant, resume_id)
    assert [task_of(asked) for asked in model.asked] == ["resume"] * (sorted_by == "model")
    assert [job["years"] for job in data["workExperience"]] == ["Jan 2019 - Present"]
    assert [study["years"] for study in data["education"]] == ["2019"]
