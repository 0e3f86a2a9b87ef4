"""Random histories, the part that generates: profiles, generations, and credits month by month."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, get_args
from uuid import UUID

from commands.change_profile import ChangeProfile, change_profile
from commands.credits.renew_credits import RenewCredits, renew_credits
from commands.credits.set_allowance import SetAllowance, set_allowance
from commands.credits.standing import standing_of
from commands.generating.request_generation import RequestGeneration, request_generation
from commands.generating.run_generation import Helpers, RunGeneration, run_generation
from commands.generating.settle_generation import (
    FailGeneration,
    ResumeGeneration,
    fail_generation,
    resume_generation,
)
from commands.profile import erasure_of, find_profile, profile_of
from events.generation import Template
from events.profile import ProfileContent
from generating import Board, Setting, Told
from spec import OnPro, Proposing
from stories import INVENTION, POSTING, SWAP

if TYPE_CHECKING:  # they tell of each other
    from histories import World

USERS: Final = (None, UUID(int=1), UUID(int=2))
SEASON: Final = timedelta(days=45)


def say_of_oneself(world: World, which: int, say: str) -> None:
    command = ChangeProfile(
        USERS[which % 3],
        frozenset({"description", "skills"} if which % 2 else {"niche", "resume_id"}),
        ProfileContent(description=say or None, skills=("Kafka",), niche=say or None),
        world.resumes[-1] if world.resumes and which % 4 == 0 else None,
    )
    change_profile(command, world.origin, streams=world.streams, clock=world.clock)


def forget_profile(world: World, which: int, _say: str) -> None:
    profile_id = profile_of(world.origin.organization_id, USERS[which % 3])
    profile = find_profile(profile_id, world.origin, world.streams)
    events = erasure_of(profile, world.clock())
    if events:
        world.streams.append(events, world.origin)


def ask_for_generation(world: World, which: int, _say: str) -> None:
    templates: tuple[Template, ...] = get_args(Template)
    command = RequestGeneration(
        generation_id=world.new_id(),
        owner_id=USERS[which % 3],
        linkedin_job_id="4416743017" if which % 2 else None,
        job_description=POSTING if which % 4 < 3 else "",
        template=templates[which % 3],
        strategy="FULL",
        language="en",
        engine="scripted",
    )
    request_generation(
        command,
        world.origin,
        streams=world.streams,
        library=world.library,
        plans=OnPro(),
        clock=world.clock,
    )
    world.generations.append(command.generation_id)
    world.resumes.append(command.generation_id)


def generate(world: World, which: int, _say: str) -> None:
    helpers = Helpers(
        Proposing((SWAP, INVENTION)[: which % 3]),
        Board(works=which % 3 > 0),
        Setting(works=which % 5 > 0),
        Told(),
    )
    run_generation(
        RunGeneration(_generation(world, which)),
        world.origin,
        streams=world.streams,
        helpers=helpers,
        plans=OnPro(),
        clock=world.clock,
    )


def fail(world: World, which: int, say: str) -> None:
    command = FailGeneration(_generation(world, which), "TIMEOUT", say)
    fail_generation(command, world.origin, streams=world.streams, clock=world.clock)


def go_on(world: World, which: int, _say: str) -> None:
    resume_generation(
        ResumeGeneration(_generation(world, which)),
        world.origin,
        streams=world.streams,
        plans=OnPro(),
        clock=world.clock,
    )


def allow(world: World, which: int, _say: str) -> None:
    command = SetAllowance((None, which % 5, 1)[which % 3])
    set_allowance(command, world.origin, streams=world.streams, clock=world.clock)


def renew(world: World, which: int, _say: str) -> None:
    """Turn over the months, now or a season later."""

    def later() -> datetime:
        return world.clock() + (SEASON if which % 2 else timedelta())

    now = standing_of(
        world.origin.organization_id, streams=world.streams, plans=OnPro(), now=later()
    )
    command = RenewCredits(sorted(world.months))
    world.months |= {now.month.id} if now else set()
    renew_credits(command, world.origin, streams=world.streams, plans=OnPro(), clock=later)


def _generation(world: World, which: int) -> UUID:
    recent = world.generations[-3:]
    return recent[which % len(recent)] if recent else UUID(int=which)
