"""Sends mail by SMTP; without a server to send by, shows it to whoever runs the program."""

import smtplib
import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Final, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

import structlog

from api.settings import Settings

log = structlog.get_logger()

TIMEOUT_S: Final = 15
PORTS: Final = {"smtp": 587, "smtps": 465}

NOT_SENT: Final = (smtplib.SMTPException, OSError)
"""What says that a mail was not taken; it is tried again."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail in plain text."""

    to: str
    subject: str
    text: str


class Mailer(Protocol):
    """Takes mail to where it is read."""

    def send(self, mail: Mail) -> None:
        """Send it, or raise one of `NOT_SENT`."""
        ...


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Hands mail to a server.

    `smtps://` speaks TLS from the start, `smtp://` as soon as the server offers it. A name and
    password in the URL are sent under TLS only.
    """

    url: SplitResult
    sender: str

    def send(self, mail: Mail) -> None:
        """Send a mail; a server that refuses its addressee for good is not asked again."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, mail.to, mail.subject
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="refolio")
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        host, port = self.url.hostname or "localhost", self.url.port or PORTS[self.url.scheme]
        tls = ssl.create_default_context()
        connect: Callable[[], smtplib.SMTP] = lambda: (  # noqa: E731 one of two ways
            smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=tls)
            if self.url.scheme == "smtps"
            else smtplib.SMTP(host, port, timeout=TIMEOUT_S)
        )
        with connect() as server:
            server.ehlo()
            secure = self.url.scheme == "smtps"
            if not secure and server.has_extn("starttls"):
                server.starttls(context=tls)
                server.ehlo()
                secure = True
            if self.url.username:
                if not secure:
                    raise smtplib.SMTPNotSupportedError("no TLS to send the password under")
                server.login(unquote(self.url.username), unquote(self.url.password or ""))
            try:
                server.send_message(message)
            except smtplib.SMTPRecipientsRefused as refused:
                if all(code < 500 for code, _ in refused.recipients.values()):
                    raise
                log.warning("a mail was refused for good", subject=mail.subject)


class ConsoleMailer:
    """Shows mail on standard error: for development, where nobody else reads it."""

    def send(self, mail: Mail) -> None:
        """Show the mail."""
        sys.stderr.write(f"\nMail to {mail.to}: {mail.subject}\n\n{mail.text}\n")
        sys.stderr.flush()


def mailer_of(settings: Settings) -> Mailer:
    """Return how this deployment sends mail."""
    if settings.smtp_url is None:
        return ConsoleMailer()
    return SmtpMailer(urlsplit(settings.smtp_url.get_secret_value()), settings.mail_from)
