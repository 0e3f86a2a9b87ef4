"""A request that may come again: what it makes has the same id each time, and is made once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeVar
from uuid import UUID

from api.operations import Claim, Operations
from commands.ports import NewId
from events.recorded import Origin

CommandT = TypeVar("CommandT")
ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Turn:
    """One coming of a request: under an idempotency key others may have been before it."""

    claim: Claim | None = None

    @property
    def is_done(self) -> bool:
        """Tell whether an earlier request did the work, and left no answer."""
        return self.claim is not None and self.claim.applied

    def id_for(self, new_id: NewId) -> UUID:
        """Return the id of what the request makes: the same each time that it is repeated."""
        return self.claim.operation_id if self.claim else new_id()

    def origin(self, origin: Origin) -> Origin:
        """Return *origin* bound to the claim: nothing is recorded once another has it."""
        return replace(origin, claim=self.claim.token) if self.claim else origin

    def apply(
        self, use_case: Callable[[CommandT, Origin], ResultT], command: CommandT, origin: Origin
    ) -> ResultT | None:
        """Do what the request asks for; None when the request that it repeats did."""
        return None if self.is_done else use_case(command, self.origin(origin))

    def keep(self, operations: Operations, make: Callable[[], str], *, about: UUID) -> str:
        """Return what *make* says, or said when the work was done: it cannot be found out later.

        It is sealed for *about* until the request is answered.

        Raises:
            AnswerErased: what it was about was erased since.
            Conflict: another request holds the operation by now.

        """
        if self.claim is None:
            return make()
        if self.is_done:
            return operations.noted(self.claim)
        text = make()
        operations.note(self.claim, text, about)
        return text


UNCLAIMED: Final = Turn()
"""That of a request without a key."""
