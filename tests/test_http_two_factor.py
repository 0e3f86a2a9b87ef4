"""The second factor: shown to work before it counts, asked for once, never accepted twice."""

import time
from datetime import UTC, datetime
from typing import Any

import pyotp
import pytest

from browsing import PASSWORD, Browser, Street, until_told_to_wait

BASE = "/api/auth/two-factor"
VERIFY = f"{BASE}/verify-totp"
BACKUP = f"{BASE}/verify-backup-code"
ASKED = {"twoFactorRedirect": True, "twoFactorMethods": ["totp"]}


class Authenticator:
    """An app that makes codes, one later than the other."""

    def __init__(self, prepared: dict[str, Any]) -> None:
        self.totp = pyotp.parse_uri(prepared["totpURI"])
        self.codes: list[str] = prepared["backupCodes"]
        self.last = 0

    def code(self, steps: int = 0) -> str:
        """Return the code of now, or of so many steps from now."""
        assert isinstance(self.totp, pyotp.TOTP)
        return self.totp.generate_otp(self.totp.timecode(datetime.now(UTC)) + steps)

    def fresh(self) -> str:
        """Return a code that was not used yet: once this step's, then the next one's."""
        if time.time() % 30 > 27:  # the code of before would be one too old on arrival
            time.sleep(3)
        self.last += 1
        return self.code(self.last - 2)


@pytest.fixture
def protected(street: Street) -> tuple[Browser, Authenticator]:
    """Return somebody with a second factor, which has been used once."""
    ada = street.ada()
    app = Authenticator(ada.send(f"{BASE}/enable", password=PASSWORD))
    ada.send(VERIFY, code=app.fresh())
    return ada, app


def test_a_second_factor_counts_only_once_it_was_shown_to_work(street: Street) -> None:
    ada = street.ada()

    prepared = ada.send(f"{BASE}/enable", password=PASSWORD)

    assert prepared.keys() == {"totpURI", "backupCodes"}
    assert prepared["totpURI"].startswith("otpauth://totp/Refolio:")
    assert len({*prepared["backupCodes"]}) == 10
    assert all(len(code) == 11 and code[5] == "-" for code in prepared["backupCodes"])
    assert ada.me["twoFactorEnabled"] is False
    assert "user" in street.visitor().sign_in(ada.email)
    assert ada.refused(VERIFY, code="000000") == (401, "INVALID_CODE")

    told = ada.send(VERIFY, code=Authenticator(prepared).code())

    assert told["user"]["twoFactorEnabled"] is True
    assert street.visitor().sign_in(ada.email) == ASKED


@pytest.mark.parametrize("path", ["enable", "disable", "generate-backup-codes"])
def test_each_change_takes_the_password(street: Street, path: str) -> None:
    ada = street.ada()

    assert ada.refused(f"{BASE}/{path}", password="wrong heron") == (400, "INVALID_PASSWORD")
    assert street.visitor().refused(f"{BASE}/{path}", password=PASSWORD) == (401, "UNAUTHORIZED")


def test_a_code_ends_the_sign_in_that_the_password_began(
    street: Street, protected: tuple[Browser, Authenticator]
) -> None:
    ada, app = protected
    again = street.visitor()

    assert again.sign_in(ada.email) == ASKED
    assert again.session is None
    assert again.send(VERIFY, code=app.fresh())["user"]["id"] == ada.user["id"]

    assert again.me["id"] == ada.user["id"]


def test_a_code_is_accepted_once(street: Street, protected: tuple[Browser, Authenticator]) -> None:
    ada, app = protected
    one, two = street.visitor(), street.visitor()
    code = app.fresh()
    one.sign_in(ada.email)
    one.send(VERIFY, code=code)

    two.sign_in(ada.email)

    assert two.refused(VERIFY, code=code) == (401, "INVALID_CODE")
    assert two.session is None


def test_a_code_from_before_the_last_one_is_not_accepted(
    street: Street, protected: tuple[Browser, Authenticator]
) -> None:
    ada, app = protected
    one, two = street.visitor(), street.visitor()
    one.sign_in(ada.email)
    one.send(VERIFY, code=app.code(1))

    two.sign_in(ada.email)

    assert two.refused(VERIFY, code=app.code(0)) == (401, "INVALID_CODE")


@pytest.mark.parametrize("steps", [-3, 3])
def test_a_code_of_another_time_is_not_accepted(
    street: Street, protected: tuple[Browser, Authenticator], steps: int
) -> None:
    ada, app = protected
    again = street.visitor()
    again.sign_in(ada.email)

    assert again.refused(VERIFY, code=app.code(steps)) == (401, "INVALID_CODE")


