import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.tailoring.evidence import Evidence
from events.tailoring import Edit, Strategy
from tailoring_edits import (
    ATTACKS,
    BUILT,
    EVERY,
    HELPED,
    HONEST,
    LED,
    SKILLS,
    SUMMARY,
    WORK,
    bullet,
    edit,
    run,
    summary,
)
from tailoring_samples import resume


@pytest.mark.parametrize("name", ATTACKS)
def test_a_hostile_edit_is_refused_for_its_reason_and_changes_nothing(name: str) -> None:
    code, attack = ATTACKS[name]

    result, (verdict,) = run(attack)

    assert (verdict.refusal, result) == (code, resume())
    assert verdict.detail.endswith(".")


@pytest.mark.parametrize("strategy", EVERY)
def test_all_hostile_edits_together_leave_the_document_byte_equal(strategy: Strategy) -> None:
    attacks = [attack for _, attack in ATTACKS.values()]
    results = [run(*attacks[i : i + 60], strategy=strategy)[0] for i in (0, 30)]

    assert {r.model_dump_json() for r in results} == {resume().model_dump_json()}


def test_one_honest_edit_among_hostile_ones_lands_alone() -> None:
    honest = bullet("Built Python REST APIs for over 300 clients, cutting latency by 20%")
    attacks = [attack for _, attack in ATTACKS.values()][:40]

    result, verdicts = run(*attacks[:20], honest, *attacks[20:])

    assert [v.edit for v in verdicts if v.accepted] == [honest]
    assert result.work_experience[0].description[1] == honest.value


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_edit_is_accepted(name: str) -> None:
    strategy, honest = HONEST[name]

    result, (verdict,) = run(honest, strategy=strategy)

    assert verdict.accepted, f"{verdict.refusal}: {verdict.detail}"
    assert result != resume()


@pytest.mark.parametrize("strategy", ["NUDGE", "KEYWORDS"])
def test_only_full_adds_bullets(strategy: Strategy) -> None:
    _, (verdict,) = run(HONEST["a new line made of an old one"][1], strategy=strategy)

    assert verdict.refusal == "STRATEGY_FORBIDS"


def reversed_bullets() -> Edit:
    lines = resume().work_experience[0].description
    return edit(WORK, lines[::-1], lines, "reorder")


@pytest.mark.parametrize("strategy", ["NUDGE", "KEYWORDS"])
def test_only_full_moves_bullets(strategy: Strategy) -> None:
    _, (verdict,) = run(reversed_bullets(), strategy=strategy)

    assert verdict.refusal == "STRATEGY_FORBIDS"


def test_a_rewritten_bullet_moves_with_its_place_and_new_ones_come_last() -> None:
    new = HONEST["words in another order"][1]
    result, _ = run(HONEST["a new line made of an old one"][1], new, reversed_bullets())

    assert result.work_experience[0].description[2] == new.value
    assert result.work_experience[0].description[-1] == "Built REST APIs in Python for clients"


def test_a_new_order_keeps_the_casing_of_the_source() -> None:
    shouted = tuple(skill.upper() for skill in SKILLS[::-1])

    result, _ = run(edit("additional.technicalSkills", shouted, SKILLS, "reorder"))

    assert result.additional.technical_skills == SKILLS[::-1]


def test_a_place_is_changed_once() -> None:
    again = bullet(BUILT.replace("Built", "Developed"))

    _, verdicts = run(HONEST["words in another order"][1], again)

    assert [v.refusal for v in verdicts] == [None, "ALREADY_CHANGED"]


def test_a_refused_edit_does_not_use_up_its_place() -> None:
    _, verdicts = run(ATTACKS["null original"][1], HONEST["words in another order"][1])

    assert [v.accepted for v in verdicts] == [False, True]


def test_an_entry_gets_two_new_lines_at_most() -> None:
    lines = [
        f"Built {what} in Python for clients" for what in ("REST APIs", "services", "reports")
    ]

    _, verdicts = run(*[edit(WORK, line, None, "append") for line in lines])

    assert [v.refusal for v in verdicts] == [None, None, "TOO_MANY_ADDITIONS"]


def test_the_sixty_first_edit_is_refused_unread() -> None:
    _, verdicts = run(*[bullet("  ")] * 60, HONEST["words in another order"][1])

    assert verdicts[60].refusal == "TOO_MANY_CHANGES"


def test_an_employer_in_the_summary_is_tied_to_its_own_entry() -> None:
    _, (verdict,) = run(summary(f"{SUMMARY} Work at Globex involved Kubernetes."))

    assert verdict.refusal == "FABRICATED_SKILL"


def test_an_accepted_edit_changes_nothing_else() -> None:
    result, _ = run(HONEST["words in another order"][1])

    before, after = resume().model_dump(), result.model_dump()
    before["work_experience"][0].pop("description")
    after["work_experience"][0].pop("description")
    assert after == before


def test_a_translation_keeps_numbers_names_and_skills_under_guard() -> None:
    _, verdicts = run(
        edit(f"{WORK}[2]", "Lideré un equipo de 4 ingenieros", LED),
        bullet("Creé APIs REST en Python para más de 300 clientes, reduciendo 40%"),
        language="es",
    )

    assert [v.refusal for v in verdicts] == [None, "INVENTED_METRIC"]


def test_text_that_was_not_translated_is_judged_word_by_word() -> None:
    _, (verdict,) = run(bullet(f"{BUILT} and delighting the investors"), language="es")

    assert verdict.refusal == "UNSUPPORTED_WORD"


PATHS = st.sampled_from(
    ["summary", WORK, "additional.technicalSkills", "personalInfo.name", "education[0].degree"]
    + [f"{WORK}[{i}]" for i in range(4)]
    + ["workExperience[1].description[0]", "personalProjects[0].description[0]"]
)
WORDS = [*BUILT.split(), *SUMMARY.split(), "Terraform", "Google", "40%", "Expert", "Kubernetes"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join) | st.text(max_size=40)
VALUES = TEXTS | st.permutations(SKILLS).map(tuple) | st.lists(TEXTS, max_size=6).map(tuple)
ORIGINALS = st.sampled_from([BUILT, HELPED, LED, SUMMARY, "A linter", SKILLS, None])
EDITS = st.builds(
    Edit,
    path=PATHS,
    action=st.sampled_from(["replace", "append", "reorder"]),
    original=ORIGINALS,
    value=VALUES,
    reason=st.just("x"),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(EDITS, max_size=8), st.sampled_from(EVERY))
def test_no_edit_moves_a_locked_field_or_adds_a_skill(edits: list[Edit], way: Strategy) -> None:
    source = resume()

    result, _ = run(*edits, strategy=way)

    assert Evidence(result).concepts <= Evidence(source).concepts
    assert result.personal_info == source.personal_info
    assert result.education == source.education
    assert [(j.title, j.company, j.years) for j in result.work_experience] == [
        (j.title, j.company, j.years) for j in source.work_experience
    ]
    assert sorted(result.additional.technical_skills) == sorted(SKILLS)
