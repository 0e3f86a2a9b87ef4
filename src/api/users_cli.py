"""The commands about users, for whoever operates the deployment."""

import sys
from functools import partial
from typing import Annotated

import typer
from pydantic import EmailStr, TypeAdapter, ValidationError

from api import bootstrap
from api.adapters.accounts.digests import Digests, Seal, plain_email
from api.adapters.accounts.passwords import Argon2Passwords
from api.adapters.accounts.sessions import Sessions
from api.adapters.accounts.tokens import Tokens
from api.console import chosen_organization, core_for_operator, say
from api.core import now
from api.ids import new_id, to_wire
from commands.accounts.credentials import ResetPassword, reset_password
from commands.accounts.refusals import UserNotFound
from commands.accounts.sign_up import CreateUser, SignUp, create_user
from commands.again import again
from events.recorded import Origin
from events.user import ACCOUNTS

users = typer.Typer(no_args_is_help=True, help="People who sign in.")

EmailOption = Annotated[str, typer.Option(help="E-mail address.")]
PasswordOption = Annotated[
    str, typer.Option(prompt=True, hide_input=True, help="Asked for if it is not given.")
]


@users.command("create")
def create(
    email: EmailOption,
    password: PasswordOption,
    name: Annotated[str | None, typer.Option(help="Default: from the address.")] = None,
    organization: Annotated[str | None, typer.Option(help="Id; default: the first one.")] = None,
    *,
    admin: Annotated[bool, typer.Option("--admin", help="Let them manage keys.")] = False,
) -> None:
    """Create an account, a member of an organization, and print its id."""
    address = _checked(email)
    with core_for_operator() as core:
        organization_id = chosen_organization(core, organization)
        account = SignUp(
            user_id=new_id(),
            email=address,
            email_digest=Digests(core.vault).of_email(address),
            name=name or address.partition("@")[0],
            password=password,
        )
        origin = Origin(organization_id, bootstrap.OPERATOR)
        command = CreateUser(account, new_id(), "admin" if admin else "member")
        again(create_user)(
            command,
            origin,
            streams=core.streams,
            directory=core.directory,
            passwords=Argon2Passwords(),
            clock=now,
        )
    sys.stdout.write(to_wire("usr", account.user_id) + "\n")


@users.command("reset-password")
def reset(email: EmailOption, password: PasswordOption) -> None:
    """Set a password, and end every session of the account."""
    with core_for_operator() as core:
        user_id = core.directory.user_with_email(Digests(core.vault).of_email(email))
        if user_id is None:
            raise UserNotFound
        again(partial(reset_password, streams=core.streams, clock=now))(
            ResetPassword(user_id, password, "set by operator"),
            Origin(ACCOUNTS, bootstrap.OPERATOR),
            passwords=Argon2Passwords(),
        )
        Sessions(core.pool, Seal(core.vault, "sessions"), new_id).end_all(user_id)
        Tokens(core.pool).drop(user_id)
    say(f"The password of {plain_email(email)} was set.")


def _checked(email: str) -> str:
    try:
        return plain_email(TypeAdapter(EmailStr).validate_python(email))
    except ValidationError:
        raise typer.BadParameter(f"{email} is no e-mail address") from None
