"""The order in which a person reads the runs of a page: columns and notes in the margin."""

from dataclasses import dataclass, replace
from typing import Final

from render.reading.characters import Run
from render.reading.cleaning import BULLETS

MIN_ROWS: Final = 6
"""A column has at least as many runs; fewer are dates, places or a small grid."""
MIN_WIDTH: Final = 0.2
"""A column is at least as wide, as a share of the page; narrower is a list of labels or dates."""
MAX_BULLET_EM: Final = 4
"""The text of a list item starts at most as many letter heights to the right of its bullet."""
MAX_NOTE_ROWS: Final = 4
"""A note in the margin has at most as many lines."""


@dataclass(frozen=True, slots=True)
class Gutter:
    """A vertical strip at `x` that no run crosses between `bottom` and `top`."""

    x: float
    bottom: float
    top: float
    score: float

    def holds(self, run: Run) -> bool:
        """Tell whether *run* stands beside the gutter rather than above or below it."""
        return self.bottom < run.base < self.top


def reading_order(runs: list[Run], width: float) -> list[Run]:
    """Return the *runs* of a page of this *width* column by column, notes beside their line."""
    runs = _with_bullets(runs)
    gutter = _gutter(runs, width)
    if gutter is None:
        return _with_notes(runs)
    above = [run for run in runs if run.base >= gutter.top]
    below = [run for run in runs if run.base <= gutter.bottom]
    beside = [run for run in runs if gutter.holds(run)]
    left = [run for run in beside if run.left < gutter.x]
    right = [run for run in beside if run.left >= gutter.x]
    return [run for part in (above, left, right, below) for run in _with_notes(part)]


def _with_bullets(runs: list[Run]) -> list[Run]:
    """Put bullets that the file draws apart from their text before it again."""
    texts = [run for run in runs if run.text not in BULLETS]
    for bullet in runs:
        if bullet.text in BULLETS:
            after = [at for at, run in enumerate(texts) if _follows(bullet, run)]
            nearest = min(after, key=lambda at: texts[at].left, default=None)
            if nearest is not None:
                text = texts[nearest]
                texts[nearest] = replace(text, text=f"• {text.text}", left=bullet.left)
    return texts


def _follows(bullet: Run, run: Run) -> bool:
    level = abs(run.base - bullet.base) < 0.7 * run.size
    near = bullet.right - 1 <= run.left <= bullet.right + MAX_BULLET_EM * run.size
    return level and near and run.text[0] not in BULLETS


def _gutter(runs: list[Run], width: float) -> Gutter | None:
    candidates = (_gutter_at(runs, width, percent * width / 100) for percent in range(25, 76, 2))
    found = [gutter for gutter in candidates if gutter is not None]
    return max(found, key=lambda gutter: gutter.score, default=None)


def _gutter_at(runs: list[Run], width: float, x: float) -> Gutter | None:
    bars = sorted({run.base for run in runs if run.left < x < run.right}, reverse=True)
    best: Gutter | None = None
    for top, bottom in zip([float("inf"), *bars], [*bars, float("-inf")], strict=True):
        beside = [run for run in runs if bottom < run.base < top]
        left = [run for run in beside if run.left < x]
        right = [run for run in beside if run.left >= x]
        rows = min(len(left), len(right))
        if rows < MIN_ROWS or (best is not None and rows <= best.score):
            continue
        if _is_column(left, width) and _is_column(right, width):
            best = Gutter(x, bottom, top, float(rows))
    return best


def _is_column(runs: list[Run], width: float) -> bool:
    """Tell whether *runs* are set flush left and wide enough to be read on their own."""
    if max(run.right for run in runs) - min(run.left for run in runs) < MIN_WIDTH * width:
        return False
    edges = [round(run.left / 4) for run in runs]
    common = max(set(edges), key=lambda edge: (edges.count(edge), -edge))
    flush = sum(1 for edge in edges if abs(edge - common) <= 1)
    return flush >= MIN_ROWS - 1 and flush >= 0.3 * len(runs)


def _with_notes(runs: list[Run]) -> list[Run]:
    """Move each short block that the file has after its neighbours up beside its first line."""
    ordered: list[Run] = []
    index = 0
    while index < len(runs):
        note = _note_at(runs, index, ordered)
        if note:
            _insert(ordered, note)
        else:
            ordered.append(runs[index])
        index += max(len(note), 1)
    return ordered


def _note_at(runs: list[Run], index: int, before: list[Run]) -> list[Run]:
    """Return the block of runs at *index* when it jumps up beside an earlier line, or none."""
    first = runs[index]
    if not before or first.base < before[-1].base + first.size / 2 or not _beside(before, first):
        return []
    note = [first]
    for run in runs[index + 1 : index + MAX_NOTE_ROWS + 1]:
        below = note[-1].base - 2.5 * run.size < run.base <= note[-1].base - 0.4 * run.size
        if not (below and run.left < first.right and run.right > first.left):
            break
        note.append(run)
    return note if len(note) <= MAX_NOTE_ROWS else []


def _insert(ordered: list[Run], note: list[Run]) -> None:
    """Put each row of *note* beside its own line, from the first list item on in one block."""
    place, apart = 0, False
    for run in note:
        found = 0 if apart else _beside(ordered, run)
        if found:
            place = found
        else:
            apart = True
        ordered.insert(place, run)
        place += 1


def _beside(before: list[Run], run: Run) -> int:
    """Return the place after the last earlier run on the same line as *run*, 0 for none."""
    for place in range(len(before), 0, -1):
        other = before[place - 1]
        level = abs(other.base - run.base) < 0.5 * run.size
        if level and other.right < run.left and other.text[0] not in BULLETS:
            return place
    return 0
