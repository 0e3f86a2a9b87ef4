"""What workers do about generations, and about the months of credits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

import psycopg
import structlog
from procrastinate import App, RetryStrategy

from api.adapters.closed_board import ClosedBoard
from api.adapters.egress.thread import LoopThread
from api.adapters.linkedin.board import LinkedInBoard
from api.adapters.llm.choice import ModelChoice
from api.adapters.typesetter import LatexTypesetter
from api.core import Core, now
from commands.again import again
from commands.credits.renew_credits import RenewCredits, renew_credits
from commands.generating.ports import JobBoard, Typesetter
from commands.generating.run_generation import Helpers, RunGeneration, run_generation
from commands.generating.settle_generation import FailGeneration, fail_generation
from events.recorded import Origin
from projections.credit_months import ended_with_credits, without_a_month
from render.latex.compiler import find_latex
from render.pdf_pool import PdfPool

log = structlog.get_logger()

MOST_AT_ONCE: Final = 200
DATABASE_AWAY: Final = (psycopg.OperationalError, psycopg.InterfaceError)


@dataclass(frozen=True, slots=True)
class GenerationShop:
    """The use cases that the job `generate` runs."""

    run: Callable[[RunGeneration, Origin], None]
    fail: Callable[[FailGeneration, Origin], None]

    def generate(self, generation_id: UUID, origin: Origin) -> None:
        """Generate; whatever goes wrong unforeseen ends in a recorded failure.

        Raises:
            psycopg.OperationalError, psycopg.InterfaceError: the database is away; try again.

        """
        try:
            self.run(RunGeneration(generation_id), origin)
        except DATABASE_AWAY:
            raise
        except Exception as error:  # a job must settle, or its request waits for ever
            log.exception("generating broke down", generation=str(generation_id))
            reason = f"Generating broke down ({type(error).__name__})."
            self.fail(FailGeneration(generation_id, "TAILORING_FAILED", reason), origin)


def generation_shop(
    core: Core, models: ModelChoice, board: JobBoard, typesetter: Typesetter
) -> GenerationShop:
    """Put adapters into the use cases, each with its organization's model."""

    def run(command: RunGeneration, origin: Origin) -> None:
        engine = models.engine_for(origin.organization_id)
        run_generation(
            command,
            origin,
            streams=core.streams,
            helpers=Helpers(engine, board, typesetter, core.generations),
            plans=core.plans,
            clock=now,
        )

    fail = partial(fail_generation, streams=core.streams, clock=now)
    return GenerationShop(run=again(run), fail=again(fail))


@contextmanager
def board_of(core: Core) -> Iterator[JobBoard]:
    """Read postings meanwhile, if the operator lets it."""
    if not core.settings.linkedin_fetch:
        yield ClosedBoard()
        return
    with LoopThread("job pages") as thread:
        yield LinkedInBoard(thread, now)


@contextmanager
def typesetter_of(core: Core) -> Iterator[Typesetter]:
    """Set documents meanwhile."""
    cache = core.settings.home / "cache"
    with PdfPool(cache, workers=1) as pdfs:
        yield LatexTypesetter(find_latex(cache), pdfs)


def add_generation_task(app: App, shop: GenerationShop, *, queue: str) -> None:
    """Teach the queue the job `generate`."""
    later = RetryStrategy(wait=1, retry_exceptions=DATABASE_AWAY)

    @app.task(name="generate", queue=queue, retry=later)
    def generate(*, stream_id: str, organization_id: str, **by: Any) -> None:
        shop.generate(UUID(stream_id), Origin(UUID(organization_id), **by))


def renew_all_credits(core: Core) -> None:
    """Turn over the months of all organizations that are due; late is as good as in time."""
    with core.connect() as connection:
        at = now()
        ended = dict(ended_with_credits(connection, at, limit=MOST_AT_ONCE))
        due = without_a_month(connection, at, limit=MOST_AT_ONCE)
    for organization_id in {*ended, *due}:
        again(renew_credits)(
            RenewCredits(tuple(ended.get(organization_id, ()))),
            Origin(organization_id, "worker"),
            streams=core.streams,
            plans=core.plans,
            clock=now,
        )
