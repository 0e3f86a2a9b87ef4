"""The keys of an organization: the part of it that concerns them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from commands.errors import KeyNotFound
from events.organization import (
    KeyDisabled,
    KeyEnabled,
    KeyEvent,
    KeyIssued,
    KeyKind,
    KeyRenamed,
    KeyReplaced,
    KeyRevoked,
    Scope,
)


@dataclass(frozen=True, slots=True)
class Key:
    """A key that was not revoked; it can have expired. `life` is how long it was made for."""

    id: UUID
    name: str
    kind: KeyKind
    scopes: tuple[Scope, ...]
    life: timedelta | None
    expires_at: datetime | None
    owner_id: UUID | None = None
    enabled: bool = True
    successor_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys that were not revoked, by their ids, in the order they came."""

    keys: Mapping[UUID, Key] = field(default_factory=dict)

    def find(self, key_id: UUID) -> Key:
        """Return a key.

        Raises:
            KeyNotFound: there is none of this id, or it was revoked.

        """
        key = self.keys.get(key_id)
        if key is None:
            raise KeyNotFound
        return key

    def developer_keys_of(self, user_id: UUID) -> list[Key]:
        """Return the developer keys that act for a user's profile."""
        return [k for k in self.keys.values() if (k.kind, k.owner_id) == ("developer", user_id)]

    def evolve(self, event: KeyEvent) -> "Keyring":
        """Return the keys after a fact."""
        if isinstance(event, KeyRevoked):
            rest = {id_: key for id_, key in self.keys.items() if id_ != event.key_id}
            return replace(self, keys=rest)
        key = self._after(event)
        return replace(self, keys={**self.keys, key.id: key})

    def _after(
        self, event: KeyIssued | KeyRenamed | KeyReplaced | KeyDisabled | KeyEnabled
    ) -> Key:
        match event:
            case KeyIssued():
                return _issued(event)
            case KeyRenamed():
                return replace(self.keys[event.key_id], name=event.name)
            case KeyReplaced():
                return replace(
                    self.keys[event.key_id],
                    expires_at=event.expires_at,
                    successor_id=event.successor_id,
                )
            case KeyDisabled() | KeyEnabled():
                return replace(self.keys[event.key_id], enabled=isinstance(event, KeyEnabled))


def _issued(event: KeyIssued) -> Key:
    return Key(
        id=event.key_id,
        name=event.name,
        kind=event.kind,
        scopes=event.scopes,
        life=event.expires_at - event.timestamp if event.expires_at else None,
        expires_at=event.expires_at,
        owner_id=event.owner_id,
    )
