from typing import Any

import pytest

from commands.tailoring.conclude import Tailored, conclude
from commands.tailoring.posting import analyse_job
from events.resume_data import ResumeData
from events.tailoring import Edit, Strategy
from tailoring_samples import POSTING, analysis, resume

BUILT = "Built REST APIs in Python for over 300 clients, cutting latency by 20%"


def finish(
    *edits: Edit,
    source: ResumeData | None = None,
    posting: str = POSTING,
    strategy: Strategy = "KEYWORDS",
) -> Tailored:
    return conclude(source or resume(), posting, analysis(), strategy, "en", edits)


def with_bullets(*bullets: str, **changes: Any) -> ResumeData:
    job = {"id": 1, "title": "Manager", "company": "Robust Systems", "years": "2019—2020"}
    return resume(workExperience=[{**job, "description": list(bullets)}], **changes)


def lines(outcome: Tailored) -> tuple[str, ...]:
    return outcome.data.work_experience[0].description


def test_an_inflated_verb_becomes_plain_and_the_change_is_explained() -> None:
    outcome = finish(source=with_bullets("Spearheaded the move to a new office"))

    assert lines(outcome) == ("Led the move to a new office",)
    assert outcome.verdicts[-1].edit.reason == (
        "In plainer words: “led” stands for “spearheaded”."
    )
    assert outcome.stats.ai_phrases_removed == ("spearheaded",)
    assert [w.code for w in outcome.warnings] == ["AI_PHRASE_DETECTED"]


def test_a_resume_that_answers_nothing_of_a_posting_keeps_its_words() -> None:
    source = with_bullets("Spearheaded the move to a new office")
    posting = "Requirements:\n- Forklift licence"

    outcome = conclude(source, posting, analyse_job(posting), "FULL", "en", ())

    assert outcome.data == source
    assert outcome.coverage.gaps == ("Forklift",)


@pytest.mark.parametrize(
    "line",
    [
        "Facilitated workshops for nurses",
        "Passionate about bread",
        "Met stakeholders",
        "Orchestrated the move to a new office",
        "Fostered three children",
        "Reported bed utilization to the ward",
    ],
)
def test_a_word_whose_plain_one_says_less_stays_where_its_owner_wrote_it(line: str) -> None:
    assert lines(finish(source=with_bullets(line))) == (line,)


def test_a_phrase_that_the_posting_uses_stays() -> None:
    posting = f"{POSTING}\nYou have spearheaded moves."

    outcome = finish(source=with_bullets("Spearheaded the move"), posting=posting)

    assert lines(outcome) == ("Spearheaded the move",)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Utilized forms in order to save time", "Used forms to save time"),
        ("Kept lists — and plans -- in one place", "Kept lists, and plans, in one place"),
        ("Leveraged by nobody at Robust Systems", "Used by nobody at Robust Systems"),
        ("Checked robustness of roofs", "Checked robustness of roofs"),
        ("Open 2019—2020 and 5--6 pm", "Open 2019—2020 and 5--6 pm"),
        (
            "Wrote https://x.org/robust--guide for staff",
            "Wrote https://x.org/robust--guide for staff",
        ),
        ("Mail robust@x.org for seamless advice", "Mail robust@x.org for smooth advice"),
        ("Did stakeholder management", "Did stakeholder management"),
    ],
)
def test_plain_words_go_into_prose_and_never_into_names(before: str, after: str) -> None:
    assert lines(finish(source=with_bullets(before))) == (after,)


def test_names_dates_addresses_and_skills_survive_a_run() -> None:
    outcome = finish()

    job = outcome.data.work_experience[0]
    assert (job.company, job.years) == ("Robust Systems", "2019—2020")
    assert "https://x.org/a--b" in job.description[3]
    assert outcome.data.additional == resume().additional


def test_nudge_replaces_only_the_worst_phrases() -> None:
    source = with_bullets("Utilized seamless forms")

    assert lines(finish(source=source, strategy="NUDGE")) == ("Used seamless forms",)
    assert lines(finish(source=source)) == ("Used smooth forms",)


def test_text_in_another_language_keeps_its_words() -> None:
    line = "Lideré un equipo y leveraged es una palabra para los clientes"
    source = with_bullets(line, summary="")

    assert lines(conclude(source, POSTING, analysis(), "FULL", "es", ())) == (line,)


