"""What workers do about accounts: send mail, and erase what deleted organizations left."""

from contextlib import suppress
from functools import partial
from typing import Final
from uuid import UUID

import psycopg
from procrastinate import App, RetryStrategy

from api.adapters.accounts.digests import Digests, Seal
from api.adapters.accounts.mail import NOT_SENT, mailer_of
from api.adapters.accounts.post import Mailroom, event_reader
from api.adapters.accounts.tokens import Tokens
from api.core import Core, now
from commands.again import again
from commands.delete_resume import delete_resume
from commands.erase_organization import EraseOrganization, erase_organization
from commands.errors import DomainError
from events.recorded import Origin
from projections.resumes import all_of

TRIES: Final = 12
"""With waits of 2, 4, 8 … seconds in between: about two hours."""


def add_account_tasks(app: App, core: Core, *, queue: str) -> None:
    """Teach the queue the jobs `mail` and `erase`."""
    room, mailer = mailroom(core), mailer_of(core.settings)
    away = (psycopg.OperationalError, psycopg.InterfaceError)
    later = RetryStrategy(
        max_attempts=TRIES, exponential_wait=2, retry_exceptions=(*away, *NOT_SENT)
    )

    @app.task(name="mail", queue=queue, retry=later)
    def mail(*, mail_id: str = "", sealed: str = "", causation: str = "", **_: str) -> None:
        with suppress(DomainError):  # whoever it was for, or what it was about, is gone
            if sealed:
                wanted = room.requested(mail_id, sealed)
            else:
                stream_id, _slash, version = causation.partition("/")
                wanted = room.told_of(UUID(stream_id), int(version))
            if wanted is not None:
                mailer.send(wanted)

    @app.task(name="erase", queue=queue, retry=RetryStrategy(wait=1, retry_exceptions=away))
    def erase(*, organization_id: str, actor: str, causation: str, **_: str) -> None:
        erase_all(core, Origin(UUID(organization_id), actor, causation=causation))


def mailroom(core: Core) -> Mailroom:
    """Return where mail is written."""
    return Mailroom(
        url=core.settings.url,
        seal=Seal(core.vault, "mail"),
        digests=Digests(core.vault),
        directory=core.directory,
        tokens=Tokens(core.pool),
        streams=core.streams,
        clock=now,
        event_at=event_reader(core.log, core.vault),
    )


def erase_all(core: Core, origin: Origin) -> None:
    """Erase every resume of the organization of *origin*."""
    with core.pool.connection() as connection:
        command = EraseOrganization(all_of(connection, origin.organization_id))
    again(erase_organization)(
        command,
        origin,
        streams=core.streams,
        delete_resume=partial(
            delete_resume,
            streams=core.streams,
            library=core.library,
            letters=core.letters,
            clock=now,
        ),
        clock=now,
    )
