"""What every event and every value inside an event has in common."""

from functools import cache
from typing import ClassVar, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, PositiveInt


class Value(BaseModel):
    """A frozen value that refuses fields it does not know and types it was not given."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Event(Value):
    """One fact in one stream.

    `TOPIC` is the name stored beside the fact. It is written out, never derived from the
    module path, so files can move without orphaning history. `SCHEMA` is the number of the
    shape; an older stored shape is lifted to it by `events.upcasts`.

    What could identify a person goes into one field named `personal`. It is sealed with the
    data key of its stream, apart from the rest, and reads as None once that key is gone. An event
    whose kind says `ERASES` destroys that key in the transaction that records it.

    A kind that names a `TENANT` belongs to that one, on whosever behalf it was recorded.
    """

    TOPIC: ClassVar[str]
    SCHEMA: ClassVar[int] = 1
    ERASES: ClassVar[bool] = False
    TENANT: ClassVar[UUID | None] = None

    originator_id: UUID
    originator_version: PositiveInt
    timestamp: AwareDatetime

    def without_personal(self) -> Self:
        """Return the fact as it reads after erasure."""
        return self.model_copy(update={"personal": None}) if has_personal(type(self)) else self


@cache
def has_personal(kind: type[Event]) -> bool:
    """Tell whether events of this *kind* carry content that must be sealed."""
    return "personal" in kind.model_fields
