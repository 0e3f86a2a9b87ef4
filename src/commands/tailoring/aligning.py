"""Find in a changed list what each of its members was before."""

from collections.abc import Callable, Sequence
from typing import Final

_MOST_COMPARED: Final = 10_000
"""Pairs that are compared at most; beyond that only what is equal is found again."""


def align(
    old: Sequence[str], new: Sequence[str], likeness: Callable[[int, int], float]
) -> dict[int, int]:
    """Return for indexes of *new* those of *old*: equals first, in order, then the most alike.

    *likeness* takes an index of each; 0 means strangers, who are never put together. No index
    stands twice; what only one side has is left out.
    """
    places: dict[str, list[int]] = {}
    for i, text in enumerate(old):
        places.setdefault(text, []).append(i)
    found = {j: places[text].pop(0) for j, text in enumerate(new) if places.get(text)}
    lost = sorted(set(range(len(old))) - set(found.values()))
    strange = [j for j in range(len(new)) if j not in found]
    if len(lost) * len(strange) > _MOST_COMPARED:
        return found
    alike = [(likeness(i, j), i, j) for i in lost for j in strange]
    taken: set[int] = set()
    for score, i, j in sorted(alike, key=lambda pair: (-pair[0], abs(pair[1] - pair[2]))):
        if score > 0 and i not in taken and j not in found:
            found[j] = i
            taken.add(i)
    return found
