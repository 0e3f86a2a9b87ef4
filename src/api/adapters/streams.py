"""The port `Streams` on the event log: events, read models and jobs in one transaction."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar, cast
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Repository
from eventsourcing.persistence import EventStore, Mapper, StoredEvent
from psycopg import Cursor
from psycopg.types.json import Jsonb

from api.adapters.event_log import EventLog
from api.adapters.event_mapper import SealedEvent, to_recorded, to_stored
from api.adapters.files import keep
from api.adapters.operations import hold
from api.adapters.vault import DataKey, Vault
from commands.ports import Conflict, Fold, Job, StoredFile
from events.base import Event
from events.generation import GenerationRequested, GenerationResumed
from events.letter import LetterRequested
from events.membership import InvitationRenewed, InvitationSent, OrganizationDeleted
from events.recorded import Origin, Recorded, recorded
from events.resume import ParsingRequested, TailoringRequested
from events.user import UserSignedUp
from projections.schema import project_all

StateT = TypeVar("StateT")

CACHED_STREAMS: Final = 500

REQUESTS: Final = (
    ParsingRequested,
    TailoringRequested,
    GenerationRequested,
    GenerationResumed,
    LetterRequested,
    UserSignedUp,
    InvitationSent,
    InvitationRenewed,
    OrganizationDeleted,
)
"""The events that ask for work, and so are the cause of what a worker records."""

ERASURES: Final = (
    "DELETE FROM data_keys WHERE stream_id = %s",
    "DELETE FROM documents WHERE resume_id = %s",
    "DELETE FROM files WHERE stream_id = %s",
    "DELETE FROM sessions WHERE user_id = %s",
    "DELETE FROM account_tokens WHERE user_id = %s",
    "DELETE FROM totp_steps WHERE user_id = %s",
    "DELETE FROM key_uses WHERE key_id IN (SELECT id FROM api_keys WHERE organization_id = %s)",
)
"""What goes with a stream that is erased: its key, and whatever else is kept of it."""

DEFER: Final = """
SELECT procrastinate_defer_jobs_v1(
    ARRAY[ROW('refolio', %s, 0, NULL, NULL, %s, NULL)]::procrastinate_job_to_defer_v1[]
)
"""


@dataclass(frozen=True, slots=True)
class Loaded(Generic[StateT]):
    """A folded state with the tenant it belongs to; `version` is what the cache goes on from."""

    state: StateT
    organization_id: UUID
    version: int


class OpeningMapper(Mapper[UUID]):
    """Reads rows of the log as events, opened with the vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def to_domain_event(self, stored_event: StoredEvent) -> Recorded:
        """Return the event of a row."""
        return to_recorded(cast("SealedEvent", stored_event), self._vault)


