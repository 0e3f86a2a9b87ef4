"""Does the work that requests ask for: parse, tailor, write, one recorded step after another.

The queue is transport only; the log is the truth. What was asked for and has no outcome is
enqueued again, so that work survives a lost job or a killed worker, and a job that comes twice
finds its work done.
"""

import asyncio
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

import psycopg
import structlog
from procrastinate import App, RetryStrategy
from procrastinate.exceptions import ConnectorException

from api.account_work import add_account_tasks
from api.adapters.accounts.sweeping import sweep_accounts
from api.adapters.contents import ContentReader
from api.adapters.follower import Follower
from api.adapters.llm.choice import ModelChoice
from api.adapters.llm.client import LlmClient
from api.adapters.llm.thread import ModelThread
from api.adapters.operations import forget_old_operations
from api.adapters.queue import FrankConnector, put_back_orphans
from api.adapters.sequencer import Sequencer
from api.adapters.webhooks.courier import Courier
from api.adapters.webhooks.deliveries import queue_events
from api.adapters.workshop import SandboxedParser
from api.core import Core, now
from api.generation_work import (
    add_generation_task,
    board_of,
    generation_shop,
    renew_all_credits,
    typesetter_of,
)
from api.ids import new_id
from commands.again import again
from commands.parse_resume import FailParsing, RunParsing, fail_parsing, run_parsing
from commands.request_tailoring import AbandonTailoring, abandon_tailoring
from commands.run_tailoring import RunTailoring, run_tailoring
from commands.webhooks import disable_webhook
from commands.write_letter import AbandonLetter, WriteLetter, abandon_letter, write_letter
from events.recorded import Origin
from render.sandbox import Sandbox

log = structlog.get_logger()

QUEUE: Final = "refolio"
JOBS_AT_ONCE: Final = 64
"""Most of them wait for a model; what needs a processor, the sandbox and the gate, takes turns."""
LOOK_S: Final = 0.5
"""How late a lost wake-up makes a job."""
HEARTBEAT_S: Final = 1.0
SILENCE_S: Final = 4.0
"""A worker that was not heard of for so long is dead, and its jobs are given to others."""
SWEEP_S: Final = 1.0
TIDY_S: Final = 3600.0
REST_S: Final = 0.2

DATABASE_AWAY: Final = (psycopg.OperationalError, psycopg.InterfaceError)
"""What says nothing about the work: it is done again once the database is back."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """The use cases that jobs run."""

    run_parsing: Callable[[RunParsing, Origin], None]
    fail_parsing: Callable[[FailParsing, Origin], None]
    run_tailoring: Callable[[RunTailoring, Origin], None]
    abandon_tailoring: Callable[[AbandonTailoring, Origin], None]
    write_letter: Callable[[WriteLetter, Origin], None]
    abandon_letter: Callable[[AbandonLetter, Origin], None]

    def parse(self, resume_id: UUID, origin: Origin) -> None:
        """Parse; whatever goes wrong unforeseen ends in a recorded failure.

        Raises:
            psycopg.OperationalError, psycopg.InterfaceError: the database is away; try again.

        """
        try:
            self.run_parsing(RunParsing(resume_id), origin)
        except DATABASE_AWAY:
            raise
        except Exception as error:  # a job must settle, or its resume waits for ever
            log.exception("parsing broke down", resume=str(resume_id))
            reason = f"Parsing broke down ({type(error).__name__})."
            self.fail_parsing(FailParsing(resume_id, reason), origin)

    def tailor(self, result_id: UUID, origin: Origin) -> None:
        """Tailor; whatever goes wrong unforeseen ends in a recorded failure.

        Raises:
            psycopg.OperationalError, psycopg.InterfaceError: as for parsing.

        """
        try:
            self.run_tailoring(RunTailoring(result_id), origin)
        except DATABASE_AWAY:
            raise
        except Exception as error:  # same
            log.exception("tailoring broke down", result=str(result_id))
            reason = f"Tailoring broke down ({type(error).__name__})."
            command = AbandonTailoring(result_id, "TAILORING_PROCESS_FAILED", reason)
            self.abandon_tailoring(command, origin)

    def write(self, letter_id: UUID, origin: Origin) -> None:
        """Write a letter; whatever goes wrong unforeseen ends in a recorded failure.

        Raises:
            psycopg.OperationalError, psycopg.InterfaceError: as for parsing.

        """
        try:
            self.write_letter(WriteLetter(letter_id), origin)
        except DATABASE_AWAY:
            raise
        except Exception as error:  # same
            log.exception("writing broke down", letter=str(letter_id))
            reason = f"Writing broke down ({type(error).__name__})."
            self.abandon_letter(AbandonLetter(letter_id, None, reason), origin)


def workshop(core: Core, models: ModelChoice) -> Workshop:
    """Put adapters into the use cases that jobs run, each with its organization's model."""
    streams, plans = core.streams, core.plans

    def parsing(command: RunParsing, origin: Origin) -> None:
        parser = models.parser_for(origin.organization_id)
        run_parsing(command, origin, streams=streams, parser=parser, plans=plans, clock=now)

    def tailoring(command: RunTailoring, origin: Origin) -> None:
        engine = models.engine_for(origin.organization_id)
        run_tailoring(
            command,
            origin,
            streams=streams,
            engine=engine,
            plans=plans,
            clock=now,
            new_id=new_id,
        )

    def writing(command: WriteLetter, origin: Origin) -> None:
        engine = models.engine_for(origin.organization_id)
        write_letter(command, origin, streams=streams, engine=engine, plans=plans, clock=now)

    return Workshop(
        run_parsing=again(parsing),
        fail_parsing=again(partial(fail_parsing, streams=streams, clock=now)),
        run_tailoring=again(tailoring),
        abandon_tailoring=again(partial(abandon_tailoring, streams=streams, clock=now)),
        write_letter=again(writing),
        abandon_letter=again(partial(abandon_letter, streams=streams, clock=now)),
    )


