"""Write a successful operation to the ledger."""

from datetime import datetime
from uuid import UUID, uuid5

from events.organization import Plan
from events.resume import Operation, UsageCharged


def charge(
    operation: Operation, *, stream_id: UUID, version: int, at: datetime, plan: Plan
) -> UsageCharged:
    """Return the charge of one unit, to be recorded together with what it is charged for.

    Its id is derived from its place in the log, so that the same charge never has two.
    """
    return UsageCharged(
        originator_id=stream_id,
        originator_version=version,
        timestamp=at,
        charge_id=uuid5(stream_id, f"charge/{version}"),
        operation=operation,
        units=1,
        plan=plan,
    )
