"""The few pages that links in mails lead to. What changes anything is a POST of theirs."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, Template

from api.http.accounts.fields import known
from api.http.accounts.guard import AccountRoute, Accounts, Anybody, Person, active_membership
from api.http.accounts.refusals import REFUSED
from api.http.accounts.returning import FIRST_PAGE, safe_return, with_query
from api.http.guard import Running
from api.ids import to_wire

router = APIRouter(route_class=AccountRoute, include_in_schema=False)
api = APIRouter(prefix="/api", tags=["Organizations"], route_class=AccountRoute, responses=REFUSED)

POLICY: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
        " form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
}
ASSETS: Final = {"page.css": "text/css", "page.js": "text/javascript"}

To = Annotated[str | None, Query()]


@dataclass(frozen=True, slots=True)
class Field:
    """Something to type."""

    label: str
    name: str
    type: str
    autocomplete: str


@dataclass(frozen=True, slots=True)
class Form:
    """What is sent where, and where its success leads."""

    action: str
    submit: str
    next: str
    fields: tuple[Field, ...] = ()
    fixed: str = "{}"


@dataclass(frozen=True, slots=True)
class Link:
    """Another page."""

    href: str
    text: str


EMAIL: Final = Field("E-mail address", "email", "email", "username")
PASSWORD: Final = Field("Password", "password", "password", "current-password")
NEW_PASSWORD: Final = Field("New password", "newPassword", "password", "new-password")
CODE: Final = Field("Code", "code", "text", "one-time-code")


@router.get("/sign-in")
def sign_in_page(running: Running, to: To = None) -> HTMLResponse:
    """Ask for e-mail address and password."""
    form = Form("/api/auth/sign-in/email", "Sign in", safe_return(to, running), (EMAIL, PASSWORD))
    return _page("Sign in", form, links=(Link("/forgot-password", "Forgot your password?"),))


@router.get("/sign-in/two-factor")
def two_factor_page(running: Running, to: To = None) -> HTMLResponse:
    """Ask for a code, of the app or a backup."""
    on = safe_return(to, running)
    return _page(
        "Second step",
        Form("/api/auth/two-factor/verify-totp", "Use the app's code", on, (CODE,)),
        Form("/api/auth/two-factor/verify-backup-code", "Use a backup code", on, (CODE,)),
    )


@router.get("/forgot-password")
def forgot_password_page() -> HTMLResponse:
    """Ask whom to send a link to."""
    form = Form("/api/auth/request-password-reset", "Send a link", "/sign-in", (EMAIL,))
    return _page("Forgot your password?", form)


@router.get("/reset-password")
def reset_password_page(token: Annotated[str, Query(max_length=100)] = "") -> HTMLResponse:
    """Ask for a new password."""
    if not token:
        again = Link("/forgot-password", "Send another link")
        return _page("Choose a new password", text="The link is good no more.", links=(again,))
    fixed = json.dumps({"token": token})
    form = Form("/api/auth/reset-password", "Save", "/sign-in", (NEW_PASSWORD,), fixed)
    return _page("Choose a new password", form)


@router.get(FIRST_PAGE)
def account_page(visitor: Anybody, cases: Accounts, error: str = "") -> Response:
    """Say who is signed in."""
    if visitor.session is None:
        return RedirectResponse(with_query("/sign-in", to=FIRST_PAGE), 302)
    user = cases.users.find(visitor.session.user_id)
    membership = active_membership(Person(visitor, visitor.session), cases)
    where = cases.organizations.find(membership.organization_id).name if membership else "nobody"
    problem = "The link was used before or has expired. " if error else ""
    verified = "" if user.email_verified else " Your e-mail address is not verified yet."
    text = f"{problem}You are signed in as {user.email} and act for {where}.{verified}"
    return _page("Account", Form("/api/auth/sign-out", "Sign out", "/sign-in"), text=text)


@router.get("/account/{name}")
def asset(name: Literal["page.css", "page.js"]) -> Response:
    """Return a page's style or script."""
    text = (files("api.http.accounts") / name).read_text("utf-8")
    return Response(text, media_type=ASSETS[name])


@router.get("/invitations/{wire_id}")
def invitation_page(
    wire_id: str,
    visitor: Anybody,
    running: Running,
    cases: Accounts,
    answer: Literal["accept", "reject"] = "accept",
) -> Response:
    """Ask whether to accept an invitation; who is not signed in does that first."""
    if visitor.session is None:
        here = with_query(f"/invitations/{wire_id}", answer=answer)
        return RedirectResponse(with_query("/sign-in", to=here), 302)
    invitation_id = known("inv", wire_id)
    organization_id = cases.directory.organization_inviting(invitation_id)
    organization = cases.organizations.find(organization_id) if organization_id else None
    invitation = organization.people.invitations[invitation_id] if organization else None
    mine = cases.users.find(visitor.session.user_id).email_digest
    if (
        organization is None
        or invitation is None
        or invitation.email_digest != mine
        or not invitation.is_open(running.clock())
    ):
        return _page("Invitation", text="There is no such open invitation for you.")
    fixed = json.dumps({"invitationId": to_wire("inv", invitation_id)})
    forms = [
        Form(f"/api/auth/organization/{verb}-invitation", verb.capitalize(), FIRST_PAGE, (), fixed)
        for verb in ("accept", "reject")
    ]
    ordered = forms if answer == "accept" else forms[::-1]
    return _page(f"Invitation to {organization.name}", *ordered)


@api.get("/accept-invitation/{invitation_id}", status_code=307, response_class=RedirectResponse)
def accept_link(invitation_id: str) -> RedirectResponse:
    """Lead from a mail to the page that accepts an invitation."""
    page = f"/invitations/{to_wire('inv', known('inv', invitation_id))}"
    return RedirectResponse(with_query(page, answer="accept"), 307)


@api.get("/reject-invitation/{invitation_id}", status_code=307, response_class=RedirectResponse)
def reject_link(invitation_id: str) -> RedirectResponse:
    """Lead from a mail to the page that rejects an invitation."""
    page = f"/invitations/{to_wire('inv', known('inv', invitation_id))}"
    return RedirectResponse(with_query(page, answer="reject"), 307)


def _page(title: str, *forms: Form, text: str = "", links: tuple[Link, ...] = ()) -> HTMLResponse:
    html = _template().render(title=title, text=text, forms=forms, links=links)
    return HTMLResponse(html, headers=POLICY)


@cache
def _template() -> Template:
    source = (files("api.http.accounts") / "page.html.j2").read_text("utf-8")
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(source)
