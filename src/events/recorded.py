"""An event as the log keeps it: with its tenant and who caused it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from events.base import Event


@dataclass(frozen=True, slots=True)
class Origin:
    """On whose behalf something happens.

    `actor` is `key:<id>`, `user:<id>`, `operator` or `worker`: who is answerable, also for what a
    worker does about it later. `request_id` names the HTTP request, if any. `causation` is the
    event that led to it, as `<stream>/<version>`, where that is another than those recorded with
    it. `claim` is not kept: what is recorded under a claim on a client's operation is recorded
    only as long as the claim holds.
    """

    organization_id: UUID
    actor: str
    request_id: str | None = None
    causation: str | None = None
    claim: UUID | None = None


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


def recorded(events: Iterable[Event], origin: Origin) -> list[Recorded]:
    """Return *events* as caused by *origin*, each with the tenant that its stream belongs to."""
    return [
        Recorded(event, origin if event.TENANT is None else _within(event.TENANT, origin))
        for event in events
    ]


def _within(tenant: UUID, origin: Origin) -> Origin:
    return replace(origin, organization_id=tenant)
