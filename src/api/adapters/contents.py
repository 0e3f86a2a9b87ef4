"""Personal content that rows of read models point at, opened from the log."""

from collections.abc import Iterable, Mapping
from typing import Any, cast
from uuid import UUID

from api.adapters.event_log import EventLog
from api.adapters.event_mapper import to_recorded
from api.adapters.vault import Vault

Contents = Mapping[tuple[UUID, int | None], Any]
"""Content by stream and version; what is erased or points nowhere is not in it."""


class ContentReader:
    """Reads the content of many events with one query."""

    def __init__(self, log: EventLog, vault: Vault) -> None:
        self._log = log
        self._vault = vault

    def read(self, places: Iterable[tuple[UUID, int | None]]) -> Contents:
        """Return what is sealed in the events at *places*; a version of None is no place."""
        wanted = {(stream, version) for stream, version in places if version is not None}
        found = self._log.events_at(cast("Any", [*wanted]))
        events = [to_recorded(stored, self._vault).event for stored in found]
        return {
            (event.originator_id, event.originator_version): personal
            for event in events
            if (personal := cast("Any", event).personal) is not None
        }
