"""What an operator can set, by environment: `REFOLIO_*`, or `REFOLIO_*_FILE` for secrets."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MIB = 1024 * 1024
THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


class InvalidSetting(Exception):
    """A setting makes no sense; the message names it, but not its value, which may be secret."""


def default_home() -> Path:
    """Return where state is kept unless told otherwise: the user's data folder."""
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "refolio"


def _hosts_in(text: str) -> frozenset[str]:
    return frozenset(host.strip() for host in text.split(",") if host.strip())


def _mail_server(url: SecretStr) -> SecretStr:
    parts = urlsplit(url.get_secret_value())
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("must be smtp://HOST:PORT or smtps://HOST:PORT")
    return url


class Settings(BaseSettings):
    """The settings of one process."""

    model_config = SettingsConfigDict(env_prefix="REFOLIO_", frozen=True, extra="ignore")

    home: Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())] = Field(
        default_factory=default_home, description="Folder of all state."
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on.")
    database_url: SecretStr | None = Field(
        default=None, description="PostgreSQL to use in place of the embedded one."
    )
    master_key: SecretStr | None = Field(
        default=None, description="64 hexadecimal digits; default: the file master.key in home."
    )
    max_upload_bytes: int = Field(default=10 * MIB, ge=1, description="Largest document taken.")
    tailor_timeout_s: float = Field(default=240, gt=0, description="Longest a tailoring may take.")
    pdf_workers: int = Field(
        default_factory=lambda: os.cpu_count() or 1, ge=1, description="Processes that render."
    )
    llm_private_hosts: str | None = Field(
        default=None,
        description="Hosts of one's own, by commas, that models may be asked on; default: this"
        " machine, and none where organizations are billed.",
    )
    webhook_private_hosts: str = Field(
        default="", description="Hosts of one's own, by commas, that webhooks may be on."
    )
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/?#@\s]+$",
        description="Where people reach the server, such as https://resumes.example.org.",
    )
    sign_up: Literal["auto", "on", "off"] = Field(
        default="auto", description="Who may sign up; auto: anybody while only this machine can."
    )
    smtp_url: Annotated[SecretStr, AfterValidator(_mail_server)] | None = Field(
        default=None, description="smtp:// or smtps:// of a mail server; default: show mail."
    )
    mail_from: str = Field(default="Refolio <refolio@localhost>", description="Sender of mail.")
    billing: Literal["off", "sandbox", "production"] = Field(
        default="off", description="`off`: every organization has the plan ENTERPRISE."
    )
    rate_limits: bool = Field(default=True, description="Count and limit requests.")
    cover_letter_plan: Literal["STARTER", "PRO"] = Field(
        default="STARTER", description="From which plan on cover letters are written."
    )
    linkedin_fetch: bool = Field(
        default=True, description="Read postings at LinkedIn that clients send links to."
    )
    past_due_grace_days: int = Field(
        default=7, ge=0, le=365, description="Days that a plan goes on after a failed payment."
    )
    log_format: str = Field(default="plain", pattern="^(plain|json)$")

    @property
    def bills(self) -> bool:
        """True when each organization has a plan of its own."""
        return self.billing != "off"

    @property
    def past_due_grace(self) -> timedelta:
        """How long a plan goes on after a failed payment."""
        return timedelta(days=self.past_due_grace_days)

    @property
    def webhook_hosts(self) -> frozenset[str]:
        """The hosts in `webhook_private_hosts`."""
        return _hosts_in(self.webhook_private_hosts)

    @property
    def private_hosts(self) -> frozenset[str]:
        """The hosts in `llm_private_hosts`: unless set, this machine, or none if it bills."""
        if self.llm_private_hosts is None:
            return frozenset() if self.bills else THIS_MACHINE
        return _hosts_in(self.llm_private_hosts)

    @property
    def url(self) -> str:
        """Where people reach the server, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        local = "localhost" if host in {"127.0.0.1", "0.0.0.0", "[::]"} else host  # noqa: S104 compared, not bound
        return self.public_url or f"http://{local}:{self.port}"

    @property
    def sign_up_is_open(self) -> bool:
        """Whether anybody may sign up: by default where only this machine is listened to."""
        local = self.host == "localhost" or self.host.startswith("127.") or self.host == "::1"
        return self.sign_up == "on" or (self.sign_up == "auto" and local and not self.public_url)

    @model_validator(mode="before")
    @classmethod
    def _secrets_from_files(cls, values: dict[str, Any]) -> dict[str, Any]:
        for name in ("database_url", "master_key", "smtp_url"):
            path = os.environ.get(f"REFOLIO_{name.upper()}_FILE")
            if path and name not in values:
                values[name] = Path(path).read_text().strip()
        return values


def read_settings(**given: str | int | None) -> Settings:
    """Return the settings of the environment; those *given*, unless None, go before them.

    Raises:
        InvalidSetting: one makes no sense.

    """
    values: dict[str, Any] = {name: v for name, v in given.items() if v is not None}
    try:
        return Settings(**values)
    except ValidationError as error:
        said = [f"REFOLIO_{_name(issue['loc'])}: {issue['msg']}" for issue in error.errors()]
        raise InvalidSetting("; ".join(said)) from None


def _name(place: tuple[int | str, ...]) -> str:
    return str(place[0]).upper() if place else "*"
