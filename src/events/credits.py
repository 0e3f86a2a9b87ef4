"""The events of an organization's credits; each of its months is a stream of its own."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, PositiveInt

from events.base import Event

GrantCause = Literal["plan", "operator"]


class CreditsGranted(Event):
    """The organization got credits for one of its months; the first grant opens the month.

    The month begins at `starts_at` and has ended at `ends_at`, and its credits with it. The cause
    is the plan in force, or what an operator set.
    """

    TOPIC: ClassVar[str] = "credits-granted"

    amount: PositiveInt
    cause: GrantCause
    starts_at: AwareDatetime
    ends_at: AwareDatetime


class CreditsWithdrawn(Event):
    """An operator set the month's credits lower; none that was used was taken back."""

    TOPIC: ClassVar[str] = "credits-withdrawn"

    amount: PositiveInt


class CreditReserved(Event):
    """One credit was set aside for a generation that is under way."""

    TOPIC: ClassVar[str] = "credit-reserved"

    generation_id: UUID


class CreditTaken(Event):
    """The generation came to its end, and the credit set aside for it was taken."""

    TOPIC: ClassVar[str] = "credit-taken"

    generation_id: UUID


class CreditReleased(Event):
    """Nothing came of the generation; the credit set aside for it is free again."""

    TOPIC: ClassVar[str] = "credit-released"

    generation_id: UUID


class CreditsExpired(Event):
    """The month ended with credits that nobody used."""

    TOPIC: ClassVar[str] = "credits-expired"

    amount: PositiveInt


CreditEvent = (
    CreditsGranted
    | CreditsWithdrawn
    | CreditReserved
    | CreditTaken
    | CreditReleased
    | CreditsExpired
)
