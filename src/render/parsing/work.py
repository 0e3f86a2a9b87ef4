"""Entries of working life: which piece of a header is the title, the employer, the place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from render.parsing.entries import entries_of
from render.parsing.model import Entry, Found, Line
from render.parsing.pieces import (
    Piece,
    organization_score,
    pieces_of,
    title_score,
    with_roles_split,
)
from render.parsing.trail import joined

_OWN_BOSS: Final = re.compile(
    r"\b(?:freelanc\w*|self-employed|independent|freiberuf\w*|selbständig\w*|autónom[oa]|"
    r"autônom[oa]|indépendante?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Role:
    """One role as it stands in the document."""

    title: Found | None = None
    company: Found | None = None
    location: Found | None = None
    years: Found | None = None
    description: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class Habits:
    """Where a section keeps its titles: before the employer, on the line of the date."""

    title_first: bool
    title_with_date: bool


def roles_of(lines: Sequence[Line]) -> list[Role]:
    """Return the roles of a section in order."""
    entries = entries_of(lines)
    read = [_pieces(entry) for entry in entries]
    habits = _habits(entries, read)
    roles = [_role(entry, pieces, habits) for entry, pieces in zip(entries, read, strict=True)]
    return _with_shared_company(roles)


def _pieces(entry: Entry) -> list[Piece]:
    return with_roles_split(pieces_of(entry.head))


def _habits(entries: Sequence[Entry], read: Sequence[Sequence[Piece]]) -> Habits:
    """Learn from the headers with a known title where the section keeps its titles."""
    first = dated = 0
    for entry, pieces in zip(entries, read, strict=True):
        named = [piece for piece in pieces if not piece.is_place]
        titled = [piece for piece in named if title_score(piece.text)]
        if len(named) > 1 and 0 < len(titled) < len(named):
            first += 1 if named[0] in titled else -1
        if titled and entry.years is not None:
            dated += 1 if titled[0].line == entry.years.line else -1
    return Habits(title_first=first >= 0, title_with_date=dated > 0)


def _role(entry: Entry, pieces: Sequence[Piece], habits: Habits) -> Role:
    places = [piece for piece in pieces if piece.is_place]
    others = [piece for piece in pieces if piece not in places]
    title = _title(others)
    if title is None:
        title = _unknown_title(entry, others, habits)
    others = [one for one in others if one != title and not _repeats(one, title)]
    company = _company(others, title)
    rest = [one for one in others if one != company]
    if title is not None:
        title, rest = _completed(title, rest)
    left_over = joined((piece.found for piece in [*rest, *places[1:]]), " - ")
    return Role(
        title=title.found if title else None,
        company=company.found if company else None,
        location=places[0].found if places else None,
        years=entry.years,
        description=((left_over,) if left_over else ()) + tuple(entry.body),
    )


def _title(pieces: Sequence[Piece]) -> Piece | None:
    scored = [(title_score(piece.text), piece) for piece in pieces]
    titled = [(score, piece) for score, piece in scored if score]
    if not titled:
        return None
    return max(titled, key=lambda one: (not one[1].weak, one[0] > 1, -pieces.index(one[1])))[1]


def _unknown_title(entry: Entry, pieces: Sequence[Piece], habits: Habits) -> Piece | None:
    """Return the piece that stands where titles stand, though no list knows its words."""
    if habits.title_with_date and entry.years is not None:
        line = entry.years.line
        dated = [one for one in pieces if one.line == line and not organization_score(one.text)]
        if dated:
            return dated[0]
    if len(pieces) < 2:
        return None
    return pieces[0 if habits.title_first else 1]


def _repeats(piece: Piece, title: Piece | None) -> bool:
    return title is not None and piece.text.casefold() == title.text.casefold()


def _company(pieces: Sequence[Piece], title: Piece | None) -> Piece | None:
    """Return the employer: a name of an organization first, then what stands on its own."""
    ranked = [piece for piece in pieces if piece.text]
    return max(
        ranked,
        key=lambda one: (
            not one.joint,
            bool(organization_score(one.text)),
            not title_score(one.text),
            title is None or one.row != title.row,
            -pieces.index(one),
        ),
        default=None,
    )


def _completed(title: Piece, rest: Sequence[Piece]) -> tuple[Piece, list[Piece]]:
    """Give a title its addition back, like "Software Engineer - Payments", "Nurse, ICU"."""
    additions = [piece for piece in rest if piece.joint and piece.row == title.row]
    text = title.text + "".join(piece.joint + piece.text for piece in additions)
    return replace(title, text=text), [piece for piece in rest if piece not in additions]


def _with_shared_company(roles: Sequence[Role]) -> list[Role]:
    """Give roles that stand below one employer that employer; its own header is no role."""
    shared: list[Role] = []
    shell: Role | None = None
    for role in roles:
        if role.company and not role.title and _may_be_shell(role):
            if shell is not None:
                shared.append(shell)
            shell = role
            continue
        if shell and shell.years and role.title and not role.company and not role.years:
            shared.append(_merged(shell, role))
            shell = None
            continue
        above = shell or (shared[-1] if shared else None)
        if role.title and not role.company and above is not None and not _is_own_boss(role.title):
            location = role.location or above.location
            shared.append(replace(role, company=above.company, location=location))
            shell = None
            continue
        if shell is not None:
            shared.append(shell)
            shell = None
        shared.append(role)
    return [*shared, shell] if shell is not None else shared


def _is_own_boss(title: Found) -> bool:
    return bool(_OWN_BOSS.search(title.text))


def _may_be_shell(role: Role) -> bool:
    """Tell whether *role* may be the header of an employer: nothing below it but a sentence."""
    return len(role.description) <= 1


def _merged(shell: Role, role: Role) -> Role:
    return replace(
        role,
        company=shell.company,
        location=role.location or shell.location,
        years=shell.years,
        description=shell.description + role.description,
    )
