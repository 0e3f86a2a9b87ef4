"""Profiles: what a person says beside any resume, whom it backs, and how it ends."""

from typing import Final
from uuid import UUID

import pytest

from commands.change_profile import ChangeProfile, change_profile
from commands.errors import (
    ResumeNotFound,
)
from commands.ports import Conflict
from commands.profile import erasure_of, find_profile, profile_of
from events.profile import ProfileChanged, ProfileContent, ProfileErased, ProfileField
from events.resume import (
    ResumeTailored,
)
from generating import Setting
from generating_acts import ask, asked, kinds, master, run
from spec import Proposing, Spec, clock, now
from stories import (
    ACME,
    BY_ACME,
    DATA,
    OTHER,
    SWAP,
    USER,
    founded,
)


def say(
    spec: Spec,
    *changed: ProfileField,
    content: ProfileContent | None = None,
    resume_id: UUID | None = None,
) -> None:
    command = ChangeProfile(USER, frozenset(changed), content or ProfileContent(), resume_id)
    change_profile(command, BY_ACME, streams=spec.streams, clock=clock)


MINE: Final = profile_of(ACME, USER)
TOLD: Final = ProfileContent(description="I ran Kafka.", skills=("Kafka",), niche="Data")


def test_a_profile_changes_in_what_is_named_and_keeps_the_rest(spec: Spec) -> None:
    spec.given(founded())
    say(spec, "description", "skills", content=TOLD)
    say(spec, "niche", content=ProfileContent(niche="Data"))
    say(spec, "niche", content=ProfileContent(niche="Data"))

    assert spec.new() == [
        ProfileChanged(
            **now(1, MINE),
            owner_id=USER,
            changed=("description", "skills"),
            resume_id=None,
            personal=TOLD.model_copy(update={"niche": None}),
        ),
        ProfileChanged(
            **now(2, MINE), owner_id=USER, changed=("niche",), resume_id=None, personal=TOLD
        ),
    ]


def test_a_profile_starts_from_a_resume_of_the_organization(spec: Spec) -> None:
    spec.given(master()).when(lambda: say(spec, "resume_id", resume_id=OTHER)).then_refused(
        ResumeNotFound()
    )


def test_what_a_profile_states_backs_the_result(spec: Spec) -> None:
    spec.given(master())
    say(spec, "description", "skills", "niche", content=TOLD)
    posting = "Data Engineer\n\nRequirements\n- Kafka and Python\n"
    ask(spec, asked(owner_id=USER, job_description=posting))
    engine, setting = Proposing(), Setting()

    run(spec, engine=engine, setting=setting, before=(SWAP,))

    tailored = next(event for event in spec.new() if isinstance(event, ResumeTailored))
    assert tailored.personal is not None
    assert "Kafka" in tailored.personal.data.additional.technical_skills
    assert tailored.personal.data.custom_sections == DATA.custom_sections
    assert next(v.edit.value for v in tailored.personal.verdicts if v.accepted) == "Kafka"
    assert engine.told[0].niche == "Data"
    assert engine.told[0].earlier == (SWAP,)


def test_what_another_states_backs_nothing(spec: Spec) -> None:
    spec.given(master())
    say(spec, "skills", content=TOLD)
    posting = "Data Engineer\n\nRequirements\n- Kafka and Python\n"
    ask(spec, asked(owner_id=None, job_description=posting))

    run(spec)

    tailored = next(event for event in spec.new() if isinstance(event, ResumeTailored))
    assert tailored.personal is not None
    assert "Kafka" not in str(tailored.personal.data)


def test_a_generation_keeps_to_what_the_profile_said_when_it_was_asked_for(spec: Spec) -> None:
    spec.given(master())
    say(spec, "skills", content=TOLD)
    posting = "Data Engineer\n\nRequirements\n- Kafka and Python\n"
    ask(spec, asked(owner_id=USER, job_description=posting))
    say(spec, "skills", content=ProfileContent(skills=()))

    run(spec)

    tailored = next(event for event in spec.new() if isinstance(event, ResumeTailored))
    assert tailored.personal is not None
    assert "Kafka" in tailored.personal.data.additional.technical_skills


def test_an_erased_profile_says_nothing_and_can_begin_anew(spec: Spec) -> None:
    spec.given(founded())
    say(spec, "niche", content=TOLD)
    profile = find_profile(MINE, BY_ACME, spec.streams)
    spec.streams.append(erasure_of(profile, clock()), BY_ACME)
    assert find_profile(MINE, BY_ACME, spec.streams).content == ProfileContent()

    say(spec, "niche", content=ProfileContent(niche="Music"))

    assert kinds(spec) == [ProfileChanged, ProfileErased, ProfileChanged]
    assert find_profile(MINE, BY_ACME, spec.streams).content.niche == "Music"
    with pytest.raises(Conflict):
        spec.streams.append([spec.new()[0].model_copy(update=now(3, MINE))], BY_ACME)
