"""Every request of a person that may be sent again under a key, and what there must be for it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import httpx2

from api.ids import from_wire
from browsing import Browser, Street, an_email
from server import Deployment

KEYS: Final = "/api/keys"
AUTH_KEYS: Final = "/api/auth/api-key"
PEOPLE: Final = "/api/auth/organization"


@dataclass(frozen=True)
class Asked:
    """A request, and who sends it about which organization."""

    who: Browser
    method: str
    path: str
    body: dict[str, Any]
    organization: str

    def send(self, key: str, **other: Any) -> httpx2.Response:
        """Send it under a key, with other members if they are given."""
        body = self.body | other
        content = json.dumps(body) if body or self.method == "POST" else None
        headers = {"idempotency-key": key, "content-type": "application/json"}
        return self.who.http.request(self.method, self.path, headers=headers, content=content)

    def recorded(self, deployment: Deployment) -> int:
        """Return how much the organization and the user have been through so far."""
        streams = [from_wire("org", self.organization), from_wire("usr", self.who.user["id"])]
        with deployment.core.connect() as connection:
            found = connection.execute(
                "SELECT count(*) FROM events WHERE originator_id = ANY(%s)", (streams,)
            ).fetchone()
        assert found
        count: int = found[0]
        return count


@dataclass(frozen=True)
class Scene:
    """An admin's organization, with what requests are about."""

    street: Street
    ada: Browser
    organization: str

    def asks(self, path: str, *, by: Browser | None = None, **body: Any) -> Asked:
        return Asked(by or self.ada, "POST", path, body, self.organization)

    def a_key(self) -> str:
        made = self.ada.http.post(KEYS, json={"name": "Old"}).json()["data"]
        key_id: str = made["id"]
        return key_id

    def a_member(self) -> tuple[Browser, str]:
        grace = self.street.verified("Grace Example")
        return grace, self.street.joins(grace, self.ada)["id"]

    def an_invitation(self) -> tuple[Browser, str]:
        grace = self.street.verified("Grace Example")
        sent = self.ada.send(f"{PEOPLE}/invite-member", email=grace.email, role="member")
        return grace, sent["id"]


def scene(street: Street) -> Scene:
    ada = street.ada()
    return Scene(street, ada, ada.organization)


def _rotate(scene: Scene) -> Asked:
    return scene.asks(f"{KEYS}/{scene.a_key()}/rotate")


def _revoke(scene: Scene) -> Asked:
    return Asked(scene.ada, "DELETE", f"{KEYS}/{scene.a_key()}", {}, scene.organization)


def _remove(scene: Scene) -> Asked:
    return scene.asks(f"{PEOPLE}/remove-member", memberIdOrEmail=scene.a_member()[1])


def _leave(scene: Scene) -> Asked:
    grace, _ = scene.a_member()
    return scene.asks(f"{PEOPLE}/leave", by=grace)


def _promote(scene: Scene) -> Asked:
    member_id = scene.a_member()[1]
    return scene.asks(f"{PEOPLE}/update-member-role", memberId=member_id, role="admin")


def _answer(verb: str) -> Callable[[Scene], Asked]:
    def ask(scene: Scene) -> Asked:
        grace, invitation_id = scene.an_invitation()
        by = scene.ada if verb == "cancel" else grace
        return scene.asks(f"{PEOPLE}/{verb}-invitation", by=by, invitationId=invitation_id)

    return ask


REQUESTS: Final[dict[str, Callable[[Scene], Asked]]] = {
    "make a key": lambda scene: scene.asks(KEYS, name="New"),
    "rotate a key": _rotate,
    "revoke a key": _revoke,
    "make a key as Better Auth": lambda scene: scene.asks(
        f"{AUTH_KEYS}/create", name="New", organizationId=scene.organization
    ),
    "rename and disable a key": lambda scene: scene.asks(
        f"{AUTH_KEYS}/update", keyId=scene.a_key(), name="Other", enabled=False
    ),
    "delete a key": lambda scene: scene.asks(f"{AUTH_KEYS}/delete", keyId=scene.a_key()),
    "found": lambda scene: scene.asks(
        f"{PEOPLE}/create", name="Acme", slug=an_email("acme").partition("@")[0]
    ),
    "rename": lambda scene: scene.asks(
        f"{PEOPLE}/update", data={"name": "Acme", "metadata": {"a": 1}}
    ),
    "delete": lambda scene: scene.asks(f"{PEOPLE}/delete"),
    "invite": lambda scene: scene.asks(f"{PEOPLE}/invite-member", email=an_email(), role="member"),
    "accept": _answer("accept"),
    "reject": _answer("reject"),
    "cancel": _answer("cancel"),
    "promote": _promote,
    "remove": _remove,
    "leave": _leave,
    "change one's profile": lambda scene: scene.asks("/api/auth/update-user", name="Ada L."),
}
