"""What was seen on the wire during one attempt."""

from dataclasses import dataclass, field
from typing import Literal

WireFailure = Literal[
    "LLM_ENDPOINT_NOT_ALLOWED", "LLM_BAD_ENDPOINT", "LLM_TIMEOUT", "LLM_UNAVAILABLE"
]


@dataclass(slots=True)
class Exchange:
    """The last answer of one attempt, or how it failed. The body never leaves this package."""

    status: int | None = None
    retry_after: str | None = None
    body: bytes = field(default=b"", repr=False)
    failure: WireFailure | None = None
