"""What the OpenAPI document shows as an example: a request and its answer for each operation."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from api.http.openapi_parts import Document


def show(operation: Document) -> None:
    """Add the examples of an operation, if there are any."""
    shown = _examples().get(operation["operationId"], {})
    if "request" in shown:
        content = operation["requestBody"]["content"]
        content["application/json"]["example"] = shown["request"]
    success = next((s for s in operation["responses"] if s.startswith("2")), None)
    if "answer" in shown and success is not None:
        content = operation["responses"][success]["content"]
        content["application/json"]["example"] = shown["answer"]


@cache
def _examples() -> dict[str, dict[str, Any]]:
    text = (files("api.http") / "openapi_examples.json").read_text("utf-8")
    found: dict[str, dict[str, Any]] = json.loads(text)
    return found
