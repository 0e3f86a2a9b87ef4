"""The cookies of accounts: unreadable for scripts, sent to this site alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from fastapi import Request, Response

Name = Literal["session_token", "two_factor", "trust_device"]

TWO_FACTOR_S: Final = 10 * 60
TRUSTED_S: Final = 30 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Cookies:
    """Names and attributes; `secure` where the site is reached by https."""

    secure: bool

    def name(self, name: Name) -> str:
        """Return the cookie's full name; `__Host-` binds it to this host, which takes https."""
        return f"__Host-refolio.{name}" if self.secure else f"refolio.{name}"

    def read(self, request: Request, name: Name) -> str | None:
        """Return what the browser kept."""
        return request.cookies.get(self.name(name))

    def keep(self, response: Response, name: Name, value: str, *, seconds: int | None) -> None:
        """Have the browser keep a value: so many seconds, or until it ends."""
        response.set_cookie(
            self.name(name),
            value,
            max_age=seconds,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def forget(self, response: Response, name: Name) -> None:
        """Have the browser forget a value."""
        self.keep(response, name, "", seconds=0)


def seconds_until(end: datetime, now: datetime) -> int:
    """Return how long it is until *end*."""
    return max(0, int((end - now).total_seconds()))
