"""Go over the prose of the result once more: plainer words, each change explained and judged."""

from collections.abc import Callable
from dataclasses import dataclass

from commands.tailoring.asked import asked_of, status_of
from commands.tailoring.gate.case import Case
from commands.tailoring.phrases import Plainer, phrases_in, plainer, swapped
from commands.tailoring.places import Place, bullet_path
from events.tailoring import Edit

Polish = Callable[[str, str], Plainer]


@dataclass(frozen=True, slots=True)
class Refined:
    """The edits with plainer words in them, more edits for untouched lines, and what went."""

    edits: tuple[Edit, ...]
    removed: tuple[str, ...]


def refine(case: Case, edits: tuple[Edit, ...], accepted: frozenset[int]) -> Refined:
    """Put plainer words into accepted *edits* (by index) and into prose they don't touch.

    A refused edit is left as it is: it is reported, not applied. A resume that shows nothing of
    what the posting asks for stays as its owner wrote it.
    """
    polish = _polisher(case)
    removed: dict[str, None] = {}
    refined: list[Edit] = []
    for index, edit in enumerate(edits):
        if index in accepted and isinstance(edit.value, str):
            plain = polish(edit.value, case.texts.get(edit.path, ""))
            removed.update(dict.fromkeys(plain.removed))
            refined.append(_reworded(edit, plain))
        else:
            refined.append(edit)
    touched = {edits[index].path for index in accepted if edits[index].action == "replace"}
    for place in case.evidence.places if accepted or _answers(case) else ():
        if place.path in touched or not _is_prose(place):
            continue
        plain = polish(place.text, place.text)
        if plain.removed:
            removed.update(dict.fromkeys(plain.removed))
            refined.append(_rewording(place, plain))
    return Refined(tuple(refined), tuple(removed))


def _answers(case: Case) -> bool:
    """Tell whether the resume shows anything asked for; a posting that names nothing asks all."""
    asked = asked_of(case.analysis, case.job_description)
    hard = [wish for wish in asked if wish.importance != "mentioned"]
    return not asked or any(status_of(wish, case.evidence) != "missing" for wish in hard)


def _polisher(case: Case) -> Polish:
    names, asked = _names(case), phrases_in(case.job_description)

    def polish(text: str, own: str) -> Plainer:
        return plainer(
            text,
            language=case.source_language if not case.translating else case.language,
            strategy=case.strategy,
            names=names,
            asked=asked,
            own=own,
        )

    return polish


def _names(case: Case) -> tuple[str, ...]:
    """Return what must survive word for word: employers, titles, schools, projects, skills."""
    kinds = {"heading", "title", "item", "study"}
    return tuple(place.text for place in case.evidence.places if place.kind in kinds)


def _is_prose(place: Place) -> bool:
    return place.kind == "summary" or (
        place.kind == "bullet" and bullet_path(place.path) is not None
    )


def _reworded(edit: Edit, plain: Plainer) -> Edit:
    if not plain.removed:
        return edit
    return edit.model_copy(
        update={"value": plain.text, "reason": f"{edit.reason} {_reason(plain)}".strip()[:600]}
    )


def _rewording(place: Place, plain: Plainer) -> Edit:
    return Edit(
        path=place.path,
        action="replace",
        original=place.text,
        value=plain.text,
        reason=_reason(plain),
        evidence=(place.path,),
    )


def _reason(plain: Plainer) -> str:
    return f"In plainer words: {', '.join(swapped(phrase) for phrase in plain.removed)}."
