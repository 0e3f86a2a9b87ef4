"""What the commands share: speaking to the operator, opening the log, choosing a tenant."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import Progress

from api import bootstrap
from api.core import Core, open_core
from api.ids import from_wire
from api.settings import read_settings


def console(*, stderr: bool = False) -> Console:
    """Return where to show things to a person."""
    return Console(stderr=stderr, highlight=False)


def say(sentence: str) -> None:
    """Tell the operator something, beside the output that programs read."""
    typer.echo(sentence, err=True)


@contextmanager
def core_for_operator() -> Iterator[Core]:
    """Open the log; should read models have to be built anew for it, show how far that is."""
    bar = Progress(console=console(stderr=True), transient=True)
    task = bar.add_task("building read models anew", total=None)

    def show(events: int) -> None:
        bar.start()
        bar.advance(task, events)

    with open_core(read_settings(), progress=show) as core:
        if bar.live.is_started:
            bar.stop()
        yield core


def chosen_organization(core: Core, wire_id: str | None) -> UUID:
    """Return the organization of this id, or the deployment's first one."""
    if wire_id is None:
        return bootstrap.first_organization(core)[0]
    known = from_wire("org", wire_id)
    if known is None:
        raise typer.BadParameter(f"{wire_id} is not an id of an organization")
    return known
