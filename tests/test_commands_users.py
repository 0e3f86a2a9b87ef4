"""Accounts: opened once for an address, changed by who proves to own them, erased for good."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from account_stories import (
    ADA,
    ADAS,
    BY_ADA,
    GRACE,
    GRACES,
    PASSWORD,
    PLAIN,
    SECRET,
    acme,
    grace,
    invitation,
    protected,
    team,
    user,
)
from accounts import Plain
from commands.accounts.credentials import (
    ChangePassword,
    CheckCredentials,
    ResetPassword,
    change_password,
    check_credentials,
    check_password,
    reset_password,
)
from commands.accounts.delete_user import DeleteUser, delete_user
from commands.accounts.password_rules import check_new_password, is_common, normalised
from commands.accounts.profile import UpdateProfile, VerifyEmail, update_profile, verify_email
from commands.accounts.refusals import (
    BackupCodeInvalid,
    LastAdminStays,
    PasswordTooCommon,
    PasswordTooLong,
    PasswordTooShort,
    SignUpClosed,
    TwoFactorNotEnabled,
    UserExists,
    UserNotFound,
    WrongCredentials,
    WrongPassword,
)
from commands.accounts.sign_up import CreateUser, SignUp, create_user, sign_up
from commands.accounts.two_factor import (
    PrepareTwoFactor,
    ReplaceBackupCodes,
    UseBackupCode,
    digest_of_code,
    disable_two_factor,
    enable_two_factor,
    prepare_two_factor,
    replace_backup_codes,
    use_backup_code,
)
from commands.accounts.user import fold
from commands.errors import OrganizationNotFound
from commands.ports import Job
from events.membership import MemberAdded, MemberRemoved, OrganizationDeleted, OrganizationUpdated
from events.organization import OrganizationFounded, PlanChanged
from events.recorded import Origin
from events.user import (
    ACCOUNTS,
    BackupCodes,
    BackupCodesReplaced,
    BackupCodeUsed,
    EmailVerified,
    NewUser,
    PasswordChanged,
    PasswordHash,
    Profile,
    ProfileUpdated,
    SecondFactor,
    TwoFactorDisabled,
    TwoFactorEnabled,
    TwoFactorPrepared,
    UserDeleted,
    UserSignedUp,
)
from spec import Spec, clock, now
from stories import ACME, GLOBEX, at

NEW = "a better heron 7"
ADDRESS = "ada@example.org"


def case(spec: Spec, act: Callable[..., object], command: object, **more: Any) -> Spec:
    return spec.when(lambda: act(command, BY_ADA, streams=spec.streams, clock=clock, **more))


def signs_up(
    spec: Spec, email: str = ADDRESS, password: str = PASSWORD, *, free: bool = True
) -> Spec:
    command = SignUp(ADA, email, email, "Ada", password, open=free)
    more = {"directory": spec.streams, "passwords": Plain()}
    return case(spec, sign_up, command, new_id=lambda: ADAS, new_slug=lambda: "p-1", **more)


def test_who_signs_up_has_an_account_and_an_organization(spec: Spec) -> None:
    signs_up(spec).then(
        UserSignedUp(
            **now(1, ADA),
            email_digest=ADDRESS,
            personal=NewUser(email=ADDRESS, name="Ada", password_hash=f"1:{PASSWORD}"),
        ),
        OrganizationFounded(**now(1, ACME), name="Personal"),
        PlanChanged(**now(2, ACME), plan="FREE"),
        OrganizationUpdated(
            **now(3, ACME), name="Personal", slug="p-1", personal=PLAIN
        ),
        MemberAdded(**now(4, ACME), member_id=ADAS, user_id=ADA, role="admin"),
        jobs=[Job("mail", ADA)],
    )  # fmt: skip


def test_the_account_belongs_to_no_organization(spec: Spec) -> None:
    signs_up(spec)._act()

    tenants = {f.originator_id: f.origin.organization_id for f in spec.streams.recorded}
    assert tenants == {ADA: ACCOUNTS, ACME: ACME}
    assert {fact.origin.actor for fact in spec.streams.recorded} == {BY_ADA.actor}


def test_an_address_signs_up_once(spec: Spec) -> None:
    signs_up(spec.given(user(GRACE))).then_refused(UserExists())


def test_where_sign_up_is_closed_only_the_invited_sign_up(spec: Spec) -> None:
    spec.given([*acme(), invitation(email="ada@example.org")])
    signs_up(spec, "eve@example.org", free=False).then_refused(SignUpClosed())
    other = Origin(GLOBEX, "user:x")
    command = SignUp(UUID(int=5), ADDRESS, ADDRESS, "Ada", PASSWORD, open=False)

    sign_up(
        command, other, streams=spec.streams, directory=spec.streams, passwords=Plain(),
        new_id=lambda: GRACES, new_slug=lambda: "p-2", clock=clock,
    )  # fmt: skip

    assert spec.streams.user_with_email(ADDRESS) == UUID(int=5)


def test_an_operator_vouches_for_whom_he_lets_in(spec: Spec) -> None:
    account = SignUp(GRACE, "g@example.org", "g@example.org", "Grace", PASSWORD)
    command = CreateUser(account, GRACES, "admin")

    case(spec.given(acme()), create_user, command, directory=spec.streams, passwords=Plain()).then(
        UserSignedUp(
            **now(1, GRACE),
            email_digest="g@example.org",
            personal=NewUser(email="g@example.org", name="Grace", password_hash=f"1:{PASSWORD}"),
        ),
        EmailVerified(**now(2, GRACE)),
        MemberAdded(**now(5, ACME), member_id=GRACES, user_id=GRACE, role="admin"),
    )


def test_nobody_is_let_into_an_organization_that_is_not_there(spec: Spec) -> None:
    command = CreateUser(SignUp(ADA, ADDRESS, ADDRESS, "Ada", PASSWORD), ADAS, "admin")

    case(spec, create_user, command, directory=spec.streams, passwords=Plain()).then_refused(
        OrganizationNotFound()
    )


def checks(spec: Spec, email: str, password: str, passwords: Plain) -> Spec:
    return spec.when(
        lambda: check_credentials(
            CheckCredentials(email, password),
            lambda user_id: Origin(ACCOUNTS, f"user:{user_id}"),
            streams=spec.streams,
            directory=spec.streams,
            passwords=passwords,
            clock=clock,
        )
    )


@pytest.mark.parametrize(
    ("email", "password"), [(ADDRESS, "wrong"), ("eve@example.org", PASSWORD)]
)
def test_a_wrong_password_and_an_unknown_address_cost_one_comparison_each(
    spec: Spec, email: str, password: str
) -> None:
    passwords = Plain()

    checks(spec.given(user()), email, password, passwords).then_refused(WrongCredentials())

    assert len(passwords.compared) == 1
    assert passwords.hashed == 0


def test_the_right_password_costs_one_comparison_too(spec: Spec) -> None:
    passwords = Plain()

    checks(spec.given(user()), ADDRESS, PASSWORD, passwords).then()

    assert (len(passwords.compared), passwords.hashed) == (1, 0)


def test_an_outdated_hash_is_replaced_as_the_password_is_seen(spec: Spec) -> None:
    checks(spec.given(user()), ADDRESS, PASSWORD, Plain(version=2)).then(
        PasswordChanged(
            **now(3, ADA),
            why="rehashed",
            personal=PasswordHash(password_hash=f"2:{PASSWORD}"),
        )
    )


def test_an_erased_account_opens_nothing(spec: Spec) -> None:
    spec.given([*user(), UserDeleted(**at(3, ADA))])

    checks(spec, ADDRESS, PASSWORD, Plain()).then_refused(WrongCredentials())


def test_a_password_is_proved(spec: Spec) -> None:
    spec.given(user())
    prove = {"streams": spec.streams, "passwords": Plain()}

    assert check_password(ADA, PASSWORD, **prove).id == ADA  # type: ignore[arg-type]
    with pytest.raises(WrongPassword):
        check_password(ADA, "wrong", **prove)  # type: ignore[arg-type]
    with pytest.raises(UserNotFound):
        check_password(GRACE, PASSWORD, **prove)  # type: ignore[arg-type]


def test_another_password_takes_the_old_one(spec: Spec) -> None:
    spec.given(user())
    passwords = Plain()
    wrong = ChangePassword(ADA, "wrong", NEW)
    case(spec, change_password, wrong, passwords=passwords).then_refused(WrongPassword())
    short = ChangePassword(ADA, PASSWORD, "short")
    case(spec, change_password, short, passwords=passwords).then_refused(PasswordTooShort())

    case(spec, change_password, ChangePassword(ADA, PASSWORD, NEW), passwords=passwords).then(
        PasswordChanged(
            **now(3, ADA), why="changed", personal=PasswordHash(password_hash=f"1:{NEW}")
        )
    )


@pytest.mark.parametrize("verified", [True, False])
def test_a_reset_by_mail_shows_that_the_address_is_theirs(spec: Spec, *, verified: bool) -> None:
    spec.given(user(verified=verified))
    version = 3 if verified else 2
    changed = PasswordChanged(
        **now(version, ADA), why="reset", personal=PasswordHash(password_hash=f"1:{NEW}")
    )
    shown = [] if verified else [EmailVerified(**now(3, ADA))]

    command = ResetPassword(ADA, NEW, "reset")
    case(spec, reset_password, command, passwords=Plain()).then(changed, *shown)


def test_a_reset_by_an_operator_shows_nothing(spec: Spec) -> None:
    command = ResetPassword(ADA, NEW, "set by operator")

    case(spec.given(user(verified=False)), reset_password, command, passwords=Plain())._act()

    assert [event.TOPIC for event in spec.new()] == ["password-changed"]


def test_a_profile_is_recorded_whole_if_it_changed(spec: Spec) -> None:
    spec.given(user())
    same = UpdateProfile(ADA, (("name", "Ada"), ("theme", "system")))
    case(spec, update_profile, same).then()

    case(spec, update_profile, UpdateProfile(ADA, (("bio", "Engines"),))).then(
        ProfileUpdated(**now(3, ADA), personal=Profile(name="Ada", bio="Engines"))
    )


def test_an_address_is_verified_once(spec: Spec) -> None:
    spec.given(user(verified=False))
    case(spec, verify_email, VerifyEmail(ADA)).then(EmailVerified(**now(2, ADA)))

    case(Spec(spec.streams).given(), verify_email, VerifyEmail(ADA)).then()


def test_a_second_factor_is_prepared_before_it_counts(spec: Spec) -> None:
    spec.given(user())
    case(spec, enable_two_factor, ADA).then_refused(TwoFactorNotEnabled())
    command = PrepareTwoFactor(ADA, "SECRET", ("abcde-fghij",))
    digest = digest_of_code(ADA, "ABCDE fghij".replace(" ", "-"))

    case(spec, prepare_two_factor, command).then(
        TwoFactorPrepared(
            **now(3, ADA), personal=SecondFactor(secret="SECRET", backup_digests=(digest,))
        )
    )
    case(Spec(spec.streams).given(), enable_two_factor, ADA).then(TwoFactorEnabled(**now(4, ADA)))


def test_another_preparation_leaves_the_factor_in_force(spec: Spec) -> None:
    prepared = TwoFactorPrepared(
        **at(5, ADA), personal=SecondFactor(secret="OTHER", backup_digests=())
    )

    state = fold(None, [*user(), *protected(), prepared])  # type: ignore[list-item]

    assert state
    assert (state.second_factor, state.prepared) == (SECRET, prepared.personal)


def test_a_second_factor_is_switched_off_once(spec: Spec) -> None:
    spec.given([*user(), *protected()])
    case(spec, disable_two_factor, ADA).then(TwoFactorDisabled(**now(5, ADA)))

    case(Spec(spec.streams).given(), disable_two_factor, ADA).then()


def test_a_backup_code_is_good_once(spec: Spec) -> None:
    codes = ("aaaaa-aaaaa", "bbbbb-bbbbb")
    factor = SecondFactor(
        secret="S", backup_digests=tuple(digest_of_code(ADA, code) for code in codes)
    )
    prepared = TwoFactorPrepared(**at(3, ADA), personal=factor)
    spec.given([*user(), prepared, TwoFactorEnabled(**at(4, ADA))])
    second = UseBackupCode(ADA, "BBBBBBBBBB")
    case(spec, use_backup_code, second).then(BackupCodeUsed(**now(5, ADA), place=1))

    again = Spec(spec.streams).given()
    case(again, use_backup_code, second).then_refused(BackupCodeInvalid())
    case(again, use_backup_code, UseBackupCode(ADA, "ccccc-ccccc")).then_refused(
        BackupCodeInvalid()
    )
    case(again, use_backup_code, UseBackupCode(ADA, codes[0])).then(
        BackupCodeUsed(**now(6, ADA), place=0)
    )


def test_new_backup_codes_are_good_again(spec: Spec) -> None:
    used = BackupCodeUsed(**at(5, ADA), place=0)
    spec.given([*user(), *protected(), used])
    digest = digest_of_code(ADA, "x")

    case(spec, replace_backup_codes, ReplaceBackupCodes(ADA, ("x",))).then(
        BackupCodesReplaced(**now(6, ADA), personal=BackupCodes(backup_digests=(digest,)))
    )
    case(Spec(spec.streams).given(), use_backup_code, UseBackupCode(ADA, "x")).then(
        BackupCodeUsed(**now(7, ADA), place=0)
    )


def test_codes_without_a_second_factor_are_none(spec: Spec) -> None:
    spec.given(user())

    case(spec, use_backup_code, UseBackupCode(ADA, "x")).then_refused(BackupCodeInvalid())
    case(spec, replace_backup_codes, ReplaceBackupCodes(ADA, ("x",))).then_refused(
        TwoFactorNotEnabled()
    )


def deletes(spec: Spec) -> Spec:
    return case(spec, delete_user, DeleteUser(ADA), directory=spec.streams)


def test_who_is_alone_in_an_organization_takes_it_along(spec: Spec) -> None:
    deletes(spec.given(user(), acme())).then(
        MemberRemoved(**now(5, ACME), member_id=ADAS),
        OrganizationDeleted(**now(6, ACME)),
        UserDeleted(**now(3, ADA)),
        jobs=[Job("erase", ACME)],
    )


def test_who_is_one_of_several_admins_only_leaves(spec: Spec) -> None:
    deletes(spec.given(user(), grace(), team("admin"))).then(
        MemberRemoved(**now(6, ACME), member_id=ADAS), UserDeleted(**now(3, ADA))
    )


def test_the_only_admin_among_others_stays_whole(spec: Spec) -> None:
    deletes(spec.given(user(), grace(), team())).then_refused(LastAdminStays())


def test_an_account_is_erased_once(spec: Spec) -> None:
    deletes(spec.given([*user(), UserDeleted(**at(3, ADA))])).then_refused(UserNotFound())


def test_after_an_erasure_nothing_personal_is_left_of_the_state(spec: Spec) -> None:
    story = [*user(), *protected(), UserDeleted(**at(5, ADA))]

    state = fold(None, [event.without_personal() for event in story])  # type: ignore[misc]

    assert state
    assert state.deleted
    assert (state.email, state.profile.name, state.password_hash) == ("", "", "")
    assert (state.second_factor, state.prepared) == (None, None)


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("1234567", PasswordTooShort),
        ("a" * 129, PasswordTooLong),
        ("password", PasswordTooCommon),
        ("Password123!", PasswordTooCommon),
        ("P@ssw0rd", PasswordTooCommon),
        ("!!dragon99", PasswordTooCommon),
        ("qwertyuiop", PasswordTooCommon),
        ("aaaaaaaaaaaa", PasswordTooCommon),
        ("abababababab", PasswordTooCommon),
        ("Ada@Example.org", PasswordTooCommon),
    ],
)
def test_a_password_that_anybody_would_try_is_not_taken(
    password: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        check_new_password(password, email=ADDRESS)


@pytest.mark.parametrize(
    "password", ["12ab56yz", "tidal heron 41", "x" + "yz" * 63, "密码密碼пароль!"]
)
def test_any_other_password_of_a_proper_length_is_taken(password: str) -> None:
    check_new_password(password, email=ADDRESS)
    assert not is_common(password)


def test_a_password_is_the_same_however_it_was_typed() -> None:
    assert normalised("e\u0301ﬁ８") == normalised("\u00e9fi8")
