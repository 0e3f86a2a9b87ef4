"""Founding organizations, setting their plan, issuing and revoking keys."""

import time
from uuid import UUID

import pytest

from commands.again import ATTEMPTS, again
from commands.errors import DomainError, KeyNotFound, OrganizationNotFound
from commands.manage_keys import IssueKey, RevokeKey, issue_key, revoke_key
from commands.manage_organization import (
    ChangePlan,
    FoundOrganization,
    change_plan,
    found_organization,
)
from commands.organization import fold
from commands.ports import Conflict
from event_examples import EXAMPLES
from events.base import Event
from events.organization import (
    KeyIssued,
    KeyRevoked,
    LlmConfigured,
    OrganizationFounded,
    Plan,
    PlanChanged,
)
from events.recorded import Origin
from spec import Spec, clock, now
from stories import ACME, BY_ACME, BY_GLOBEX, GLOBEX, KEY, NOON, at, founded, uploaded


def issued(version: int = 3, key_id: UUID = KEY, digest: str = "d1") -> list[Event]:
    return [
        KeyIssued(
            **at(version, ACME),
            key_id=key_id,
            owner_id=None,
            name="CI",
            kind="organization",
            digest=digest,
            start="raik_Ab12",
            scopes=(),
            expires_at=None,
        )
    ]


def found(spec: Spec) -> None:
    command = FoundOrganization(ACME, "Acme", "PRO")
    found_organization(command, BY_ACME, streams=spec.streams, clock=clock)


def change(spec: Spec, plan: Plan, *, by: Origin = BY_ACME) -> None:
    change_plan(ChangePlan(plan), by, streams=spec.streams, clock=clock)


def issue(spec: Spec, command: IssueKey | None = None, *, by: Origin = BY_ACME) -> None:
    command = command or IssueKey(KEY, "CI", "d1", "raik_Ab12")
    issue_key(command, by, streams=spec.streams, clock=clock)


def revoke(spec: Spec, key_id: UUID = KEY, *, by: Origin = BY_ACME) -> None:
    revoke_key(RevokeKey(key_id), by, streams=spec.streams, clock=clock)


def test_an_organization_is_founded_on_a_plan(spec: Spec) -> None:
    spec.when(lambda: found(spec)).then(
        OrganizationFounded(**now(1, ACME), name="Acme"), PlanChanged(**now(2, ACME), plan="PRO")
    )


def test_an_organization_is_founded_once(spec: Spec) -> None:
    spec.given(founded()).when(lambda: found(spec)).then_fails(Conflict)


def test_another_plan_is_recorded(spec: Spec) -> None:
    spec.given(founded()).when(lambda: change(spec, "FREE")).then(
        PlanChanged(**now(3, ACME), plan="FREE")
    )


def test_the_same_plan_is_no_change(spec: Spec) -> None:
    spec.given(founded()).when(lambda: change(spec, "PRO")).then()


def test_a_key_is_issued_as_it_was_asked_for(spec: Spec) -> None:
    command = IssueKey(KEY, "CI", "d1", "kr_live_Ab12", "developer", ("read", "generate"), NOON)

    spec.given(founded()).when(lambda: issue(spec, command)).then(
        KeyIssued(
            **now(3, ACME),
            key_id=KEY,
            owner_id=None,
            name="CI",
            kind="developer",
            digest="d1",
            start="kr_live_Ab12",
            scopes=("read", "generate"),
            expires_at=NOON,
        )
    )


def test_a_key_of_the_same_digest_is_a_conflict(spec: Spec) -> None:
    second = IssueKey(UUID(int=5), "Copy", "d1", "raik_Ab12")

    spec.given(founded(), issued()).when(lambda: issue(spec, second)).then_fails(Conflict)


def test_a_key_is_revoked(spec: Spec) -> None:
    spec.given(founded(), issued()).when(lambda: revoke(spec)).then(
        KeyRevoked(**now(4, ACME), key_id=KEY)
    )


def test_a_key_is_revoked_once(spec: Spec) -> None:
    revoked = [KeyRevoked(**at(4, ACME), key_id=KEY)]

    spec.given(founded(), issued(), revoked).when(lambda: revoke(spec)).then_refused(KeyNotFound())


def test_a_key_that_was_never_issued_cannot_be_revoked(spec: Spec) -> None:
    spec.given(founded(), issued()).when(lambda: revoke(spec, UUID(int=7))).then_refused(
        KeyNotFound()
    )


def test_the_key_of_another_organization_cannot_be_revoked(spec: Spec) -> None:
    globex: list[Event] = [OrganizationFounded(**at(1, GLOBEX), name="Globex")]
    spec.given(globex, by=BY_GLOBEX)

    spec.given(founded(), issued()).when(lambda: revoke(spec, by=BY_GLOBEX)).then_refused(
        KeyNotFound()
    )


@pytest.mark.parametrize("act", [issue, revoke, lambda spec: change(spec, "FREE")])
def test_an_organization_that_was_never_founded_can_do_nothing(spec: Spec, act: object) -> None:
    assert callable(act)

    spec.when(lambda: act(spec)).then_refused(OrganizationNotFound())


def test_a_resume_is_no_organization(spec: Spec) -> None:
    spec.given(uploaded(ACME))

    with pytest.raises(OrganizationNotFound):
        issue(spec)


def test_an_organization_is_folded_from_all_that_happened_to_it() -> None:
    chosen = EXAMPLES["llm-configured"]
    assert isinstance(chosen, LlmConfigured)
    story = [
        *founded(),
        *issued(3),
        *issued(4, UUID(int=2), "d2"),
        KeyRevoked(**at(5, ACME), key_id=KEY),
        chosen.model_copy(update=at(6, ACME)),
    ]

    organization = fold(None, story)  # type: ignore[arg-type]  # all of them are its events

    assert organization is not None
    assert (organization.version, organization.name, organization.plan) == (6, "Acme", "PRO")
    assert [*organization.keyring.keys] == [UUID(int=2)]
    assert organization.llm == story[-1]


@pytest.mark.parametrize("refusal", DomainError.__subclasses__(), ids=lambda r: r.__name__)
def test_a_refusal_tells_its_code_and_a_sentence(refusal: type[DomainError]) -> None:
    facts = {
        name: NOON if name == "resets_at" else "what was asked for"
        for name in getattr(refusal, "__dataclass_fields__", ())
        if name != "code"
    }
    said = refusal(**facts)

    assert str(said).startswith(f"{refusal.code}: ")
    assert len(said.detail) > 10
    assert said.facts() == facts


def test_a_lost_race_is_run_again_until_it_is_won(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commands.again.time.sleep", lambda _: None)
    tries: list[int] = []

    def act(wins_at: int) -> int:
        tries.append(wins_at)
        if len(tries) < wins_at:
            raise Conflict
        return len(tries)

    assert again(act)(7) == 7
    tries.clear()
    with pytest.raises(Conflict):
        again(act)(1000)
    assert len(tries) == ATTEMPTS + 1


def test_only_a_lost_race_is_run_again() -> None:
    tries: list[float] = []

    def act() -> None:
        tries.append(time.monotonic())
        raise KeyNotFound

    with pytest.raises(KeyNotFound):
        again(act)()
    assert len(tries) == 1
