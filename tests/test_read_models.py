"""What rows become of which facts."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args
from uuid import UUID

import pytest

from event_examples import EXAMPLES
from events.base import Event
from events.catalogue import CATALOGUE
from events.organization import (
    KeyIssued,
    KeyReplaced,
    KeyRevoked,
    PlanChanged,
    SubscriptionChanged,
)
from events.recorded import Origin, Recorded
from events.resume import (
    EditedContent,
    JobAnalysed,
    MasterChosen,
    MasterReplaced,
    ParsingRequested,
    ResumeDeleted,
    ResumeEdited,
    ResumeParsingFailed,
    Status,
    TailoringFailed,
    UsageCharged,
)
from projections.api_keys import API_KEYS, ApiKeyRow
from projections.generations import GENERATIONS, GenerationRow
from projections.organizations import ORGANIZATIONS, OrganizationRow
from projections.read_model import ReadModel
from projections.resumes import RESUMES, ResumeRow
from projections.schema import READ_MODELS
from projections.usage import USAGE, UsageRow
from stories import (
    ACME,
    BY_ACME,
    KEY,
    OTHER,
    RESULT,
    RESUME,
    SWAP,
    at,
    charged,
    founded,
    parsed,
    proposed,
    ready,
    requested,
    tailored,
    uploaded,
)


def after(
    model: ReadModel[Any], *stories: Sequence[Event], by: Origin = BY_ACME
) -> dict[UUID, Any]:
    """Return the rows that are there once all this happened."""
    facts = [Recorded(event.without_personal(), by) for story in stories for event in story]
    return {key: row for key, row in model.fold({}, facts).items() if row is not None}


def resume(*stories: Sequence[Event]) -> ResumeRow:
    (row,) = after(RESUMES, *stories).values()
    assert isinstance(row, ResumeRow)
    return row


def edited(version: int, *changed: Any, status: Status | None = None) -> list[Event]:
    return [
        ResumeEdited(
            **at(version), changed=changed, status=status, personal=EditedContent(title="Mine")
        )
    ]


def test_an_uploaded_resume_waits_for_its_parser() -> None:
    assert resume(uploaded()) == ResumeRow(
        id=RESUME,
        organization_id=ACME,
        visible=True,
        status="PROCESSING",
        pending="parse",
        failure_code=None,
        is_master=False,
        source_id=None,
        strategy=None,
        language="en",
        version=3,
        filename_at=1,
        title_at=None,
        text_at=2,
        data_at=None,
        job_at=None,
        analysis_at=None,
        created_at=at(1)["timestamp"],
        updated_at=at(3)["timestamp"],
    )


def test_a_row_points_at_the_event_that_holds_its_content() -> None:
    row = resume(ready(), edited(6, "title"), edited(7, "filename", "data"), edited(8, "data"))

    assert (row.filename_at, row.title_at, row.text_at, row.data_at) == (7, 6, 2, 8)


@pytest.mark.parametrize(
    ("story", "status"),
    [
        (uploaded()[:1], "PENDING"),
        (uploaded(), "PROCESSING"),
        (ready(), "READY"),
        ([*uploaded(), ResumeParsingFailed(**at(4), code="RETRY_FAILED", reason="no")], "FAILED"),
        (
            [
                *uploaded(),
                ResumeParsingFailed(**at(4), code="RETRY_FAILED", reason="no"),
                ParsingRequested(**at(5)),
            ],
            "PROCESSING",
        ),
        ([*uploaded(), *edited(4, "data")], "READY"),
        ([*uploaded(), *edited(4, "title")], "PROCESSING"),
        ([*ready(), *edited(6, "data", "status", status="FAILED")], "FAILED"),
        ([*ready(), *edited(6, "status", status="PENDING")], "PENDING"),
    ],
)
def test_the_status_of_a_row(story: list[Event], status: Status) -> None:
    assert resume(story).status == status


def test_how_a_parsing_failed_is_told_until_the_next_one() -> None:
    failed = [*uploaded(), ResumeParsingFailed(**at(4), code="RETRY_FAILED", reason="no")]

    assert resume(failed).failure_code == "RETRY_FAILED"
    assert resume(failed, [ParsingRequested(**at(5))]).failure_code is None


def test_charges_and_exports_leave_a_row_as_it_is() -> None:
    exported = EXAMPLES["resume-exported"]

    assert resume(ready(), [exported, charged("pdf_export", 7)]) == resume(ready())


def test_a_master_is_one_until_it_is_replaced() -> None:
    chosen: list[Event] = [MasterChosen(**at(6))]
    replaced: list[Event] = [MasterReplaced(**at(7), successor_id=OTHER)]

    assert resume(ready(), chosen).is_master
    assert not resume(ready(), chosen, replaced).is_master


def test_a_result_is_hidden_until_it_is_there() -> None:
    asked = resume(requested(), proposed(SWAP))
    done = resume(requested(), proposed(SWAP), tailored())

    assert (asked.visible, asked.status, asked.source_id, asked.job_at) == (
        False,
        "PROCESSING",
        RESUME,
        1,
    )
    assert (asked.title_at, asked.analysis_at, asked.data_at) == (2, 2, None)
    assert done == replace(
        asked,
        visible=True,
        status="READY",
        pending=None,
        version=4,
        data_at=4,
        text_at=4,
        created_at=at(4)["timestamp"],
        updated_at=at(4)["timestamp"],
    )


@pytest.mark.parametrize(
    "story",
    [
        [*ready(), ResumeDeleted(**at(6))],
        [*requested(), TailoringFailed(**at(2, RESULT), code="TIMEOUT", reason="no")],
        [*requested(), *proposed(), *tailored(), ResumeDeleted(**at(6, RESULT))],
    ],
)
def test_what_is_gone_has_no_row(story: list[Event]) -> None:
    assert after(RESUMES, story) == {}


def test_a_tailoring_is_told_from_request_to_outcome() -> None:
    asked = GenerationRow(
        id=RESULT,
        organization_id=ACME,
        source_id=RESUME,
        source_version=5,
        strategy="FULL",
        language="en",
        engine="scripted",
        outcome="requested",
        failure_code=None,
        proposed=None,
        accepted=None,
        refused=None,
        coverage_before=None,
        coverage_after=None,
        coverage_ceiling=None,
        content_at=None,
        duration_ms=None,
        requested_at=at(1)["timestamp"],
        settled_at=None,
        actor=BY_ACME.actor,
    )

    assert after(GENERATIONS, requested()) == {RESULT: asked}
    assert after(GENERATIONS, requested(), proposed(SWAP)) == {RESULT: replace(asked, proposed=1)}
    assert after(GENERATIONS, requested(), proposed(SWAP), tailored()) == {
        RESULT: replace(
            asked,
            proposed=1,
            outcome="tailored",
            accepted=1,
            refused=2,
            coverage_before=10,
            coverage_after=20,
            coverage_ceiling=30,
            content_at=4,
            duration_ms=40,
            settled_at=at(4)["timestamp"],
        )
    }
    failed: list[Event] = [TailoringFailed(**at(2, RESULT), code="TIMEOUT", reason="no")]
    assert after(GENERATIONS, requested(), failed) == {
        RESULT: replace(
            asked, outcome="failed", failure_code="TIMEOUT", settled_at=at(2)["timestamp"]
        )
    }


def test_a_deleted_result_stays_in_the_history_of_tailorings() -> None:
    story = [*requested(), *proposed(), *tailored()]

    assert after(GENERATIONS, story) == after(GENERATIONS, story, [ResumeDeleted(**at(6, RESULT))])


def test_every_charge_is_a_row_for_ever() -> None:
    charge = charged("parse", 5)

    assert after(USAGE, ready(), [ResumeDeleted(**at(6))]) == {
        charge.charge_id: UsageRow(
            charge.charge_id, ACME, "parse", 1, "PRO", RESUME, BY_ACME.actor, charge.timestamp
        )
    }


def test_a_key_is_a_row_even_when_it_is_revoked() -> None:
    issued = EXAMPLES["key-issued"]
    assert isinstance(issued, KeyIssued)
    row = ApiKeyRow(
        KEY,
        ACME,
        issued.owner_id,
        "CI",
        "developer",
        issued.digest,
        "kr_live_Ab12",
        ["read", "generate"],
        issued.expires_at,
        issued.timestamp,
        None,
        enabled=True,
        replaced_by=None,
        updated_at=issued.timestamp,
    )

    assert after(API_KEYS, [issued]) == {KEY: row}
    assert after(API_KEYS, [issued, KeyRevoked(**at(4, ACME), key_id=KEY)]) == {
        KEY: replace(row, revoked_at=at(4)["timestamp"], updated_at=at(4)["timestamp"])
    }


def test_a_key_that_was_replaced_ends_and_names_its_successor() -> None:
    issued = EXAMPLES["key-issued"]
    replaced = EXAMPLES["key-replaced"]
    assert isinstance(replaced, KeyReplaced)
    (before,), (row,) = (after(API_KEYS, told).values() for told in ([issued], [issued, replaced]))

    assert row == replace(
        before,
        expires_at=replaced.expires_at,
        replaced_by=replaced.successor_id,
        updated_at=replaced.timestamp,
    )


def test_a_key_is_enabled_until_it_is_disabled_and_again_afterwards() -> None:
    story = [EXAMPLES[f"key-{what}"] for what in ("issued", "disabled", "enabled")]

    told = [after(API_KEYS, story[:count])[KEY].enabled for count in (1, 2, 3)]

    assert told == [True, False, True]


def test_an_organization_is_a_row_with_its_plan() -> None:
    row = OrganizationRow(
        ACME,
        "Acme",
        "FREE",
        at(1)["timestamp"],
        slug=None,
        deleted_at=None,
        status="active",
        period_end=None,
        plan_until=None,
        plan_changed_at=at(1)["timestamp"],
    )
    on_pro = replace(row, plan="PRO", plan_changed_at=at(2)["timestamp"])

    assert after(ORGANIZATIONS, founded()[:1]) == {ACME: row}
    assert after(ORGANIZATIONS, founded()) == {ACME: on_pro}


def test_what_was_bought_stands_in_the_row_until_a_plan_is_set_by_hand() -> None:
    bought = EXAMPLES["subscription-changed"]
    assert isinstance(bought, SubscriptionChanged)
    (row,) = after(ORGANIZATIONS, founded(), [bought]).values()

    assert (row.plan, row.status, row.period_end, row.plan_until, row.plan_changed_at) == (
        bought.plan,
        bought.status,
        bought.period_end,
        bought.in_force_until,
        bought.timestamp,
    )
    by_hand = PlanChanged(**at(15, ACME), plan="STARTER")
    (row,) = after(ORGANIZATIONS, founded(), [bought, by_hand]).values()
    assert (row.plan, row.status, row.period_end, row.plan_until) == (
        "STARTER",
        "active",
        None,
        None,
    )


@pytest.mark.parametrize("model", READ_MODELS, ids=lambda model: model.table)
def test_facts_before_the_first_of_a_stream_make_no_row(model: ReadModel[Any]) -> None:
    openings = {
        "resume-uploaded", "tailoring-requested", "letter-requested", "organization-founded",
        "user-signed-up",
    }  # fmt: skip
    rows_of_their_own = {
        *("key-issued", "usage-charged", "member-added", "invitation-sent", "webhook-added"),
        *("generation-requested", "credits-granted"),
    }
    for topic in CATALOGUE.keys() - openings - rows_of_their_own:
        assert after(model, [EXAMPLES[topic]]) == {}


@pytest.mark.parametrize("model", READ_MODELS, ids=lambda model: model.table)
def test_rows_are_made_of_clear_facts_alone(model: ReadModel[Any]) -> None:
    for event in EXAMPLES.values():
        whole = model.fold({}, [Recorded(event, BY_ACME)])

        assert whole == model.fold({}, [Recorded(event.without_personal(), BY_ACME)])


def test_no_model_leaves_a_charge_out() -> None:
    operations = get_args(UsageCharged.model_fields["operation"].annotation)

    for operation in operations:
        assert len(after(USAGE, [charged(operation, 5)])) == 1


def test_an_analysis_names_the_result() -> None:
    analysed: list[Event] = [JobAnalysed(**at(2, RESULT), usage=None, personal=None)]

    assert resume(requested(), analysed).title_at == 2


def test_what_is_parsed_again_points_at_the_newer_data() -> None:
    assert resume(ready(), [ParsingRequested(**at(6))], parsed(7)).data_at == 7
