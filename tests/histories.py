"""Random histories: people, workers and operators doing whatever the use cases let them do."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, get_args
from uuid import UUID, uuid5

from hypothesis import strategies as st

from commands.again import again
from commands.change_subscription import ChangeSubscription, change_subscription
from commands.delete_letter import DeleteLetter, delete_letter
from commands.delete_resume import DeleteResume, delete_resume
from commands.edit_resume import EditResume, edit_resume
from commands.errors import DomainError
from commands.export_resume import ExportResume, export_resume
from commands.manage_keys import IssueKey, RevokeKey, issue_key, revoke_key
from commands.manage_organization import (
    ChangePlan,
    FoundOrganization,
    change_plan,
    found_organization,
)
from commands.parse_resume import (
    FailParsing,
    RetryParsing,
    RunParsing,
    fail_parsing,
    retry_parsing,
    run_parsing,
)
from commands.ports import Letters, Library, RenderingFailed, Streams
from commands.request_letter import (
    RegenerateLetter,
    RequestLetter,
    regenerate_letter,
    request_letter,
)
from commands.request_tailoring import (
    AbandonTailoring,
    RequestTailoring,
    abandon_tailoring,
    request_tailoring,
)
from commands.rotate_key import RotateKey, rotate_key
from commands.run_tailoring import RunTailoring, run_tailoring
from commands.switch_key import SwitchKey, switch_key
from commands.upload_resume import UploadResume, upload_resume
from commands.webhooks import (
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
from commands.write_letter import AbandonLetter, WriteLetter, abandon_letter, write_letter
from events.document_text import DocumentText, TextLine
from events.letter import LetterKind
from events.organization import Plan, SubscriptionStatus
from events.recorded import Origin
from events.resume import ParsedContent, Status
from events.resume_data import ResumeData
from events.tailoring import Strategy
from generating_histories import (
    allow,
    ask_for_generation,
    fail,
    forget_profile,
    generate,
    go_on,
    renew,
    say_of_oneself,
)
from spec import OnPro, Proposing, Rendering, Scripted
from stories import INVENTION, NOON, POSTING, SWAP


@dataclass
class World:
    """One organization at work. The same steps give the same history, ids included."""

    streams: Streams
    library: Library
    letters: Letters
    origin: Origin
    resumes: list[UUID] = field(default_factory=list)
    keys: list[UUID] = field(default_factory=list)
    webhooks: list[UUID] = field(default_factory=list)
    generations: list[UUID] = field(default_factory=list)
    written: list[tuple[UUID, UUID]] = field(default_factory=list)
    months: set[UUID] = field(default_factory=set)
    ticks: int = 0

    def clock(self) -> datetime:
        self.ticks += 1
        return NOON + timedelta(milliseconds=self.ticks)

    def new_id(self) -> UUID:
        self.ticks += 1
        return uuid5(self.origin.organization_id, str(self.ticks))

    def found(self) -> None:
        found_organization(
            FoundOrganization(self.origin.organization_id, "Random", "FREE"),
            self.origin,
            streams=self.streams,
            clock=self.clock,
        )

    def upload(self, which: int, say: str) -> None:
        resume_id = self.new_id()
        text = DocumentText(kind="docx", pages=1, lines=(TextLine(page=1, text=say),))
        command = UploadResume(
            resume_id, f"{say}.docx", 1, "00" * 32, text, (None, True, False)[which % 3]
        )
        upload_resume(
            command, self.origin, streams=self.streams, library=self.library, clock=self.clock
        )
        self.resumes.append(resume_id)

    def parse(self, which: int, say: str) -> None:
        content = ParsedContent(data=_data(say), sources=(), warnings=())
        run_parsing(
            RunParsing(self._resume(which)),
            self.origin,
            streams=self.streams,
            parser=Scripted(content if which % 4 else None),
            plans=OnPro(),
            clock=self.clock,
        )

    def fail_parsing(self, which: int, say: str) -> None:
        command = FailParsing(self._resume(which), say)
        fail_parsing(command, self.origin, streams=self.streams, clock=self.clock)

    def retry(self, which: int, _say: str) -> None:
        command = RetryParsing(self._resume(which))
        retry_parsing(command, self.origin, streams=self.streams, clock=self.clock)

    def edit(self, which: int, say: str) -> None:
        statuses: tuple[Status, ...] = get_args(Status)
        command = EditResume(
            self._resume(which),
            title=say if which % 2 else None,
            filename=f"{say}.pdf" if which % 3 == 0 else None,
            data=_data(say) if which % 5 < 2 else None,
            status=statuses[which % 4] if which % 7 == 0 else None,
        )
        edit_resume(command, self.origin, streams=self.streams, clock=self.clock)

    def delete(self, which: int, _say: str) -> None:
        command = DeleteResume(self._resume(which))
        delete_resume(
            command,
            self.origin,
            streams=self.streams,
            library=self.library,
            letters=self.letters,
            clock=self.clock,
        )

    def ask(self, which: int, _say: str) -> None:
        strategies: tuple[Strategy, ...] = get_args(Strategy)
        kinds: tuple[LetterKind, ...] = get_args(LetterKind)
        command = RequestTailoring(
            result_id=self.new_id(),
            source_id=self._resume(which),
            job_description=POSTING,
            strategy=strategies[which % 3],
            language="en",
            engine="scripted",
            letters=kinds[: which % 3],
        )
        request_tailoring(command, self.origin, streams=self.streams, clock=self.clock)
        self.resumes.append(command.result_id)

    def tailor(self, which: int, _say: str) -> None:
        run_tailoring(
            RunTailoring(self._resume(which)),
            self.origin,
            streams=self.streams,
            engine=Proposing((SWAP, INVENTION)[: which % 3]),
            plans=OnPro(),
            clock=self.clock,
            new_id=self.new_id,
        )

    def abandon(self, which: int, say: str) -> None:
        command = AbandonTailoring(self._resume(which), "TIMEOUT", say)
        abandon_tailoring(command, self.origin, streams=self.streams, clock=self.clock)

    def export(self, which: int, _say: str) -> None:
        command = ExportResume(
            self._resume(which), "A4", ("latest", "original", which % 6)[which % 3]
        )
        export_resume(
            command,
            self.origin,
            streams=self.streams,
            library=self.library,
            renderer=Rendering(works=which % 5 > 0),
            plans=OnPro(),
            clock=self.clock,
        )

    def ask_letter(self, which: int, _say: str) -> None:
        kinds: tuple[LetterKind, ...] = get_args(LetterKind)
        letter_id, resume_id = self.new_id(), self._resume(which)
        command = RequestLetter(letter_id, kinds[which % 2], resume_id, POSTING, "scripted")
        request_letter(command, self.origin, streams=self.streams, clock=self.clock)
        self.written.append((letter_id, resume_id))

    def write(self, which: int, say: str) -> None:
        drafts = iter([f"A Nobel for {say}", say if which % 3 else ""])
        write_letter(
            WriteLetter(self._letter(which)[0]),
            self.origin,
            streams=self.streams,
            engine=Proposing(drafts=drafts),
            plans=OnPro(),
            clock=self.clock,
        )

    def ask_letter_again(self, which: int, _say: str) -> None:
        kinds: tuple[LetterKind, ...] = get_args(LetterKind)
        command = RegenerateLetter(
            self._letter(which)[0], kinds[which % 2], self._letter(which)[1], POSTING, "scripted"
        )
        regenerate_letter(command, self.origin, streams=self.streams, clock=self.clock)

    def delete_letter(self, which: int, _say: str) -> None:
        kinds: tuple[LetterKind, ...] = get_args(LetterKind)
        letter_id, resume_id = self._letter(which)
        command = DeleteLetter(letter_id, kinds[which % 2], resume_id)
        delete_letter(command, self.origin, streams=self.streams, clock=self.clock)

    def abandon_letter(self, which: int, say: str) -> None:
        command = AbandonLetter(self._letter(which)[0], None, say)
        abandon_letter(command, self.origin, streams=self.streams, clock=self.clock)

    def issue_key(self, which: int, say: str) -> None:
        key_id = self.new_id()
        ends = NOON + timedelta(milliseconds=self.ticks + which) if which % 3 else None
        command = IssueKey(key_id, say, f"digest of {key_id}", "raik_0000", expires_at=ends)
        issue_key(command, self.origin, streams=self.streams, clock=self.clock)
        self.keys.append(key_id)

    def revoke_key(self, which: int, _say: str) -> None:
        command = RevokeKey(self.keys[which % len(self.keys)] if self.keys else UUID(int=which))
        revoke_key(command, self.origin, streams=self.streams, clock=self.clock)

    def look_after_key(self, which: int, say: str) -> None:
        key_id = self.keys[which % len(self.keys)] if self.keys else UUID(int=which)
        if which % 4 < 2:
            for enabled in (False, True)[: 1 + which % 4]:
                switch = SwitchKey(key_id, enabled)
                switch_key(switch, self.origin, streams=self.streams, clock=self.clock)
            return
        successor_id, grace = self.new_id(), timedelta(milliseconds=which % 3 * 10)
        digest = f"digest of {successor_id}"
        rotate = RotateKey(key_id, successor_id, digest, say, grace)
        rotate_key(rotate, self.origin, streams=self.streams, clock=self.clock)
        self.keys.append(successor_id)

    def add_webhook(self, which: int, say: str) -> None:
        webhook_id = self.new_id()
        url = f"https://hooks.example.org/{which}"
        command = AddWebhook(webhook_id, url, "whsec_b25l", say, ("resume.parsed",)[: which % 2])
        add_webhook(command, self.origin, streams=self.streams, clock=self.clock)
        self.webhooks.append(webhook_id)

    def look_after_webhook(self, which: int, say: str) -> None:
        webhook_id = self.webhooks[which % len(self.webhooks)] if self.webhooks else UUID(int=1)
        ports: dict[str, Any] = {"streams": self.streams, "clock": self.clock}
        match which % 4:
            case 0:
                enabled = (None, True, False)[which % 3]
                change = ChangeWebhook(webhook_id, description=say, enabled=enabled)
                change_webhook(change, self.origin, **ports)
            case 1:
                rotate = RotateWebhookSecret(webhook_id, f"whsec_{which:08d}")
                rotate_webhook_secret(rotate, self.origin, **ports)
            case 2:
                disable_webhook(DisableWebhook(webhook_id, say), self.origin, **ports)
            case _:
                remove_webhook(RemoveWebhook(webhook_id), self.origin, **ports)

    def change_subscription(self, which: int, _say: str) -> None:
        plans: tuple[Plan, ...] = get_args(Plan)
        statuses: tuple[SubscriptionStatus, ...] = get_args(SubscriptionStatus)
        paid_until = NOON + timedelta(milliseconds=which) if which % 2 else None
        command = ChangeSubscription(plans[which % 4], statuses[which % 7], paid_until)
        change_subscription(
            command,
            self.origin,
            streams=self.streams,
            clock=self.clock,
            past_due_grace=timedelta(milliseconds=20),
        )

    def change_plan(self, which: int, _say: str) -> None:
        plans: tuple[Plan, ...] = get_args(Plan)
        command = ChangePlan(plans[which % 4])
        change_plan(command, self.origin, streams=self.streams, clock=self.clock)

    def _letter(self, which: int) -> tuple[UUID, UUID]:
        recent = self.written[-3:]
        return recent[which % len(recent)] if recent else (UUID(int=which), UUID(int=which))

    def _resume(self, which: int) -> UUID:
        recent = self.resumes[-5:]
        return recent[which % len(recent)] if recent else UUID(int=which)


Act = Callable[[World, int, str], None]
Step = tuple[Act, int, str]

OFTEN: Final[tuple[Act, ...]] = (
    World.upload, World.parse, World.parse, World.edit, World.ask, World.tailor, World.tailor,
    World.export, World.ask_letter, World.write,
)  # fmt: skip
NOW_AND_THEN: Final[tuple[Act, ...]] = (
    World.fail_parsing, World.retry, World.delete, World.abandon, World.issue_key,
    World.revoke_key, World.look_after_key, World.change_plan, World.change_subscription,
    World.add_webhook, World.look_after_webhook,
    World.ask_letter_again, World.delete_letter, World.abandon_letter,
)  # fmt: skip
GENERATING: Final[tuple[Act, ...]] = (
    ask_for_generation, generate, generate, fail, go_on, say_of_oneself, forget_profile, allow,
    renew,
)  # fmt: skip


def take(world: World, step: Step) -> None:
    """Do one thing; that it may be refused is part of the story."""
    act, which, say = step
    with suppress(DomainError, RenderingFailed):
        again(act)(world, which, say)


def steps(
    longest: int, acts: Sequence[Act] = OFTEN * 2 + NOW_AND_THEN
) -> st.SearchStrategy[list[Step]]:
    """Return histories that begin with an upload."""
    says = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    which = st.integers(0, 400)
    act = st.sampled_from(acts)
    rest = st.lists(st.tuples(act, which, says), min_size=longest // 3, max_size=longest)
    begin: Step = (World.upload, 0, "Ada")
    return rest.map(lambda later: [begin, (World.parse, 1, "Ada"), *later])


def _data(say: str) -> ResumeData:
    return ResumeData.model_validate(
        {
            "personalInfo": {"name": say},
            "summary": "Backend engineer.",
            "additional": {"technicalSkills": ("Go", "Python", "PostgreSQL")},
            "x": say,
        }
    )
