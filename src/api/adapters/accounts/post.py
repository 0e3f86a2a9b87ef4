"""Mail that was asked for: kept by the queue until a worker has sent it.

What an event asks for (an invitation, the verification of a new address) is read from the event.
What anybody may ask for by typing an address is a job with that address sealed; only the worker
looks whether there is such an account, so the answer tells nobody, by words or by time.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import quote, urlencode
from uuid import UUID

from psycopg import Connection
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

from api.account_views import MailPurpose
from api.adapters.accounts.digests import Digests, Seal, plain_email
from api.adapters.accounts.directory import AccountDirectory
from api.adapters.accounts.mail import Mail
from api.adapters.accounts.tokens import Tokens
from api.adapters.event_log import EventLog
from api.adapters.event_mapper import to_recorded
from api.adapters.vault import Vault
from api.ids import to_wire
from commands.accounts.user import find_user
from commands.manage_organization import find_organization
from commands.ports import Clock, NewId, Streams
from events.base import Event
from events.membership import InvitationRenewed, InvitationSent
from events.user import UserSignedUp

DEFER: Final = """
SELECT procrastinate_defer_jobs_v1(
    ARRAY[ROW('refolio', 'mail', 0, NULL, NULL, %s, NULL)]::procrastinate_job_to_defer_v1[]
)
"""

PATHS: Final[Mapping[MailPurpose, tuple[str, str]]] = {
    "verify-email": ("/api/auth/verify-email", "Verify your e-mail address"),
    "reset-password": ("/api/auth/reset-password", "Choose a new password"),
    "magic-link": ("/api/auth/magic-link/verify", "Your link to sign in"),
}
SENTENCES: Final[Mapping[MailPurpose, str]] = {
    "verify-email": "Follow this link within 24 hours to show that this address is yours:",
    "reset-password": "Follow this link within an hour to choose a new password:",
    "magic-link": "Follow this link within 5 minutes to sign in:",
}
UNASKED: Final = "If you did not ask for it, there is nothing that you need to do."


@dataclass(frozen=True, slots=True)
class LetterBox:
    """Takes requests for mail to an address that somebody typed."""

    pool: ConnectionPool[Connection[Any]]
    seal: Seal
    new_id: NewId

    def ask(self, purpose: MailPurpose, email: str, return_to: str) -> None:
        """Keep the request until a worker comes to it."""
        mail_id = str(self.new_id())
        sealed = self.seal.close(json.dumps([purpose, email, return_to]), mail_id.encode())
        with self.pool.connection() as connection:
            connection.execute(DEFER, (Jsonb({"mail_id": mail_id, "sealed": sealed.hex()}),))


@dataclass(frozen=True, slots=True)
class Mailroom:
    """Writes the mail that was asked for."""

    url: str
    seal: Seal
    digests: Digests
    directory: AccountDirectory
    tokens: Tokens
    streams: Streams
    clock: Clock
    event_at: Callable[[UUID, int], Event | None]

    def requested(self, mail_id: str, sealed: str) -> Mail | None:
        """Write what somebody asked for by an address; None where there is no such account."""
        told = self.seal.open(bytes.fromhex(sealed), mail_id.encode())
        purpose, email, return_to = json.loads(told)
        user_id = self.directory.user_with_email(self.digests.of_email(email))
        if user_id is None:
            return None
        return self._link(purpose, user_id, plain_email(email), return_to)

    def told_of(self, stream_id: UUID, version: int) -> Mail | None:
        """Write what an event asks for; None where it was overtaken by another."""
        match self.event_at(stream_id, version):
            case UserSignedUp(personal=new) if new is not None:
                return self._link("verify-email", stream_id, new.email, "")
            case InvitationSent() | InvitationRenewed() as event:
                return self._invitation(event)
            case _:
                return None

    def _link(self, purpose: MailPurpose, user_id: UUID, to: str, return_to: str) -> Mail:
        path, subject = PATHS[purpose]
        token = self.tokens.make(purpose, user_id, now=self.clock())
        name = find_user(user_id, self.streams).profile.name
        if purpose == "reset-password":
            link = f"{self.url}{path}/{token}?{urlencode({'callbackURL': return_to})}"
        else:
            link = f"{self.url}{path}?{urlencode({'token': token, 'callbackURL': return_to})}"
        text = f"Hello {_line(name)},\n\n{SENTENCES[purpose]}\n\n{link}\n\n{UNASKED}\n"
        return Mail(to, subject, text)

    def _invitation(self, event: InvitationSent | InvitationRenewed) -> Mail | None:
        organization_id = self.directory.organization_inviting(event.invitation_id)
        if organization_id is None:
            return None
        organization = find_organization(organization_id, self.streams)
        invitation = organization.people.invitations[event.invitation_id]
        if not invitation.is_open(self.clock()):
            return None
        inviter = self.directory.cards([invitation.inviter_id]).get(invitation.inviter_id)
        who = _line(inviter.profile.name) if inviter else "Somebody"
        link = f"{self.url}/api/accept-invitation/{quote(to_wire('inv', invitation.id))}"
        subject = f"Invitation to {_line(organization.name)}"
        text = (
            f"{who} invites you to work in {_line(organization.name)} on Refolio.\n\n"
            f"Follow this link within 48 hours:\n\n{link}\n\n{UNASKED}\n"
        )
        return Mail(invitation.email, subject, text)


def event_reader(log: EventLog, vault: Vault) -> Callable[[UUID, int], Event | None]:
    """Return how to read one event of the log."""
    return partial(_event_at, log, vault)


def _event_at(log: EventLog, vault: Vault, stream_id: UUID, version: int) -> Event | None:
    found = log.events_at([(stream_id, version)])
    return to_recorded(found[0], vault).event if found else None


def _line(text: str) -> str:
    """Return a name as one line of at most 80 characters: nobody writes our mails but we."""
    return " ".join(text.split())[:80]