def test_a_fabricated_skill_is_reported_as_critical_and_counted() -> None:
    attack = Edit(
        path="workExperience[0].description[1]",
        action="replace",
        original=BUILT,
        value=f"{BUILT} with Terraform",
        reason="asked for",
    )

    outcome = finish(attack)

    (warning,) = outcome.warnings
    assert (warning.code, warning.severity) == ("FABRICATED_SKILL", "critical")
    assert warning.field_path == attack.path
    assert (outcome.stats.rejected_changes, outcome.stats.alignment_violations_fixed) == (1, 1)
    assert outcome.data == finish().data


def test_where_no_change_is_made_a_warning_says_so() -> None:
    posting = "We need a nurse with ICU practice."

    outcome = conclude(resume(), posting, analyse_job(posting), "KEYWORDS", "en", ())

    assert [warning.code for warning in outcome.warnings] == ["NO_CHANGES_APPLIED"]
    assert outcome.data == resume()


def test_what_an_engine_left_out_is_worked_in_by_rule_and_counted() -> None:
    outcome = finish()

    injected = [verdict.edit.path for verdict in outcome.verdicts]
    assert "summary" in injected
    assert all(verdict.accepted for verdict in outcome.verdicts)
    assert "Python" in outcome.data.summary
    assert outcome.stats.keywords_injected > 0
    assert outcome.stats.final_match_percentage > outcome.stats.initial_match_percentage
    assert outcome.stats.rejected_changes == 0


def test_an_engines_own_edit_of_a_place_goes_before_the_rules() -> None:
    own = Edit(
        path="summary",
        action="replace",
        original=resume().summary,
        value="Backend engineer. Likes tidy systems.",
        reason="shorter",
    )

    outcome = finish(own)

    assert outcome.data.summary == own.value
    assert [v.edit.path for v in outcome.verdicts].count("summary") == 1


def test_under_nudge_nothing_is_worked_in() -> None:
    assert conclude(resume(), POSTING, analysis(), "NUDGE", "en", ()).verdicts == ()


def test_an_invented_metric_is_reported_under_its_code() -> None:
    attack = Edit(
        path="workExperience[0].description[1]",
        action="replace",
        original=BUILT,
        value=BUILT.replace("20", "90"),
        reason="better",
    )

    assert finish(attack).warnings[0].code == "INVENTED_METRIC"


def test_an_accepted_edit_gets_plainer_words_too() -> None:
    source = with_bullets("Used forms and lists for the seamless plan")
    rewrite = Edit(
        path="workExperience[0].description[0]",
        action="replace",
        original="Used forms and lists for the seamless plan",
        value="Used lists and forms for the seamless plan",
        reason="lists first.",
    )

    outcome = finish(rewrite, source=source)

    assert lines(outcome) == ("Used lists and forms for the smooth plan",)
    assert outcome.verdicts[0].edit.reason == (
        "lists first. In plainer words: “smooth” stands for “seamless”."
    )


def test_coverage_counts_form_alias_and_implication() -> None:
    matches = {m.keyword: m for m in finish().coverage.keywords}

    assert matches["Python"].before == "present"
    assert matches["Kubernetes"].before == "alias"
    assert matches["Terraform"].before == "missing"
    assert matches["Kubernetes"].evidence == ("workExperience[0].description[0]",)


def test_an_expanded_abbreviation_raises_coverage_up_to_the_ceiling() -> None:
    before = resume().work_experience[0].description[0]
    expand = Edit(
        path="workExperience[0].description[0]",
        action="replace",
        original=before,
        value=before.replace("K8s", "Kubernetes (K8s)"),
        reason="the posting's name",
    )

    outcome = finish(expand, strategy="NUDGE")

    gain = outcome.coverage
    assert gain.before is not None
    assert gain.after is not None
    assert gain.ceiling is not None
    assert gain.before < gain.after <= gain.ceiling
    assert outcome.stats.keywords_injected == 1
    assert outcome.stats.final_match_percentage > outcome.stats.initial_match_percentage


def test_gaps_name_the_most_important_missing_keyword_first() -> None:
    assert finish().coverage.gaps[-1] == "Terraform"


def test_a_posting_without_keywords_has_no_coverage() -> None:
    gain = conclude(
        resume(),
        "Hello",
        analysis().model_copy(
            update={
                "keywords": analysis().keywords.model_copy(
                    update={"required_skills": (), "preferred_skills": (), "keywords": ()}
                )
            }
        ),
        "FULL",
        "en",
        (),
    ).coverage

    assert (gain.before, gain.after, gain.ceiling) == (None, None, None)


def test_another_output_language_asks_for_review() -> None:
    outcome = conclude(resume(), POSTING, analysis(), "FULL", "ja", ())

    assert "NEEDS_REVIEW" in {warning.code for warning in outcome.warnings}


def test_the_end_is_deterministic() -> None:
    assert finish() == finish()