def courier_of(core: Core) -> Courier:
    """Return who sends to webhooks."""
    return Courier(
        core.deliveries,
        ContentReader(core.log, core.vault),
        again(partial(disable_webhook, streams=core.streams, clock=now)),
        allowed_hosts=core.settings.webhook_hosts,
    )


@contextmanager
def models_of(core: Core, sandbox: Sandbox) -> Iterator[ModelChoice]:
    """Choose between organizations' models and the built-in ones meanwhile."""
    client = LlmClient(allowed_hosts=core.settings.private_hosts)
    with ModelThread() as thread:
        yield ModelChoice(core.streams, client, thread, SandboxedParser(sandbox))


def queue_app(connector: FrankConnector, shop: Workshop) -> App:
    """Return the queue with its kinds of job."""
    app = App(connector=connector)
    later = RetryStrategy(wait=1, retry_exceptions=DATABASE_AWAY)

    @app.task(name="parse", queue=QUEUE, retry=later)
    def parse(*, stream_id: str, organization_id: str, **by: Any) -> None:
        shop.parse(UUID(stream_id), Origin(UUID(organization_id), **by))

    @app.task(name="tailor", queue=QUEUE, retry=later)
    def tailor(*, stream_id: str, organization_id: str, **by: Any) -> None:
        shop.tailor(UUID(stream_id), Origin(UUID(organization_id), **by))

    @app.task(name="write", queue=QUEUE, retry=later)
    def write(*, stream_id: str, organization_id: str, **by: Any) -> None:
        shop.write(UUID(stream_id), Origin(UUID(organization_id), **by))

    return app


async def work(core: Core, *, ready: Callable[[], None] = lambda: None) -> None:
    """Take jobs until SIGTERM or SIGINT; then finish those at hand, for at most 10 s."""
    stopping = asyncio.Event()
    # Of the default size, six on two cores, it would keep jobs waiting for jobs that wait.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(JOBS_AT_ONCE + 4))
    for asked in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(asked, stopping.set)
    with (
        Sandbox() as sandbox,
        models_of(core, sandbox) as models,
        Sequencer(core.dsn),
        Follower(core.dsn, "webhooks", queue_events),
        board_of(core) as board,
        typesetter_of(core) as typesetter,
    ):
        connector = FrankConnector(core.dsn)
        app = queue_app(connector, workshop(core, models))
        add_account_tasks(app, core, queue=QUEUE)
        shop = generation_shop(core, models, board, typesetter)
        add_generation_task(app, shop, queue=QUEUE)
        async with app.open_async():
            kept = (_sweep(app, core), _tidy(core), courier_of(core).run())
            keeping = [asyncio.create_task(one) for one in kept]
            ready()
            while not stopping.is_set():
                await _shift(app, connector.failed, stopping)
            for task in keeping:
                task.cancel()
            await asyncio.gather(*keeping, return_exceptions=True)


async def _shift(app: App, failed: asyncio.Event, stopping: asyncio.Event) -> None:
    """Take jobs until told to stop or until the queue failed; finish those at hand.

    With the shift the worker's name in the queue ends: jobs left under it are given to others.
    """
    failed.clear()
    tasks = [
        asyncio.create_task(_take_jobs(app)),
        asyncio.create_task(failed.wait()),
        asyncio.create_task(stopping.wait()),
    ]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    ended, *_ = await asyncio.gather(*tasks, return_exceptions=True)
    if not stopping.is_set():
        log.warning("the queue failed; beginning anew", reason=type(ended).__name__)
        await asyncio.sleep(REST_S)


async def _take_jobs(app: App) -> None:
    await app.run_worker_async(
        queues=[QUEUE],
        concurrency=JOBS_AT_ONCE,
        delete_jobs="always",
        fetch_job_polling_interval=LOOK_S,
        update_heartbeat_interval=HEARTBEAT_S,
        stalled_worker_timeout=SILENCE_S,
        shutdown_graceful_timeout=10,
        install_signal_handlers=False,
    )


async def _tidy(core: Core) -> None:
    while True:
        with suppress(*DATABASE_AWAY):
            await asyncio.to_thread(forget_old_operations, core.pool)
            await asyncio.to_thread(core.deliveries.forget_old)
            await asyncio.to_thread(renew_all_credits, core)
        await asyncio.sleep(TIDY_S)


async def _sweep(app: App, core: Core) -> None:
    while True:
        try:
            stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENCE_S)
            for job in stalled:
                log.warning("taking over from a dead worker", work=job.task_name)
                await app.job_manager.retry_job(job)
            await asyncio.to_thread(put_back_orphans, core.pool)
            await asyncio.to_thread(sweep_accounts, core.pool)
        except (ConnectorException, *DATABASE_AWAY) as error:
            log.warning("sweep failed", reason=type(error).__name__)
        await asyncio.sleep(SWEEP_S)
