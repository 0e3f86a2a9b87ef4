"""Organizations: founded, chosen, shown, left to others, and ended with all that is theirs."""

from typing import Any

import pytest

from api.ids import from_wire, new_id, to_wire
from browsing import Browser, Street, an_email
from postgres import until
from server import SAMPLES, Deployment

BASE = "/api/auth/organization"
THIS = "THIS_ORGANIZATION"
MISSING = (403, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION")


def a_slug() -> str:
    return an_email("acme").split("@", maxsplit=1)[0]


def found(browser: Browser, name: str = "Acme") -> dict[str, Any]:
    founded: dict[str, Any] = browser.send(f"{BASE}/create", name=name, slug=a_slug())
    return founded


def test_who_founds_an_organization_is_its_admin_and_acts_for_it(street: Street) -> None:
    ada = street.ada()
    slug = a_slug()

    acme = ada.send(
        f"{BASE}/create",
        name=" Acme ",
        slug=slug,
        logo="https://acme.org/a.png",
        metadata={"a": 1},
    )

    assert acme.keys() == {"id", "name", "slug", "logo", "metadata", "createdAt", "members"}
    assert (acme["name"], acme["slug"], acme["metadata"]) == ("Acme", slug, {"a": 1})
    (member,) = acme["members"]
    assert member["role"] == "admin"
    assert member["user"] == {
        "id": ada.user["id"], "name": "Ada Example", "email": ada.email, "image": None,
    }  # fmt: skip
    assert ada.organization == acme["id"]
    listed = ada.ask(f"{BASE}/list")
    assert [organization["name"] for organization in listed] == ["Personal", "Acme"]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "A", "slug": "acme"},
        {"name": "x" * 51, "slug": "acme"},
        {"name": "Acme", "slug": "a"},
        {"name": "Acme", "slug": "No Slug"},
        {"name": "Acme", "slug": "acme-"},
        {"name": "Acme", "slug": "acme", "logo": "data:x"},
        {"name": "Acme", "slug": "acme", "metadata": {"a": "x" * 20_000}},
        {"name": "Acme"},
    ],
)
def test_what_makes_no_organization_is_refused(street: Street, body: dict[str, Any]) -> None:
    assert street.ada().refused(f"{BASE}/create", **body) == (400, "VALIDATION_ERROR")


def test_a_slug_is_taken_once(street: Street) -> None:
    ada, grace = street.ada(), street.ada("Grace")
    acme, other = found(ada), found(grace)
    taken = (400, "ORGANIZATION_ALREADY_EXISTS")

    assert grace.refused(f"{BASE}/create", name="Acme", slug=acme["slug"]) == taken
    assert grace.refused(f"{BASE}/check-slug", slug=acme["slug"]) == taken
    assert grace.send(f"{BASE}/check-slug", slug=a_slug()) == {"status": True}
    data = {"slug": acme["slug"]}
    assert grace.refused(f"{BASE}/update", organizationId=other["id"], data=data) == taken


def test_an_organization_is_changed_field_by_field(street: Street) -> None:
    ada = street.ada()
    acme = found(ada)
    slug = a_slug()

    def change(**data: object) -> dict[str, Any]:
        changed: dict[str, Any] = ada.send(f"{BASE}/update", organizationId=acme["id"], data=data)
        return changed

    assert change(name="Acme Corp")["slug"] == acme["slug"]
    assert change(slug=slug, metadata={"b": "ü"})["name"] == "Acme Corp"
    assert change(logo="https://acme.org/b.png")["metadata"] == {"b": "ü"}
    assert change(metadata=None)["logo"] == "https://acme.org/b.png"
    assert ada.ask(f"{BASE}/get-full-organization")["slug"] == slug


def test_the_chosen_organization_is_the_one_that_counts(street: Street) -> None:
    ada = street.ada()
    personal = ada.organization
    acme = found(ada)["id"]
    ada.send_key("Acme's")

    assert ada.send(f"{BASE}/set-active", organizationId=personal)["id"] == personal

    assert ada.session["activeOrganizationId"] == personal
    assert ada.session["subscription"]["organizationId"] == personal
    assert ada.http.get("/api/keys").json() == {"data": {"keys": []}}
    ada.send(f"{BASE}/set-active", organizationId=acme)
    assert [key["name"] for key in ada.http.get("/api/keys").json()["data"]["keys"]] == ["Acme's"]
    assert ada.send(f"{BASE}/set-active", organizationId=None) is None
    assert ada.session["activeOrganizationId"] is None
    assert ada.refused_to_read(f"{BASE}/get-active-member-role") == (400, "NO_ACTIVE_ORGANIZATION")


def test_a_choice_holds_for_its_session_alone(street: Street) -> None:
    ada, other = street.ada(), street.visitor()
    other.sign_in(ada.email)
    before = other.organization

    found(ada)

    assert other.organization == before


@pytest.mark.parametrize("path", ["update", "delete", "set-active", "invite-member", "leave"])
def test_a_foreign_organization_is_answered_like_one_that_is_missing(
    street: Street, path: str
) -> None:
    ada, grace = street.ada(), street.ada("Grace")
    more = {"data": {"name": "Mine"}, "email": an_email(), "role": "member"}
    answers = [
        grace.http.post(f"{BASE}/{path}", json={"organizationId": named, **more})
        for named in (ada.organization, to_wire("org", new_id()), "org_x", "")
    ]

    assert {answer.content for answer in answers} == {answers[0].content}
    assert {answer.status_code for answer in answers} == {403}
    assert answers[0].json()["code"] == MISSING[1]


