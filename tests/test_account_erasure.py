"""What people tell of themselves is never in clear, and after an erasure nobody reads it."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import pytest

from accounts import CHEAP, Account, directory_of, signed_up
from api.account_views import Client
from api.adapters.accounts.digests import Seal
from api.adapters.accounts.sessions import Sessions
from api.adapters.accounts.tokens import Tokens
from api.ids import new_id
from browsing import Street
from commands.accounts.credentials import ChangePassword, change_password
from commands.accounts.delete_user import DeleteUser, delete_user
from commands.accounts.invitations import Invite, invite
from commands.accounts.organizations import (
    DeleteOrganization,
    UpdateOrganization,
    delete_organization,
    update_organization,
)
from commands.accounts.profile import UpdateProfile, update_profile
from commands.accounts.two_factor import (
    PrepareTwoFactor,
    ReplaceBackupCodes,
    enable_two_factor,
    prepare_two_factor,
    replace_backup_codes,
)
from disclosure import told_in_clear, told_with_the_key
from events.user import ACCOUNTS
from projections.schema import READ_MODELS
from real_log import Store
from server import Deployment
from spec import clock

MINE: Final = {
    what: f"canary{number:02}{what.replace(' ', '')}"
    for number, what in enumerate(
        ("email", "name", "new name", "image", "title", "bio", "theme", "secret")
    )
}
ACMES: Final = {
    what: f"canary{number:02}{what.replace(' ', '')}"
    for number, what in enumerate(("invited email", "logo", "metadata"), start=50)
}
SAID_AND_NEVER_KEPT: Final = ("canary90password first", "canary91password second", "canary92-code")


@pytest.fixture
def ada(store: Store) -> Account:
    """Return somebody who has told everything."""
    first, second, code = SAID_AND_NEVER_KEPT
    ada = signed_up(
        store, 1, email=f"{MINE['email']}@example.org", name=MINE["name"], password=first
    )
    ports: dict[str, Any] = {"streams": store.streams, "clock": clock}
    directory = directory_of(store)
    changes = [("name", MINE["new name"])]
    changes += [(what, MINE[what]) for what in ("image", "title", "bio", "theme")]
    update_profile(UpdateProfile(ada.user_id, tuple(changes)), ada.origin, **ports)
    change = ChangePassword(ada.user_id, first, second)
    change_password(change, ada.origin, passwords=CHEAP, **ports)
    prepare = PrepareTwoFactor(ada.user_id, MINE["secret"], (code,))
    prepare_two_factor(prepare, ada.origin, **ports)
    enable_two_factor(ada.user_id, ada.origin, **ports)
    replace_backup_codes(ReplaceBackupCodes(ada.user_id, (code,)), ada.origin, **ports)
    asked = Invite(
        ada.user_id, UUID(int=9), f"{ACMES['invited email']}@example.org", "d", "member"
    )
    invite(asked, ada.origin, directory=directory, **ports)
    shown = (("logo", ACMES["logo"]), ("metadata", ACMES["metadata"]))
    update = UpdateOrganization(ada.user_id, presentation=shown)
    update_organization(update, ada.origin, directory=directory, **ports)
    return ada


def everything() -> set[str]:
    return {*MINE.values(), *ACMES.values()}


def test_who_holds_the_key_reads_everything_but_passwords(store: Store, ada: Account) -> None:
    with store.connect() as connection:
        readable = told_with_the_key(
            connection, store.vault, everything() | {*SAID_AND_NEVER_KEPT}
        )

    assert readable == everything()
    assert ada


def test_no_table_tells_any_of_it(store: Store, ada: Account) -> None:
    words = everything() | {*SAID_AND_NEVER_KEPT}
    with store.connect() as connection:
        assert told_in_clear(connection, words) == {}
        erase(store, ada)
        assert told_in_clear(connection, words) == {}


def erase(store: Store, ada: Account) -> None:
    delete_user(
        DeleteUser(ada.user_id),
        ada.origin,
        streams=store.streams,
        directory=directory_of(store),
        clock=clock,
    )


def test_after_an_erasure_nobody_reads_it(store: Store, ada: Account) -> None:
    erase(store, ada)

    with store.connect() as connection:
        assert told_with_the_key(connection, store.vault, everything()) == set()
    assert store.rows("SELECT FROM users") == []
    assert store.rows("SELECT FROM members") == []
    assert directory_of(store).cards([ada.user_id]) == {}


def test_with_an_account_end_its_sessions_and_tokens_and_nobody_elses(
    store: Store, ada: Account
) -> None:
    other = signed_up(store, 2)
    sessions = Sessions(store.pool, Seal(store.vault, "sessions"), new_id)
    tokens, client = Tokens(store.pool), Client("203.0.113.7", "browser")
    for user_id in (ada.user_id, other.user_id):
        sessions.open(user_id, None, client, remembered=True, now=clock())
        tokens.make("trusted-device", user_id, now=clock())
        tokens.take_step(user_id, 7)

    erase(store, ada)

    for question in (
        "SELECT user_id FROM sessions",
        "SELECT user_id FROM account_tokens",
        "SELECT user_id FROM totp_steps",
    ):
        assert store.value(question) == other.user_id
        assert store.value(f"SELECT count(*) FROM ({question}) AS left_over") == 1


def test_with_an_organization_goes_only_what_it_told(store: Store, ada: Account) -> None:
    command = DeleteOrganization(ada.user_id)
    delete_organization(command, ada.origin, streams=store.streams, clock=clock)

    with store.connect() as connection:
        assert told_with_the_key(connection, store.vault, everything()) == {*MINE.values()}


def test_rows_are_the_same_when_built_anew(store: Store, ada: Account) -> None:
    signed_up(store, 2, verified=True)
    for erased in (False, True):
        if erased:
            erase(store, ada)
        live = store.read_models()

        store.rebuild()

        assert store.read_models() == live
    assert {model.table for model in READ_MODELS} >= {"users", "members", "invitations"}


def test_a_face_is_what_was_shown_last(store: Store, ada: Account) -> None:
    other = signed_up(store, 2)

    cards = directory_of(store).cards([ada.user_id, other.user_id, UUID(int=77)])

    assert {card.profile.name for card in cards.values()} == {MINE["new name"], "Ada"}
    assert cards[ada.user_id].email == f"{MINE['email']}@example.org"


def test_an_account_is_bound_to_no_organization(store: Store, ada: Account) -> None:
    tenants = store.rows(
        "SELECT DISTINCT e.organization_id, k.organization_id FROM events e"
        " JOIN data_keys k ON k.stream_id = e.originator_id WHERE e.originator_id = %s",
        ada.user_id,
    )

    assert tenants == [(ACCOUNTS, ACCOUNTS)]


def test_an_invitation_is_open_while_it_lasts(store: Store, ada: Account) -> None:
    directory = directory_of(store)

    assert directory.is_invited("d")
    assert not directory.is_invited("e")
    late = directory_of(store)
    object.__setattr__(late, "clock", lambda: clock() + timedelta(hours=48))
    assert not late.is_invited("d")
    assert directory.organization_inviting(UUID(int=9)) == ada.organization_id


def test_no_table_of_a_server_tells_what_its_routes_were_told(
    street: Street, deployment: Deployment
) -> None:
    ada = street.ada("Canary97name Example")
    ada.send("/api/auth/two-factor/enable", password="tidal heron 41")
    ada.send("/api/auth/organization/invite-member", email="canary98@example.org", role="member")
    street.visitor().send("/api/auth/request-password-reset", email="canary99@example.org")
    ada.send("/api/auth/update-user", title="Canary96title", image="https://canary95.org/a.png")
    token = ada.http.cookies["refolio.session_token"]
    words = [
        ada.email, "Canary97name", "canary98", "canary99", "Canary96title", "canary95", token,
        "tidal heron 41",
    ]  # fmt: skip

    with deployment.core.connect() as connection:
        assert told_in_clear(connection, words) == {}
