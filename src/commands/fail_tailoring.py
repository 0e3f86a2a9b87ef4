"""Settle a tailoring as failed."""

from uuid import UUID

from commands.delete_resume import deletion_of
from commands.ports import Clock, Streams
from commands.resume import Resume, fold
from events.base import Event
from events.recorded import Origin
from events.resume import TailoringFailed


def fail_tailoring(
    result: Resume, code: str, reason: str, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record the failure; where the source is gone, what the attempt quotes of it goes, too.

    Raises:
        Conflict: the tailoring moved meanwhile; decide again.

    """
    failed = TailoringFailed(
        originator_id=result.id,
        originator_version=result.version + 1,
        timestamp=clock(),
        code=code,
        reason=reason,
    )
    events: list[Event] = [failed]
    if result.tailoring and _is_gone(result.tailoring.source_id, origin.organization_id, streams):
        events.append(deletion_of(result, clock, after=1))
    streams.append(events, origin)


def _is_gone(source_id: UUID, organization_id: UUID, streams: Streams) -> bool:
    source = streams.load(source_id, fold, organization_id=organization_id)
    return source is None or source.deleted