class EventStreams:
    """Loads through the library's cache with fast-forward; appends with all that goes along.

    `appended` is called after each commit, to wake whoever follows the log.
    """

    def __init__(self, log: EventLog, vault: Vault, *, appended: Callable[[], None]) -> None:
        self._log = log
        self._vault = vault
        self._appended = appended
        self._repositories: dict[Fold[Any], Repository[UUID]] = {}

    def load(
        self,
        stream_id: UUID,
        fold: Fold[StateT],
        *,
        organization_id: UUID,
        version: int | None = None,
    ) -> StateT | None:
        """Fold a stream; see `commands.ports.Streams`."""
        repository = self._repository(fold)
        try:
            loaded: Loaded[StateT] = repository.get(
                stream_id, version=version, projector_func=cast("Any", _folding(fold))
            )
        except AggregateNotFoundError:
            return None
        if version is None and repository.cache is not None:
            # The library keeps what it first loaded; without this every fast-forward grows.
            repository.cache.put(stream_id, cast("Any", loaded))
        return loaded.state if loaded.organization_id == organization_id else None

    def append(
        self,
        events: Sequence[Event],
        origin: Origin,
        *,
        jobs: Sequence[Job] = (),
        files: Sequence[StoredFile] = (),
    ) -> None:
        """Record events, files and jobs, all or nothing; see `commands.ports.Streams`."""
        opened = {e.originator_id for e in events if e.originator_version == 1}
        made = {stream_id: self._vault.make(stream_id.bytes) for stream_id in opened}
        keys = {stream_id: key for stream_id, (key, _) in made.items()}
        keys |= self._existing_keys({e.originator_id for e in events} - opened)
        facts = recorded(events, origin)
        tenants = {fact.originator_id: fact.origin.organization_id for fact in facts}
        stored = [to_stored(fact, keys[fact.originator_id]) for fact in facts]

        def alongside(cursor: Cursor[Any]) -> None:
            if origin.claim is not None:
                hold(cursor, origin.claim, _subject(events))
            for stream_id, (_, wrapped) in made.items():
                cursor.execute(
                    "INSERT INTO data_keys (stream_id, organization_id, wrapped, master_key)"
                    " VALUES (%s, %s, %s, %s)",
                    (stream_id, tenants[stream_id], wrapped, self._vault.key_id),
                )
            for event in events:
                if event.ERASES:
                    _erase(cursor, event.originator_id)
            keep(cursor, files, keys)
            project_all(cursor, recorded([e.without_personal() for e in events], origin))
            for job in jobs:
                cursor.execute(DEFER, (job.work, Jsonb(_arguments(job, events, origin))))

        self._log.insert_events(stored, alongside=alongside)
        self._appended()

    def _repository(self, fold: Fold[Any]) -> Repository[UUID]:
        """Return the cache of what *fold* made: ids come from clients and may name any stream."""
        known = self._repositories.get(fold)
        if known is None:
            known = Repository[UUID](
                EventStore(OpeningMapper(self._vault), self._log),
                cache_maxsize=CACHED_STREAMS,
                deepcopy_from_cache=False,
            )
        return self._repositories.setdefault(fold, known)

    def _existing_keys(self, stream_ids: set[UUID]) -> dict[UUID, DataKey]:
        if not stream_ids:
            return {}
        with self._log.connection() as connection:
            found = connection.execute(
                "SELECT stream_id, wrapped FROM data_keys WHERE stream_id = ANY(%s)",
                (list(stream_ids),),
            ).fetchall()
        if len(found) < len(stream_ids):
            raise Conflict("the stream was erased meanwhile")
        return {stream_id: self._vault.unwrap(key, stream_id.bytes) for stream_id, key in found}


def _folding(
    fold: Fold[StateT],
) -> Callable[[Loaded[StateT] | None, Iterable[Recorded]], Loaded[StateT] | None]:
    def project(loaded: Loaded[StateT] | None, facts: Iterable[Recorded]) -> Loaded[StateT] | None:
        new = list(facts)
        if not new:
            return loaded
        state = fold(loaded.state if loaded else None, [fact.event for fact in new])
        if state is None:
            return None
        return Loaded(state, new[0].origin.organization_id, new[-1].originator_version)

    return project


def _subject(events: Sequence[Event]) -> UUID:
    """Return what events are about in the first place: the first stream that they open, if any."""
    opened = (event.originator_id for event in events if event.originator_version == 1)
    return next(opened, events[0].originator_id)


def _erase(cursor: Cursor[Any], stream_id: UUID) -> None:
    for statement in ERASURES:
        cursor.execute(statement, (stream_id,))


def _arguments(job: Job, events: Sequence[Event], origin: Origin) -> dict[str, str | None]:
    asked = [
        event.originator_version
        for event in events
        if event.originator_id == job.stream_id and isinstance(event, REQUESTS)
    ]
    return {
        "stream_id": str(job.stream_id),
        "organization_id": str(origin.organization_id),
        "actor": origin.actor,
        "request_id": origin.request_id,
        "causation": f"{job.stream_id}/{asked[-1]}" if asked else origin.causation,
    }
