"""How errors look that the framework answers: as those of the routes beside them do."""

from collections.abc import Callable
from typing import Any, Final

Failure = dict[str, Any]


def _said(failure: Failure) -> str:
    message: str = failure.get("detail") or failure["error"]
    return message


FACES: Final[dict[str, Callable[[Failure], Failure]]] = {
    "/api/auth/": lambda failure: {"message": _said(failure), "code": failure["error"]},
    "/api/subscription/": lambda failure: {"success": False, "error": _said(failure)},
}
"""What becomes of the envelope's failures, by the beginning of the path."""


def face_of(path: str) -> Callable[[Failure], Failure] | None:
    """Return how the routes at a path show failures; None if it is in the envelope."""
    return next((face for start, face in FACES.items() if path.startswith(start)), None)
