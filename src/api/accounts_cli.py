"""The commands about organizations and their keys. Each act is an event with actor `operator`."""

import sys
from typing import Annotated, Literal

import typer
from rich.table import Table

from api import bootstrap
from api.console import chosen_organization, console, core_for_operator, say
from api.core import now
from api.ids import from_wire, to_wire
from api.times import instant
from commands.again import again
from commands.errors import KeyNotFound
from commands.manage_keys import RevokeKey, revoke_key
from commands.manage_organization import ChangePlan, change_plan
from events.recorded import Origin
from projections.api_keys import key_of, keys_of
from projections.organizations import all_organizations

keys = typer.Typer(no_args_is_help=True, help="API keys.")
organizations = typer.Typer(no_args_is_help=True, help="Organizations.")

Plan = Literal["FREE", "STARTER", "PRO", "ENTERPRISE"]
Kind = Literal["organization", "developer"]
Organization = Annotated[str | None, typer.Option(help="Id; default: the first one.")]


@keys.command("create")
def create_key(
    name: Annotated[str, typer.Option(help="What the key is for.")],
    organization: Organization = None,
    kind: Annotated[Kind, typer.Option(help="Whose key it is.")] = "organization",
) -> None:
    """Issue an API key and print it, alone, on standard output. It is shown only now."""
    with core_for_operator() as core:
        organization_id = chosen_organization(core, organization)
        wanted = bootstrap.NewKey(name, kind)
        sys.stdout.write(bootstrap.create_key(core, organization_id, wanted) + "\n")


@keys.command("list")
def list_keys(organization: Organization = None) -> None:
    """List the keys that are not revoked; never the keys themselves."""
    table = listing("name", "starts with", "created (UTC)")
    with core_for_operator() as core, core.connect() as connection:
        for row in keys_of(connection, chosen_organization(core, organization)):
            table.add_row(to_wire("key", row.id), row.name, row.start, instant(row.created_at))
    console().print(table)


@keys.command("revoke")
def revoke(key_id: Annotated[str, typer.Argument(help="Id of a key.")]) -> None:
    """Make a key open nothing any more, from the next request on."""
    known = from_wire("key", key_id)
    with core_for_operator() as core:
        with core.connect() as connection:
            row = key_of(connection, known) if known else None
        if row is None:
            raise KeyNotFound
        origin = Origin(row.organization_id, bootstrap.OPERATOR)
        again(revoke_key)(RevokeKey(row.id), origin, streams=core.streams, clock=now)
    say(f"The key {row.name} ({row.start}…) was revoked.")


@organizations.command("create")
def create_organization(
    name: Annotated[str, typer.Option(help="Its name.")],
    plan: Annotated[Plan, typer.Option(help="Its plan.")] = "FREE",
) -> None:
    """Found an organization and print its id."""
    with core_for_operator() as core:
        created = bootstrap.create_organization(core, name, plan)
        sys.stdout.write(to_wire("org", created) + "\n")


@organizations.command("list")
def list_organizations() -> None:
    """List the organizations of this deployment."""
    table = listing("name", "plan", "founded (UTC)")
    with core_for_operator() as core, core.connect() as connection:
        for row in all_organizations(connection):
            table.add_row(to_wire("org", row.id), row.name, row.plan, instant(row.created_at))
    console().print(table)


@organizations.command("plan")
def set_plan(
    organization: Annotated[str, typer.Argument(help="Id of an organization.")],
    plan: Annotated[Plan, typer.Argument(help="Its plan from now on.")],
) -> None:
    """Put an organization on another plan."""
    with core_for_operator() as core:
        origin = Origin(chosen_organization(core, organization), bootstrap.OPERATOR)
        again(change_plan)(ChangePlan(plan), origin, streams=core.streams, clock=now)
    say(f"{organization} is on {plan}.")


def listing(*columns: str) -> Table:
    """Return a table whose ids can be copied whole."""
    table = Table(box=None)
    table.add_column("id", min_width=30, no_wrap=True)
    for column in columns:
        table.add_column(column)
    return table
