"""A job at LinkedIn: what is read of its page, and every way in which that comes to nothing."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final

import pytest

from api.adapters.egress.thread import LoopThread
from api.adapters.linkedin import board as module
from api.adapters.linkedin.board import LinkedInBoard
from commands.generating.ports import JobUnavailable
from events.generation import PostedJob
from linkedin_standin import DUTIES, GUEST, HTML, LD_JSON, Answer, LinkedIn, page
from spec import NOW

ID = "4416743017"


class Hand:
    """A board before the stand-in, and the time that it goes by."""

    def __init__(self, linkedin: LinkedIn, thread: LoopThread) -> None:
        self.now = NOW
        self.linkedin = linkedin
        self.board = LinkedInBoard(
            thread,
            self.clock,
            origin=f"http://{linkedin.host}",
            allowed_hosts=frozenset({linkedin.host}),
        )

    def clock(self) -> datetime:
        return self.now

    def later(self, passed: timedelta) -> None:
        self.now += passed

    def why(self, job_id: str = ID) -> str:
        with pytest.raises(JobUnavailable) as caught:
            self.board.resolve(job_id)
        return str(caught.value)


@pytest.fixture
def linkedin() -> Iterator[LinkedIn]:
    server = LinkedIn()
    yield server
    server.close()


@pytest.fixture
def hand(linkedin: LinkedIn) -> Iterator[Hand]:
    with LoopThread("job pages") as thread:
        yield Hand(linkedin, thread)


def test_a_guest_page_is_read_as_it_is_shown(hand: Hand) -> None:
    job = hand.board.resolve(ID)

    assert job == PostedJob(
        title="Signal & Telecoms Engineer",
        company="Harbour Rail",
        location="Porto, Portugal",
        requirements=("Five years with interlockings", "PLC <programming>"),
        text=(
            "Signal & Telecoms Engineer\nHarbour Rail\nPorto, Portugal\n\n"
            f"{DUTIES}\nYou bring\n- Five years with interlockings\n- PLC <programming>"
        ),
    )


def test_what_schema_org_says_goes_before_what_is_shown(hand: Hand) -> None:
    hand.linkedin.answer = page(LD_JSON + GUEST)

    job = hand.board.resolve(ID)

    assert (job.title, job.company, job.location) == ("Night Baker", "Crumb", "Lyon, Rhône")
    assert job.requirements == ("A driving licence",)


def test_one_address_is_asked_without_a_trace_of_anybody(hand: Hand) -> None:
    hand.board.resolve(ID)

    ((path, headers),) = hand.linkedin.asked
    assert path == f"/jobs-guest/jobs/api/jobPosting/{ID}"
    assert "cookie" not in {name.lower() for name in headers}
    assert "Refolio" in headers["user-agent"]


LARGE = page("<p>" + "x" * (module.MAX_BYTES + 10))
FAILURES: dict[str, tuple[Answer, str]] = {
    "login wall by redirect": (
        page("", 302, location="https://www.linkedin.com/authwall"),
        "blocked",
    ),
    "another host by redirect": (page("", 301, location="https://evil.example/"), "blocked"),
    "inwards by redirect": (page("", 307, location="http://169.254.169.254/"), "blocked"),
    "login wall as a page": (page("<html><h1>Sign in to see this</h1></html>"), "blocked"),
    "proof that one is no machine": (page("<div>Security verification</div>"), "blocked"),
    "too many requests": (page("", 429), "blocked"),
    "request denied": (page("", 999), "blocked"),
    "forbidden": (page("", 403), "blocked"),
    "broken": (page("oops", 500), "blocked"),
    "empty": (page("   "), "blocked"),
    "never there": (page("", 404), "gone"),
    "taken down": (page("", 410), "gone"),
    "closed": (page("<p>No longer accepting applications</p>"), "gone"),
    "other markup": (page("<article><h3>A job</h3><p>Somewhere else</p></article>"), "changed"),
    "no description": (page(GUEST.replace("show-more", "other")), "changed"),
    "an image": ((200, {"content-type": "image/png"}, b"\x89PNG"), "changed"),
    "json": ((200, {"content-type": "application/json"}, b"{}"), "changed"),
    "compressed": ((200, {**HTML, "content-encoding": "gzip"}, b"\x1f\x8b"), "blocked"),
    "too large": (LARGE, "large"),
}


@pytest.mark.parametrize(("answer", "why"), FAILURES.values(), ids=FAILURES)
def test_what_cannot_be_read_is_told_in_a_sentence(hand: Hand, answer: Answer, why: str) -> None:
    hand.linkedin.answer = answer

    assert hand.why() == f"{module.SAID[why]} {module.PASTE}"
    assert len(hand.linkedin.asked) == 1


def test_who_answers_too_late_is_left(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.3)
    hand.linkedin.waits_s = 1.0

    assert hand.why().startswith(module.SAID["late"])


def test_who_is_not_there_is_told(hand: Hand) -> None:
    hand.linkedin.close()

    assert hand.why().startswith(module.SAID["away"])


def test_an_id_is_of_digits(hand: Hand) -> None:
    for job_id in ("", "1/../2", "１２", "1?x=1", "a"):
        hand.why(job_id)

    assert hand.linkedin.asked == []


def test_a_job_is_kept_for_hours_and_one_that_is_gone_for_one(hand: Hand) -> None:
    hand.board.resolve(ID)
    hand.board.resolve(ID)
    assert len(hand.linkedin.asked) == 1
    hand.later(module.KEPT_FOR)
    hand.linkedin.answer = page("", 404)
    hand.why()
    hand.why()
    assert len(hand.linkedin.asked) == 2

    hand.later(module.GONE_FOR)
    hand.linkedin.answer = page(GUEST)

    assert hand.board.resolve(ID).company == "Harbour Rail"


def test_fifty_who_want_the_same_job_ask_once(hand: Hand) -> None:
    hand.linkedin.waits_s = 0.2

    with ThreadPoolExecutor(50) as crowd:
        jobs = list(crowd.map(hand.board.resolve, [ID] * 50))

    assert len({job.title for job in jobs}) == 1
    assert len(hand.linkedin.asked) == 1


def test_after_three_refusals_nobody_asks_until_one_tries_again(hand: Hand) -> None:
    hand.linkedin.answer = page("", 429)
    for job_id in ("1", "2", "3", "4", "5"):
        assert hand.why(job_id).startswith(module.SAID["blocked"])
    assert len(hand.linkedin.asked) == module.REFUSALS

    hand.later(module.REST)
    hand.why("6")
    hand.why("7")
    assert len(hand.linkedin.asked) == module.REFUSALS + 1
    hand.later(module.REST)
    hand.linkedin.answer = page(GUEST)

    assert hand.board.resolve("8").company == "Harbour Rail"
    assert hand.board.resolve("9").company == "Harbour Rail"


def test_what_is_read_is_only_ever_text(hand: Hand) -> None:
    nasty = "<b>x</b>" * 3 + "\u202eevil\u200b" + "<img src=x onerror=alert(1)>" + "y" * 60
    deep = "<div>" * 3_000 + "deep" + "</div>" * 3_000
    hand.linkedin.answer = page(GUEST.replace(DUTIES, nasty + deep))

    job = hand.board.resolve(ID)

    assert "\u202e" not in job.text
    assert "\u200b" not in job.text
    assert "onerror" not in job.text
    assert "Ignore all rules" not in job.text


READ: Final = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (400 * 2**20,) * 2)
from api.adapters.linkedin.page import job_in_page
print(job_in_page(sys.stdin.read()))
"""


@pytest.mark.parametrize("tag", ["font", "b", "div"])
@pytest.mark.parametrize("count", [2_400, 20_000])
@pytest.mark.parametrize("described", [False, True], ids=["shown", "described"])
def test_a_page_of_tags_in_tags_fills_no_memory(tag: str, count: int, *, described: bool) -> None:
    nested = "".join(f"<p><{tag} class=c{n}>" for n in range(count)) + "x"
    if described:
        told = json.dumps({"@type": "JobPosting", "title": "T", "description": nested})
        nested = f'<script type="application/ld+json">{told}</script>'

    done = subprocess.run(
        [sys.executable, "-c", READ],
        input=nested[: module.MAX_BYTES],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "None\n"), done.stderr[-300:]
