"""Requests that clients may repeat under an idempotency key: what is known of each."""

from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

KEPT_DAYS: Final = 30
"""How long an answer can be asked for again."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One request as its client names it. `fingerprint` tells other requests under its key.

    The owner of the key is an organization, a user, a user within an organization, or whoever
    signs up with an e-mail address.
    """

    owner_id: UUID
    route: str
    key: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do an operation, for as long as it is renewed.

    `operation_id` is also the id of what the operation makes, so that whoever goes on after a
    crash finds it. `applied` tells that an earlier request did the work but left no answer.
    """

    token: UUID
    operation_id: UUID
    applied: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: to be sent again, byte for byte."""

    status: int
    headers: dict[str, str]
    body: bytes


class OperationInFlight(Exception):
    """Another request does the same operation at this moment."""


class OperationDiffers(Exception):
    """The key was used for another request."""


class AnswerErased(Exception):
    """The operation was done; what it made was erased since, and the answer with it."""


class Operations(Protocol):
    """The operations of all clients, shared by all API processes."""

    def claim(self, operation: Operation, operation_id: UUID) -> Claim | Answer:
        """Return the right to do the operation, or the answer if it is done.

        Raises:
            OperationInFlight, OperationDiffers, AnswerErased: as they say.

        """
        ...

    def renew(self, claim: Claim) -> None:
        """Hold the claim for a while longer."""
        ...

    def note(self, claim: Claim, text: str, about: UUID) -> None:
        """Keep what is needed to answer should this attempt die, sealed for *about*.

        Raises:
            Conflict: another request holds the operation by now.

        """
        ...

    def noted(self, claim: Claim) -> str:
        """Return what was noted before the work was done.

        Raises:
            AnswerErased: what it was sealed for was erased since.

        """
        ...

    def finish(self, claim: Claim, answer: Answer, about: UUID, *, erased: bool) -> None:
        """Keep the answer, sealed for what was worked on: for *about* if nothing was recorded.

        What was *erased* by the operation itself has no key any more; its answer tells nothing of
        it, and is sealed for *about*, too.
        """
        ...

    def release(self, claim: Claim) -> None:
        """Let the next request go on from here."""
        ...

    def withdraw(self, claim: Claim) -> None:
        """Forget the operation, unless it did something: then let the next request go on."""
        ...

    def begin_anew(self, claim: Claim, operation_id: UUID) -> None:
        """Let the next request do it all again: this attempt failed, and that is on record."""
        ...
