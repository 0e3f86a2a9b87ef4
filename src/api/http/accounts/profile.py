"""What people change about their own account, up to its end."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from api.http.accounts.fields import ImageUrl, Password, PersonName
from api.http.accounts.guard import AccountRoute, Accounts, SignedIn, cookies_of
from api.http.accounts.refusals import REFUSED
from api.http.accounts.repeating import repeatable
from api.http.accounts.shapes import Done, Success
from api.http.accounts.signing_in import Signed, signed
from api.http.accounts.tries import counted, prove_password
from api.http.bodies import Body
from api.http.guard import Running
from commands.accounts.credentials import ChangePassword
from commands.accounts.delete_user import DeleteUser
from commands.accounts.profile import UpdateProfile

router = APIRouter(
    prefix="/api/auth", tags=["Accounts"], route_class=AccountRoute, responses=REFUSED
)


class ProfileBody(Body):
    """What to show; what is left out stays, null clears what can be empty."""

    name: PersonName | None = None
    image: ImageUrl | None = None
    title: Annotated[str, Field(max_length=100)] | None = None
    bio: Annotated[str, Field(max_length=500)] | None = None
    theme: Annotated[str, Field(max_length=20)] | None = None


class ChangePasswordBody(Body):
    """The old password and the new one."""

    currentPassword: Password  # noqa: N815 as clients send it
    newPassword: Password  # noqa: N815 same
    revokeOtherSessions: bool = False  # noqa: N815 same


class DeleteUserBody(Body):
    """Proof that it is meant."""

    password: Password


@router.post("/update-user", openapi_extra=repeatable("user"))
def update_user(body: ProfileBody, me: SignedIn, cases: Accounts) -> Done:
    """Change what one shows of oneself."""
    sent = {name: getattr(body, name) for name in body.model_fields_set}
    changes = [
        (name, value)
        for name, value in sent.items()
        if value is not None or name not in {"name", "theme"}
    ]
    me.apply(cases.users.update_profile, UpdateProfile(me.id, tuple(changes)))
    return Done()


@router.post("/change-password")
def change_password(body: ChangePasswordBody, me: SignedIn, cases: Accounts) -> Signed:
    """Choose another password. Links and trusted devices of before are good no more."""
    command = ChangePassword(me.id, body.currentPassword, body.newPassword)
    with counted(cases, "password", cases.users.find(me.id).email_digest):
        cases.users.credentials.change(command, me.origin())
    cases.tokens.drop(me.id)
    if body.revokeOtherSessions:
        cases.sessions.end_all(me.id, but=me.session.id)
    return signed(me.session, cases.users.find(me.id))


@router.post("/delete-user")
def delete_user(
    body: DeleteUserBody, me: SignedIn, running: Running, cases: Accounts, response: Response
) -> Success:
    """Erase the account for good, and the organizations that nobody else is in."""
    prove_password(cases, me.id, body.password)
    cases.users.delete(DeleteUser(me.id), me.origin())
    cookies_of(running).forget(response, "session_token")
    return Success()
