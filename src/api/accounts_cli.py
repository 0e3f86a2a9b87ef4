"""The commands about organizations and their keys. Each act is an event with actor `operator`."""

import sys
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, get_args
from uuid import UUID

import typer
from rich.table import Table

from api import bootstrap
from api.adapters.accounts.digests import Digests
from api.adapters.key_uses import last_uses_of
from api.console import chosen_organization, console, core_for_operator, say
from api.core import Core, now
from api.ids import from_wire, to_wire
from api.times import instant
from commands.again import again
from commands.change_subscription import ChangeSubscription, change_subscription
from commands.credits.set_allowance import SetAllowance, set_allowance
from commands.credits.standing import standing_of
from commands.errors import KeyNotFound
from commands.manage_keys import RevokeKey, revoke_key
from commands.manage_organization import ChangePlan, change_plan
from commands.plans import plan_in_force
from commands.rotate_key import LONGEST_GRACE
from events.organization import KeyKind, Plan, Scope, SubscriptionStatus
from events.recorded import Origin
from projections.api_keys import ApiKeyRow, key_of, keys_of
from projections.organizations import all_organizations, organization_with

keys = typer.Typer(no_args_is_help=True, help="API keys.")
organizations = typer.Typer(no_args_is_help=True, help="Organizations.")

SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
LONGEST_GRACE_S: Final = int(LONGEST_GRACE.total_seconds())
KeyId = Annotated[str, typer.Argument(help="Id of a key.")]
Organization = Annotated[str | None, typer.Option(help="Id; default: the first one.")]


@keys.command("create")
def create_key(
    name: Annotated[str, typer.Option(help="What the key is for.")],
    organization: Organization = None,
    kind: Annotated[KeyKind, typer.Option(help="Whose key it is.")] = "organization",
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help=f"What it may do: {', '.join(SCOPES)}; repeatable; default: everything."
        ),
    ] = None,
    expires_in_days: Annotated[
        int | None, typer.Option(min=1, max=365, help="How long it lasts; default: for ever.")
    ] = None,
    user: Annotated[
        str | None,
        typer.Option(help="E-mail address of whose profile it acts for; default: nobody's."),
    ] = None,
) -> None:
    """Issue an API key and print it, alone, on standard output. It is shown only now."""
    ends = now() + timedelta(days=expires_in_days) if expires_in_days else None
    scopes = tuple(dict.fromkeys(_scope(given) for given in scope or ()))
    with core_for_operator() as core:
        organization_id = chosen_organization(core, organization)
        owner_id = _member(core, organization_id, user) if user else None
        wanted = bootstrap.NewKey(name, kind, scopes, ends, owner_id)
        sys.stdout.write(bootstrap.create_key(core, organization_id, wanted) + "\n")


@keys.command("list")
def list_keys(organization: Organization = None) -> None:
    """List the keys that are not revoked; never the keys themselves."""
    table = listing("name", "starts with", "may", "created (UTC)", "ends (UTC)", "used (UTC)")
    with core_for_operator() as core, core.connect() as connection:
        rows = keys_of(connection, chosen_organization(core, organization), now=now())
        uses = last_uses_of(connection, [row.id for row in rows])
        for row in rows:
            may = ", ".join(row.scopes) if row.scopes else "everything"
            table.add_row(
                to_wire("key", row.id),
                row.name,
                row.start,
                may if row.enabled else f"nothing: disabled ({may})",
                _minute(row.created_at),
                _minute(row.expires_at),
                _minute(uses.get(row.id)),
            )
    console().print(table)


@keys.command("rotate")
def rotate(
    key_id: KeyId,
    grace: Annotated[
        int,
        typer.Option(min=0, max=LONGEST_GRACE_S, help="Seconds that the old key goes on working."),
    ] = 24 * 60 * 60,
) -> None:
    """Let a new key take a key's place; print it, alone, on standard output, only now."""
    with core_for_operator() as core:
        row = _key(core, key_id)
        key, ends = bootstrap.rotate_key(core, row, timedelta(seconds=grace))
        sys.stdout.write(key + "\n")
    say(f"The key {row.name} ({row.start}…) works until {instant(ends)}.")


