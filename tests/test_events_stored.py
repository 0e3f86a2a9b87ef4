"""What was stored once is read for ever: golden files, upcasts, and the rules of the catalogue."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Literal, get_args, get_origin
from uuid import UUID

import pytest
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from event_examples import EXAMPLES, LIFTED
from events.base import Event, Value
from events.catalogue import CATALOGUE
from events.credits import CreditEvent
from events.letter import LetterDeleted, LetterEvent
from events.membership import OrganizationDeleted
from events.organization import OrganizationEvent
from events.profile import ProfileErased, ProfileEvent
from events.resume import ResumeDeleted, ResumeEdited, ResumeEvent, ResumeParsingFailed
from events.upcasts import UPCASTS, Fields, UnknownSchema, lift
from events.user import UserDeleted, UserEvent
from golden_files import FOLDER, expected_paths, golden_of, path_of, read_back
from stories import NOON, RESUME

CLEAR_TEXT = {
    ("resume-parsed", "usage"),
    ("edits-proposed", "usage"),
    ("job-analysed", "usage"),
    ("resume-uploaded", "digest"),
    ("resume-parsed", "parser"),
    ("resume-parsing-failed", "reason"),
    ("tailoring-requested", "engine"),
    ("edits-proposed", "engine"),
    ("tailoring-failed", "code"),
    ("tailoring-failed", "reason"),
    ("letter-requested", "engine"),
    ("letter-drafted", "engine"),
    ("letter-drafted", "usage"),
    ("letter-written", "refused"),
    ("letter-failed", "code"),
    ("letter-failed", "reason"),
    ("resume-exported", "renderer"),
    ("resume-exported", "digest"),
    ("generation-failed", "code"),
    ("generation-failed", "reason"),
    ("resume-generated", "renderer"),
    ("resume-generated", "fallback"),
    ("resume-generated", "digest"),
    ("usage-charged", "plan"),
    ("organization-founded", "name"),
    ("key-issued", "name"),
    ("key-renamed", "name"),
    ("organization-updated", "name"),
    ("organization-updated", "slug"),
    ("invitation-sent", "email_digest"),
    ("user-signed-up", "email_digest"),
    ("key-issued", "digest"),
    ("key-issued", "start"),
    ("llm-configured", "model"),
    ("llm-configured", "api_base"),
    ("webhook-added", "types"),
    ("webhook-changed", "types"),
    ("webhook-disabled", "reason"),
}
"""Free text that stands in clear, each looked at: none of it is a person's own words."""

KINDS = pytest.mark.parametrize("kind", CATALOGUE.values(), ids=CATALOGUE)


class Renamed(Event):
    """An event whose shape changed twice: `words` was `text`, then got a count."""

    TOPIC: ClassVar[str] = "renamed"
    SCHEMA: ClassVar[int] = 3

    words: str
    count: int


def to_words(fields: Fields) -> Fields:
    return {"words": fields["text"]}


def with_count(fields: Fields) -> Fields:
    return {**fields, "count": len(fields["words"].split())}


STEPS = {("renamed", 1): to_words, ("renamed", 2): with_count}


@pytest.mark.parametrize("path", expected_paths(), ids=lambda path: path.stem)
def test_every_shape_that_was_ever_stored_is_read_as_today(path: Path) -> None:
    golden = json.loads(path.read_text("utf-8"))
    example = EXAMPLES[golden["topic"]]

    assert path == path_of(golden["topic"], golden["schema"])
    lifted = LIFTED.get((golden["topic"], golden["schema"]), {})
    assert read_back(golden, example) == example.model_copy(update=lifted)


@pytest.mark.parametrize("event", EXAMPLES.values(), ids=EXAMPLES)
def test_an_event_is_stored_as_its_newest_golden_file_says(event: Event) -> None:
    golden = json.loads(path_of(event.TOPIC, event.SCHEMA).read_text("utf-8"))

    assert golden_of(event) == golden


def test_there_is_a_golden_file_for_every_shape_and_none_for_anything_else() -> None:
    assert sorted(FOLDER.glob("*")) == sorted(expected_paths())


def test_there_is_an_example_of_every_event() -> None:
    assert EXAMPLES.keys() == CATALOGUE.keys()


def test_every_step_between_shapes_has_an_upcast_and_no_upcast_leads_nowhere() -> None:
    steps = {(topic, n) for topic, kind in CATALOGUE.items() for n in range(1, kind.SCHEMA)}

    assert UPCASTS.keys() == steps


@pytest.mark.parametrize(
    ("schema", "fields"),
    [(1, {"text": "two words"}), (2, {"words": "two words"}), (3, {"words": "two words"})],
)
def test_an_old_shape_is_lifted_step_by_step(schema: int, fields: Fields) -> None:
    expected = {"words": "two words"} | ({"count": 2} if schema < 3 else {})

    assert lift(Renamed, schema, fields, STEPS) == expected


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("Parsing broke down (KeyError).", "RETRY_FAILED"),
        ("No part of a resume was recognised in the text.", "LLM_PARSING_FAILED"),
    ],
)
def test_a_parsing_that_failed_before_there_were_codes_has_one(reason: str, code: str) -> None:
    assert lift(ResumeParsingFailed, 1, {"reason": reason}) == {"reason": reason, "code": code}


