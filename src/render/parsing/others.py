"""Sections beyond the standard ones: as text, as a list, or as entries."""

import re
from collections.abc import Sequence
from typing import Final

from events.resume_data import CustomItem, CustomSection
from render.parsing.dates import span_of
from render.parsing.entries import is_prose, items_of
from render.parsing.model import Found, Line, Section
from render.parsing.trail import Trail, joined
from render.parsing.work import Role, roles_of

MAX_KEY: Final = 60
_NOT_KEY: Final = re.compile(r"\W+")


def key_of(heading: str, taken: Sequence[str]) -> str:
    """Return *heading* in snake_case, numbered when it is *taken*."""
    bare = _NOT_KEY.sub("_", heading.casefold()).strip("_")[:MAX_KEY] or "section"
    key, number = bare, 2
    while key in taken:
        key, number = f"{bare}_{number}", number + 1
    return key


def custom_section(section: Section, path: str, trail: Trail) -> CustomSection | None:
    """Return the section by the shape of its lines, None when there are none."""
    lines = section.lines
    if not lines:
        return None
    if any(not line.bullet and span_of(line.text) for line in lines):
        roles = roles_of(lines)
        items = tuple(_item(role, number, path, trail) for number, role in enumerate(roles))
        return CustomSection(section_type="itemList", items=items)
    if any(line.bullet for line in lines) or not any(is_prose(line.text) for line in lines):
        strings = trail.texts(f"{path}.strings", list_items(lines))
        return CustomSection(section_type="stringList", strings=strings)
    whole = joined(items_of(lines), "\n")
    return CustomSection(section_type="text", text=trail.text(f"{path}.text", whole))


def _item(role: Role, number: int, path: str, trail: Trail) -> CustomItem:
    at = f"{path}.items[{number}]"
    title, subtitle = (role.title, role.company) if role.title else (role.company, None)
    return CustomItem(
        id=number + 1,
        title=trail.text(f"{at}.title", title),
        subtitle=trail.optional(f"{at}.subtitle", subtitle),
        location=trail.optional(f"{at}.location", role.location),
        years=trail.text(f"{at}.years", role.years),
        description=trail.texts(f"{at}.description", role.description),
    )


def list_items(lines: Sequence[Line]) -> list[Found]:
    """Return each item of a plain list as one text: a bullet, or a line; gaps become commas."""
    items = items_of(lines) if any(line.bullet for line in lines) else _dated_items(lines)
    return [Found(", ".join(item.text.split("  ")), item.line) for item in items]


def _dated_items(lines: Sequence[Line]) -> list[Found]:
    """Return lines as items; where only some carry a date, the others belong to the one above."""
    dated = [span_of(line.text) is not None for line in lines]
    if not dated or not dated[0] or all(dated):
        return [line.found for line in lines]
    items: list[Found] = []
    for line, starts in zip(lines, dated, strict=True):
        if starts:
            items.append(line.found)
        else:
            items[-1] = Found(f"{items[-1].text}, {line.text}", items[-1].line)
    return items
