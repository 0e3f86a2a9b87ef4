"""Read the id of a job out of a LinkedIn address. Of the address nothing else is ever used."""

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

_LONGEST: Final = 2_000
_PLAIN: Final = re.compile(r"[!-~]+")
_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*linkedin\.com")
_VIEW: Final = re.compile(r"/(?:comm/)?jobs/view/(?:[A-Za-z0-9%_.~-]{0,300}-)?([0-9]{1,15})/?")
_LIST: Final = re.compile(r"/(?:comm/)?jobs(?:/[a-z-]{1,40}){0,3}/?")
_ID: Final = re.compile(r"[0-9]{1,15}")
_EXAMPLE: Final = "https://www.linkedin.com/jobs/view/4416743017/"


class NotALinkedInJob(ValueError):
    """The address is none of a public LinkedIn job. The message tells what one looks like."""


def job_id_in(url: str) -> str:
    """Return the id of the job that *url* shows: of digits alone.

    Taken are https addresses on linkedin.com or below it, without user, password or port, whose
    path is `/jobs/view/ID` (with a slug or without), or any below `/jobs` with `currentJobId`.

    Raises:
        NotALinkedInJob: it is anything else.

    """
    if len(url) > _LONGEST or not _PLAIN.fullmatch(url) or "\\" in url:
        raise _refusal()
    try:
        parts = urlsplit(url)
        found = parse_qs(parts.query, max_num_fields=100).get("currentJobId", [])
    except ValueError:
        raise _refusal() from None
    # Compared as written: what a parser makes of user, port or dots is no matter then.
    if parts.scheme != "https" or not _HOST.fullmatch(parts.netloc.lower()):
        raise _refusal()
    shown = _VIEW.fullmatch(parts.path)
    if shown is not None:
        return shown[1].lstrip("0") or "0"
    if _LIST.fullmatch(parts.path) and len(found) == 1 and _ID.fullmatch(found[0]):
        return found[0].lstrip("0") or "0"
    raise _refusal()


def _refusal() -> NotALinkedInJob:
    return NotALinkedInJob(f"must be the address of a public LinkedIn job, such as {_EXAMPLE}")
