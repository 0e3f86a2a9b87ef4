"""End a generation without a result, or take up again one that ended so."""

from dataclasses import dataclass
from uuid import UUID

from commands.credits.standing import credits_of, reserved
from commands.delete_resume import deletion_of
from commands.ports import Clock, Job, Plans, Streams
from commands.resume import Generation, Resume, fold
from events.base import Event
from events.generation import GenerationFailed, GenerationResumed
from events.recorded import Origin


@dataclass(frozen=True, slots=True)
class FailGeneration:
    """Settle a generation that nothing comes of; a late result is then refused.

    `code` is the one that the API answers with.
    """

    generation_id: UUID
    code: str
    reason: str


def fail_generation(
    command: FailGeneration, origin: Origin, *, streams: Streams, clock: Clock
) -> None:
    """Record the failure and release the credit, unless the generation is settled already.

    Where the source is gone, what the attempt quotes of it goes, too.

    Raises:
        Conflict: it moved meanwhile; decide again.

    """
    found = under_way(command.generation_id, origin, streams)
    if found is None:
        return
    result, generation = found
    now = clock()
    failed = GenerationFailed(
        originator_id=result.id,
        originator_version=result.version + 1,
        timestamp=now,
        code=command.code,
        reason=command.reason,
    )
    events: list[Event] = [failed]
    month = credits_of(generation.credits_id, origin.organization_id, streams)
    if month is not None:
        events.append(month.release(result.id, at=now))
    if _is_orphaned(result, origin, streams):
        events.append(deletion_of(result, clock, after=1))
    streams.append(events, origin)


@dataclass(frozen=True, slots=True)
class ResumeGeneration:
    """Go on with this failed generation from the last step on record."""

    generation_id: UUID


def resume_generation(
    command: ResumeGeneration, origin: Origin, *, streams: Streams, plans: Plans, clock: Clock
) -> None:
    """Record it with a credit set aside anew; one that has not failed stays as it is.

    Raises:
        InsufficientCredits: none is free.
        Conflict: it moved meanwhile; decide again.

    """
    result = streams.load(command.generation_id, fold, organization_id=origin.organization_id)
    generation = result.tailoring.generation if result and result.tailoring else None
    if result is None or generation is None or generation.failure is None or result.deleted:
        return
    now = clock()
    credits_id, due = reserved(
        result.id, origin.organization_id, streams=streams, plans=plans, now=now
    )
    resumed = GenerationResumed(
        originator_id=result.id,
        originator_version=result.version + 1,
        timestamp=now,
        credits_id=credits_id,
    )
    streams.append([resumed, *due], origin, jobs=[Job("generate", result.id)])


def under_way(
    generation_id: UUID, origin: Origin, streams: Streams
) -> tuple[Resume, Generation] | None:
    """Return a generation that is not settled; None when it is, or there is none."""
    result = streams.load(generation_id, fold, organization_id=origin.organization_id)
    if result is None or result.tailoring is None or result.tailoring.settled:
        return None
    generation = result.tailoring.generation
    return (result, generation) if generation else None


def _is_orphaned(result: Resume, origin: Origin, streams: Streams) -> bool:
    if result.tailoring is None:
        return False
    source = streams.load(result.tailoring.source_id, fold, organization_id=origin.organization_id)
    return source is None or source.deleted
