"""The envelope of every JSON answer, and how values look inside it."""

from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, Field, PlainSerializer

T = TypeVar("T")


def instant(value: datetime) -> str:
    """Return a UTC time as clients see it: `2026-05-18T09:30:00.000Z`."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Instant = Annotated[datetime, PlainSerializer(instant, return_type=str)]


class Data(BaseModel, Generic[T]):
    """A successful answer."""

    data: T


class Failure(BaseModel):
    """An unsuccessful answer: a code to branch on and, mostly, a sentence that helps."""

    error: str = Field(examples=["NOT_FOUND"])
    detail: str | None = Field(default=None, examples=["There is no such resume."])
