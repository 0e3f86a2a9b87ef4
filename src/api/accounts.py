"""The composition root's part about accounts: ports meet adapters."""

import secrets
from functools import partial

from fastapi import FastAPI

from api.account_cases import (
    AccountCases,
    CredentialCases,
    OrganizationCases,
    SecondFactorCases,
    UserCases,
)
from api.adapters.accounts.digests import Digests, Seal
from api.adapters.accounts.passwords import Argon2Passwords
from api.adapters.accounts.post import LetterBox
from api.adapters.accounts.sessions import Sessions
from api.adapters.accounts.throttle import Throttle
from api.adapters.accounts.tokens import Tokens
from api.core import Core, now
from api.http.accounts import (
    auth_keys,
    invitations,
    keys,
    members,
    organizations,
    pages,
    profile,
    recovery,
    sessions,
    sign_in,
    subscription,
    two_factor,
    unknown,
)
from api.ids import new_id
from api.totp import LETTERS
from commands.accounts.credentials import (
    change_password,
    check_credentials,
    check_password,
    reset_password,
)
from commands.accounts.delete_user import delete_user
from commands.accounts.invitations import (
    accept_invitation,
    cancel_invitation,
    invite,
    reject_invitation,
)
from commands.accounts.members import change_role, remove_member
from commands.accounts.organizations import (
    create_organization,
    delete_organization,
    organization_for,
    update_organization,
)
from commands.accounts.profile import update_profile, verify_email
from commands.accounts.sign_up import sign_up
from commands.accounts.two_factor import (
    disable_two_factor,
    enable_two_factor,
    prepare_two_factor,
    replace_backup_codes,
    use_backup_code,
)
from commands.accounts.user import find_user
from commands.again import again
from commands.manage_keys import issue_key, revoke_key
from commands.manage_organization import find_organization
from commands.ports import Streams
from commands.rename_key import rename_key
from commands.rotate_key import rotate_key
from commands.switch_key import switch_key


def add_account_routes(app: FastAPI) -> None:
    """Teach the application everything under `/api/auth` and `/api/keys`, and its pages."""
    for module in (
        sign_in,
        sessions,
        profile,
        recovery,
        two_factor,
        organizations,
        members,
        invitations,
        auth_keys,
        keys,
        subscription,
        pages,
    ):
        app.include_router(module.router)
    app.include_router(pages.api)
    app.include_router(unknown.router)  # last, since it takes whatever is left


def account_cases(core: Core) -> AccountCases:
    """Put adapters into the use cases about accounts."""
    return AccountCases(
        users=_user_cases(core),
        organizations=_organization_cases(core),
        sessions=Sessions(core.pool, Seal(core.vault, "sessions"), new_id),
        tokens=Tokens(core.pool),
        throttle=Throttle(core.pool),
        directory=core.directory,
        digests=Digests(core.vault),
    )


def new_slug() -> str:
    """Return a slug for an organization that nobody has named."""
    return "personal-" + "".join(secrets.choice(LETTERS) for _ in range(6))


def _user_cases(core: Core) -> UserCases:
    streams, passwords, directory = core.streams, Argon2Passwords(), core.directory
    return UserCases(
        sign_up=again(
            partial(
                sign_up,
                streams=streams,
                directory=directory,
                passwords=passwords,
                new_id=new_id,
                new_slug=new_slug,
                clock=now,
            )
        ),
        credentials=_credential_cases(core, passwords),
        update_profile=again(partial(update_profile, streams=streams, clock=now)),
        verify_email=again(partial(verify_email, streams=streams, clock=now)),
        second_factor=_second_factor_cases(streams),
        delete=again(partial(delete_user, streams=streams, directory=directory, clock=now)),
        find=partial(find_user, streams=streams),
        mail=LetterBox(core.pool, Seal(core.vault, "mail"), new_id).ask,
    )


def _credential_cases(core: Core, passwords: Argon2Passwords) -> CredentialCases:
    streams = core.streams
    change = partial(change_password, streams=streams, passwords=passwords, clock=now)
    reset = partial(reset_password, streams=streams, passwords=passwords, clock=now)
    check = partial(
        check_credentials,
        streams=streams,
        directory=core.directory,
        passwords=passwords,
        clock=now,
    )
    return CredentialCases(
        check=again(check),
        prove=partial(check_password, streams=streams, passwords=passwords),
        change=again(change),
        reset=again(reset),
        digest=partial(passwords.digest, salt=core.vault.derive("bodies with passwords")),
    )


def _second_factor_cases(streams: Streams) -> SecondFactorCases:
    return SecondFactorCases(
        prepare=again(partial(prepare_two_factor, streams=streams, clock=now)),
        enable=again(partial(enable_two_factor, streams=streams, clock=now)),
        disable=again(partial(disable_two_factor, streams=streams, clock=now)),
        replace_codes=again(partial(replace_backup_codes, streams=streams, clock=now)),
        use_code=again(partial(use_backup_code, streams=streams, clock=now)),
    )


def _organization_cases(core: Core) -> OrganizationCases:
    streams, directory = core.streams, core.directory
    return OrganizationCases(
        create=again(
            partial(create_organization, streams=streams, directory=directory, clock=now)
        ),
        update=again(
            partial(update_organization, streams=streams, directory=directory, clock=now)
        ),
        delete=again(partial(delete_organization, streams=streams, clock=now)),
        change_role=again(partial(change_role, streams=streams, clock=now)),
        remove_member=again(partial(remove_member, streams=streams, clock=now)),
        invite=again(partial(invite, streams=streams, directory=directory, clock=now)),
        accept=again(partial(accept_invitation, streams=streams, clock=now)),
        reject=again(partial(reject_invitation, streams=streams, clock=now)),
        cancel=again(partial(cancel_invitation, streams=streams, clock=now)),
        find_for=partial(organization_for, streams=streams),
        find=partial(find_organization, streams=streams),
        issue_key=again(partial(issue_key, streams=streams, clock=now)),
        rename_key=again(partial(rename_key, streams=streams, clock=now)),
        rotate_key=again(partial(rotate_key, streams=streams, clock=now)),
        switch_key=again(partial(switch_key, streams=streams, clock=now)),
        revoke_key=again(partial(revoke_key, streams=streams, clock=now)),
    )
