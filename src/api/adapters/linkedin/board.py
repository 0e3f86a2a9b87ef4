"""The job board LinkedIn: one address is ever asked, with an id of digits in it.

Whoever asks often is shut out, so everything is asked once: answers are kept, callers for the same
id share one request, and after three refusals in a row nobody asks for a quarter of an hour.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import httpx
import structlog

from api.adapters.egress.addresses import EgressRefused, Resolve
from api.adapters.egress.addresses import resolve as look_up
from api.adapters.egress.thread import LoopThread
from api.adapters.egress.transport import GuardedTransport, WireFailed, direct
from api.adapters.linkedin.page import is_closed, job_in_page
from commands.generating.ports import JobUnavailable
from events.generation import PostedJob

log = structlog.get_logger()

LINKEDIN: Final = "https://www.linkedin.com"
PLACE: Final = "/jobs-guest/jobs/api/jobPosting/"
SECONDS: Final = 10.0
MAX_BYTES: Final = 2 * 1024 * 1024
KEPT_FOR: Final = timedelta(hours=6)
GONE_FOR: Final = timedelta(hours=1)
FAILED_FOR: Final = timedelta(seconds=30)
MOST_KEPT: Final = 1_000
REFUSALS: Final = 3
REST: Final = timedelta(minutes=15)
HEADERS: Final = {
    "user-agent": "Refolio (self-hosted; reads single public job postings for their applicants)",
    "accept": "text/html",
    "accept-language": "en",
}

PASTE: Final = "Send the text of the posting as job_description."
SAID: Final = {
    "gone": "LinkedIn shows no such job; it may have been taken down.",
    "blocked": "LinkedIn does not show the job to this server at the moment.",
    "changed": "The job's page at LinkedIn could not be understood.",
    "large": "The job's page at LinkedIn is too large.",
    "late": "LinkedIn did not answer in time.",
    "away": "LinkedIn could not be reached.",
}
"""Why a job cannot be read, in words for whoever asked for it."""


class _Unread(Exception):
    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found under an id, or why nothing was, and until when that counts."""

    job: PostedJob | None
    why: str
    until: datetime


class LinkedInBoard:
    """Reads public postings, each once. Safe for threads."""

    def __init__(
        self,
        thread: LoopThread,
        clock: Callable[[], datetime],
        *,
        origin: str = LINKEDIN,
        allowed_hosts: frozenset[str] = frozenset(),
        resolve: Resolve = look_up,
    ) -> None:
        self._thread = thread
        self._clock = clock
        self._origin = origin
        self._allowed_hosts = allowed_hosts
        self._resolve = resolve
        self._lock = threading.Lock()
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._asking: dict[str, threading.Lock] = {}
        self._refusals = 0
        self._rests_until: datetime | None = None

    def resolve(self, job_id: str) -> PostedJob:
        """Return the job; see `commands.generating.ports.JobBoard`. Takes 10 s at most."""
        if not (job_id.isascii() and job_id.isdigit()):
            raise JobUnavailable(f"{SAID['gone']} {PASTE}")
        with self._lock:
            turn = self._asking.setdefault(job_id, threading.Lock())
        try:
            with turn:
                return self._kept(job_id) or self._asked(job_id)
        except _Unread as unread:
            raise JobUnavailable(f"{SAID[unread.why]} {PASTE}") from None
        finally:
            with self._lock:
                self._asking.pop(job_id, None)

    def _kept(self, job_id: str) -> PostedJob | None:
        with self._lock:
            known = self._known.get(job_id)
            if known is None or known.until <= self._clock():
                return None
        if known.job is None:
            raise _Unread(known.why)
        return known.job

    def _asked(self, job_id: str) -> PostedJob:
        if self._rests_until is not None and self._clock() < self._rests_until:
            raise _Unread("blocked")
        try:
            job = self._read(job_id)
        except _Unread as unread:
            log.info("a job at LinkedIn was not read", why=unread.why)
            self._remember(unread.why)
            life = GONE_FOR if unread.why == "gone" else FAILED_FOR
            self._keep(job_id, None, unread.why, life)
            raise
        self._remember(None)
        self._keep(job_id, job, "", KEPT_FOR)
        return job

    def _remember(self, why: str | None) -> None:
        """Count refusals in a row; after a rest one request tries whether it is over."""
        with self._lock:
            self._refusals = self._refusals + 1 if why == "blocked" else 0
            resting = self._refusals >= REFUSALS
            self._rests_until = self._clock() + REST if resting else None

    def _keep(self, job_id: str, job: PostedJob | None, why: str, life: timedelta) -> None:
        with self._lock:
            self._known[job_id] = _Known(job, why, self._clock() + life)
            self._known.move_to_end(job_id)
            while len(self._known) > MOST_KEPT:
                self._known.popitem(last=False)

    def _read(self, job_id: str) -> PostedJob:
        try:
            answer = self._thread.run(self._fetch(job_id), timeout_s=SECONDS)
        except TimeoutError:
            raise _Unread("late") from None
        except EgressRefused:
            raise _Unread("blocked") from None
        except WireFailed as failure:
            why = {"too late": "late", "too large": "large"}.get(str(failure), "away")
            raise _Unread(why) from None
        return _job_in(answer)

    async def _fetch(self, job_id: str) -> httpx.Response:
        transport = GuardedTransport(
            direct(), self._allowed_hosts, self._resolve, max_bytes=MAX_BYTES
        )
        async with httpx.AsyncClient(
            transport=transport, headers=HEADERS, timeout=SECONDS, follow_redirects=False
        ) as client:
            return await client.get(f"{self._origin}{PLACE}{job_id}")


def _job_in(answer: httpx.Response) -> PostedJob:
    if answer.status_code in {404, 410}:
        raise _Unread("gone")
    if answer.status_code != httpx.codes.OK or not answer.content.strip():
        raise _Unread("blocked")
    if not answer.headers.get("content-type", "").lower().startswith("text/html"):
        raise _Unread("changed")
    page = answer.content.decode("utf-8", "replace")
    job = job_in_page(page)
    if job is None:
        raise _Unread("gone" if is_closed(page) else "blocked" if _is_wall(page) else "changed")
    return job


def _is_wall(page: str) -> bool:
    """Tell whether a page asks to sign in, or to prove that nobody is a machine."""
    said = page.casefold()
    return any(
        sign in said for sign in ("authwall", "captcha", "security verification", "sign in")
    )
