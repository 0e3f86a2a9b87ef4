"""The gate on the truth set, and each of its finer rules by one example."""

import json

import pytest

from commands.tailoring.gate.amounts import in_digits
from commands.tailoring.gate.frequencies import frequencies
from commands.tailoring.gate.grades import graded
from commands.tailoring.gate.quantities import quantities, wordless
from events.resume_data import ResumeData
from events.tailoring import Edit, Language
from tailoring_truth import Person, batches, mutations, people, tally, verdict_of

LEAST_CAUGHT = 0.97
MOST_REFUSED = 0.15
UNLEARNT = {"12", "13"}
"""Batches of the freest rewriting, whose words the gate was not taught: their lies count alone."""
LEAST_MUTATIONS_CAUGHT = 0.995


def refusal(old: str, new: str, language: Language = "en") -> str | None:
    job = {"title": "Shop Assistant", "company": "Elm Hospital", "description": [old]}
    resume = ResumeData.model_validate_json(json.dumps({"workExperience": [job]}))
    edit = Edit(
        path="workExperience[0].description[0]",
        action="replace",
        original=old,
        value=new,
        reason="closer to the posting",
    )
    return verdict_of(Person("someone", language, resume), edit).refusal


@pytest.mark.parametrize("batch", batches())
def test_the_gate_catches_nearly_every_lie_of_a_batch(batch: str) -> None:
    assert tally(batch).recall >= LEAST_CAUGHT - 0.01


def test_the_gate_catches_nearly_every_lie_of_all_batches() -> None:
    found = [tally(batch) for batch in batches()]

    assert sum(f.caught for f in found) / sum(f.lies for f in found) >= LEAST_CAUGHT


@pytest.mark.parametrize("batch", [name for name in batches() if name not in UNLEARNT])
def test_the_gate_lets_most_honest_edits_of_a_batch_through(batch: str) -> None:
    assert tally(batch).refusal_rate <= MOST_REFUSED


def test_mechanical_lies_are_caught() -> None:
    verdicts = [
        verdict_of(person, edit).accepted for person in people()[::3]
        for _, edit in mutations(person)
    ]  # fmt: skip

    assert 1 - sum(verdicts) / len(verdicts) >= LEAST_MUTATIONS_CAUGHT


@pytest.mark.parametrize(
    ("old", "new", "language"),
    [
        ("Taught a class of 28 pupils", "Taught pupils in 28 classes", "en"),
        ("Framed roofs for 22 houses in a crew of five", "Framed roofs for five houses", "en"),
        ("Looked after 6 to 8 children", "Looked after 8 children", "en"),
        ("Prepared forecasts for 3 of 11 regions", "Prepared forecasts for 11 regions", "en"),
        ("Trained a new colleague at the till", "Trained new colleagues at the till", "en"),
        ("Answered 20 calls a day", "Answered 20 calls an hour", "en"),
        ("Cut costs by nearly half", "Cut costs by more than half", "en"),
        ("Cut waiting times by 10%", "Cut waiting times to 10%", "en"),
        ("审批时间缩短三天", "审批时间缩短至三天", "zh"),
        ("入力時間を約10分短縮", "入力時間を約10分に短縮", "ja"),
    ],
)
def test_a_number_that_says_more_is_refused(old: str, new: str, language: Language) -> None:
    assert refusal(old, new, language) == "INVENTED_METRIC"


@pytest.mark.parametrize(
    ("old", "new", "language"),
    [
        ("Patched four servers every month", "Patched 4 servers monthly", "en"),
        ("Answered twenty-five calls a day", "Answered 25 calls daily", "en"),
        ("Reviewed more than 40 invoices", "Reviewed over 40 invoices", "en"),
        ("Preparé informes cada mes", "Preparé informes mensuales", "es"),
        ("负责两家子公司的纳税申报", "负责2家子公司的纳税申报", "zh"),
        ("編集部で毎月1回の会議に参加", "編集部で月1回の会議に参加", "ja"),
    ],
)
def test_a_number_written_otherwise_is_the_same(old: str, new: str, language: Language) -> None:
    assert refusal(old, new, language) is None


@pytest.mark.parametrize(
    ("old", "new", "language"),
    [
        ("Filled in for the foreman on Mondays", "Foreman on Mondays", "en"),
        ("Suggested a card the owner introduced", "Introduced a card", "en"),
        ("Fitted kitchens in flats under supervision", "Fitted kitchens in flats", "en"),
        ("Negocié acuerdos bajo supervisión", "Negocié acuerdos", "es"),
        ("Participei da negociação de acordos", "Negociei acordos", "pt"),
        ("在产品经理指导下编写需求文档", "编写需求文档", "zh"),
        ("先輩と共同で検索処理を改善", "検索処理を改善", "ja"),
        ("Fui a segunda melhor vendedora da loja", "Fui a melhor vendedora da loja", "pt"),
    ],
)
def test_a_part_made_larger_is_refused(old: str, new: str, language: Language) -> None:
    assert refusal(old, new, language) in {"RAISED_CLAIM", "FACTS_DROPPED"}


@pytest.mark.parametrize(
    ("old", "new", "language"),
    [
        ("Prepared displays for the class teacher", "Prepared displays as class teacher", "en"),
        ("Cerré el turno con la supervisora", "Cerré el turno como supervisora", "es"),
        ("週末の発注を店長と行った", "店長として週末の発注を行った", "ja"),
    ],
)
def test_nobody_becomes_what_was_only_nearby(old: str, new: str, language: Language) -> None:
    assert refusal(old, new, language) in {"RAISED_CLAIM", "UNSUPPORTED_WORD"}


def test_the_name_of_the_employer_lends_no_ordinary_words() -> None:
    old = "Cut waiting times on the ward"

    assert refusal(old, "Cut waiting times in the hospital") == "UNSUPPORTED_WORD"


def test_a_limit_drawn_in_a_second_clause_is_not_blurred() -> None:
    old = "Wrote modules for staging; production stayed with the core team"

    assert refusal(old, "Wrote modules for staging and production") == "FACTS_DROPPED"


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("twenty-five", "25"),
        ("two hundred", "200"),
        ("treinta y cinco", "35"),
        ("vinte e um", "vinte e um"),
        ("三年", "3年"),
        ("二十五名", "25名"),
        ("三成", "30%"),
        ("一个", "一个"),
        ("第二册", "第二册"),
    ],
)
def test_spelled_numbers_become_digits(text: str, digits: str) -> None:
    assert in_digits(text) == digits.replace("vinte e um", "20 e um")


@pytest.mark.parametrize("text", ["monthly", "every month", "al mes", "por mês", "每月", "毎月"])
def test_one_frequency_has_many_spellings(text: str) -> None:
    assert [period for period, _, _ in frequencies(text)] == ["month"]


def test_a_bound_after_the_number_counts() -> None:
    assert [q.bound for q in quantities("80余份, 10 or so, 5名以上")] == ["over", "about", "over"]


def test_numbers_leave_no_words_behind() -> None:
    assert wordless("about 25 percent a year").strip() == ""


def test_a_longer_phrase_hides_the_grade_of_its_words() -> None:
    assert graded("bajo supervisión").get("role") == {1}
