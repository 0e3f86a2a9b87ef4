"""Entries of education: school, degree, and what was achieved there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from render.parsing.entries import entries_of
from render.parsing.lexicons import mentions, mentions_cjk
from render.parsing.model import Entry, Found, Line
from render.parsing.pieces import Piece, pieces_of
from render.parsing.places import is_place, split_place
from render.parsing.trail import joined

_GRADE: Final = re.compile(
    r"\b(?:c?gpa|grade|honou?rs|cum laude|distinction|note|nota|promedio|average)\b"
    r"|\b\d(?:[.,]\d+)?\s*/\s*\d",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Study:
    """One course of study as it stands in the document."""

    institution: Found | None
    degree: Found | None
    years: Found | None
    description: tuple[Found, ...]


def studies_of(lines: Sequence[Line]) -> list[Study]:
    """Return the courses of study of a section in order."""
    studies = [_study(entry) for entry in entries_of(lines)]
    return [study for study in studies if study != Study(None, None, None, ())]


def _study(entry: Entry) -> Study:
    pieces = [part for piece in pieces_of(entry.head) for part in _parts(piece)]
    grades = [piece for piece in pieces if _GRADE.search(piece.text)]
    places = [piece for piece in pieces if is_place(piece.text) and not _is_school(piece.text)]
    others = [piece for piece in pieces if piece not in grades and piece not in places]
    school = next((piece for piece in others if _is_school(piece.text)), None)
    degree = next((one for one in others if one != school and _is_degree(one.text)), None)
    rest = [one for one in others if one not in (school, degree)]
    if school is None and rest:
        school = rest.pop(0)
    elif school is None and degree is not None:
        degree, school = _school_behind(degree)
    if degree is None and rest:
        degree = rest.pop(0)
    fields = [] if degree is None else [one for one in rest if _is_field(one, school, degree)]
    notes = [one for one in rest if one not in fields and not _said(one, degree)]
    additions = [one.found for one in fields if not _said(one, degree)]
    return Study(
        institution=school.found if school else None,
        degree=joined([degree.found, *additions], ", ") if degree else None,
        years=entry.years,
        description=tuple(one.found for one in [*places, *notes, *grades]) + tuple(entry.body),
    )


def _school_behind(degree: Piece) -> tuple[Piece, Piece | None]:
    """Part a school that no list knows from the degree before it: "MSc Physics, LMU"."""
    text, comma, school = degree.text.rpartition(",")
    if not comma or not text.strip():
        return degree, None
    return replace(degree, text=text.strip()), replace(degree, text=school.strip())


def _parts(piece: Piece) -> list[Piece]:
    """Cut a piece at its commas where they part degree, school and place."""
    text, place = piece.text, ""
    if is_place(text) and not _is_school(text):
        return [piece]
    text, place = split_place(text)
    parts = [part.strip() for part in text.split(",") if part.strip()]
    schools = [at for at, part in enumerate(parts) if _is_school(part)]
    if len(parts) > 1 and schools:
        first = schools[0]
        groups = [", ".join(parts[:first]), parts[first], ", ".join(parts[first + 1 :])]
        parts = [group for group in groups if group]
    else:
        parts = [text]
    return [replace(piece, text=part) for part in [*parts, place] if part]


def _is_school(text: str) -> bool:
    if mentions_cjk(text, "degrees_cjk") and not text.endswith(("大学", "学院")):
        return False
    return bool(mentions(text, "institutions") or mentions_cjk(text, "institutions_cjk"))


def _is_degree(text: str) -> bool:
    return bool(mentions(text, "degrees") or mentions_cjk(text, "degrees_cjk"))


def _is_field(piece: Piece, school: Piece | None, degree: Piece) -> bool:
    """Tell whether *piece* is the field of study: short, beside or below the degree."""
    if len(piece.text.split()) > 7 or ":" in piece.text:
        return False
    return piece.row == degree.row or (school is not None and piece.row == school.row)


def _said(piece: Piece, degree: Piece | None) -> bool:
    return degree is not None and piece.text.casefold() in degree.text.casefold()
