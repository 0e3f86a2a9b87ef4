"""Work in what the posting asks for and the resume shows, where an engine's edits left it out."""

from commands.tailoring.asked import asked_of
from commands.tailoring.composing import summary_edit
from commands.tailoring.expanding import expansion_edits
from commands.tailoring.gate.case import Case
from events.tailoring import Edit


def injections(case: Case, edits: tuple[Edit, ...], accepted: frozenset[int]) -> tuple[Edit, ...]:
    """Return edits by rule for places that no *accepted* edit (by index) touches.

    They stand in for nothing that an engine proposed, and pass the same gate. NUDGE asks for the
    least rewording, so under it there are none.
    """
    if case.strategy == "NUDGE":
        return ()
    touched = {edits[index].path for index in accepted}
    proposed = {(edit.path, edit.value) for edit in edits}
    asked = asked_of(case.analysis, case.job_description)
    return tuple(
        edit
        for edit in (*expansion_edits(case, asked), *summary_edit(case, asked))
        if edit.path not in touched and (edit.path, edit.value) not in proposed
    )
