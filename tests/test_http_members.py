"""Members and invitations: one admin stays, and only the invited person can answer."""

from datetime import timedelta

import pytest

from api.core import now
from browsing import Browser, Street, an_email
from server import Deployment

BASE = "/api/auth/organization"
LAST = (400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER")


@pytest.fixture
def team(street: Street) -> tuple[Browser, Browser]:
    """Return an admin and a member of the same organization."""
    ada, grace = street.ada(), street.verified("Grace Example")
    street.joins(grace, ada)
    return ada, grace


def member_id(browser: Browser, of: Browser) -> str:
    members = browser.ask(f"{BASE}/list-members")["members"]
    (found,) = [member["id"] for member in members if member["userId"] == of.user["id"]]
    assert isinstance(found, str)
    return found


def test_members_are_listed_with_the_faces_that_they_show(team: tuple[Browser, Browser]) -> None:
    ada, grace = team

    listed = grace.ask(f"{BASE}/list-members")

    assert listed["total"] == 2
    one, two = listed["members"]
    assert one.keys() == {"id", "organizationId", "userId", "role", "createdAt", "user"}
    assert [m["user"]["name"] for m in (one, two)] == ["Ada Example", "Grace Example"]
    assert [m["role"] for m in (one, two)] == ["admin", "member"]
    assert grace.ask(f"{BASE}/get-active-member-role") == {"role": "member"}
    assert ada.ask(f"{BASE}/get-active-member-role") == {"role": "admin"}
    page = ada.ask(f"{BASE}/list-members", limit="1", offset="1")
    assert ([m["id"] for m in page["members"]], page["total"]) == ([two["id"]], 2)


def test_a_member_becomes_admin_and_member_again(team: tuple[Browser, Browser]) -> None:
    ada, grace = team
    path, mine = f"{BASE}/update-member-role", member_id(ada, grace)

    assert ada.send(path, memberId=mine, role="owner")["role"] == "admin"
    assert grace.ask(f"{BASE}/get-active-member-role") == {"role": "admin"}
    assert ada.send(path, memberId=mine, role=["member"])["role"] == "member"
    assert ada.refused(path, memberId=mine, role="king") == (400, "VALIDATION_ERROR")
    assert ada.refused(path, memberId="mem_x", role="admin") == (400, "MEMBER_NOT_FOUND")


def test_a_member_changes_nobody(team: tuple[Browser, Browser]) -> None:
    ada, grace = team
    hers, mine = member_id(ada, ada), member_id(ada, grace)

    assert grace.refused(f"{BASE}/update-member-role", memberId=mine, role="admin") == (
        403,
        "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER",
    )
    assert grace.refused(f"{BASE}/remove-member", memberIdOrEmail=hers) == (
        401,
        "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER",
    )


@pytest.mark.parametrize("by", ["id", "e-mail"])
def test_an_admin_removes_a_member(team: tuple[Browser, Browser], by: str) -> None:
    ada, grace = team
    whom = member_id(ada, grace) if by == "id" else grace.email.upper()
    organization = ada.organization

    removed = ada.send(f"{BASE}/remove-member", memberIdOrEmail=whom)

    assert removed["member"]["userId"] == grace.user["id"]
    assert grace.session["activeOrganizationId"] is None
    assert grace.http.get("/api/keys").status_code == 401
    refused = grace.refused(f"{BASE}/set-active", organizationId=organization)
    assert refused == (403, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION")
    again = ada.refused(f"{BASE}/remove-member", memberIdOrEmail=whom)
    assert again == (400, "MEMBER_NOT_FOUND")


def test_a_member_leaves_and_the_only_admin_stays(team: tuple[Browser, Browser]) -> None:
    ada, grace = team
    mine = member_id(ada, ada)

    assert grace.send(f"{BASE}/leave", organizationId=ada.organization)["role"] == "member"

    assert ada.refused(f"{BASE}/leave", organizationId=ada.organization) == LAST
    assert ada.refused(f"{BASE}/remove-member", memberIdOrEmail=mine) == LAST
    assert ada.refused(f"{BASE}/update-member-role", memberId=mine, role="member") == LAST


def invite(host: Browser, email: str, **more: object) -> dict[str, str]:
    body = {"email": email, "role": "member"} | more
    invited: dict[str, str] = host.send(f"{BASE}/invite-member", **body)
    return invited


def test_an_invitation_is_mailed_and_accepted_on_its_page(street: Street) -> None:
    ada, grace = street.ada(), street.verified("Grace")
    organization = ada.organization
    invited = invite(ada, grace.email.upper())
    assert invited.keys() == {
        "id", "organizationId", "email", "role", "status", "expiresAt", "createdAt", "inviterId",
    }  # fmt: skip
    assert (invited["email"], invited["status"]) == (grace.email, "pending")

    link = street.link_to(grace.email, "Invitation to Personal")

    assert link == f"/api/accept-invitation/{invited['id']}"
    stranger = street.visitor().http.get(link)
    assert stranger.status_code == 307
    page = stranger.headers["location"]
    to_sign_in = street.visitor().http.get(page)
    assert to_sign_in.headers["location"].startswith("/sign-in?to=%2Finvitations%2Finv_")
    shown = grace.http.get(page)
    assert "Invitation to Personal" in shown.text
    assert "/api/auth/organization/accept-invitation" in shown.text
    assert grace.session["activeOrganizationId"] != organization  # reading changes nothing
    (open_one,) = grace.ask(f"{BASE}/list-user-invitations")
    assert (open_one["organizationName"], open_one["inviterEmail"]) == ("Personal", ada.email)
    assert grace.ask(f"{BASE}/get-invitation", id=invited["id"])["id"] == invited["id"]

    told = grace.send(f"{BASE}/accept-invitation", invitationId=invited["id"])

    assert told["invitation"]["status"] == "accepted"
    assert told["member"]["role"] == "member"
    assert grace.organization == organization
    assert grace.ask(f"{BASE}/list-user-invitations") == []
    again = grace.refused(f"{BASE}/accept-invitation", invitationId=invited["id"])
    assert again == (400, "INVITATION_NOT_FOUND")


def test_an_invitation_can_be_rejected(street: Street) -> None:
    ada, grace = street.ada(), street.verified("Grace")
    invited = invite(ada, grace.email)
    page = grace.http.get(f"/api/reject-invitation/{invited['id']}").headers["location"]
    assert page == f"/invitations/{invited['id']}?answer=reject"

    told = grace.send(f"{BASE}/reject-invitation", invitationId=invited["id"])

    assert told["member"] is None
    assert [i["status"] for i in ada.ask(f"{BASE}/list-invitations")] == ["rejected"]
    invite(ada, grace.email)


def test_only_the_invited_person_answers(street: Street) -> None:
    ada, eve = street.ada(), street.verified("Eve")
    invited = invite(ada, an_email("grace"))

    for path in ("accept-invitation", "reject-invitation"):
        refused = eve.refused(f"{BASE}/{path}", invitationId=invited["id"])
        assert refused == (403, "YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION")
    refused = eve.refused_to_read(f"{BASE}/get-invitation", id=invited["id"])
    assert refused == (403, "YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION")
    nobody = street.visitor().refused(f"{BASE}/accept-invitation", invitationId=invited["id"])
    assert nobody == (401, "UNAUTHORIZED")
    assert "no such open invitation" in eve.http.get(f"/invitations/{invited['id']}").text


def test_an_address_that_is_not_verified_answers_nothing(street: Street) -> None:
    ada, eve = street.ada(), street.ada("Eve")
    invited = invite(ada, eve.email)

    refused = eve.refused(f"{BASE}/accept-invitation", invitationId=invited["id"])

    assert refused[0] == 403
    assert refused[1].startswith("EMAIL_VERIFICATION_REQUIRED")
    assert eve.ask(f"{BASE}/list-user-invitations") == []


def test_an_invitation_that_was_taken_back_is_not_open(street: Street) -> None:
    ada, grace = street.ada(), street.verified("Grace")
    invited = invite(ada, grace.email)

    canceled = ada.send(f"{BASE}/cancel-invitation", invitationId=invited["id"])

    assert canceled["status"] == "canceled"
    refused = grace.refused(f"{BASE}/accept-invitation", invitationId=invited["id"])
    assert refused == (400, "INVITATION_NOT_FOUND")
    again = ada.refused(f"{BASE}/cancel-invitation", invitationId=invited["id"])
    assert again == (400, "INVITATION_NOT_FOUND")


def test_one_person_is_invited_once_unless_it_is_sent_again(
    street: Street, deployment: Deployment
) -> None:
    ada, grace = street.ada(), street.verified("Grace")
    invited = invite(ada, grace.email)
    body = {"email": grace.email, "role": "member"}
    refused = ada.refused(f"{BASE}/invite-member", **body)
    assert refused == (400, "USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION")

    renewed = invite(ada, grace.email, resend=True)

    assert renewed["id"] == invited["id"]
    assert renewed["expiresAt"] > invited["expiresAt"]
    street.until_mails(grace.email, 3)
    grace.send(f"{BASE}/accept-invitation", invitationId=invited["id"])
    refused = ada.refused(f"{BASE}/invite-member", **body)
    assert refused == (400, "USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION")


def test_an_invitation_holds_for_two_days(street: Street) -> None:
    invited = invite(street.ada(), an_email())

    late, early = (
        (now() + timedelta(hours=hours)).isoformat(timespec="milliseconds") for hours in (49, 47)
    )
    assert early < invited["expiresAt"] < late
