"""Whoever tailored it: what the source does not support is named, and nothing else is."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.tailoring.built_in import BuiltInEngine
from commands.tailoring.checking import violations
from commands.tailoring.conclude import conclude
from commands.tailoring.posting import analyse_job
from events.tailoring import Strategy
from tailoring_samples import POSTING, analysis, resume
from tailoring_versions import (
    BUILT,
    EVERY,
    LOCKED,
    Way,
    as_json,
    at,
    bullets,
    changed,
    checked,
    kinds,
    lines,
    rich,
)


@pytest.mark.parametrize("strategy", EVERY)
def test_the_source_itself_holds(strategy: Strategy) -> None:
    assert checked(rich(), strategy) == ()


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(st.text(max_size=60), max_size=6),
    summary=st.text(max_size=200),
    skills=st.lists(st.text(max_size=20), max_size=6),
)
def test_no_resume_violates_itself(texts: list[str], summary: str, skills: list[str]) -> None:
    jobs = [
        {"title": text, "company": text[::-1], "description": texts} for text in [*texts, *texts]
    ]
    data = resume(
        summary=summary,
        workExperience=jobs,
        education=[{"degree": text, "description": text} for text in texts],
        additional={"technicalSkills": skills, "awards": texts},
    )

    assert checked(data, source=data) == ()


@pytest.mark.parametrize("strategy", EVERY)
@pytest.mark.parametrize(
    "posting", [POSTING, "Data engineer\n\nRequired: Postgres, Java, machine learning, Kafka."]
)
def test_what_the_built_in_engine_makes_holds(strategy: Strategy, posting: str) -> None:
    asked = analyse_job(posting)
    for source in (resume(), rich()):
        edits = BuiltInEngine().propose(source, asked, posting, strategy, "en").edits
        made = conclude(source, posting, asked, strategy, "en", edits)

        assert made.data != source
        assert violations(source, made.data, strategy=strategy, job_description=posting) == ()
        assert violations(source, made.data, strategy=strategy) == ()


@settings(max_examples=200, deadline=None)
@given(
    way=st.sampled_from(LOCKED),
    value=st.one_of(st.text(max_size=20), st.integers(0, 9), st.booleans(), st.none()),
)
def test_no_change_of_a_locked_place_is_ever_let_through(way: Way, value: Any) -> None:
    old = at(as_json(rich()), way)
    try:
        tailored = changed(way, value)
    except ValueError:
        return  # no resume at all
    if at(as_json(tailored), way) == old:
        return

    found = checked(tailored)
    assert found
    assert {violation.kind for violation in found} <= {
        "LOCKED_FIELD_CHANGED",
        "ENTRY_DROPPED",
        "ENTRY_INVENTED",
    }


@pytest.mark.parametrize(
    ("way", "path"),
    [
        (("personalInfo", "name"), "personalInfo.name"),
        (("workExperience", 0, "company"), "workExperience[0].company"),
        (("workExperience", 1, "title"), "workExperience[1].title"),
        (("workExperience", 1, "years"), "workExperience[1].years"),
        (("education", 0, "degree"), "education[0].degree"),
        (("education", 0, "institution"), "education[0].institution"),
        (("education", 0, "description"), "education[0].description"),
        (("additional", "languages", 0), "additional.languages[0]"),
        (("additional", "certificationsTraining", 0), "additional.certificationsTraining[0]"),
        (("additional", "awards", 0), "additional.awards[0]"),
        (("sectionMeta", 0, "displayName"), "sectionMeta[0].displayName"),
        (("customSections", "clubs", "items", 0, "title"), "customSections.clubs.items[0].title"),
        (("ownKey", "deep", 0), "ownKey.deep[0]"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_locked_field_is_named_by_its_path(way: Way, path: str) -> None:
    assert kinds(changed(way, "Chief of all")) == [(path, "LOCKED_FIELD_CHANGED")]


def test_a_violation_shows_both_sides() -> None:
    found = checked(changed(("personalInfo", "name"), "Eve"))

    assert [(one.source, one.tailored) for one in found] == [("Ada Example", "Eve")]


def test_a_list_of_another_length_is_shown_whole() -> None:
    found = checked(changed(("additional", "languages"), ["English"]))

    assert [(one.path, one.source, one.tailored) for one in found] == [
        ("additional.languages", ["Spanish (Fluent)", "English"], ["English"])
    ]


@pytest.mark.parametrize("section", ["workExperience", "education", "personalProjects"])
def test_a_dropped_entry_is_named_once(section: str) -> None:
    entries = as_json(rich())[section]

    assert kinds(changed((section,), entries[1:])) == [(f"{section}[0]", "ENTRY_DROPPED")]


def test_an_invented_entry_is_named_once() -> None:
    jobs = as_json(rich())["workExperience"]
    invented = {"id": 9, "title": "CTO", "company": "Initech", "years": "2022", "description": []}

    assert kinds(changed(("workExperience",), [invented, *jobs])) == [
        ("workExperience[0]", "ENTRY_INVENTED")
    ]


def test_an_entry_that_stands_twice_is_invented() -> None:
    jobs = as_json(rich())["workExperience"]

    assert kinds(changed(("workExperience",), [*jobs, jobs[0]])) == [
        ("workExperience[2]", "ENTRY_INVENTED")
    ]


def test_entries_that_change_places_are_named_as_such() -> None:
    found = checked(changed(("workExperience",), as_json(rich())["workExperience"][::-1]))

    assert [(one.path, one.kind, one.tailored) for one in found] == [
        (
            "workExperience",
            "ENTRY_MOVED",
            ["Intern, Globex", "Backend Engineer, Robust Systems"],
        )
    ]


def test_lines_are_followed_into_an_entry_that_moved() -> None:
    jobs = as_json(rich())["workExperience"]
    jobs[0]["description"][2] = "Led a team of 40 engineers"

    found = kinds(changed(("workExperience",), jobs[::-1]))

    assert ("workExperience[0].description[2]", "INVENTED_METRIC") in found


def test_a_dropped_line_is_named_and_the_others_are_not() -> None:
    path = "workExperience[0].description[1]"

    assert kinds(bullets([lines()[0], *lines()[2:]])) == [(path, "LINE_DROPPED")]


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [("NUDGE", ["STRATEGY_FORBIDS"]), ("KEYWORDS", ["STRATEGY_FORBIDS"]), ("FULL", [])],
)
def test_only_the_widest_strategy_moves_lines(strategy: Strategy, expected: list[str]) -> None:
    moved = bullets(lines()[::-1])

    assert [found.kind for found in checked(moved, strategy)] == expected


def test_a_line_is_found_again_where_it_was_moved_and_reworded() -> None:
    truthful = lines()[1].replace("Built", "Built tidy")
    false = lines()[1].replace("20%", "90%")

    for new, expected in ((truthful, "UNSUPPORTED_WORD"), (false, "INVENTED_METRIC")):
        moved = [*lines()[2:], new, lines()[0]]
        assert kinds(bullets(moved)) == [("workExperience[0].description[1]", expected)]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("20%", "40%", "INVENTED_METRIC"),
        ("in Python", "in Python and Terraform", "FABRICATED_SKILL"),
        ("clients", "clients of Vandelay", "FABRICATED_NAME"),
        ("Built", "Built purple", "UNSUPPORTED_WORD"),
        ("Built", "Single-handedly built", "RAISED_CLAIM"),
        ("Built", "Built\u200b", "UNSAFE_TEXT"),
    ],
)
def test_a_reworded_line_is_judged_by_the_gate(old: str, new: str, kind: str) -> None:
    reworded = BUILT.replace(old, new)

    assert kinds(bullets([lines()[0], reworded, *lines()[2:]])) == [
        ("workExperience[0].description[1]", kind)
    ]


def test_an_honest_rewording_holds() -> None:
    reworded = "Helped migrate 12 services to Kubernetes with a pilot team"

    assert kinds(bullets([reworded, *lines()[1:]])) == []


def test_an_invented_line_is_judged_by_the_gate() -> None:
    found = checked(bullets([*lines(), "Ran Terraform for 12 teams"]))

    assert [(one.path, one.source) for one in found] == [("workExperience[0].description", None)]


def test_a_summary_that_claims_too_much_is_named() -> None:
    tailored = changed(("summary",), "Backend engineer who likes tidy systems and Terraform.")

    assert kinds(tailored) == [("summary", "FABRICATED_SKILL")]


def test_a_summary_that_is_gone_is_named() -> None:
    assert kinds(changed(("summary",), "")) == [("summary", "BLANK_TEXT")]


@pytest.mark.parametrize("strategy", EVERY)
def test_skills_may_stand_in_any_order(strategy: Strategy) -> None:
    skills = ("additional", "technicalSkills")

    assert kinds(changed(skills, ["Postgres", "Java", "C++"]), strategy) == []


@pytest.mark.parametrize(
    ("skills", "expected"),
    [
        (["Java", "C++"], ["ITEM_DROPPED"]),
        (["Java", "C++", "Postgres", "Terraform"], ["ITEM_INVENTED"]),
        (["Java", "C#", "Postgres"], ["ITEM_DROPPED", "ITEM_INVENTED"]),
        (["Java", "C++", "Postgres", "Java"], ["ITEM_INVENTED"]),
    ],
    ids="+".join,
)
def test_a_list_of_skills_keeps_every_entry(skills: list[str], expected: list[str]) -> None:
    found = kinds(changed(("additional", "technicalSkills"), skills))

    assert found == [("additional.technicalSkills", kind) for kind in expected]


def test_without_a_language_a_version_is_read_in_the_language_of_its_source() -> None:
    source = resume(
        summary="Desarrollador que trabaja con clientes.",
        workExperience=[{"title": "Dev", "company": "Acme", "description": ["Hice informes"]}],
    )
    praised = changed(("summary",), "Desarrollador excelente con clientes.", source)

    assert checked(praised, source=source)


def test_a_thousand_changed_lines_are_refused_and_answered_soon() -> None:
    many = [f"Did this and that, part {'x' * (i % 40)}" for i in range(1000)]

    found = checked(bullets(many))

    assert ("", "TOO_MANY_CHANGES") in [(one.path, one.kind) for one in found]


def test_a_change_that_no_rule_names_is_told_of_the_whole() -> None:
    tailored = changed(("ownKey", "more"), None)

    assert kinds(tailored) == [("", "DOCUMENT_NOT_GROUNDED")]


def test_a_line_that_changed_its_employer_is_held_against_the_new_one() -> None:
    jobs = as_json(rich())["workExperience"]
    jobs[1]["description"].append(jobs[0]["description"].pop(1))

    found = kinds(changed(("workExperience",), jobs))

    assert ("workExperience[0].description[1]", "LINE_DROPPED") in found
    assert "workExperience[1].description" in [path for path, _ in found]


def test_employers_that_change_places_are_told() -> None:
    jobs = as_json(rich())["workExperience"]
    jobs[0]["company"], jobs[1]["company"] = jobs[1]["company"], jobs[0]["company"]

    assert kinds(changed(("workExperience",), jobs)) == [
        ("workExperience[0].company", "LOCKED_FIELD_CHANGED"),
        ("workExperience[1].company", "LOCKED_FIELD_CHANGED"),
    ]


def test_the_posting_lends_nothing() -> None:
    asked = analysis().keywords.preferred_skills[0]

    assert kinds(changed(("summary",), f"Backend engineer who likes {asked}."))


def test_the_same_pair_is_always_judged_alike() -> None:
    tailored = bullets(["Led a team of 40 engineers", *lines()[::-1]])

    assert len({repr(checked(tailored)) for _ in range(20)}) == 1