@keys.command("revoke")
def revoke(key_id: KeyId) -> None:
    """Make a key open nothing any more, from the next request on."""
    with core_for_operator() as core:
        row = _key(core, key_id)
        origin = Origin(row.organization_id, bootstrap.OPERATOR)
        again(revoke_key)(RevokeKey(row.id), origin, streams=core.streams, clock=now)
    say(f"The key {row.name} ({row.start}…) was revoked.")


def _scope(given: str) -> Scope:
    for scope in SCOPES:
        if given.lower() == scope:
            return scope
    raise typer.BadParameter(f"{given} is no scope; there are {', '.join(SCOPES)}")


def _member(core: Core, organization_id: UUID, email: str) -> UUID:
    """Return the user with this e-mail address, who must be a member of the organization."""
    user_id = core.directory.user_with_email(Digests(core.vault).of_email(email))
    places = core.directory.memberships_of(user_id) if user_id else ()
    if user_id is None or organization_id not in {place.organization_id for place in places}:
        raise typer.BadParameter(f"{email} is no member of the organization")
    return user_id


def _minute(value: datetime | None) -> str:
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M}" if value else "never"


def _key(core: Core, wire_id: str) -> ApiKeyRow:
    known = from_wire("key", wire_id)
    with core.connect() as connection:
        row = key_of(connection, known) if known else None
    if row is None:
        raise KeyNotFound
    return row


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
            plan = plan_in_force(row.plan, row.plan_until, now())
            table.add_row(to_wire("org", row.id), row.name, plan, instant(row.created_at))
    console().print(table)


@organizations.command("plan")
def set_plan(
    organization: Annotated[str, typer.Argument(help="Id of an organization.")],
    plan: Annotated[Plan, typer.Argument(help="Its plan from now on.")],
    status: Annotated[
        SubscriptionStatus | None,
        typer.Option(help="How its subscription stands; default: set by hand, without end."),
    ] = None,
    period_end: Annotated[
        datetime | None, typer.Option(help="Until when it is paid (UTC); with --status only.")
    ] = None,
) -> None:
    """Put an organization on another plan, or record how its subscription stands."""
    if period_end is not None and status is None:
        raise typer.BadParameter("--period-end goes with --status")
    paid_until = period_end.replace(tzinfo=UTC) if period_end else None
    with core_for_operator() as core:
        origin = Origin(chosen_organization(core, organization), bootstrap.OPERATOR)
        if status is None:
            again(change_plan)(ChangePlan(plan), origin, streams=core.streams, clock=now)
        else:
            again(change_subscription)(
                ChangeSubscription(plan, status, paid_until),
                origin,
                streams=core.streams,
                clock=now,
                past_due_grace=core.settings.past_due_grace,
            )
        with core.connect() as connection:
            row = organization_with(connection, origin.organization_id)
    ends = instant(row.plan_until) if row and row.plan_until else None
    say(f"{organization} is on {plan}{f' until {ends}' if ends else ''}.")


@organizations.command("credits")
def set_credits(
    organization: Annotated[str, typer.Argument(help="Id of an organization.")],
    a_month: Annotated[
        str, typer.Argument(metavar="N", help="Generations a month; `plan`: as its plan says.")
    ],
) -> None:
    """Set how many generations an organization may have each month, from now on."""
    if a_month != "plan" and not a_month.isdecimal():
        raise typer.BadParameter("give a number, or the word plan")
    allowance = None if a_month == "plan" else int(a_month)
    with core_for_operator() as core:
        origin = Origin(chosen_organization(core, organization), bootstrap.OPERATOR)
        command = SetAllowance(allowance)
        again(set_allowance)(command, origin, streams=core.streams, clock=now)
        standing = standing_of(
            origin.organization_id, streams=core.streams, plans=core.plans, now=now()
        )
    if standing is None:
        say(f"{organization} has credits without end.")
        return
    month = standing.month
    say(f"{organization} has {month.free} credits left until {instant(month.month.ends_at)}.")


def listing(*columns: str) -> Table:
    """Return a table whose ids can be copied whole."""
    table = Table(box=None)
    table.add_column("id", min_width=30, no_wrap=True)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
