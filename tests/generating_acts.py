"""What is done about generations, for the tests of their rules: ask, run, go on, give up."""

from collections.abc import Sequence
from typing import Any, Final

from commands.generating.request_generation import RequestGeneration, request_generation
from commands.generating.run_generation import Helpers, RunGeneration, run_generation
from commands.generating.settle_generation import (
    FailGeneration,
    ResumeGeneration,
    fail_generation,
    resume_generation,
)
from commands.profile import profile_of
from events.base import Event
from events.generation import (
    JobResolved,
    ResumeGenerated,
)
from events.resume import (
    EditsProposed,
    JobAnalysed,
    MasterChosen,
    ResumeTailored,
    UsageCharged,
)
from events.tailoring import Edit
from generating import Board, Setting, Told
from spec import OnPro, Proposing, Spec, clock
from stories import (
    ACME,
    BY_ACME,
    BY_WORKER,
    POSTING,
    RESULT,
    RESUME,
    SWAP,
    at,
    founded,
    ready,
)

OWN: Final = profile_of(ACME, None)
STEPS: Final = [JobResolved, JobAnalysed, EditsProposed]
END: Final = [ResumeTailored, ResumeGenerated, UsageCharged]


def master() -> list[Event]:
    """Return Acme on PRO with Ada's resume as its master."""
    story = [*founded(), *ready()]
    version = max(e.originator_version for e in story if e.originator_id == RESUME)
    return [*story, MasterChosen(**at(version + 1))]


def asked(**other: Any) -> RequestGeneration:
    told: dict[str, Any] = {
        "generation_id": RESULT,
        "owner_id": None,
        "linkedin_job_id": None,
        "job_description": POSTING,
        "template": "template2",
        "strategy": "FULL",
        "language": "en",
        "engine": "scripted",
    }
    return RequestGeneration(**{**told, **other})


def ask(spec: Spec, command: RequestGeneration | None = None) -> None:
    request_generation(
        command or asked(),
        BY_ACME,
        streams=spec.streams,
        library=spec.streams,
        plans=OnPro(),
        clock=clock,
    )


def run(
    spec: Spec,
    *,
    engine: Any = None,
    board: Board | None = None,
    setting: Setting | None = None,
    before: Sequence[Edit] = (),
) -> None:
    helpers = Helpers(
        engine or Proposing((SWAP,)), board or Board(), setting or Setting(), Told(before)
    )
    run_generation(
        RunGeneration(RESULT),
        BY_WORKER,
        streams=spec.streams,
        helpers=helpers,
        plans=OnPro(),
        clock=clock,
    )


def go_on(spec: Spec) -> None:
    resume_generation(
        ResumeGeneration(RESULT), BY_ACME, streams=spec.streams, plans=OnPro(), clock=clock
    )


def give_up(spec: Spec) -> None:
    command = FailGeneration(RESULT, "TIMEOUT", "It took too long.")
    fail_generation(command, BY_ACME, streams=spec.streams, clock=clock)


def kinds(spec: Spec) -> list[type[Event]]:
    return [type(event) for event in spec.new()]


def free(spec: Spec) -> int:
    (row,) = spec.streams.rows["credit_months"].values()
    return int(row.granted - row.reserved - row.taken - row.expired)
