"""Where a browser is sent after a link was followed: never to another site."""

from typing import Final
from urllib.parse import urlencode, urlsplit

from api.http.problems import Problem
from api.runtime import Runtime

FIRST_PAGE: Final = "/account"


def safe_return(url: str | None, running: Runtime) -> str:
    """Return *url* if it stays on this site; nothing leads to the account page.

    Raises:
        Problem: it leads elsewhere.

    """
    if not url:
        return FIRST_PAGE
    parts = urlsplit(url)
    here = urlsplit(running.settings.url)
    plain = url.isprintable() and "\\" not in url and " " not in url
    local = not parts.scheme and not parts.netloc and url.startswith("/")
    ours = (parts.scheme, parts.netloc) == (here.scheme, here.netloc)
    if not plain or not (local or ours):
        raise Problem(403, "INVALID_CALLBACK_URL", "Invalid callbackURL")
    return url


def with_query(url: str, **more: str) -> str:
    """Return *url* with more in its query."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode(more)}"
