"""The ports `Streams`, `Library`, `Letters`, `Directory` in memory: rules need no PostgreSQL.

Real facts, real folds, real read models; conflicts, rules across streams and erasure as in the
log on PostgreSQL. `test_streams.py` holds both to one contract.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

from commands.accounts.ports import Membership
from commands.ports import Conflict, Fold, Job, StoredFile
from events.base import Event
from events.recorded import Origin, Recorded, recorded
from projections.generations import GenerationRow
from projections.invitations import InvitationRow
from projections.letters import LetterRow
from projections.members import MemberRow
from projections.organizations import OrganizationRow
from projections.resumes import ResumeRow
from projections.schema import READ_MODELS
from projections.users import UserRow

StateT = TypeVar("StateT")
Rows = Mapping[str, dict[UUID, Any]]
"""Rows by their key, by table."""


class MemoryStreams:
    """The log, its queue and its read models."""

    def __init__(self) -> None:
        self.recorded: list[Recorded] = []
        self.jobs: list[Job] = []
        self.files: list[StoredFile] = []
        self.rows: Rows = {model.table: {} for model in READ_MODELS}
        self._lock = Lock()

    def load(
        self,
        stream_id: UUID,
        fold: Fold[StateT],
        *,
        organization_id: UUID,
        version: int | None = None,
    ) -> StateT | None:
        """Fold a stream."""
        facts = [fact for fact in self.recorded if fact.originator_id == stream_id]
        if not facts or facts[0].origin.organization_id != organization_id:
            return None
        return fold(
            None,
            [f.event for f in facts if version is None or f.originator_version <= version],
        )

    def append(
        self,
        events: Sequence[Event],
        origin: Origin,
        *,
        jobs: Sequence[Job] = (),
        files: Sequence[StoredFile] = (),
    ) -> None:
        """Record events, files and jobs, all or nothing."""
        with self._lock:
            facts = recorded(events, origin)
            self._check_places(facts)
            rows = self._moved(facts)
            _check_rules(rows)
            self.rows = rows
            self.jobs += jobs
            erased = {event.originator_id for event in events if event.ERASES}
            self.files = [file for file in [*self.files, *files] if file.stream_id not in erased]
            self.recorded = [
                Recorded(fact.event.without_personal(), fact.origin)
                if fact.originator_id in erased
                else fact
                for fact in [*self.recorded, *facts]
            ]

    def master_of(self, organization_id: UUID) -> UUID | None:
        """Return the id of the organization's master resume."""
        found = [row.id for row in self._resumes(organization_id) if row.is_master]
        return found[0] if found else None

    def newest_result_of(self, organization_id: UUID, source_id: UUID) -> UUID | None:
        """Return the id of the newest resume tailored from the source."""
        results = [
            (row.created_at, row.id)
            for row in self._resumes(organization_id)
            if row.visible and row.source_id == source_id
        ]
        return max(results)[1] if results else None

    def failed_attempts_on(self, organization_id: UUID, source_id: UUID) -> list[UUID]:
        """Return the ids of tailorings of the source that failed."""
        rows: list[GenerationRow] = [*self.rows["generations"].values()]
        return [
            row.id
            for row in rows
            if (row.organization_id, row.source_id) == (organization_id, source_id)
            and row.outcome == "failed"
        ]

    def letters_on(self, organization_id: UUID, resume_id: UUID) -> list[UUID]:
        """Return the ids of all letters about a resume, written or not."""
        rows: list[LetterRow] = [*self.rows["letters"].values()]
        return [
            row.id
            for row in rows
            if (row.organization_id, row.resume_id) == (organization_id, resume_id)
        ]

    def user_with_email(self, email_digest: str) -> UUID | None:
        """Return the user with this e-mail address."""
        rows: list[UserRow] = [*self.rows["users"].values()]
        return next((row.id for row in rows if row.email_digest == email_digest), None)

    def slug_is_taken(self, slug: str) -> bool:
        """Tell whether an organization has this slug."""
        rows: list[OrganizationRow] = [*self.rows["organizations"].values()]
        return any(row.slug == slug and row.deleted_at is None for row in rows)

    def memberships_of(self, user_id: UUID) -> list[Membership]:
        """Return where a user is a member, the oldest membership first."""
        rows: list[MemberRow] = [*self.rows["members"].values()]
        mine = sorted((r.created_at, r.id, r) for r in rows if r.user_id == user_id)
        return [Membership(row.organization_id, row.id, row.role) for *_, row in mine]

    def organization_inviting(self, invitation_id: UUID) -> UUID | None:
        """Return the organization that an invitation leads to."""
        row: InvitationRow | None = self.rows["invitations"].get(invitation_id)
        return row.organization_id if row else None

    def is_invited(self, email_digest: str) -> bool:
        """Tell whether an invitation to this e-mail address is pending; none expires here."""
        rows: list[InvitationRow] = [*self.rows["invitations"].values()]
        return any(r.email_digest == email_digest and r.status == "pending" for r in rows)

    def _resumes(self, organization_id: UUID) -> list[ResumeRow]:
        rows: list[ResumeRow] = [*self.rows["resumes"].values()]
        return [row for row in rows if row.organization_id == organization_id]

    def _check_places(self, facts: Sequence[Recorded]) -> None:
        before = {(fact.originator_id, fact.originator_version) for fact in self.recorded}
        gone = {fact.originator_id for fact in self.recorded if fact.event.ERASES}
        alive = {fact.originator_id for fact in self.recorded} - gone
        opened = {fact.originator_id for fact in facts if fact.originator_version == 1}
        for fact in facts:
            if (fact.originator_id, fact.originator_version) in before:
                raise Conflict("the version is taken")
            if fact.originator_id not in alive | opened:
                raise Conflict("the stream was erased meanwhile")

    def _moved(self, facts: Sequence[Recorded]) -> Rows:
        clear = [Recorded(fact.event.without_personal(), fact.origin) for fact in facts]
        moved = {
            model.table: model.fold({**self.rows[model.table]}, clear) for model in READ_MODELS
        }
        return {
            table: {key: row for key, row in rows.items() if row is not None}
            for table, rows in moved.items()
        }


def _check_rules(rows: Rows) -> None:
    once = (
        [row.organization_id for row in rows["resumes"].values() if row.is_master],
        [row.digest for row in rows["api_keys"].values()],
        [row.slug for row in rows["organizations"].values() if row.slug and not row.deleted_at],
        [row.email_digest for row in rows["users"].values()],
        [(row.organization_id, row.user_id) for row in rows["members"].values()],
    )
    if any(count > 1 for values in once for count in Counter(values).values()):
        raise Conflict("a rule across streams")