@pytest.mark.parametrize("path", ["get-full-organization", "list-members", "list-invitations"])
def test_a_foreign_organization_is_not_read(street: Street, path: str) -> None:
    ada, grace = street.ada(), street.ada("Grace")

    assert grace.refused_to_read(f"{BASE}/{path}", organizationId=ada.organization) == MISSING


@pytest.mark.parametrize(
    ("path", "body", "refusal"),
    [
        ("update", {"data": {"name": "Mine"}}, f"UPDATE_{THIS}"),
        ("delete", {}, f"DELETE_{THIS}"),
        ("invite-member", {"email": "a@b.org", "role": "admin"}, f"INVITE_USERS_TO_{THIS}"),
    ],
)
def test_what_takes_an_admin_is_refused_to_a_member(
    street: Street, path: str, body: dict[str, Any], refusal: str
) -> None:
    ada, grace = street.ada(), street.verified("Grace")
    street.joins(grace, ada)

    assert grace.refused(f"{BASE}/{path}", **body) == (403, f"YOU_ARE_NOT_ALLOWED_TO_{refusal}")


def test_what_one_may_do_is_told(street: Street) -> None:
    ada, grace = street.ada(), street.verified("Grace")
    street.joins(grace, ada)
    wanted = {"member": ["create", "delete"]}

    assert ada.send(f"{BASE}/has-permission", permissions=wanted)["success"] is True
    assert grace.send(f"{BASE}/has-permission", permissions=wanted)["success"] is False
    read = {"member": ["read"]}
    assert grace.send(f"{BASE}/has-permission", permissions=read)["success"] is True


def test_with_an_organization_end_its_keys_members_invitations_and_resumes(
    street: Street, deployment: Deployment
) -> None:
    ada, grace = street.ada(), street.verified("Grace")
    acme = found(ada)
    street.joins(grace, ada)
    key = ada.send_key()
    path = f"{BASE}/invite-member"
    invited = ada.send(path, email=an_email(), role="member")
    headers = {"x-api-key": key}
    file = ("a.pdf", (SAMPLES / "two_columns.pdf").read_bytes())
    upload = deployment.http.post("/api/v1/resumes", headers=headers, files={"file": file})
    assert upload.status_code == 201
    organization_id = from_wire("org", acme["id"])
    assert organization_id

    ended = ada.send(f"{BASE}/delete", organizationId=acme["id"])

    assert ended["id"] == acme["id"]
    assert deployment.http.get("/api/v1/resumes", headers=headers).status_code == 401
    assert ada.session["activeOrganizationId"] is None
    assert [organization["name"] for organization in grace.ask(f"{BASE}/list")] == ["Personal"]
    assert grace.session["activeOrganizationId"] is None
    assert ada.refused_to_read(f"{BASE}/get-full-organization", organizationId=acme["id"]) == (
        MISSING
    )
    assert ada.refused(f"{BASE}/cancel-invitation", invitationId=invited["id"])[0] == 403
    until(lambda: left_of(deployment, organization_id) == (0, 0), 30)
    ada.send(f"{BASE}/create", name="Acme", slug=acme["slug"])


def left_of(deployment: Deployment, organization_id: object) -> tuple[int, int]:
    """Return how many resumes and data keys of an organization there are."""
    with deployment.core.connect() as connection:
        found = connection.execute(
            "SELECT (SELECT count(*) FROM resumes WHERE organization_id = %(id)s),"
            " (SELECT count(*) FROM data_keys WHERE organization_id = %(id)s)",
            {"id": organization_id},
        ).fetchone()
    assert found
    return found[0], found[1]


def test_a_lost_job_keeps_no_resume_of_a_deleted_organization(
    street: Street, deployment: Deployment
) -> None:
    ada = street.ada()
    acme = found(ada)
    headers = {"x-api-key": ada.send_key()}
    file = ("a.pdf", (SAMPLES / "two_columns.pdf").read_bytes())
    deployment.http.post("/api/v1/resumes", headers=headers, files={"file": file})
    organization_id = from_wire("org", acme["id"])
    worker = deployment.serving.worker()
    worker.suspend()
    try:
        ada.send(f"{BASE}/delete", organizationId=acme["id"])
        with deployment.core.connect() as connection:
            connection.execute(
                "DELETE FROM procrastinate_jobs WHERE args ->> 'organization_id' = %s",
                (str(organization_id),),
            )
        assert left_of(deployment, organization_id)[0] == 1
    finally:
        worker.resume()

    until(lambda: left_of(deployment, organization_id) == (0, 0), 30)


def test_a_plan_is_told_to_members_alone(street: Street) -> None:
    ada, grace = street.ada(), street.ada("Grace")
    path = f"/api/subscription/{ada.organization}"

    told = ada.ask(path)

    assert told["success"] is True
    assert told["data"].keys() == {
        "id", "organizationId", "polarCustomerId", "polarSubscriptionId", "plan", "status",
        "currentPeriodEnd", "createdAt", "updatedAt",
    }  # fmt: skip
    assert (told["data"]["organizationId"], told["data"]["plan"]) == (
        ada.organization,
        "ENTERPRISE",
    )
    refused = grace.http.get(path)
    missing = grace.http.get(f"/api/subscription/{to_wire('org', new_id())}")
    assert (refused.status_code, refused.json()) == (404, {"success": False, "error": "Not found"})
    assert refused.content == missing.content
    nobody = street.visitor().http.get(path)
    assert (nobody.status_code, nobody.json()["success"]) == (401, False)
