"""The composition root's part about accounts: ports meet adapters."""

import secrets
from functools import partial

from fastapi import FastAPI

from api.account_cases import AccountCases, OrganizationCases, UserCases
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
from commands.accounts import credentials as passwords_of
from commands.accounts import invitations as inviting
from commands.accounts import members as membership
from commands.accounts import organizations as founding
from commands.accounts import profile as person
from commands.accounts import two_factor as factors
from commands.accounts.delete_user import delete_user
from commands.accounts.sign_up import sign_up
from commands.accounts.user import find_user
from commands.again import again
from commands.manage_keys import issue_key, revoke_key
from commands.manage_organization import find_organization
from commands.rename_key import rename_key


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
    streams, passwords = core.streams, Argon2Passwords()
    on_log = partial(partial, streams=streams, clock=now)
    with_hash = partial(on_log, passwords=passwords)
    return UserCases(
        sign_up=again(
            with_hash(sign_up, directory=core.directory, new_id=new_id, new_slug=new_slug)
        ),
        check_credentials=again(
            with_hash(passwords_of.check_credentials, directory=core.directory)
        ),
        check_password=partial(passwords_of.check_password, streams=streams, passwords=passwords),
        change_password=again(with_hash(passwords_of.change_password)),
        reset_password=again(with_hash(passwords_of.reset_password)),
        update_profile=again(on_log(person.update_profile)),
        verify_email=again(on_log(person.verify_email)),
        prepare_two_factor=again(on_log(factors.prepare_two_factor)),
        enable_two_factor=again(on_log(factors.enable_two_factor)),
        disable_two_factor=again(on_log(factors.disable_two_factor)),
        replace_backup_codes=again(on_log(factors.replace_backup_codes)),
        use_backup_code=again(on_log(factors.use_backup_code)),
        delete=again(on_log(delete_user, directory=core.directory)),
        find=partial(find_user, streams=streams),
        mail=LetterBox(core.pool, Seal(core.vault, "mail"), new_id).ask,
    )


def _organization_cases(core: Core) -> OrganizationCases:
    on_log = partial(partial, streams=core.streams, clock=now)
    return OrganizationCases(
        create=again(on_log(founding.create_organization, directory=core.directory)),
        update=again(on_log(founding.update_organization, directory=core.directory)),
        delete=again(on_log(founding.delete_organization)),
        change_role=again(on_log(membership.change_role)),
        remove_member=again(on_log(membership.remove_member)),
        invite=again(on_log(inviting.invite, directory=core.directory)),
        accept=again(on_log(inviting.accept_invitation)),
        reject=again(on_log(inviting.reject_invitation)),
        cancel=again(on_log(inviting.cancel_invitation)),
        find_for=partial(founding.organization_for, streams=core.streams),
        find=partial(find_organization, streams=core.streams),
        issue_key=again(on_log(issue_key)),
        rename_key=again(on_log(rename_key)),
        revoke_key=again(on_log(revoke_key)),
    )
