"""Does the work that requests ask for: parsing and tailoring, one recorded step after another.

The queue is transport only; the log is the truth. What was asked for and has no outcome is
enqueued again, so that work survives a lost job or a killed worker, and a job that comes twice
finds its work done.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

import procrastinate
import structlog
from procrastinate import App, PsycopgConnector

from api.adapters.queue import put_back_orphans
from api.adapters.sequencer import Sequencer
from api.adapters.workshop import SandboxedParser
from api.core import Core, now
from commands.again import again
from commands.parse_resume import FailParsing, RunParsing, fail_parsing, run_parsing
from commands.request_tailoring import AbandonTailoring, abandon_tailoring
from commands.run_tailoring import RunTailoring, run_tailoring
from commands.tailoring.built_in import BuiltInEngine
from events.recorded import Origin
from render.sandbox import Sandbox

log = structlog.get_logger()

QUEUE: Final = "refolio"
JOBS_AT_ONCE: Final = 4
HEARTBEAT_S: Final = 2.0
SILENCE_S: Final = 8.0
"""A worker that was not heard of for so long is dead, and its jobs are given to others."""
SWEEP_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Workshop:
    """The use cases that jobs run."""

    run_parsing: Callable[[RunParsing, Origin], None]
    fail_parsing: Callable[[FailParsing, Origin], None]
    run_tailoring: Callable[[RunTailoring, Origin], None]
    abandon_tailoring: Callable[[AbandonTailoring, Origin], None]

    def parse(self, resume_id: UUID, origin: Origin) -> None:
        """Parse; whatever goes wrong unforeseen ends in a recorded failure."""
        try:
            self.run_parsing(RunParsing(resume_id), origin)
        except Exception as error:  # a job must settle, or its resume waits for ever
            log.exception("parsing broke down", resume=str(resume_id))
            reason = f"Parsing broke down ({type(error).__name__})."
            self.fail_parsing(FailParsing(resume_id, reason), origin)

    def tailor(self, result_id: UUID, origin: Origin) -> None:
        """Tailor; whatever goes wrong unforeseen ends in a recorded failure."""
        try:
            self.run_tailoring(RunTailoring(result_id), origin)
        except Exception as error:  # same
            log.exception("tailoring broke down", result=str(result_id))
            reason = f"Tailoring broke down ({type(error).__name__})."
            command = AbandonTailoring(result_id, "TAILORING_PROCESS_FAILED", reason)
            self.abandon_tailoring(command, origin)


def workshop(core: Core, sandbox: Sandbox) -> Workshop:
    """Put adapters into the use cases that jobs run."""
    streams, plans = core.streams, core.plans
    return Workshop(
        run_parsing=again(
            partial(
                run_parsing,
                streams=streams,
                parser=SandboxedParser(sandbox),
                plans=plans,
                clock=now,
            )
        ),
        fail_parsing=again(partial(fail_parsing, streams=streams, clock=now)),
        run_tailoring=again(
            partial(
                run_tailoring,
                streams=streams,
                engine=BuiltInEngine(),
                plans=plans,
                clock=now,
            )
        ),
        abandon_tailoring=again(partial(abandon_tailoring, streams=streams, clock=now)),
    )


def queue_app(dsn: str, shop: Workshop) -> App:
    """Return the queue with its two kinds of job."""
    app = App(connector=PsycopgConnector(conninfo=dsn, max_size=4))

    @app.task(name="parse", queue=QUEUE)
    def parse(*, stream_id: str, organization_id: str, request_id: str | None) -> None:
        shop.parse(UUID(stream_id), Origin(UUID(organization_id), "worker", request_id))

    @app.task(name="tailor", queue=QUEUE)
    def tailor(*, stream_id: str, organization_id: str, request_id: str | None) -> None:
        shop.tailor(UUID(stream_id), Origin(UUID(organization_id), "worker", request_id))

    return app


async def work(core: Core, *, ready: Callable[[], None] = lambda: None) -> None:
    """Take jobs until SIGTERM or SIGINT; then finish those at hand, for at most 10 s."""
    with Sandbox() as sandbox, Sequencer(core.dsn):
        app = queue_app(core.dsn, workshop(core, sandbox))
        async with app.open_async():
            sweeping = asyncio.create_task(_sweep(app, core))
            ready()
            try:
                await app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=JOBS_AT_ONCE,
                    delete_jobs="always",
                    update_heartbeat_interval=HEARTBEAT_S,
                    stalled_worker_timeout=SILENCE_S,
                    shutdown_graceful_timeout=10,
                )
            finally:
                sweeping.cancel()
                await asyncio.gather(sweeping, return_exceptions=True)


async def _sweep(app: App, core: Core) -> None:
    while True:
        try:
            stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENCE_S)
            for job in stalled:
                log.warning("taking over from a dead worker", work=job.task_name)
                await app.job_manager.retry_job(job)
            await asyncio.to_thread(put_back_orphans, core.pool)
        except (procrastinate.exceptions.ConnectorException, OSError) as error:
            log.warning("sweep failed", reason=type(error).__name__)
        await asyncio.sleep(SWEEP_S)
