"""The log and all that stands on it, put together for server, worker and command line."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import Connection
from psycopg_pool import ConnectionPool

from api.adapters.accounts.directory import AccountDirectory
from api.adapters.admission import Doorkeeper
from api.adapters.contents import ContentReader
from api.adapters.embedded_postgres import EmbeddedPostgres
from api.adapters.event_log import EventLog
from api.adapters.files import FileShelf
from api.adapters.generations import GenerationShelf
from api.adapters.ledger import EveryoneOnEnterprise, StoredPlans, UsageLedger
from api.adapters.letters import LetterShelf
from api.adapters.library import ResumeLibrary
from api.adapters.migrations import migrate
from api.adapters.operations import KeptOperations
from api.adapters.patience import PatientPool
from api.adapters.postgres_keeper import keep_up
from api.adapters.streams import EventStreams
from api.adapters.vault import Vault
from api.adapters.wakeups import Notifier
from api.adapters.webhooks.deliveries import Deliveries
from api.adapters.webhooks.shelf import WebhookShelf
from api.settings import Settings
from commands.ports import Plans
from events.organization import Plan
from projections.rebuild import Progress

MOST_CONNECTIONS: Final = 40


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Core:
    """An open log. Its parts are safe to use from any thread."""

    settings: Settings
    dsn: str
    pool: ConnectionPool[Connection[Any]]
    vault: Vault
    notifier: Notifier

    @cached_property
    def log(self) -> EventLog:
        """Every event there is."""
        return EventLog(self.pool)

    @cached_property
    def streams(self) -> EventStreams:
        """The log, as use cases see it."""
        return EventStreams(self.log, self.vault, appended=self.notifier.poke)

    @cached_property
    def library(self) -> ResumeLibrary:
        """Questions about resumes."""
        return ResumeLibrary(self.pool, ContentReader(self.log, self.vault))

    @cached_property
    def generations(self) -> GenerationShelf:
        """Questions about generations."""
        contents = ContentReader(self.log, self.vault)
        return GenerationShelf(self.pool, contents, FileShelf(self.pool, self.vault))

    @cached_property
    def letters(self) -> LetterShelf:
        """Questions about letters."""
        return LetterShelf(self.pool, ContentReader(self.log, self.vault))

    @cached_property
    def ledger(self) -> UsageLedger:
        """Questions about usage."""
        return UsageLedger(self.pool)

    @cached_property
    def directory(self) -> AccountDirectory:
        """Who is who among users and organizations."""
        return AccountDirectory(self.pool, ContentReader(self.log, self.vault), now)

    @cached_property
    def door(self) -> Doorkeeper:
        """Who comes in."""
        everyones: Plan | None = None if self.settings.bills else "ENTERPRISE"
        return Doorkeeper(self.pool, plan=everyones, limited=self.settings.rate_limits)

    @cached_property
    def operations(self) -> KeptOperations:
        """What clients asked for under idempotency keys."""
        return KeptOperations(self.pool, self.vault)

    @cached_property
    def webhooks(self) -> WebhookShelf:
        """Who is told what happens."""
        return WebhookShelf(self.pool, ContentReader(self.log, self.vault))

    @cached_property
    def deliveries(self) -> Deliveries:
        """What is sent to webhooks, and what they answered."""
        return Deliveries(self.pool)

    @cached_property
    def plans(self) -> Plans:
        """Which plan is in force."""
        return StoredPlans(self.pool, now) if self.settings.bills else EveryoneOnEnterprise()

    def connect(self) -> Connection[Any]:
        """Open a connection of one's own, in autocommit mode."""
        return psycopg.connect(self.dsn, autocommit=True)


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """Yield how to connect. Unless another database is set the embedded one runs meanwhile.

    Killed, it is brought back.
    """
    settings.home.mkdir(mode=0o711, parents=True, exist_ok=True)
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    server = EmbeddedPostgres(settings.home / "postgres")
    with server as dsn:
        keep_up(server)
        yield dsn


@contextmanager
def open_core(settings: Settings, *, progress: Progress = lambda _: None) -> Iterator[Core]:
    """Yield the log, migrated and ready, and close it afterwards.

    *progress* hears of events read, should a read model have to be built anew.

    Raises:
        PostgresUnavailable: the embedded database cannot run here.
        psycopg.OperationalError: the database that was set cannot be reached.

    """
    with ExitStack() as stack:
        dsn = stack.enter_context(database(settings))
        migrate(partial(psycopg.connect, dsn, autocommit=True), progress=progress)
        pool = stack.enter_context(
            PatientPool(dsn, min_size=2, max_size=MOST_CONNECTIONS, kwargs={"autocommit": True})
        )
        notifier = stack.enter_context(Notifier(dsn))
        yield Core(settings, dsn, pool, _vault(settings), notifier)


def _vault(settings: Settings) -> Vault:
    if settings.master_key is not None:
        return Vault.from_hex(settings.master_key.get_secret_value())
    return Vault.in_file(Path(settings.home) / "master.key")
