"""Disable an API key for a while, and enable it again."""

from dataclasses import dataclass
from uuid import UUID

from commands.manage_organization import find_organization
from commands.ports import Clock, Streams
from events.organization import KeyDisabled, KeyEnabled
from events.recorded import Origin


@dataclass(frozen=True, slots=True)
class SwitchKey:
    """Have this key open what it may, or nothing for the time being."""

    key_id: UUID
    enabled: bool


def switch_key(command: SwitchKey, origin: Origin, *, streams: Streams, clock: Clock) -> None:
    """Record the change; it holds from the next request on. As it was before is no change.

    Raises:
        KeyNotFound: the organization has no such key, or it was revoked.
        OrganizationNotFound: there is no such organization.
        Conflict: the organization moved meanwhile; decide again.

    """
    organization = find_organization(origin.organization_id, streams)
    key = organization.keyring.find(command.key_id)
    if key.enabled == command.enabled:
        return
    kind = KeyEnabled if command.enabled else KeyDisabled
    streams.append([kind(**organization.next(clock()), key_id=key.id)], origin)
