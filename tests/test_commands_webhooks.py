"""An organization's webhooks: added, changed, given new secrets, disabled, removed."""

from datetime import timedelta
from uuid import UUID

import pytest

from commands.errors import TooManyWebhooks, WebhookAddressInvalid, WebhookNotFound
from commands.webhooks import (
    MOST_WEBHOOKS,
    AddWebhook,
    ChangeWebhook,
    DisableWebhook,
    RemoveWebhook,
    RotateWebhookSecret,
    add_webhook,
    change_webhook,
    disable_webhook,
    remove_webhook,
    rotate_webhook_secret,
)
from events.webhook import (
    WebhookAdded,
    WebhookChanged,
    WebhookDisabled,
    WebhookRemoved,
    WebhookTarget,
)
from spec import NOW, Spec, clock, now
from stories import ACME, BY_ACME, BY_GLOBEX, at, founded

HOOK = UUID(int=0x3EB)
URL = "https://hooks.example.org/a"


def target(url: str = URL, *, secrets: tuple[str, ...] = ("whsec_b2xk",)) -> WebhookTarget:
    return WebhookTarget(url=url, description="CRM", secrets=secrets)


def added(hook: UUID = HOOK, version: int = 3) -> WebhookAdded:
    return WebhookAdded(
        **at(version, ACME), webhook_id=hook, types=("resume.parsed",), personal=target()
    )


def changed(
    *,
    enabled: bool = True,
    older: timedelta | None = None,
    personal: WebhookTarget | None = None,
    version: int = 4,
) -> WebhookChanged:
    return WebhookChanged(
        **now(version, ACME),
        webhook_id=HOOK,
        types=("resume.parsed",),
        enabled=enabled,
        older_until=NOW + older if older else None,
        personal=personal or target(),
    )


def add(spec: Spec, url: str = URL) -> None:
    command = AddWebhook(HOOK, url, "whsec_b2xk", "CRM", ("resume.parsed",))
    add_webhook(command, BY_ACME, streams=spec.streams, clock=clock)


def change(spec: Spec, **fields: object) -> None:
    command = ChangeWebhook(HOOK, **fields)  # type: ignore[arg-type]
    change_webhook(command, BY_ACME, streams=spec.streams, clock=clock)


def test_a_webhook_is_added(spec: Spec) -> None:
    then = added().model_copy(update=now(3, ACME))

    spec.given(founded()).when(lambda: add(spec)).then(then)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/x",
        "https://",
        "example.org",
        "https://me:pw@example.org/",
        "https://example.org:0/",
        "https://example.org:x/",
        "https://example.org/#part",
        "https://[::1",
    ],
)
def test_nothing_is_sent_to_what_is_no_address(spec: Spec, url: str) -> None:
    spec.given(founded()).when(lambda: add(spec, url)).then_refused(WebhookAddressInvalid())
    spec.given([added()]).when(lambda: change(spec, url=url)).then_refused(WebhookAddressInvalid())


def test_an_organization_has_at_most_so_many(spec: Spec) -> None:
    many = [added(UUID(int=n), 3 + n) for n in range(MOST_WEBHOOKS)]

    spec.given(founded(), many).when(lambda: add(spec)).then_refused(TooManyWebhooks())


def test_what_is_changed_leaves_the_rest(spec: Spec) -> None:
    spec.given(founded(), [added()]).when(lambda: change(spec, url=f"{URL}b")).then(
        changed(personal=target(f"{URL}b"))
    )


def test_the_same_again_is_no_change(spec: Spec) -> None:
    spec.given(founded(), [added()]).when(lambda: change(spec, url=URL, enabled=True)).then()


def test_one_that_was_disabled_can_be_enabled(spec: Spec) -> None:
    gone = WebhookDisabled(**at(4, ACME), webhook_id=HOOK, reason="gone")

    spec.given(founded(), [added(), gone]).when(lambda: change(spec, enabled=True)).then(
        changed(version=5)
    )


def test_a_new_secret_leaves_the_one_before_for_a_day(spec: Spec) -> None:
    def rotate(secret: str) -> None:
        command = RotateWebhookSecret(HOOK, secret)
        rotate_webhook_secret(command, BY_ACME, streams=spec.streams, clock=clock)

    spec.given(founded(), [added()]).when(lambda: rotate("whsec_bmV3")).then(
        changed(older=timedelta(days=1), personal=target(secrets=("whsec_bmV3", "whsec_b2xk")))
    )


def test_one_that_takes_nothing_is_disabled_once(spec: Spec) -> None:
    def disable() -> None:
        command = DisableWebhook(HOOK, "gone")
        disable_webhook(command, BY_ACME, streams=spec.streams, clock=clock)

    spec.given(founded(), [added()]).when(disable).then(
        WebhookDisabled(**now(4, ACME), webhook_id=HOOK, reason="gone")
    )
    spec.given([]).when(disable).then()


def test_one_that_is_removed_is_gone(spec: Spec) -> None:
    def remove() -> None:
        remove_webhook(RemoveWebhook(HOOK), BY_ACME, streams=spec.streams, clock=clock)

    spec.given(founded(), [added()]).when(remove).then(
        WebhookRemoved(**now(4, ACME), webhook_id=HOOK)
    )
    spec.given([]).when(remove).then_refused(WebhookNotFound())


def test_another_organizations_webhook_is_not_there(spec: Spec) -> None:
    spec.given(founded(), [added()])

    with pytest.raises(Exception, match="NOT_FOUND"):
        remove_webhook(RemoveWebhook(HOOK), BY_GLOBEX, streams=spec.streams, clock=clock)
