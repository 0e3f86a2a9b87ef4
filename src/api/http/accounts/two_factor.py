"""The second factor: switching it on and off, and signing in with it."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from api import totp
from api.http.accounts.cookies import TRUSTED_S
from api.http.accounts.fields import Password
from api.http.accounts.guard import AccountRoute, Accounts, Anybody, SignedIn, Visitor, cookies_of
from api.http.accounts.refusals import REFUSED
from api.http.accounts.shapes import Done, Shape
from api.http.accounts.signing_in import Signed, begin_session, signed
from api.http.accounts.tries import counted, prove_password
from api.http.bodies import Body
from api.http.guard import Running
from api.http.problems import Problem
from api.runtime import Runtime
from commands.accounts.refusals import CodeInvalid, TwoFactorNotEnabled
from commands.accounts.two_factor import (
    BACKUP_CODES,
    PrepareTwoFactor,
    ReplaceBackupCodes,
    UseBackupCode,
)
from commands.accounts.user import User
from events.recorded import Origin

router = APIRouter(
    prefix="/api/auth/two-factor", tags=["Accounts"], route_class=AccountRoute, responses=REFUSED
)


class PasswordBody(Body):
    """Proof that it is the user who asks."""

    password: Password


class CodeBody(Body):
    """A code, and whether this device shall be asked for none for 30 days."""

    code: str
    trustDevice: bool = False  # noqa: N815 as clients send it


class Prepared(Shape):
    """A second factor to be shown once: as a QR code, and to be written down."""

    totpURI: str  # noqa: N815 as clients read it
    backup_codes: tuple[str, ...]


class Codes(Shape):
    """Backup codes, shown only now."""

    status: bool = True
    backup_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody who shows a code: signed in already, or half way there."""

    user: User
    origin: Origin
    pending: str | None
    remember: bool


@router.post("/enable")
def enable(body: PasswordBody, me: SignedIn, cases: Accounts) -> Prepared:
    """Hand out a second factor. It is asked for once a code of it was verified."""
    user = prove_password(cases, me.id, body.password)
    secret, codes = totp.new_secret(), totp.new_backup_codes(BACKUP_CODES)
    cases.users.second_factor.prepare(PrepareTwoFactor(user.id, secret, codes), me.origin())
    return Prepared(totpURI=totp.uri_of(secret, user.email), backup_codes=codes)


@router.post("/disable")
def disable(body: PasswordBody, me: SignedIn, cases: Accounts) -> Done:
    """Ask for no second factor any more; no device is trusted from then on."""
    user = prove_password(cases, me.id, body.password)
    cases.users.second_factor.disable(user.id, me.origin())
    cases.tokens.forget_steps(user.id)
    cases.tokens.drop(user.id)
    return Done()


@router.post("/generate-backup-codes")
def generate_backup_codes(body: PasswordBody, me: SignedIn, cases: Accounts) -> Codes:
    """Make new backup codes; those of before are good no more."""
    user = prove_password(cases, me.id, body.password)
    codes = totp.new_backup_codes(BACKUP_CODES)
    cases.users.second_factor.replace_codes(ReplaceBackupCodes(user.id, codes), me.origin())
    return Codes(backup_codes=codes)


@router.post("/verify-totp")
def verify_totp(
    body: CodeBody, request: Request, visitor: Anybody, running: Running, response: Response
) -> Signed:
    """Show a code of the app: the first switches it on, later ones sign in. Each works once."""
    step, users = _step(request, visitor, running), running.accounts.users
    is_new = step.pending is None and step.user.prepared is not None
    factor = step.user.prepared if is_new else step.user.second_factor
    if factor is None:
        raise TwoFactorNotEnabled
    with counted(running.accounts, "second factor", step.user.email_digest):
        place = totp.matching_step(factor.secret, body.code, running.clock())
        if place is None or not running.accounts.tokens.take_step(step.user.id, place):
            raise CodeInvalid
    if is_new:
        users.second_factor.enable(step.user.id, step.origin)
        running.accounts.tokens.drop(step.user.id)
    return _finish(step, visitor, running, response, trust=body.trustDevice)


@router.post("/verify-backup-code")
def verify_backup_code(
    body: CodeBody, request: Request, visitor: Anybody, running: Running, response: Response
) -> Signed:
    """Sign in with a backup code in place of the app's. Each works once."""
    step = _step(request, visitor, running)
    command = UseBackupCode(step.user.id, body.code)
    with counted(running.accounts, "second factor", step.user.email_digest):
        running.accounts.users.second_factor.use_code(command, step.origin)
    return _finish(step, visitor, running, response, trust=body.trustDevice)


def _step(request: Request, visitor: Visitor, running: Runtime) -> Step:
    cases = running.accounts
    kept = cookies_of(running).read(request, "two_factor") or ""
    token, _, remember = kept.partition(".")
    user_id = cases.tokens.look("second-factor", token, now=running.clock()) if token else None
    if user_id is not None:
        user = cases.users.find(user_id)
        return Step(user, visitor.acting(user_id), token, remember != "0")
    if visitor.session is None:
        raise Problem(401, "INVALID_TWO_FACTOR_COOKIE", "Sign in with your password first")
    user = cases.users.find(visitor.session.user_id)
    return Step(user, visitor.acting(user.id), None, remember=True)


def _finish(
    step: Step, visitor: Visitor, running: Runtime, response: Response, *, trust: bool
) -> Signed:
    cases, cookies, now = running.accounts, cookies_of(running), running.clock()
    user, session = cases.users.find(step.user.id), visitor.session
    if step.pending is not None or session is None:
        if cases.tokens.take("second-factor", step.pending or "", now=now) is None:
            raise CodeInvalid
        cookies.forget(response, "two_factor")
        session = begin_session(visitor, user, running, response, remember=step.remember)
    if trust:
        token = cases.tokens.make("trusted-device", user.id, now=now)
        cookies.keep(response, "trust_device", token, seconds=TRUSTED_S)
    return signed(session, user)
