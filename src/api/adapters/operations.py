"""Idempotency keys on PostgreSQL: who does which operation, and what was answered.

A claim is a lease: it ends by itself when its process dies. Whatever is recorded under a claim is
recorded in a transaction that checks it, so that of two requests that both believe to hold an
operation only one has an effect. Answers are sealed with the data key of what they are about, and
are unreadable once that is erased.
"""

import base64
import hmac
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
NOTES: Final = "ALTER TABLE operations ADD COLUMN note bytea, ADD COLUMN noted_for uuid;"
"""`organization_id` holds the owner, whoever that is."""

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

_FINISH: Final = """
UPDATE operations
   SET answered_at = now(), answer = %s, sealed_for = %s, note = NULL, noted_for = NULL
 WHERE claim = %s
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
        self._fingerprints = vault.derive("fingerprints of requests")

    def claim(self, operation: Operation, operation_id: UUID) -> Claim | Answer:
        """Return the right to do the operation, or the answer if it is done."""
        name = (operation.owner_id, operation.route, operation.key)
        token = uuid4()
        # Keyed: what is in a body cannot be guessed by who sees the table alone.
        mine = hmac.digest(self._fingerprints, operation.fingerprint, "sha256")
        with self._pool.connection() as connection:
            held = connection.execute(_CLAIM, (*name, mine, operation_id, token)).fetchone()
            if held is not None:
                return Claim(token, held[0], held[1])
            known = connection.execute(_KNOWN, name).fetchone()
        if known is None:
            raise OperationInFlight  # it was withdrawn between the two questions
        fingerprint, answered, sealed, sealed_for, wrapped = known
        if fingerprint != mine:
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

    def note(self, claim: Claim, text: str, about: UUID) -> None:
        """Keep what is needed to answer should this attempt die, sealed for *about*."""
        with self._pool.connection() as connection, connection.transaction():
            found = _held(connection, claim)
            if found is None:
                raise Conflict("another request goes on with this operation")
            sealed = self._sealed(connection, text.encode(), about, _note_place(found[0]))
            connection.execute(
                "UPDATE operations SET note = %s, noted_for = %s WHERE claim = %s",
                (sealed, about, claim.token),
            )

    def noted(self, claim: Claim) -> str:
        """Return what was noted before the work was done."""
        with self._pool.connection() as connection:
            found = connection.execute(
                "SELECT o.organization_id, o.route, o.key, o.note, o.noted_for, k.wrapped"
                "  FROM operations o LEFT JOIN data_keys k ON k.stream_id = o.noted_for"
                " WHERE o.claim = %s",
                (claim.token,),
            ).fetchone()
        if found is None:
            raise Conflict("another request goes on with this operation")
        *name, note, about, wrapped = found
        if note is None or wrapped is None:
            raise AnswerErased
        key = self._vault.unwrap(wrapped, about.bytes)
        return key.open(note, _note_place(Operation(name[0], name[1], name[2], b""))).decode()

    def finish(self, claim: Claim, answer: Answer, about: UUID, *, erased: bool) -> None:
        """Keep the answer, sealed for what was worked on: for *about* if nothing was recorded."""
        with self._pool.connection() as connection, connection.transaction():
            found = _held(connection, claim)
            if found is None:
                return
            operation, subject = found
            sealed_for = about if erased else subject or about
            content = _bytes_of(answer)
            sealed = self._sealed(connection, content, sealed_for, _place(operation))
            connection.execute(_FINISH, (sealed, sealed_for, claim.token))

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
            "   SET id = %s, applied = false, subject = NULL, note = NULL, noted_for = NULL,"
            "       claimed_until = '-infinity'"
            " WHERE claim = %s",
            operation_id,
            claim.token,
        )

    def _sealed(
        self, connection: Connection[Any], content: bytes, about: UUID, place: bytes
    ) -> bytes | None:
        """Return the content sealed; None once what it is *about* was erased."""
        # The key's row is locked, so that an erasure either sees this content or wins.
        key = connection.execute(
            "SELECT wrapped FROM data_keys WHERE stream_id = %s FOR KEY SHARE", (about,)
        ).fetchone()
        return self._vault.unwrap(key[0], about.bytes).seal(content, place) if key else None

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


def _held(connection: Connection[Any], claim: Claim) -> tuple[Operation, UUID | None] | None:
    """Lock the operation of a claim; return it and what was recorded about, if the claim holds."""
    found = connection.execute(
        "SELECT organization_id, route, key, subject FROM operations WHERE claim = %s FOR UPDATE",
        (claim.token,),
    ).fetchone()
    return (Operation(found[0], found[1], found[2], b""), found[3]) if found else None


def _place(operation: Operation) -> bytes:
    return "\0".join((str(operation.owner_id), operation.route, operation.key)).encode()


def _note_place(operation: Operation) -> bytes:
    return _place(operation) + b"\0note"


def _bytes_of(answer: Answer) -> bytes:
    body = base64.b64encode(answer.body).decode()
    return json.dumps([answer.status, answer.headers, body]).encode()


def _answer_in(content: bytes) -> Answer:
    status, headers, body = json.loads(content)
    return Answer(status, headers, base64.b64decode(body))
