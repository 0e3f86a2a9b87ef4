"""The composition root of the HTTP server: ports meet adapters, routes meet use cases."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import Final
from uuid import UUID

import psycopg
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from psycopg_pool import PoolTimeout

from api.accounts import account_cases, add_account_routes
from api.adapters.documents import KeptDocuments
from api.adapters.feed import Feed
from api.adapters.outcomes import PendingOutcomes
from api.adapters.workshop import PooledRenderer
from api.core import Core, now
from api.generating import generation_cases
from api.http import (
    errors,
    events,
    explaining,
    exports,
    guide,
    health,
    jobs,
    letters,
    llm_config,
    problems,
    resumes,
    tailoring,
    uploads,
    usage,
    webhooks,
)
from api.http.errors import ProblemDetails
from api.http.generated import generate, history, profile
from api.http.middleware import BodyLimit, HeadAsGet, RequestIds
from api.http.openapi import describe, operation_id
from api.ids import new_id
from api.runtime import LetterCases, Outcomes, Runtime
from api.views import ResumeDetail
from api.webhook_cases import WebhookCases
from commands.again import again
from commands.configure_llm import configure_llm, llm_settings_of
from commands.delete_letter import delete_letter
from commands.delete_resume import DeleteResume, delete_resume
from commands.edit_resume import edit_resume
from commands.export_resume import Document, ExportResume, export_resume, preview_resume
from commands.parse_resume import retry_parsing
from commands.ports import Renderer, Streams
from commands.request_letter import regenerate_letter, request_letter
from commands.request_tailoring import abandon_tailoring, request_tailoring
from commands.resume import fold
from commands.upload_resume import upload_resume
from commands.webhooks import (
    add_webhook,
    change_webhook,
    remove_webhook,
    rotate_webhook_secret,
)
from commands.write_letter import abandon_letter
from events.document_text import DocumentText
from events.recorded import Origin
from events.resume_data import ResumeData
from render.html import render_html
from render.pdf_pool import PdfPool
from render.reading.errors import UnreadableDocument
from render.sandbox import JobTimedOut, Sandbox, read_document

TITLE = "Refolio"
DESCRIPTION = (
    "Turns a resume and a job posting into a tailored resume, and can prove every word and every"
    " charge afterwards. Send your key as `Authorization: Bearer KEY` or `x-api-key: KEY`."
    " The [guide](/docs/guide) leads from a key to a PDF."
)


ROUTED: Final = (
    health,
    uploads,
    resumes,
    tailoring,
    explaining,
    exports,
    usage,
    llm_config,
    jobs,
    events,
    webhooks,
    generate,
    history,
    profile,
)
"""The modules of routes, in the order in which the documentation shows them."""


def create_app(core: Core, sandbox: Sandbox, pdfs: PdfPool) -> FastAPI:
    """Return the HTTP application on an open log."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (
            PendingOutcomes(core.pool, core.dsn) as outcomes,
            Feed(core.pool, core.dsn) as feed,
        ):
            app.state.running = wire(core, sandbox, pdfs, outcomes, feed)
            yield

    app = FastAPIOffline(
        redoc_url=None,
        static_url="/docs/assets",
        title=TITLE,
        description=DESCRIPTION,
        version=version("refolio"),
        lifespan=lifespan,
        generate_unique_id_function=operation_id,
    )
    app.state.closing = False
    app.state.open_streams = Counter[UUID]()
    for module in ROUTED:
        app.include_router(module.router)
    for surface in letters.SURFACES:
        app.include_router(letters.router_of(surface))
    add_account_routes(app)
    app.include_router(errors.router)
    app.include_router(guide.router)
    app.openapi = describe(app)  # type: ignore[method-assign] # as FastAPI's manual tells
    problems.install(app, unreachable=(psycopg.OperationalError, psycopg.InterfaceError))
    app.add_middleware(BodyLimit, max_document_bytes=core.settings.max_upload_bytes)
    app.add_middleware(HeadAsGet)
    app.add_middleware(ProblemDetails)
    app.add_middleware(RequestIds)
    return app


