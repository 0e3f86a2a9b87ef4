import pytest

from commands.tailoring.conclude import conclude
from commands.tailoring.posting import analyse_job
from commands.tailoring.titles import disciplines
from events.tailoring import Edit
from tailoring_samples import resume

POSTING = "Requirements:\n- Software engineering\n- Rust"


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Software Engineer", {"Software engineering"}),
        ("Senior Software Engineer II", {"Software engineering"}),
        ("Software Engineer, Payments", {"Software engineering"}),
        ("Software Engineer at Acme", {"Software engineering"}),
        ("Team lead / Data Engineer", {"Data engineering"}),
        ("Ingeniera de software", {"Software engineering"}),
        ("Engenheiro de Dados Sênior", {"Data engineering"}),
        ("データエンジニア", {"Data engineering"}),
        ("Software Engineer Recruiter", set[str]()),
        ("Aspiring Software Engineer", set[str]()),
        ("Assistant to the Software Engineer", set[str]()),
        ("Software Developer", set[str]()),
        ("Sales Engineer", set[str]()),
        ("Engineer", set[str]()),
    ],
)
def test_a_title_says_what_is_practised_only_where_it_is_one_from_end_to_end(
    title: str, found: set[str]
) -> None:
    assert disciplines(title) == found


@pytest.mark.parametrize("where", ["personalInfo", "workExperience"])
def test_who_bears_the_title_is_not_told_that_the_discipline_is_missing(where: str) -> None:
    job = {"title": "Software Engineer", "company": "Acme", "description": ["Kept the plants"]}
    source = (
        resume(personalInfo={"title": "Software Engineer"})
        if where == "personalInfo"
        else resume(workExperience=[job])
    )

    gain = conclude(source, POSTING, analyse_job(POSTING), "NUDGE", "en", ()).coverage

    (asked,) = [match for match in gain.keywords if match.keyword == "Software engineering"]
    assert asked.before == "implied"
    assert asked.evidence[0].endswith("title")
    assert gain.gaps == ("Rust",)


def test_a_title_lends_a_new_sentence_no_skill() -> None:
    source = resume(personalInfo={"title": "Software Engineer"}, summary="Tidy person.")
    edit = Edit(
        path="summary",
        action="replace",
        original="Tidy person.",
        value="Tidy person. Skills include Software engineering.",
        reason="The posting asks for it.",
        evidence=("personalInfo.title",),
    )

    outcome = conclude(source, POSTING, analyse_job(POSTING), "FULL", "en", (edit,))

    assert [verdict.refusal for verdict in outcome.verdicts] == ["FABRICATED_SKILL"]
    assert outcome.data.summary == "Tidy person."
