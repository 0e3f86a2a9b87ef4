"""Decide again after a lost race."""

import random
import time
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

from commands.ports import Conflict

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS: Final = 40
"""With n callers at once one of them gets through each time; this serves a few dozen."""


def again(handler: Callable[P, R]) -> Callable[P, R]:
    """Return *handler*, called again with fresh state whenever it met a Conflict.

    Only for handlers that ask nobody outside: those are free to repeat.
    """

    def persistent(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(ATTEMPTS):
            try:
                return handler(*args, **kwargs)
            except Conflict:
                time.sleep(random.uniform(0, 0.002 * min(attempt + 1, 10)))  # noqa: S311 not a secret
        return handler(*args, **kwargs)

    return persistent