def wire(core: Core, sandbox: Sandbox, pdfs: PdfPool, outcomes: Outcomes, feed: Feed) -> Runtime:
    """Put adapters into use cases."""
    streams, library = core.streams, core.library
    renderer = KeptDocuments(PooledRenderer(pdfs), core.pool, core.vault)
    return Runtime(
        settings=core.settings,
        accounts=account_cases(core),
        library=library,
        letters=core.letters,
        ledger=core.ledger,
        outcomes=outcomes,
        llm_settings_of=partial(llm_settings_of, streams=streams),
        configure_llm=again(partial(configure_llm, streams=streams, clock=now)),
        database_answers=partial(_answers_soon, ThreadPoolExecutor(1), core),
        door=core.door,
        feed=feed,
        operations=core.operations,
        webhooks=_webhook_cases(core),
        plan_of=core.plans.plan_of,
        read_document=partial(_read, sandbox),
        upload_resume=again(partial(upload_resume, streams=streams, library=library, clock=now)),
        edit_resume=again(partial(edit_resume, streams=streams, clock=now)),
        delete_resume=_deletion(core),
        retry_parsing=again(partial(retry_parsing, streams=streams, clock=now)),
        request_tailoring=partial(request_tailoring, streams=streams, clock=now),
        abandon_tailoring=again(partial(abandon_tailoring, streams=streams, clock=now)),
        writing=_letter_cases(streams),
        generating=generation_cases(core),
        export_resume=_export(core, renderer),
        preview_resume=partial(
            preview_resume, streams=streams, library=library, renderer=renderer
        ),
        data_as_of=partial(_data_as_of, streams),
        render_html=_html,
        new_id=new_id,
        clock=now,
    )


def _deletion(core: Core) -> Callable[[DeleteResume, Origin], None]:
    return again(
        partial(
            delete_resume,
            streams=core.streams,
            library=core.library,
            letters=core.letters,
            clock=now,
        )
    )


def _export(core: Core, renderer: Renderer) -> Callable[[ExportResume, Origin], Document]:
    return partial(
        export_resume,
        streams=core.streams,
        library=core.library,
        renderer=renderer,
        plans=core.plans,
        clock=now,
    )


def _webhook_cases(core: Core) -> WebhookCases:
    streams = core.streams
    return WebhookCases(
        shelf=core.webhooks,
        deliveries=core.deliveries,
        add=again(partial(add_webhook, streams=streams, clock=now)),
        change=again(partial(change_webhook, streams=streams, clock=now)),
        rotate_secret=again(partial(rotate_webhook_secret, streams=streams, clock=now)),
        remove=again(partial(remove_webhook, streams=streams, clock=now)),
    )


def _letter_cases(streams: Streams) -> LetterCases:
    return LetterCases(
        request=partial(request_letter, streams=streams, clock=now),
        regenerate=again(partial(regenerate_letter, streams=streams, clock=now)),
        abandon=again(partial(abandon_letter, streams=streams, clock=now)),
        delete=again(partial(delete_letter, streams=streams, clock=now)),
    )


def _read(sandbox: Sandbox, data: bytes) -> DocumentText:
    try:
        return read_document(sandbox, data)
    except JobTimedOut as late:
        raise UnreadableDocument(
            "The document takes too long to read. Export it again in a simpler form."
        ) from late


def _data_as_of(
    streams: Streams, organization_id: UUID, resume_id: UUID, version: int
) -> ResumeData | None:
    resume = streams.load(resume_id, fold, organization_id=organization_id, version=version)
    return resume.data if resume else None


def _html(detail: ResumeDetail) -> str:
    if detail.data is None:
        return ""
    return render_html(detail.data, page="A4", language=detail.view.row.language)


def _answers_soon(executor: ThreadPoolExecutor, core: Core) -> bool:
    """Tell whether the database answers within 2 s; one that hangs holds one thread at most."""
    try:
        return executor.submit(_answers, core).result(timeout=2)
    except TimeoutError:
        return False


def _answers(core: Core) -> bool:
    try:
        with core.pool.connection(timeout=2) as connection:
            connection.execute("SELECT 1")
    except (psycopg.Error, PoolTimeout):
        return False
    return True
