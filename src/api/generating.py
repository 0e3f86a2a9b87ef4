"""Generations, put together: ports meet adapters."""

from functools import partial
from uuid import UUID

from api.adapters.generations import SignedCursors
from api.core import Core, now
from api.generation_cases import GenerationCases
from commands.again import again
from commands.change_profile import change_profile
from commands.credits.standing import standing_of
from commands.generating.request_generation import request_generation
from commands.generating.settle_generation import fail_generation, resume_generation
from commands.profile import find_profile
from render.latex.source import latex_source


def generation_cases(core: Core) -> GenerationCases:
    """Return what the HTTP surface can do about generations."""
    streams, plans = core.streams, core.plans
    return GenerationCases(
        shelf=core.generations,
        cursors=SignedCursors(core.vault),
        request=again(
            partial(
                request_generation,
                streams=streams,
                library=core.library,
                plans=plans,
                clock=now,
            )
        ),
        resume=again(partial(resume_generation, streams=streams, plans=plans, clock=now)),
        fail=again(partial(fail_generation, streams=streams, clock=now)),
        profile_of=partial(find_profile, streams=streams),
        change_profile=again(partial(change_profile, streams=streams, clock=now)),
        credits_left=partial(_credits_left, core),
        latex_of=latex_source,
    )


def _credits_left(core: Core, organization_id: UUID) -> int | None:
    standing = standing_of(organization_id, streams=core.streams, plans=core.plans, now=now())
    return standing.month.free if standing else None
