"""Between events and what the log stores of them: clear facts as JSON, personal content sealed."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import pydantic_core
from eventsourcing.persistence import StoredEvent

from api.adapters.vault import DataKey, Vault
from events.base import Event, has_personal
from events.catalogue import CATALOGUE
from events.recorded import Origin, Recorded
from events.upcasts import lift

COLUMNS_OF_THEIR_OWN = {"originator_id", "originator_version", "personal"}


@dataclass(frozen=True)
class SealedEvent(StoredEvent):
    """A row of the log: `state` is JSON in clear, `sealed` the personal content, if any.

    `wrapped` is the stream's data key, None once it is destroyed.
    """

    schema: int
    sealed: bytes | None
    organization_id: UUID
    actor: str
    request_id: str | None
    causation: str | None
    wrapped: bytes | None = None

    @property
    def origin(self) -> Origin:
        """On whose behalf it happened."""
        return Origin(self.organization_id, self.actor, self.request_id, self.causation)


class UnknownTopic(LookupError):
    """The log holds an event that this program does not know: a newer version wrote it."""


def to_stored(recorded: Recorded, key: DataKey) -> SealedEvent:
    """Return the row for an event; its personal content is sealed with *key*."""
    event, origin = recorded.event, recorded.origin
    topic, version = event.TOPIC, event.originator_version
    personal = getattr(event, "personal", None)
    return SealedEvent(
        event.originator_id,
        version,
        topic,
        event.__pydantic_serializer__.to_json(event, exclude=COLUMNS_OF_THEIR_OWN),
        event.SCHEMA,
        None
        if personal is None
        else key.seal(
            personal.model_dump_json(by_alias=True).encode(),
            place_of(origin.organization_id, event.originator_id, topic, version),
        ),
        origin.organization_id,
        origin.actor,
        origin.request_id,
        origin.causation,
    )


def to_recorded(stored: SealedEvent, vault: Vault | None) -> Recorded:
    """Return the event of a row; without a vault, or after erasure, it has no personal content.

    Raises:
        UnknownTopic: the row was written by a program that knows more events.
        UnknownSchema: as `events.upcasts.lift`.
        WrongMasterKey: the vault is not the one the stream's key was wrapped in.

    """
    event = to_event(
        cast("UUID", stored.originator_id),
        stored.originator_version,
        stored.topic,
        stored.state,
        stored.schema,
        personal=_opened(stored, vault),
    )
    return Recorded(event, stored.origin)


def to_event(
    stream_id: UUID, version: int, topic: str, state: bytes, schema: int, *, personal: Any = None
) -> Event:
    """Return the event of these columns, with its personal content as JSON values.

    Raises:
        UnknownTopic, UnknownSchema: as for `to_recorded`.

    """
    kind = CATALOGUE.get(topic)
    if kind is None:
        raise UnknownTopic(topic)
    fields = lift(kind, schema, pydantic_core.from_json(state))
    fields["originator_id"] = stream_id
    fields["originator_version"] = version
    if has_personal(kind):
        fields["personal"] = personal
    event: Event = kind.__pydantic_validator__.validate_python(fields, strict=False)
    return event


def _opened(stored: SealedEvent, vault: Vault | None) -> Any:
    if vault is None or stored.wrapped is None or stored.sealed is None:
        return None
    stream_id = cast("UUID", stored.originator_id)
    key = vault.unwrap(stored.wrapped, stream_id.bytes)
    place = place_of(
        stored.organization_id,
        stream_id,
        stored.topic,
        stored.originator_version,
    )
    return pydantic_core.from_json(key.open(stored.sealed, place))


def place_of(organization_id: UUID, stream_id: UUID, topic: str, version: int) -> bytes:
    """Return what binds sealed content to its place in the log."""
    return b"%b%b%d:%b" % (organization_id.bytes, stream_id.bytes, version, topic.encode())
