"""The command line: run Refolio, and use or inspect it without a server."""

import asyncio
import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final, Literal

import psycopg
import typer
from rich.progress import Progress

from api import bootstrap, logs
from api.accounts_cli import keys, organizations
from api.adapters.postgres_programs import PostgresUnavailable
from api.adapters.vault import WrongMasterKey
from api.console import chosen_organization, console, core_for_operator, say
from api.core import Core
from api.gate_cli import gate
from api.ids import from_wire
from api.settings import InvalidSetting, read_settings
from api.telling import tell_history, tell_ready
from api.telling_changes import tell_changes
from api.users_cli import users
from commands.errors import DomainError
from render.fonts import FontsMissing
from render.pdf_pool import RendererUnavailable
from render.reading.errors import DocumentRefused

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Tailor resumes to job postings, with a history that proves every word and every charge.",
)

OPERATORS_BUSINESS: Final = (
    InvalidSetting,
    PostgresUnavailable,
    psycopg.OperationalError,
    RendererUnavailable,
    FontsMissing,
    WrongMasterKey,
    DomainError,
    DocumentRefused,
    OSError,
)
"""What an operator can mend; it is told in a sentence and not as a traceback."""

Strategy = Literal["nudge", "keywords", "full"]


def main() -> None:
    """Run the command line; what goes wrong is told in a sentence, with exit status 1."""
    app.add_typer(keys, name="key")
    app.add_typer(organizations, name="org")
    app.add_typer(users, name="user")
    app.command()(gate)
    try:
        app()
    except OPERATORS_BUSINESS as error:
        told = error.detail if isinstance(error, DomainError) else str(error).strip()
        say(f"refolio: {told}")
        sys.exit(1)


@app.callback(invoke_without_command=True)
def about(
    *,
    show_version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Prepare for any command."""
    if show_version:
        typer.echo(version("refolio"))
        raise typer.Exit
    logs.configure(read_settings())


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address; default REFOLIO_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; default REFOLIO_PORT.")] = None,
) -> None:
    """Run the server with a worker beside it, until SIGTERM or SIGINT."""
    from api.serve import serve as run  # noqa: PLC0415 `--help` stays quick

    settings = read_settings(host=host, port=port)

    def announce(core: Core) -> None:
        organization_id, is_new = bootstrap.first_organization(core)
        key = (
            bootstrap.create_key(core, organization_id, bootstrap.NewKey("First key"))
            if is_new
            else None
        )
        tell_ready(settings, key)

    run(settings, announce=announce)


@app.command()
def worker() -> None:
    """Take jobs from the queue, on this or any machine, until SIGTERM or SIGINT."""
    from api.serve import end_with_parent  # noqa: PLC0415 `--help` stays quick
    from api.worker import work  # noqa: PLC0415 same

    end_with_parent()
    with core_for_operator() as core:
        asyncio.run(work(core))


@app.command()
def migrate() -> None:
    """Bring the database to the shape this version works with. `serve` does so by itself."""
    with core_for_operator():
        say("The database is up to date.")


@app.command()
def rebuild() -> None:
    """Build every read model anew from the log, while the server runs."""
    from api.adapters.log_reader import LOG  # noqa: PLC0415 `--help` stays quick
    from projections.rebuild import rebuild as run  # noqa: PLC0415 same
    from projections.schema import READ_MODELS  # noqa: PLC0415 same

    with core_for_operator() as core, Progress(console=console(stderr=True)) as progress:
        with core.connect() as connection:
            found = connection.execute("SELECT count(*) FROM events").fetchone()
        total = found[0] if found else 0
        bar = progress.add_task("events read", total=total)
        run(core.connect, READ_MODELS, LOG, progress=lambda n: progress.advance(bar, n))
        progress.update(bar, completed=total)
    say(f"{len(READ_MODELS)} read models were built from {total} events.")


@app.command()
def parse(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False)],
    *,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One line for each file.")] = False,
    sources: Annotated[
        bool, typer.Option("--sources", help="Also say on which line each field stands.")
    ] = False,
) -> None:
    """Print the resumes in PDF or DOCX files as JSON. Needs no database."""
    from render.sandbox import Sandbox, parse_resume, read_document  # noqa: PLC0415 same

    failed = False
    with Sandbox() as sandbox:
        for file in files:
            try:
                parsed = parse_resume(sandbox, read_document(sandbox, file.read_bytes()))
            except DocumentRefused as refusal:
                say(f"{file}: {refusal}")
                failed = True
                continue
            data = parsed.data.model_dump(mode="json", by_alias=True)
            if sources:
                lines = {source.path: source.line for source in parsed.sources}
                data = {"data": data, "sources": lines}
            if jsonl:
                data = {"file": str(file), **(data if sources else {"data": data})}
            sys.stdout.write(
                json.dumps(data, ensure_ascii=False, indent=None if jsonl else 2) + "\n"
            )
    sys.exit(1 if failed else 0)


@app.command()
def tailor(
    resume: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="PDF or DOCX.")],
    job: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The posting, text.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The PDF to write.")],
    strategy: Annotated[Strategy, typer.Option(help="How much may change.")] = "keywords",
    page: Annotated[Literal["a4", "letter"], typer.Option(help="Paper size.")] = "a4",
) -> None:
    """Upload, parse, tailor and export in one go; print the changes and the coverage."""
    from api.errand import Errand, read_posting, run_errand  # noqa: PLC0415 `--help` stays quick

    errand = Errand(
        filename=resume.name,
        document=resume.read_bytes(),
        job_description=read_posting(job),
        strategy=strategy,
        page=page,
    )
    with core_for_operator() as core, console(stderr=True).status("Tailoring …"):
        done = run_errand(core, chosen_organization(core, None), errand)
    output.write_bytes(done.pdf)
    tell_changes(console(), done.content.verdicts, done.content.coverage, done.source)
    say(f"{output}: {len(done.pdf):,} bytes. History: refolio history {done.resume_id}")


@app.command()
def history(resume_id: Annotated[str, typer.Argument(help="Id of a resume.")]) -> None:
    """Print everything that ever happened to a resume as a timeline."""
    stream_id = from_wire("res", resume_id)
    with core_for_operator() as core:
        stored = core.log.select_events(stream_id) if stream_id else []
        if not stored:
            say(f"refolio: there is no resume {resume_id}")
            raise typer.Exit(1)
        tell_history(console(), resume_id, stored, core.vault)


@app.command("export-events")
def export_events(
    organization: Annotated[str | None, typer.Option(help="Only this one's.")] = None,
) -> None:
    """Write all events in final order as JSON lines to standard output; personal data sealed."""
    from api.adapters.event_export import exported  # noqa: PLC0415 `--help` stays quick

    with core_for_operator() as core, core.connect() as connection:
        only = chosen_organization(core, organization) if organization else None
        for line in exported(connection, only):
            sys.stdout.buffer.write(line)


if __name__ == "__main__":
    main()