def test_without_a_password_first_a_code_is_worth_nothing(
    street: Street, protected: tuple[Browser, Authenticator]
) -> None:
    _, app = protected

    refused = street.visitor().refused(VERIFY, code=app.fresh())

    assert refused == (401, "INVALID_TWO_FACTOR_COOKIE")


def test_guessing_codes_makes_the_account_wait(
    street: Street, protected: tuple[Browser, Authenticator]
) -> None:
    ada, _ = protected

    def guess(number: int) -> int:
        browser = street.visitor()
        browser.sign_in(ada.email)
        return browser.refused(VERIFY, code=f"00000{number % 10}")[0]

    codes = until_told_to_wait(guess)

    assert codes[:3] == [401, 401, 401]
    assert codes[-1] == 429


def test_a_backup_code_stands_in_once(
    street: Street, protected: tuple[Browser, Authenticator]
) -> None:
    ada, app = protected
    one, two = street.visitor(), street.visitor()
    one.sign_in(ada.email)
    one.send(BACKUP, code=app.codes[3].upper().replace("-", ""))
    assert one.session is not None

    two.sign_in(ada.email)

    assert two.refused(BACKUP, code=app.codes[3]) == (401, "INVALID_BACKUP_CODE")
    assert two.send(BACKUP, code=app.codes[4])["user"]["id"] == ada.user["id"]


def test_new_backup_codes_replace_the_old_ones(
    street: Street, protected: tuple[Browser, Authenticator]
) -> None:
    ada, app = protected

    made = ada.send(f"{BASE}/generate-backup-codes", password=PASSWORD)

    assert made["status"] is True
    assert len(made["backupCodes"]) == 10
    again = street.visitor()
    again.sign_in(ada.email)
    assert again.refused(BACKUP, code=app.codes[0]) == (401, "INVALID_BACKUP_CODE")
    assert again.send(BACKUP, code=made["backupCodes"][0])


def test_backup_codes_need_something_to_back_up(street: Street) -> None:
    refused = street.ada().refused(f"{BASE}/generate-backup-codes", password=PASSWORD)

    assert refused == (400, "TWO_FACTOR_NOT_ENABLED")


def test_a_trusted_device_is_asked_for_no_code(
    street: Street, protected: tuple[Browser, Authenticator]
) -> None:
    ada, app = protected
    home = street.visitor()
    home.sign_in(ada.email)
    home.send(VERIFY, code=app.fresh(), trustDevice=True)
    home.send("/api/auth/sign-out")

    assert "user" in home.sign_in(ada.email)

    assert street.visitor().sign_in(ada.email) == ASKED


def test_the_device_that_one_trusts_is_trusted_for_nobody_else(
    street: Street, protected: tuple[Browser, Authenticator]
) -> None:
    ada, _ = protected
    grace = street.ada("Grace")
    app = Authenticator(grace.send(f"{BASE}/enable", password=PASSWORD))
    grace.send(VERIFY, code=app.fresh(), trustDevice=True)

    assert grace.sign_in(ada.email) == ASKED


def test_another_password_ends_the_trust_in_devices(
    street: Street, protected: tuple[Browser, Authenticator]
) -> None:
    ada, app = protected
    ada.sign_in(ada.email)
    ada.send(VERIFY, code=app.fresh(), trustDevice=True)
    new = "a better heron 7"
    ada.send("/api/auth/change-password", currentPassword=PASSWORD, newPassword=new)
    ada.send("/api/auth/sign-out")

    assert ada.sign_in(ada.email, new) == ASKED


def test_switched_off_no_code_is_asked_for(
    street: Street, protected: tuple[Browser, Authenticator]
) -> None:
    ada, _ = protected

    assert ada.send(f"{BASE}/disable", password=PASSWORD) == {"status": True}

    assert ada.me["twoFactorEnabled"] is False
    again = street.visitor()
    assert "user" in again.sign_in(ada.email)
    assert again.refused(VERIFY, code="000000") == (400, "TWO_FACTOR_NOT_ENABLED")


def test_switched_on_again_no_device_of_before_is_trusted(
    street: Street, protected: tuple[Browser, Authenticator]
) -> None:
    ada, app = protected
    home = street.visitor()
    home.sign_in(ada.email)
    home.send(VERIFY, code=app.fresh(), trustDevice=True)
    home.send(f"{BASE}/disable", password=PASSWORD)
    work = street.visitor()
    work.sign_in(ada.email)
    work.send(VERIFY, code=Authenticator(work.send(f"{BASE}/enable", password=PASSWORD)).code())

    assert home.sign_in(ada.email) == ASKED
