"""Who may do what in an organization; one admin always stays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from account_stories import (
    ADA,
    ADAS,
    BY_ADA,
    BY_GRACE,
    GRACE,
    GRACES,
    INVITATION,
    PLAIN,
    acme,
    added,
    grace,
    invitation,
    team,
    user,
)
from commands.accounts.invitations import (
    HOLDS,
    MOST_OPEN,
    Answer,
    CancelInvitation,
    Invite,
    accept_invitation,
    cancel_invitation,
    invite,
    reject_invitation,
)
from commands.accounts.members import (
    MOST_MEMBERS,
    ChangeRole,
    RemoveMember,
    change_role,
    remove_member,
)
from commands.accounts.organizations import (
    CreateOrganization,
    DeleteOrganization,
    UpdateOrganization,
    create_organization,
    delete_organization,
    update_organization,
)
from commands.accounts.refusals import (
    AccountRefusal,
    AlreadyInvited,
    AlreadyMember,
    EmailNotVerified,
    InvitationNotFound,
    LastAdminStays,
    MemberNotFound,
    NotAMember,
    NotTheRecipient,
    OnlyAdminsCancel,
    OnlyAdminsChangeRoles,
    OnlyAdminsDelete,
    OnlyAdminsInvite,
    OnlyAdminsRemove,
    OnlyAdminsUpdate,
    SlugTaken,
    TooManyInvitations,
    TooManyMembers,
)
from commands.ports import Job
from commands.profile import profile_of
from events.base import Event
from events.membership import (
    Addressee,
    InvitationAccepted,
    InvitationCanceled,
    InvitationRejected,
    InvitationRenewed,
    InvitationSent,
    MemberAdded,
    MemberRemoved,
    MemberRoleChanged,
    OrganizationDeleted,
    OrganizationUpdated,
    Role,
)
from events.organization import KeyIssued, KeyRevoked, OrganizationFounded, PlanChanged
from events.profile import ProfileChanged, ProfileContent, ProfileErased
from events.recorded import Origin
from spec import NOW, Spec, clock, now
from stories import ACME, GLOBEX, KEY, at

MAIL = Job("mail", ACME)


def case(
    spec: Spec, act: Callable[..., object], *command: Any, by: Origin = BY_ADA, **more: Any
) -> Spec:
    return spec.when(lambda: act(*command, by, streams=spec.streams, clock=clock, **more))


def invites(
    spec: Spec, email: str = "grace@example.org", *, by: UUID = ADA, resend: bool = False
) -> Spec:
    command = Invite(by, INVITATION, email, email, "member", resend)
    return case(spec, invite, command, directory=spec.streams)


def key_issued(version: int) -> Event:
    return KeyIssued(
        **at(version, ACME), key_id=KEY, owner_id=None, name="CI", kind="organization", digest="d",
        start="raik_", scopes=(), expires_at=None,
    )  # fmt: skip


def test_with_a_member_go_their_developer_keys_and_their_profile(spec: Spec) -> None:
    developers, mine = UUID(int=0xDE), profile_of(ACME, GRACE)
    theirs = key_issued(6).model_copy(
        update={"key_id": developers, "owner_id": GRACE, "kind": "developer", "digest": "e"}
    )
    told = ProfileChanged(
        **at(1, mine), owner_id=GRACE, changed=("niche",), resume_id=None,
        personal=ProfileContent(niche="Compilers"),
    )  # fmt: skip
    spec.given([*team(), theirs, key_issued(7), told])

    case(spec, remove_member, RemoveMember(GRACE, GRACES), by=BY_GRACE).then(
        MemberRemoved(**now(8, ACME), member_id=GRACES),
        KeyRevoked(**now(9, ACME), key_id=developers),
        ProfileErased(**now(2, mine)),
    )


def test_an_organization_is_founded_with_its_founder_as_admin(spec: Spec) -> None:
    command = CreateOrganization(ACME, ADAS, ADA, "Acme", "acme")

    case(spec, create_organization, command, directory=spec.streams).then(
        OrganizationFounded(**now(1, ACME), name="Acme"),
        PlanChanged(**now(2, ACME), plan="FREE"),
        OrganizationUpdated(**now(3, ACME), name="Acme", slug="acme", personal=PLAIN),
        MemberAdded(**now(4, ACME), member_id=ADAS, user_id=ADA, role="admin"),
    )


def test_no_two_organizations_have_the_same_slug(spec: Spec) -> None:
    spec.given(acme())
    command = CreateOrganization(GLOBEX, GRACES, GRACE, "Globex", "acme")
    origin = Origin(GLOBEX, "user:x")

    case(spec, create_organization, command, by=origin, directory=spec.streams).then_refused(
        SlugTaken()
    )


def test_an_organization_keeps_its_own_slug(spec: Spec) -> None:
    spec.given(acme())
    command = UpdateOrganization(ADA, name="Acme Corp", slug="acme")

    case(spec, update_organization, command, directory=spec.streams).then(
        OrganizationUpdated(**now(5, ACME), name="Acme Corp", slug="acme", personal=PLAIN)
    )


def test_what_changes_nothing_is_no_event(spec: Spec) -> None:
    spec.given(acme())

    case(spec, update_organization, UpdateOrganization(ADA, "Acme"), directory=spec.streams).then()


def test_only_what_is_named_of_the_presentation_changes(spec: Spec) -> None:
    spec.given(acme())
    command = UpdateOrganization(ADA, presentation=(("logo", "https://acme.org/a.png"),))
    shown = PLAIN.model_copy(update={"logo": "https://acme.org/a.png"})

    case(spec, update_organization, command, directory=spec.streams).then(
        OrganizationUpdated(**now(5, ACME), name="Acme", slug="acme", personal=shown)
    )


ADMINS_ACTS: list[tuple[Callable[..., object], object, AccountRefusal]] = [
    (update_organization, UpdateOrganization(GRACE, name="Mine"), OnlyAdminsUpdate()),
    (delete_organization, DeleteOrganization(GRACE), OnlyAdminsDelete()),
    (change_role, ChangeRole(GRACE, GRACES, "admin"), OnlyAdminsChangeRoles()),
    (remove_member, RemoveMember(GRACE, ADAS), OnlyAdminsRemove()),
    (invite, Invite(GRACE, INVITATION, "e", "e", "admin"), OnlyAdminsInvite()),
    (cancel_invitation, CancelInvitation(GRACE, INVITATION), OnlyAdminsCancel()),
]
KNOWS = {update_organization, invite}


@pytest.mark.parametrize(("act", "command", "refusal"), ADMINS_ACTS)
def test_what_takes_an_admin_is_refused_to_a_member(
    spec: Spec, act: Callable[..., object], command: object, refusal: AccountRefusal
) -> None:
    more = {"directory": spec.streams} if act in KNOWS else {}

    case(spec.given(team()), act, command, by=BY_GRACE, **more).then_refused(refusal)


@pytest.mark.parametrize(("act", "command", "_"), ADMINS_ACTS)
def test_everything_is_refused_to_who_is_no_member(
    spec: Spec, act: Callable[..., object], command: object, _: object
) -> None:
    more = {"directory": spec.streams} if act in KNOWS else {}

    case(spec.given(acme()), act, command, by=BY_GRACE, **more).then_refused(NotAMember())


def test_a_role_is_changed_once(spec: Spec) -> None:
    spec.given(team())
    case(spec, change_role, ChangeRole(ADA, GRACES, "admin")).then(
        MemberRoleChanged(**now(6, ACME), member_id=GRACES, role="admin")
    )
    again = Spec(spec.streams).given()

    case(again, change_role, ChangeRole(ADA, GRACES, "admin")).then()


@pytest.mark.parametrize(
    ("act", "command"),
    [
        (change_role, ChangeRole(ADA, ADAS, "member")),
        (remove_member, RemoveMember(ADA, ADAS)),
    ],
)
def test_the_last_admin_stays(spec: Spec, act: Callable[..., object], command: object) -> None:
    case(spec.given(team()), act, command).then_refused(LastAdminStays())


@pytest.mark.parametrize("role", ["admin", "member"])
def test_of_two_admins_one_can_go_and_a_member_always(spec: Spec, role: Role) -> None:
    case(spec.given(team(role)), remove_member, RemoveMember(ADA, GRACES)).then(
        MemberRemoved(**now(6, ACME), member_id=GRACES)
    )


def test_a_member_leaves_by_removing_themselves(spec: Spec) -> None:
    case(spec.given(team()), remove_member, RemoveMember(GRACE, GRACES), by=BY_GRACE).then(
        MemberRemoved(**now(6, ACME), member_id=GRACES)
    )


@pytest.mark.parametrize(
    ("act", "command"),
    [
        (change_role, ChangeRole(ADA, UUID(int=9), "admin")),
        (remove_member, RemoveMember(ADA, UUID(int=9))),
    ],
)
def test_who_is_no_member_cannot_be_changed(
    spec: Spec, act: Callable[..., object], command: object
) -> None:
    case(spec.given(acme()), act, command).then_refused(MemberNotFound())


def test_an_invitation_is_recorded_and_mailed(spec: Spec) -> None:
    invites(spec.given(acme())).then(
        InvitationSent(
            **now(5, ACME),
            invitation_id=INVITATION,
            email_digest="grace@example.org",
            role="member",
            inviter_id=ADA,
            expires_at=NOW + HOLDS,
            personal=Addressee(email="grace@example.org"),
        ),
        jobs=[MAIL],
    )


def test_nobody_is_invited_twice(spec: Spec) -> None:
    invites(spec.given([*acme(), invitation()])).then_refused(AlreadyInvited())


def test_an_invitation_is_sent_again_under_the_same_id(spec: Spec) -> None:
    invites(spec.given([*acme(), invitation()]), resend=True).then(
        InvitationRenewed(**now(6, ACME), invitation_id=INVITATION, expires_at=NOW + HOLDS),
        jobs=[MAIL],
    )


@pytest.mark.parametrize("resend", [True, False])
def test_an_expired_invitation_makes_way_for_another(spec: Spec, *, resend: bool) -> None:
    expired = invitation(expires_at=NOW, invitation_id=UUID(int=0x999))
    spec.given([*acme(), expired])

    invites(spec, resend=resend).then(
        InvitationCanceled(**now(6, ACME), invitation_id=UUID(int=0x999)),
        InvitationSent(
            **now(7, ACME),
            invitation_id=INVITATION,
            email_digest="grace@example.org",
            role="member",
            inviter_id=ADA,
            expires_at=NOW + HOLDS,
            personal=Addressee(email="grace@example.org"),
        ),
        jobs=[MAIL],
    )


def test_a_member_is_not_invited(spec: Spec) -> None:
    invites(spec.given(grace(), team())).then_refused(AlreadyMember())


@pytest.mark.parametrize("count", [MOST_OPEN - 1, MOST_OPEN])
def test_so_many_invitations_are_open_at_most(spec: Spec, count: int) -> None:
    many = [
        invitation(5 + n, invitation_id=UUID(int=n + 1), email=f"{n}@example.org")
        for n in range(count)
    ]
    invites(spec.given([*acme(), *many]))

    if count == MOST_OPEN:
        spec.then_refused(TooManyInvitations())
    else:
        spec._act()
        assert len(spec.new()) == 1


def answers(spec: Spec, act: Callable[..., object], user_id: UUID = GRACE) -> Spec:
    return case(spec, act, Answer(user_id, INVITATION, GRACES), by=BY_GRACE)


def test_who_accepts_is_a_member(spec: Spec) -> None:
    answers(spec.given(grace(), [*acme(), invitation()]), accept_invitation).then(
        InvitationAccepted(**now(6, ACME), invitation_id=INVITATION),
        MemberAdded(**now(7, ACME), member_id=GRACES, user_id=GRACE, role="member"),
    )


def test_who_rejects_is_none(spec: Spec) -> None:
    answers(spec.given(grace(), [*acme(), invitation()]), reject_invitation).then(
        InvitationRejected(**now(6, ACME), invitation_id=INVITATION)
    )


BOTH = pytest.mark.parametrize("act", [accept_invitation, reject_invitation])


@BOTH
def test_an_invitation_is_answered_until_it_expires(
    spec: Spec, act: Callable[..., object]
) -> None:
    late = invitation(expires_at=NOW)

    answers(spec.given(grace(), [*acme(), late]), act).then_refused(InvitationNotFound())


@BOTH
def test_the_last_moment_still_counts(spec: Spec, act: Callable[..., object]) -> None:
    answers(spec.given(grace(), [*acme(), invitation(expires_at=NOW + timedelta.resolution)]), act)

    spec._act()
    assert spec.new()


@BOTH
def test_an_answered_invitation_is_not_answered_again(
    spec: Spec, act: Callable[..., object]
) -> None:
    rejected = InvitationRejected(**at(6, ACME), invitation_id=INVITATION)
    spec.given(grace(), [*acme(), invitation(), rejected])

    answers(spec, act).then_refused(InvitationNotFound())


@BOTH
def test_nobody_answers_for_another(spec: Spec, act: Callable[..., object]) -> None:
    eve = UUID(int=0xE5E)
    spec.given(user(eve, "eve@example.org"), [*acme(), invitation()])

    answers(spec, act, eve).then_refused(NotTheRecipient())


@BOTH
def test_an_unverified_address_answers_nothing(spec: Spec, act: Callable[..., object]) -> None:
    spec.given(grace(verified=False), [*acme(), invitation()])

    answers(spec, act).then_refused(EmailNotVerified())


def test_a_full_organization_admits_nobody(spec: Spec) -> None:
    many = [added(5 + n, UUID(int=1000 + n), UUID(int=2000 + n)) for n in range(MOST_MEMBERS - 1)]
    spec.given(grace(), [*acme(), *many, invitation(5 + len(many))])

    answers(spec, accept_invitation).then_refused(TooManyMembers())


def test_an_invitation_is_taken_back_once(spec: Spec) -> None:
    spec.given([*acme(), invitation()])
    case(spec, cancel_invitation, CancelInvitation(ADA, INVITATION)).then(
        InvitationCanceled(**now(6, ACME), invitation_id=INVITATION)
    )
    again = Spec(spec.streams).given()

    case(again, cancel_invitation, CancelInvitation(ADA, INVITATION)).then_refused(
        InvitationNotFound()
    )


def test_with_an_organization_end_its_keys_invitations_and_members(spec: Spec) -> None:
    spec.given([*team(), key_issued(6), invitation(7)])

    case(spec, delete_organization, DeleteOrganization(ADA)).then(
        KeyRevoked(**now(8, ACME), key_id=KEY),
        InvitationCanceled(**now(9, ACME), invitation_id=INVITATION),
        MemberRemoved(**now(10, ACME), member_id=ADAS),
        MemberRemoved(**now(11, ACME), member_id=GRACES),
        OrganizationDeleted(**now(12, ACME)),
        jobs=[Job("erase", ACME)],
    )


def test_what_ended_before_does_not_end_again(spec: Spec) -> None:
    gone = [
        KeyRevoked(**at(7, ACME), key_id=KEY),
        InvitationCanceled(**at(8, ACME), invitation_id=INVITATION),
    ]
    spec.given([*acme(), key_issued(5), invitation(6), *gone])

    case(spec, delete_organization, DeleteOrganization(ADA)).then(
        MemberRemoved(**now(9, ACME), member_id=ADAS),
        OrganizationDeleted(**now(10, ACME)),
        jobs=[Job("erase", ACME)],
    )


def test_a_deleted_organization_is_nobodys(spec: Spec) -> None:
    spec.given(acme())
    delete_organization(DeleteOrganization(ADA), BY_ADA, streams=spec.streams, clock=clock)
    spec.given()

    invites(spec).then_refused(NotAMember())
    assert spec.streams.memberships_of(ADA) == []
    assert not spec.streams.slug_is_taken("acme")
