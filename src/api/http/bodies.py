"""Bodies of requests: read as JSON, and free of what could not be stored or shown again."""

import math
from typing import Any, Final

from fastapi import Request
from pydantic import AliasChoices, BaseModel, ConfigDict, field_validator
from pydantic_core import from_json
from starlette.types import Receive, Scope

from api.http.problems import Problem

NUL: Final = "\0"
MAX_DEPTH: Final = 50


class JsonRequest(Request):
    """A request whose body is a JSON object, whatever type it declares: `curl -d` says a form."""

    def __init__(self, scope: Scope, receive: Receive, *, malformed: int = 400) -> None:
        headers = [header for header in scope["headers"] if header[0] != b"content-type"]
        headers.append((b"content-type", b"application/json"))
        super().__init__({**scope, "headers": headers}, receive)
        self._malformed = malformed

    async def json(self) -> dict[str, Any]:
        """Return the body.

        Raises:
            Problem: it is no JSON, or JSON but no object.

        """
        try:
            value = from_json(await self.body(), allow_inf_nan=False)
        except ValueError as error:
            raise Problem(self._malformed, "VALIDATION_ERROR", "Invalid JSON body") from error
        if not isinstance(value, dict):
            raise Problem(422, "VALIDATION_ERROR", ": must be a JSON object")
        return value


class Body(BaseModel):
    """A request body; members it does not name are ignored."""

    model_config = ConfigDict(strict=True, extra="ignore")

    @field_validator("*", mode="before")
    @classmethod
    def _plain(cls, value: object) -> object:
        return plain(value)


def either(name: str, *others: str) -> AliasChoices:
    """Accept a field under *name* or *others*; *name* wins where several are sent."""
    return AliasChoices(name, *others)


def plain(value: object, *, depth: int = 0) -> object:
    """Return a JSON value that can be stored, sent and shown again.

    Raises:
        ValueError: it holds a NUL character, a number without end, or is nested too deeply.

    """
    if depth > MAX_DEPTH:
        raise ValueError(f"is nested more than {MAX_DEPTH} levels deep")
    match value:
        case str() if NUL in value:
            raise ValueError("contains a NUL character")
        case float() if not math.isfinite(value):
            raise ValueError("contains a number that is too large")
        case dict():
            for key, member in value.items():
                plain(key)
                plain(member, depth=depth + 1)
        case list():
            for member in value:
                plain(member, depth=depth + 1)
        case _:
            pass
    return value
