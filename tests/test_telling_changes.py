import io

from rich.console import Console

from api.telling_changes import tell_changes
from commands.tailoring.built_in import BuiltInEngine
from commands.tailoring.conclude import conclude
from commands.tailoring.posting import analyse_job
from events.tailoring import Edit, Strategy
from tailoring_samples import POSTING, resume


def told(strategy: Strategy, posting: str = POSTING, *more: Edit) -> str:
    source, analysis = resume(), analyse_job(posting)
    edits = BuiltInEngine().propose(source, analysis, posting, strategy, "en").edits
    outcome = conclude(source, posting, analysis, strategy, "en", (*edits, *more))
    out = io.StringIO()
    tell_changes(Console(file=out, width=500), outcome.verdicts, outcome.coverage, source)
    return out.getvalue()


def test_only_what_differs_is_shown() -> None:
    summary = told("FULL").split("✓ Summary\n")[1]

    assert summary.startswith("  + Experience with Python and REST APIs at Robust Systems.\n")
    assert resume().summary not in summary


def test_a_change_is_placed_and_grounded_in_the_owner_s_words() -> None:
    shown = told("NUDGE")

    assert "✓ Robust Systems, line 1" in shown
    assert "evidence: “Postgres”" in shown
    assert "workExperience[" not in shown


def test_of_a_new_order_only_what_moves_up_is_shown() -> None:
    assert "✓ Skills\n  ↑ Postgres\n" in told("NUDGE")


def test_a_refused_change_says_so_and_why() -> None:
    lie = Edit(
        path="summary",
        action="replace",
        original=resume().summary,
        value="Chief architect of 40 banks.",
        reason="bigger",
    )

    shown = told("NUDGE", POSTING, lie)

    assert "✗ refused: Summary" in shown
    assert "bigger" not in shown


def test_gaps_stand_apart_by_how_much_they_are_asked_for() -> None:
    shown = told("NUDGE")

    assert "Required, but nowhere in the resume: CI/CD" in shown
    assert "Wished for, but nowhere in the resume: Terraform" in shown


def test_a_posting_that_does_not_fit_is_told_as_no_change_and_its_gaps() -> None:
    shown = told("FULL", "Requirements:\n- Forklift licence")

    assert shown.startswith("No change: nothing in the resume")
    assert "Required, but nowhere in the resume: Forklift" in shown
