"""The model sorts, the document decides: what a parsed resume may hold."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from api.adapters.llm.client import LlmClient
from api.adapters.llm.parser import LlmParser
from api.adapters.llm.thread import ModelThread
from commands.ports import Parsed, ParserFailed
from events.document_text import DocumentText, TextLine
from events.resume import ParsedContent
from llm_standin import Reply, Scripted, config_of
from render.parsing.resume import parse_resume

LINES: Final = (
    "Ada Example",
    "Backend Engineer",
    "ada@example.org | +44 20 7946 0958 | London, UK",
    "Summary",
    "Engineer who likes tidy sys-",
    "tems and C++.",
    "Experience",
    "Backend Engineer, Robust Systems",
    "Jan 2020 – Present",
    "• Built REST APIs for 300 clients",
    "• Led a team of 4 engineers who moved twelve services to",
    "Kubernetes",
    "Intern, Globex",
    "Jun 2018 – Aug 2018",
    "• Fixed bugs in a billing tool",
    "Education",
    "Example University",
    "BSc Computer Science, 2015 - 2018",
    "Thesis on compilers",
    "Skills",
    "Python, PostgreSQL, C++",
)
DOCUMENT: Final = DocumentText(
    kind="pdf",
    pages=1,
    lines=tuple(TextLine(page=1, text=line) for line in LINES),
    links=("https://github.com/ada-example",),
)
HONEST: Final[dict[str, Any]] = {
    "personalInfo": {
        "name": "Ada Example",
        "title": "Backend Engineer",
        "email": "ada@example.org",
        "phone": "+44 20 7946 0958",
        "location": "London, UK",
        "website": "",
        "linkedin": "",
        "github": "github.com/ada-example",
    },
    "summary": "Engineer who likes tidy systems and C++.",
    "workExperience": [
        {
            "title": "Backend Engineer",
            "company": "Robust Systems",
            "location": "",
            "years": "Jan 2020 - Present",
            "description": [
                "Built REST APIs for 300 clients",
                "Led a team of 4 engineers who moved twelve services to Kubernetes",
            ],
        },
        {
            "title": "Intern",
            "company": "Globex",
            "location": "",
            "years": "Jun 2018 - Aug 2018",
            "description": ["Fixed bugs in a billing tool"],
        },
    ],
    "education": [
        {
            "institution": "Example University",
            "degree": "BSc Computer Science",
            "years": "2015 - 2018",
            "description": ["Thesis on compilers"],
        }
    ],
    "personalProjects": [],
    "additional": {
        "technicalSkills": ["Python", "PostgreSQL", "C++"],
        "languages": [],
        "certificationsTraining": [],
        "awards": [],
    },
    "customSections": [],
}


@pytest.fixture(scope="module")
def thread() -> Iterator[ModelThread]:
    with ModelThread() as running:
        yield running


async def public(host: str, port: int) -> tuple[str, ...]:
    return ("93.184.215.14",)


async def at_once(seconds: float) -> None:
    """Pause no time at all."""


def by_rule(text: DocumentText) -> Parsed:
    parsed = parse_resume(text)
    content = ParsedContent(data=parsed.data, sources=parsed.sources, warnings=parsed.warnings)
    return Parsed(content, "built-in")


def failing(text: DocumentText) -> Parsed:
    raise ParserFailed("The parser gave up.")


def parser(thread: ModelThread, *replies: Reply, built_in: Any = by_rule) -> LlmParser:
    wire = Scripted(list(replies))
    client = LlmClient(resolve=public, dial=wire.transport, sleep=at_once)
    return LlmParser(client, thread, config_of("openai"), built_in)


def parsed(thread: ModelThread, answer: dict[str, Any], built_in: Any = by_rule) -> ParsedContent:
    return (
        parser(thread, Reply(text=json.dumps(answer)), built_in=built_in).parse(DOCUMENT).content
    )


def changed(*path: str | int, to: Any) -> dict[str, Any]:
    """Return the honest answer with one value changed."""
    answer: dict[str, Any] = json.loads(json.dumps(HONEST))
    at: Any = answer
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = to
    return answer


def test_an_honest_answer_is_taken_as_it_is(thread: ModelThread) -> None:
    content = parsed(thread, HONEST, failing)

    data = content.data.model_dump(by_alias=True, mode="json")
    assert data["personalInfo"]["email"] == "ada@example.org"
    assert data["personalInfo"]["github"] == "github.com/ada-example"
    assert [len(job["description"]) for job in data["workExperience"]] == [2, 1]
    assert data["summary"] == HONEST["summary"]
    assert data["education"][0]["description"] == "Thesis on compilers"
    assert data["additional"]["technicalSkills"] == ["Python", "PostgreSQL", "C++"]
    assert content.warnings == ()


def test_every_field_has_the_line_that_it_stands_on(thread: ModelThread) -> None:
    lines = {source.path: source.line for source in parsed(thread, HONEST).sources}

    assert lines["personalInfo.name"] == 0
    assert lines["summary"] == 4
    assert lines["workExperience[0].company"] == 7
    assert lines["workExperience[0].description[1]"] == 10
    assert lines["workExperience[1].years"] == 13
    assert lines["education[0].description"] == 18
    assert lines["additional.technicalSkills[2]"] == 20


@pytest.mark.parametrize(
    ("path", "invented"),
    [
        (("personalInfo", "name"), "Eve Mallory"),
        (("personalInfo", "email"), "eve@evil.example"),
        (("personalInfo", "phone"), "+44 20 7946 0959"),
        (("personalInfo", "website"), "https://evil.example"),
        (("personalInfo", "github"), "github.com/eve"),
        (("personalInfo", "title"), "Principal Engineer"),
        (("summary",), "Engineer who likes tidy systems, C++ and Rust."),
        (("workExperience", 0, "company"), "Google"),
        (("workExperience", 0, "company"), "Globex"),
        (("workExperience", 1, "company"), "Robust Systems"),
        (("workExperience", 0, "title"), "Chief Engineer"),
        (("workExperience", 0, "years"), "Jan 2010 - Present"),
        (("workExperience", 0, "years"), "Jun 2018 - Aug 2018"),
        (("workExperience", 0, "description", 0), "Built REST APIs for 3000 clients"),
        (("workExperience", 0, "description", 0), "Fixed bugs in a billing tool"),
        (("workExperience", 0, "description", 1), "Led a team of 40 engineers"),
        (("education", 0, "institution"), "Oxford University"),
        (("education", 0, "degree"), "PhD Computer Science"),
        (("additional", "technicalSkills", 0), "Terraform"),
        (("additional", "technicalSkills", 0), "C"),
        (("additional", "technicalSkills", 0), "Postgre"),
        (("additional", "awards"), ["Nobel Prize"]),
        (("additional", "languages"), ["Japanese (native)"]),
    ],
)
def test_what_the_document_does_not_say_is_not_in_the_resume(
    thread: ModelThread, path: tuple[str | int, ...], invented: str | list[str]
) -> None:
    content = parsed(thread, changed(*path, to=invented))

    text = invented if isinstance(invented, str) else invented[0]
    at: Any = content.data.model_dump(by_alias=True, mode="json")
    for step in path:
        at = at[step] if isinstance(at, dict) or len(at) > int(step) else None
    assert at not in (text, [text])
    assert any("do not stand in the document" in warning for warning in content.warnings)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2020 - Present", "Jan 2020 - Present"),
        ("Jan 2020 - Present", "Jan 2020 - Present"),
        ("2020", "2020"),
    ],
)
def test_months_that_the_model_left_out_come_back_and_no_year_becomes_a_range(
    thread: ModelThread, given: str, kept: str
) -> None:
    content = parsed(thread, changed("workExperience", 0, "years", to=given))

    assert content.data.work_experience[0].years == kept


@pytest.mark.parametrize(
    ("line", "given", "kept"),
    [
        ("Sept 2018 - Aug 2019", "2018 - 2019", "Sept 2018 - Aug 2019"),
        ("2019", "2019", "2019"),
        ("Jan 2018 - May 2019, Jun 2018 - Dec 2019", "2018 - 2019", ""),
    ],
)
def test_months_are_taken_from_the_entrys_own_lines_and_only_if_they_are_clear(
    thread: ModelThread, line: str, given: str, kept: str
) -> None:
    told = ("Ada Example", "Education", "Example College", line, "Experience", "Robust", "Dev")
    texts = tuple(TextLine(page=1, text=text) for text in (*told, "Jan 2019 - Present"))
    document = DocumentText(kind="pdf", pages=1, lines=texts)
    study = {"institution": "Example College", "degree": "", "years": given}
    answer = {"education": [study], "workExperience": []}
    reading = parser(thread, Reply(text=json.dumps(answer)), built_in=failing)

    (read,) = reading.parse(document).content.data.education

    assert read.years == kept


def test_an_invented_entry_is_left_out(thread: ModelThread) -> None:
    ghost = {**HONEST["workExperience"][0], "title": "Chief", "company": "Google"}
    answer = changed("workExperience", to=[ghost, *HONEST["workExperience"]])

    content = parsed(thread, answer)

    assert [job.company for job in content.data.work_experience] == ["Robust Systems", "Globex"]


def test_an_employer_may_stand_once_above_several_roles(thread: ModelThread) -> None:
    top = ("Ada Example", "Experience", "Robust Systems")
    roles_below = ("Lead", "2020 - 2022", "Ran the team", "Engineer", "2018 - 2020", "Wrote code")
    lines = (*top, *roles_below)
    texts = tuple(TextLine(page=1, text=line) for line in lines)
    document = DocumentText(kind="pdf", pages=1, lines=texts)
    roles = [
        {"title": "Lead", "years": "2020 - 2022", "description": ["Ran the team"]},
        {"title": "Engineer", "years": "2018 - 2020", "description": ["Wrote code"]},
    ]
    answer = {"workExperience": [{"company": "Robust Systems", **role} for role in roles]}
    reading = parser(thread, Reply(text=json.dumps(answer)), built_in=failing)

    jobs = reading.parse(document).content.data.work_experience

    assert [job.company for job in jobs] == ["Robust Systems", "Robust Systems"]
    assert [job.description for job in jobs] == [("Ran the team",), ("Wrote code",)]


def test_the_rules_reading_fills_what_the_model_got_wrong(thread: ModelThread) -> None:
    content = parsed(thread, changed("personalInfo", "email", to="eve@evil.example"))

    assert content.data.personal_info.email == "ada@example.org"
    assert {s.path: s.line for s in content.sources}["personalInfo.email"] == 2


def test_an_entry_that_the_model_forgot_is_warned_of(thread: ModelThread) -> None:
    content = parsed(thread, changed("workExperience", to=HONEST["workExperience"][:1]))

    assert any("found 1 roles where the rules found 2" in text for text in content.warnings)


def test_without_the_provider_the_rules_read_alone(thread: ModelThread) -> None:
    read = parser(thread, Reply(status=401, body={})).parse(DOCUMENT)

    assert read.content.data == by_rule(DOCUMENT).content.data
    assert read.content.warnings[-1].startswith("The model was not used. LLM_AUTH_FAILED")
    assert read.usage is None


def test_without_the_rules_the_model_reads_alone(thread: ModelThread) -> None:
    read = parser(thread, Reply(text=json.dumps(HONEST)), built_in=failing).parse(DOCUMENT)

    assert read.content.data.personal_info.name == "Ada Example"
    assert read.usage
    assert read.usage.prompt.startswith("parse-1:")


def test_without_either_the_parsing_fails(thread: ModelThread) -> None:
    with pytest.raises(ParserFailed, match="LLM_AUTH_FAILED"):
        parser(thread, Reply(status=401, body={}), built_in=failing).parse(DOCUMENT)


def test_an_answer_of_inventions_only_is_a_failure_without_the_rules(thread: ModelThread) -> None:
    answer = {"personalInfo": {"name": "Eve"}, "summary": "The best of all engineers."}

    with pytest.raises(ParserFailed):
        parsed(thread, answer, failing)


@pytest.mark.parametrize("answer", [{"workExperience": 7}, {"additional": [1]}, {"summary": None}])
def test_odd_types_count_as_empty(thread: ModelThread, answer: dict[str, Any]) -> None:
    assert parsed(thread, answer).data.personal_info.name == "Ada Example"
