"""An event as the log keeps it: with its tenant and who caused it."""

from dataclasses import dataclass
from uuid import UUID

from events.base import Event


@dataclass(frozen=True, slots=True)
class Origin:
    """On whose behalf something happens.

    `actor` is `key:<id>`, `operator` or `worker`; `request_id` names the HTTP request, if any.
    """

    organization_id: UUID
    actor: str
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event and where it came from."""

    event: Event
    origin: Origin

    @property
    def originator_id(self) -> UUID:
        """The stream."""
        return self.event.originator_id

    @property
    def originator_version(self) -> int:
        """The place in the stream, from 1."""
        return self.event.originator_version