def test_a_missing_step_is_named() -> None:
    with pytest.raises(UnknownSchema, match="renamed 2 to 3"):
        lift(Renamed, 1, {"text": "two words"}, {("renamed", 1): to_words})


def test_a_shape_of_a_newer_program_is_refused() -> None:
    with pytest.raises(UnknownSchema, match="newer version"):
        lift(Renamed, 4, {"words": "two words", "count": 2}, STEPS)


def test_topics_are_unique_and_in_kebab_case() -> None:
    unions = (
        *(ResumeEvent, LetterEvent, OrganizationEvent, UserEvent),
        *(CreditEvent, ProfileEvent),
    )
    kinds = [kind for union in unions for kind in get_args(union)]
    topics = [kind.TOPIC for kind in kinds]

    assert len(set(topics)) == len(topics) == len(CATALOGUE)
    assert [topic for topic in topics if not re.fullmatch(r"[a-z]+(-[a-z]+)*", topic)] == []


def test_every_kind_of_event_is_in_the_catalogue() -> None:
    ours = {kind for kind in Event.__subclasses__() if kind.__module__.startswith("events.")}

    assert set(CATALOGUE.values()) == ours


@KINDS
def test_facts_have_no_defaults(kind: type[Event]) -> None:
    assert [name for name, field in kind.model_fields.items() if not field.is_required()] == []


@KINDS
def test_a_topic_is_written_out_in_its_own_class(kind: type[Event]) -> None:
    assert "TOPIC" in vars(kind)


@KINDS
def test_no_free_text_stands_in_clear_unless_it_was_looked_at(kind: type[Event]) -> None:
    texts = {
        (kind.TOPIC, name)
        for name, field in kind.model_fields.items()
        if name != "personal" and says_anything(field)
    }

    assert texts <= CLEAR_TEXT


def test_what_was_looked_at_is_still_there() -> None:
    fields = {(topic, name) for topic, kind in CATALOGUE.items() for name in kind.model_fields}

    assert fields >= CLEAR_TEXT


@KINDS
def test_personal_content_can_be_missing(kind: type[Event]) -> None:
    erased = EXAMPLES[kind.TOPIC].without_personal()

    assert golden_of(erased)["personal"] is None
    assert read_back(golden_of(erased), erased) == erased
    assert "personal" not in golden_of(EXAMPLES[kind.TOPIC])["state"]


def test_only_a_deletion_erases() -> None:
    assert [kind for kind in CATALOGUE.values() if kind.ERASES] == [
        ResumeDeleted,
        LetterDeleted,
        OrganizationDeleted,
        UserDeleted,
        ProfileErased,
    ]


@KINDS
def test_an_event_is_frozen_and_refuses_what_it_does_not_know(kind: type[Event]) -> None:
    event = EXAMPLES[kind.TOPIC]
    fields = {name: getattr(event, name) for name in kind.model_fields}
    fields["surprise"] = 1

    with pytest.raises(ValidationError, match="frozen"):
        event.originator_version = 9
    with pytest.raises(ValidationError, match="Extra inputs"):
        kind(**fields)


def test_an_event_needs_a_time_zone_and_a_version_from_one() -> None:
    with pytest.raises(ValidationError, match="timezone"):
        ResumeDeleted(
            originator_id=RESUME, originator_version=1, timestamp=NOON.replace(tzinfo=None)
        )
    with pytest.raises(ValidationError, match="greater than 0"):
        ResumeDeleted(originator_id=RESUME, originator_version=0, timestamp=NOON)


def test_an_edit_of_nothing_is_no_event() -> None:
    with pytest.raises(ValidationError, match="at least 1"):
        ResumeEdited(
            originator_id=UUID(int=1),
            originator_version=1,
            timestamp=NOON,
            changed=(),
            status=None,
            personal=None,
        )


def says_anything(field: FieldInfo) -> bool:
    """Tell whether a field can hold text beyond a fixed choice of words."""
    return any(
        part is str or (isinstance(part, type) and issubclass(part, BaseModel))
        for part in parts(field.annotation)
    )


def parts(annotation: object) -> Iterator[object]:
    """Yield the types an annotation is made of, without those of fixed words."""
    if get_origin(annotation) is Literal:
        return
    yield annotation
    for inner in get_args(annotation):
        yield from parts(inner)


def test_the_rule_about_clear_text_sees_through_containers() -> None:
    class Careless(Value):
        tags: tuple[str, ...] | None
        size: int
        word: Literal["yes", "no"]

    fields = Careless.model_fields

    assert [name for name in fields if says_anything(fields[name])] == ["tags"]
