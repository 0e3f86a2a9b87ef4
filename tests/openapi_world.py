"""What there must be for the requests that the OpenAPI document shows, and who sends them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Final

import httpx2
import pyotp

from browsing import PASSWORD, Browser, Street, an_email
from server import JOB, SAMPLES, Tenant
from session_requests import Scene, scene

AUTH: Final = "/api/auth"


@dataclass(frozen=True)
class Setting:
    """Who sends a request, and what stands in it in place of what the document shows."""

    client: httpx2.Client
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)


Set = Callable[[], Setting]


@dataclass
class People:
    """Everybody with a session, or about to have one."""

    street: Street

    @cached_property
    def host(self) -> Scene:
        """An organization that nothing is taken away from."""
        ada = self.street.verified()
        return Scene(self.street, ada, ada.organization)

    def somebody(self) -> Setting:
        """Return somebody who just signed up."""
        return Setting(self.street.ada().http)

    def stranger(self, **body: Any) -> Setting:
        return Setting(self.street.visitor().http, body=body)

    def reads(self, **query: str) -> Setting:
        return Setting(self.host.ada.http, query=query)

    def _reset(self) -> Setting:
        ada = self.street.ada()
        self.street.visitor().send(f"{AUTH}/request-password-reset", email=ada.email)
        link = self.street.link_to(ada.email, "password")
        return self.stranger(token=link.partition("?")[0].rpartition("/")[2])

    def _session(self) -> Setting:
        ada = self.street.ada()
        token = ada.ask(f"{AUTH}/list-sessions")[0]["token"]
        return Setting(ada.http, body={"token": token})

    def _prepared(self) -> tuple[Browser, str, str]:
        ada = self.street.ada()
        made = ada.send(f"{AUTH}/two-factor/enable", password=PASSWORD)
        code = pyotp.parse_uri(made["totpURI"])
        assert isinstance(code, pyotp.TOTP)
        return ada, code.now(), made["backupCodes"][0]

    def _verifying(self) -> Setting:
        ada, code, _ = self._prepared()
        return Setting(ada.http, body={"code": code})

    def _enabled(self, *, with_code: bool) -> Setting:
        ada, code, backup = self._prepared()
        ada.send(f"{AUTH}/two-factor/verify-totp", code=code)
        return Setting(ada.http, body={"code": backup} if with_code else {})

    def _founds(self) -> Setting:
        slug = an_email("acme").partition("@")[0]
        return Setting(self.street.ada().http, body={"slug": slug})

    def _within(self, **body: Any) -> Setting:
        here = scene(self.street)
        return Setting(here.ada.http, body={"organizationId": here.organization, **body})

    def _member(self, name: str) -> Setting:
        here = scene(self.street)
        _, member_id = here.a_member()
        return Setting(here.ada.http, body={name: member_id, "organizationId": here.organization})

    def _leaves(self) -> Setting:
        here = scene(self.street)
        grace, _ = here.a_member()
        return Setting(grace.http, body={"organizationId": here.organization})

    def _answers(self, *, by_host: bool = False, reads: bool = False) -> Setting:
        here = scene(self.street)
        grace, invitation_id = here.an_invitation()
        client = here.ada.http if by_host else grace.http
        if reads:
            return Setting(client, query={"id": invitation_id})
        return Setting(client, body={"invitationId": invitation_id})

    def _key(self, where: str) -> Setting:
        here = scene(self.street)
        key_id = here.a_key()
        match where:
            case "path":
                return Setting(here.ada.http, path={"key_id": key_id})
            case "query":
                return Setting(here.ada.http, query={"id": key_id})
            case _:
                return Setting(here.ada.http, body={"keyId": key_id})

    def _keys(self) -> Setting:
        here = scene(self.street)
        here.a_key()
        return Setting(here.ada.http, query={"organizationId": here.organization})

    def settings(self) -> dict[str, Set]:
        """Return how each operation of people comes about, by its id."""
        organizations = "auth_organization"
        own = self.host.organization
        return {
            "get_auth_ok": self.stranger,
            "post_auth_sign_up_email": lambda: self.stranger(email=an_email()),
            "post_auth_sign_in_email": lambda: self.stranger(email=self.host.ada.email),
            "post_auth_reset_password": self._reset,
            "post_auth_revoke_session": self._session,
            "post_auth_two_factor_generate_backup_codes": partial(self._enabled, with_code=False),
            "post_auth_two_factor_verify_totp": self._verifying,
            "post_auth_two_factor_verify_backup_code": partial(self._enabled, with_code=True),
            f"post_{organizations}_create": self._founds,
            f"post_{organizations}_check_slug": self._founds,
            f"post_{organizations}_update": self._within,
            f"post_{organizations}_delete": self._within,
            f"post_{organizations}_set_active": self._within,
            f"post_{organizations}_has_permission": self._within,
            f"post_{organizations}_update_member_role": lambda: self._member("memberId"),
            f"post_{organizations}_remove_member": lambda: self._member("memberIdOrEmail"),
            f"post_{organizations}_leave": self._leaves,
            f"post_{organizations}_invite_member": lambda: self._within(email=an_email()),
            f"post_{organizations}_accept_invitation": self._answers,
            f"post_{organizations}_reject_invitation": self._answers,
            f"post_{organizations}_cancel_invitation": partial(self._answers, by_host=True),
            f"get_{organizations}_get_invitation": partial(self._answers, reads=True),
            "post_auth_api_key_create": self._within,
            "get_auth_api_key_list": self._keys,
            "get_auth_api_key_get": lambda: self._key("query"),
            "post_auth_api_key_update": lambda: self._key("body"),
            "post_auth_api_key_delete": lambda: self._key("body"),
            "get_keys": self._keys,
            "post_keys_by_key_id_rotate": lambda: self._key("path"),
            "delete_keys_by_key_id": lambda: self._key("path"),
            "get_subscription_by_organization_id": lambda: Setting(
                self.host.ada.http, path={"organization_id": own}
            ),
        }

    def setting(self, name: str) -> Setting:
        """Return how an operation comes about; one that nothing is said of takes somebody new."""
        found = self.settings().get(name)
        if found is not None:
            return found()
        return self.reads() if name.startswith("get_") else self.somebody()


@dataclass
class Programs:
    """An organization with a key, and what its resumes are."""

    tenant: Tenant
    configuring: Tenant

    @cached_property
    def tailored(self) -> dict[str, Any]:
        """A tailoring that nothing is taken away from."""
        return self._tailored()

    def _tailored(self) -> dict[str, Any]:
        return self.tenant.tailor(
            self.tenant.parsed(), generate_cover_letter=True, generate_outreach=True
        )

    def _generation(self) -> str:
        answer = self.tenant.http.post("/v1/resumes/generate", json={"job_description": JOB})
        assert answer.status_code == 200, answer.text
        return answer.headers["x-generation-id"]

    def _webhook(self) -> str:
        body = {"url": "https://hooks.example.org"}
        made: str = self.tenant.data("POST", "/api/v1/webhooks", json=body)["id"]
        return made

    def setting(self, name: str) -> Setting:
        """Return how an operation of programs comes about."""
        if name == "put_llm_config":  # another one's, or else its model would be asked
            return Setting(self.configuring.http)
        return Setting(self.tenant.http, path=self._path(name))

    def _path(self, name: str) -> dict[str, str]:
        if name == "retry":
            return {"resume_id": self.tenant.edit(self.tenant.parsed(), status="FAILED")["id"]}
        takes_away = name.startswith("delete_")
        tailored = self._tailored() if takes_away else self.tailored
        letter = "outreach_id" if name.endswith("outreach") else "cover_letter_id"
        resume_id = tailored["resume_id"]
        return {
            "resume_id": resume_id,
            "letter_id": tailored[letter],
            "job_id": resume_id.replace("res_", "job_"),
            "generation_id": self._generation() if name == "download_generation" else "",
            "webhook_id": self._webhook() if "webhook" in name or "deliver" in name else "",
        }


def send(
    setting: Setting, method: str, path: str, request: dict[str, Any] | None
) -> httpx2.Response:
    """Send a request that the document shows, as it is but for what must be otherwise here."""
    named = path.format(**setting.path) if setting.path else path.format_map(Anything())
    if path == "/api/v1/resumes" and method == "post":
        file = ("ada.pdf", (SAMPLES / "two_columns.pdf").read_bytes())
        return setting.client.post(path, files={"file": file}, params=setting.query)
    if request is None:
        return setting.client.request(method, named, params=setting.query)
    body = request | setting.body
    return setting.client.request(method, named, params=setting.query, json=body)


class Anything(dict[str, str]):
    """Stands for ids that nothing depends on."""

    def __missing__(self, _: str) -> str:
        return "nothing"
