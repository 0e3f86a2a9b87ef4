"""What was seen on the wire during one attempt."""

from dataclasses import dataclass, field
from typing import Literal

WireFailure = Literal["not allowed", "leads elsewhere", "too large", "too late", "unreachable"]
"""`leads elsewhere` is also said of a compressed answer, which is not read."""


@dataclass(slots=True)
class Exchange:
    """The last answer of one attempt, or how it failed. The body is for whoever asked, alone."""

    status: int | None = None
    retry_after: str | None = None
    body: bytes = field(default=b"", repr=False)
    failure: WireFailure | None = None
