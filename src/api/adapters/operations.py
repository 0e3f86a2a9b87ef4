"""Idempotency keys on PostgreSQL: who does which operation, and what was answered.

A claim is a lease: it ends by itself when its process dies. Whatever is recorded under a claim is
recorded in a transaction that checks it, so that of two requests that both believe to hold an
operation only one has an effect. Answers are sealed with the data key of what they are about, and
are unreadable once that is erased.
"""

import base64
import json
from typing import Any, Final
from uuid import UUID, uuid4

from psycopg import Connection, Cursor
from psycopg_pool import ConnectionPool

from api.adapters.vault import Vault
from api.operations import (
    KEPT_DAYS,
    Answer,
    AnswerErased,
    Claim,
    Operation,
    OperationDiffers,
    OperationInFlight,
)
from commands.ports import Conflict

LEASE_S: Final = 10
"""How long after the death of its process an operation can be gone on with."""

TABLE: Final = """
CREATE TABLE operations (
    organization_id uuid NOT NULL,
    route text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    id uuid NOT NULL,
    claim uuid NOT NULL UNIQUE,
    claimed_until timestamptz NOT NULL,
    applied boolean NOT NULL DEFAULT false,
    subject uuid,
    answered_at timestamptz,
    sealed_for uuid,
    answer bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, route, key)
);
CREATE INDEX operations_age ON operations (created_at);
"""

_CLAIM: Final = f"""
INSERT INTO operations AS o (organization_id, route, key, fingerprint, id, claim, claimed_until)
VALUES (%s, %s, %s, %s, %s, %s, now() + interval '{LEASE_S} s')
    ON CONFLICT (organization_id, route, key) DO UPDATE
   SET claim = excluded.claim,
       claimed_until = excluded.claimed_until
 WHERE o.fingerprint = excluded.fingerprint
   AND o.answered_at IS NULL
   AND o.claimed_until < now()
RETURNING id, applied
"""

_KNOWN: Final = """
SELECT o.fingerprint, o.answered_at IS NOT NULL, o.answer, o.sealed_for, k.wrapped
  FROM operations o
  LEFT JOIN data_keys k ON k.stream_id = o.sealed_for
 WHERE (o.organization_id, o.route, o.key) = (%s, %s, %s)
"""


class KeptOperations:
    """The operations of all clients; see `api.operations.Operations`."""

    def __init__(self, pool: ConnectionPool[Connection[Any]], vault: Vault) -> None:
        self._pool = pool
        self._vault = vault

    def claim(self, operation: Operation, operation_id: UUID) -> Claim | Answer:
        """Return the right to do the operation, or the answer if it is done."""
        name = (operation.organization_id, operation.route, operation.key)
        token = uuid4()
        with self._pool.connection() as connection:
            held = connection.execute(
                _CLAIM, (*name, operation.fingerprint, operation_id, token)
            ).fetchone()
            if held is not None:
                return Claim(token, held[0], held[1])
            known = connection.execute(_KNOWN, name).fetchone()
        if known is None:
            raise OperationInFlight  # it was withdrawn between the two questions
        fingerprint, answered, sealed, sealed_for, wrapped = known
        if fingerprint != operation.fingerprint:
            raise OperationDiffers
        if not answered:
            raise OperationInFlight
        if sealed is None or wrapped is None:
            raise AnswerErased
        key = self._vault.unwrap(wrapped, sealed_for.bytes)
        return _answer_in(key.open(sealed, _place(operation)))

    def renew(self, claim: Claim) -> None:
        """Hold the claim for a while longer."""
        self._run(
            f"UPDATE operations SET claimed_until = now() + interval '{LEASE_S} s'"
            " WHERE claim = %s",
            claim.token,
        )

    def finish(self, claim: Claim, answer: Answer, about: UUID) -> None:
        """Keep the answer, sealed for what was worked on: for *about* if nothing was recorded.

        What was erased by the operation itself has no key; its answer tells nothing of it, and is
        sealed for the organization.
        """
        with self._pool.connection() as connection, connection.transaction():
            found = connection.execute(
                "SELECT organization_id, route, key, coalesce(subject, %s) FROM operations"
                " WHERE claim = %s FOR UPDATE",
                (about, claim.token),
            ).fetchone()
            if found is None:
                return
            organization_id, route, name, subject = found
            sealed, sealed_for = None, subject
            if route.startswith("DELETE "):
                sealed_for = organization_id
            # The key's row is locked, so that an erasure either sees this answer or wins.
            key = connection.execute(
                "SELECT wrapped FROM data_keys WHERE stream_id = %s FOR KEY SHARE", (sealed_for,)
            ).fetchone()
            if key is not None:
                place = _place(Operation(organization_id, route, name, b""))
                data_key = self._vault.unwrap(key[0], sealed_for.bytes)
                sealed = data_key.seal(_bytes_of(answer), place)
            connection.execute(
                "UPDATE operations SET answered_at = now(), answer = %s, sealed_for = %s"
                " WHERE claim = %s",
                (sealed, sealed_for, claim.token),
            )

    def release(self, claim: Claim) -> None:
        """Let the next request go on from here."""
        self._run(
            "UPDATE operations SET claimed_until = '-infinity' WHERE claim = %s", claim.token
        )

    def withdraw(self, claim: Claim) -> None:
        """Forget the operation, unless it did something: then let the next request go on."""
        self._run("DELETE FROM operations WHERE claim = %s AND NOT applied", claim.token)
        self.release(claim)

    def begin_anew(self, claim: Claim, operation_id: UUID) -> None:
        """Let the next request do it all again: this attempt failed, and that is on record."""
        self._run(
            "UPDATE operations"
            "   SET id = %s, applied = false, subject = NULL, claimed_until = '-infinity'"
            " WHERE claim = %s",
            operation_id,
            claim.token,
        )

    def _run(self, statement: Any, *values: UUID) -> None:
        with self._pool.connection() as connection:
            connection.execute(statement, values)


def hold(cursor: Cursor[Any], claim: UUID, subject: UUID) -> None:
    """Note in the transaction that records events that the claimed operation is done.

    Raises:
        Conflict: another request holds the operation by now.

    """
    cursor.execute(
        "UPDATE operations SET applied = true, subject = coalesce(subject, %s) WHERE claim = %s",
        (subject, claim),
    )
    if not cursor.rowcount:
        raise Conflict("another request goes on with this operation")


def forget_old_operations(pool: ConnectionPool[Connection[Any]]) -> None:
    """Forget the operations that are too old to be asked for again."""
    with pool.connection() as connection:
        connection.execute(
            f"DELETE FROM operations WHERE created_at < now() - interval '{KEPT_DAYS} days'"
        )


def _place(operation: Operation) -> bytes:
    return "\0".join((str(operation.organization_id), operation.route, operation.key)).encode()


def _bytes_of(answer: Answer) -> bytes:
    body = base64.b64encode(answer.body).decode()
    return json.dumps([answer.status, answer.headers, body]).encode()


def _answer_in(content: bytes) -> Answer:
    status, headers, body = json.loads(content)
    return Answer(status, headers, base64.b64decode(body))
