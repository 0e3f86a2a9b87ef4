"""The envelope of every JSON answer, and how values look inside it."""

from datetime import datetime
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, Field, PlainSerializer

from api.times import instant

T = TypeVar("T")


Instant = Annotated[datetime, PlainSerializer(instant, return_type=str)]


class Data(BaseModel, Generic[T]):
    """A successful answer."""

    data: T


class Failure(BaseModel):
    """An unsuccessful answer: a code to branch on and, mostly, a sentence that helps."""

    error: str = Field(examples=["NOT_FOUND"])
    detail: str | None = Field(default=None, examples=["There is no such resume."])
