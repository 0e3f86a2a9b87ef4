"""One of every event there is, as golden files hold it."""

from typing import Final
from uuid import UUID

from events.base import Event
from events.credits import (
    CreditReleased,
    CreditReserved,
    CreditsExpired,
    CreditsGranted,
    CreditsWithdrawn,
    CreditTaken,
)
from events.generation import (
    GenerationFailed,
    GenerationRequested,
    GenerationResumed,
    GenerationTask,
    JobResolved,
    PostedJob,
    ResumeGenerated,
)
from events.letter import (
    Draft,
    LetterContent,
    LetterDeleted,
    LetterDrafted,
    LetterFailed,
    LetterRequested,
    LetterTask,
    LetterWritten,
)
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
    Presentation,
)
from events.organization import (
    AllowanceSet,
    KeyDisabled,
    KeyEnabled,
    KeyIssued,
    KeyRenamed,
    KeyReplaced,
    KeyRevoked,
    LlmConfigured,
    LlmSecret,
    OrganizationFounded,
    PlanChanged,
    SubscriptionChanged,
)
from events.profile import ProfileChanged, ProfileContent, ProfileErased
from events.resume import (
    EditedContent,
    EditsProposed,
    JobAnalysed,
    MasterChosen,
    MasterReplaced,
    ParsingRequested,
    Proposal,
    ResumeDeleted,
    ResumeEdited,
    ResumeExported,
    ResumeParsed,
    ResumeParsingFailed,
    ResumeTailored,
    ResumeUploaded,
    TailoringFailed,
    TailoringRequested,
    TailoringTask,
    TextExtracted,
    UploadedFile,
    UsageCharged,
)
from events.tailoring import ModelUsage
from events.user import (
    BackupCodes,
    BackupCodesReplaced,
    BackupCodeUsed,
    EmailVerified,
    NewUser,
    PasswordChanged,
    PasswordHash,
    Profile,
    ProfileUpdated,
    SecondFactor,
    TwoFactorDisabled,
    TwoFactorEnabled,
    TwoFactorPrepared,
    UserDeleted,
    UserSignedUp,
)
from events.webhook import (
    WebhookAdded,
    WebhookChanged,
    WebhookDisabled,
    WebhookRemoved,
    WebhookTarget,
)
from stories import (
    ACME,
    ANALYSIS,
    CONTENT,
    DATA,
    INVENTION,
    KEY,
    LETTER,
    MONTH,
    NOON,
    OTHER,
    POSTING,
    PROFILE,
    RESULT,
    RESUME,
    SWAP,
    TAILORED,
    TEXT,
    USER,
    at,
)

MEMBER: Final = UUID(int=0x3E3)
INVITATION: Final = UUID(int=0x171)

WEBHOOK: Final = UUID(int=0x3EB)

_ALL: Final[tuple[Event, ...]] = (
    ResumeUploaded(
        **at(1),
        kind="docx",
        size_bytes=12_345,
        digest="ab" * 32,
        pages=2,
        personal=UploadedFile(filename="Ada – résumé.docx"),
    ),
    TextExtracted(**at(2), line_count=2, personal=TEXT),
    ParsingRequested(**at(3)),
    ResumeParsed(**at(4), parser="built-in 1", duration_ms=7, usage=None, personal=CONTENT),
    ResumeParsingFailed(
        **at(4), code="LLM_PARSING_FAILED", reason="The parser gave up: too long."
    ),
    ResumeEdited(
        **at(6),
        changed=("title", "data", "status"),
        status="FAILED",
        personal=EditedContent(title="Engineer", data=DATA),
    ),
    MasterChosen(**at(4)),
    MasterReplaced(**at(5), successor_id=OTHER),
    TailoringRequested(
        **at(1, RESULT),
        source_id=RESUME,
        source_version=5,
        strategy="KEYWORDS",
        language="es",
        engine="built-in",
        letters=("cover_letter", "outreach"),
        strict=True,
        personal=TailoringTask(job_description=POSTING, filename="Tailored - ada.pdf"),
    ),
    LetterRequested(
        **at(1, LETTER),
        kind="cover_letter",
        resume_id=RESULT,
        resume_version=5,
        language="pt",
        engine="openai/gpt-4o",
        personal=LetterTask(job_description=POSTING),
    ),
    LetterDrafted(
        **at(2, LETTER),
        engine="openai/gpt-4o",
        duration_ms=900,
        usage=ModelUsage(
            model="openai/gpt-4o",
            prompt="letter-1:0123abcd",
            input_tokens=900,
            output_tokens=200,
            cost_micro_usd=None,
            attempts=1,
        ),
        personal=Draft(text="Prezada equipe,\n\nganhei um Nobel."),
    ),
    LetterWritten(
        **at(3, LETTER),
        author="template",
        refused=(("FABRICATED_NAME", "TOO_SHORT"), ("TOO_SHORT",)),
        duration_ms=1_500,
        personal=LetterContent(text="Prezada equipe,\n\nAda Example"),
    ),
    LetterFailed(**at(3, LETTER), code="LLM_GENERATION_FAILED", reason="Not a word."),
    LetterDeleted(**at(4, LETTER)),
    JobAnalysed(**at(2, RESULT), usage=None, personal=ANALYSIS),
    EditsProposed(
        **at(3, RESULT),
        engine="openai/gpt-4o",
        edit_count=2,
        duration_ms=9,
        usage=ModelUsage(
            model="openai/gpt-4o",
            prompt="edits-1 0a1b2c3d",
            input_tokens=2_100,
            output_tokens=340,
            cost_micro_usd=None,
            attempts=2,
        ),
        personal=Proposal(edits=(SWAP, INVENTION)),
    ),
    ResumeTailored(
        **at(4, RESULT),
        accepted=1,
        refused=1,
        coverage_before=50,
        coverage_after=100,
        coverage_ceiling=None,
        duration_ms=1_250,
        personal=TAILORED,
    ),
    TailoringFailed(**at(4, RESULT), code="TIMEOUT", reason="It took over 240 s."),
    ResumeExported(
        **at(6),
        export_format="pdf",
        page="LETTER",
        language="pt",
        renderer="weasyprint 70 / classic 1",
        data_version=4,
        digest="cd" * 32,
        size_bytes=54_321,
    ),
    UsageCharged(
        **at(7), charge_id=UUID(int=0xC0C), operation="pdf_export", units=1, plan="ENTERPRISE"
    ),
    ResumeDeleted(**at(8)),
    GenerationRequested(
        **at(2, RESULT),
        template="template2",
        source="linkedin_job_url",
        owner_id=PROFILE,
        profile_id=PROFILE,
        profile_version=1,
        credits_id=MONTH,
        personal=GenerationTask(linkedin_job_id="4416743017", job_description="They use Go."),
    ),
    JobResolved(
        **at(3, RESULT),
        source="linkedin_job_url",
        personal=PostedJob(
            title="Backend Engineer",
            company="Initech",
            location="Madrid",
            requirements=("Python and PostgreSQL",),
            text=POSTING,
        ),
    ),
    ResumeGenerated(
        **at(7, RESULT),
        template="template2",
        renderer="pdftex 1.40.26",
        fallback=None,
        pages=1,
        digest="ef" * 32,
        size_bytes=51_234,
    ),
    GenerationFailed(**at(8, RESULT), code="PDF_RENDER_FAILED", reason="It took too long."),
    GenerationResumed(**at(9, RESULT), credits_id=MONTH),
    CreditsGranted(
        **at(1, MONTH),
        amount=100,
        cause="plan",
        starts_at=NOON.replace(hour=0, microsecond=0),
        ends_at=NOON.replace(month=4, hour=0, microsecond=0),
    ),
    CreditsWithdrawn(**at(2, MONTH), amount=40),
    CreditReserved(**at(3, MONTH), generation_id=RESULT),
    CreditTaken(**at(4, MONTH), generation_id=RESULT),
    CreditReleased(**at(5, MONTH), generation_id=OTHER),
    CreditsExpired(**at(6, MONTH), amount=59),
    ProfileChanged(
        **at(1, PROFILE),
        owner_id=USER,
        changed=("description", "skills", "niche", "resume_id"),
        resume_id=RESUME,
        personal=ProfileContent(
            description="I like databases.", skills=("Kafka",), niche="Developer tools"
        ),
    ),
    ProfileErased(**at(2, PROFILE)),
    OrganizationFounded(**at(1, ACME), name="Acme"),
    AllowanceSet(**at(15, ACME), credits_a_month=60),
    PlanChanged(**at(2, ACME), plan="STARTER"),
    SubscriptionChanged(
        **at(14, ACME),
        plan="PRO",
        status="past_due",
        period_end=NOON.replace(month=4),
        in_force_until=NOON.replace(day=9),
    ),
    KeyIssued(
        **at(3, ACME),
        key_id=KEY,
        owner_id=USER,
        name="CI",
        kind="developer",
        digest="47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
        start="kr_live_Ab12",
        scopes=("read", "generate"),
        expires_at=NOON.replace(year=2027),
    ),
    KeyRevoked(**at(4, ACME), key_id=KEY),
    LlmConfigured(
        **at(5, ACME),
        provider="openai_compatible",
        model="small-1",
        api_base="https://llm.example.org/v1",
        reasoning_effort="low",
        enable_cover_letter=True,
        enable_outreach_message=False,
        content_language="ja",
        default_strategy="NUDGE",
        personal=LlmSecret(api_key="not-a-key"),
    ),
    KeyRenamed(**at(6, ACME), key_id=KEY, name="Production"),
    KeyReplaced(
        **at(7, ACME), key_id=KEY, successor_id=UUID(int=0x4E9), expires_at=NOON.replace(day=3)
    ),
    KeyDisabled(**at(8, ACME), key_id=KEY),
    KeyEnabled(**at(9, ACME), key_id=KEY),
    WebhookAdded(
        **at(10, ACME),
        webhook_id=WEBHOOK,
        types=("resume.tailored", "letter.written"),
        personal=WebhookTarget(
            url="https://hooks.example.org/refolio", description="CRM", secrets=("whsec_b2xk",)
        ),
    ),
    WebhookChanged(
        **at(11, ACME),
        webhook_id=WEBHOOK,
        types=(),
        enabled=True,
        older_until=NOON.replace(day=3),
        personal=WebhookTarget(
            url="https://hooks.example.org/new",
            description="",
            secrets=("whsec_bmV3", "whsec_b2xk"),
        ),
    ),
    WebhookDisabled(**at(12, ACME), webhook_id=WEBHOOK, reason="It is gone (410)."),
    WebhookRemoved(**at(13, ACME), webhook_id=WEBHOOK),
    OrganizationUpdated(
        **at(7, ACME),
        name="Acme",
        slug="acme",
        personal=Presentation(logo="https://acme.example.org/logo.png", metadata='{"size": 3}'),
    ),
    MemberAdded(**at(8, ACME), member_id=MEMBER, user_id=USER, role="admin"),
    MemberRoleChanged(**at(9, ACME), member_id=MEMBER, role="member"),
    MemberRemoved(**at(10, ACME), member_id=MEMBER),
    InvitationSent(
        **at(11, ACME),
        invitation_id=INVITATION,
        email_digest="ef" * 32,
        role="member",
        inviter_id=USER,
        expires_at=NOON.replace(year=2027),
        personal=Addressee(email="grace@example.org"),
    ),
    InvitationRenewed(
        **at(12, ACME), invitation_id=INVITATION, expires_at=NOON.replace(year=2028)
    ),
    InvitationAccepted(**at(13, ACME), invitation_id=INVITATION),
    InvitationRejected(**at(13, ACME), invitation_id=INVITATION),
    InvitationCanceled(**at(13, ACME), invitation_id=INVITATION),
    OrganizationDeleted(**at(14, ACME)),
    UserSignedUp(
        **at(1, USER),
        email_digest="ab" * 32,
        personal=NewUser(email="ada@example.org", name="Ada", password_hash="$argon2id$1"),
    ),
    EmailVerified(**at(2, USER)),
    ProfileUpdated(
        **at(3, USER),
        personal=Profile(name="Ada L.", image=None, title="Countess", bio=None, theme="dark"),
    ),
    PasswordChanged(
        **at(4, USER), why="rehashed", personal=PasswordHash(password_hash="$argon2id$2")
    ),
    TwoFactorPrepared(
        **at(5, USER), personal=SecondFactor(secret="ABCDEFGH", backup_digests=("a1", "b2"))
    ),
    TwoFactorEnabled(**at(6, USER)),
    TwoFactorDisabled(**at(7, USER)),
    BackupCodesReplaced(**at(8, USER), personal=BackupCodes(backup_digests=("c3",))),
    BackupCodeUsed(**at(9, USER), place=0),
    UserDeleted(**at(10, USER)),
)

EXAMPLES: Final[dict[str, Event]] = {event.TOPIC: event for event in _ALL}
"""By topic."""

LIFTED: Final[dict[tuple[str, int], dict[str, object]]] = {
    ("key-issued", 1): {"owner_id": None},
    ("resume-parsing-failed", 1): {"code": "LLM_PARSING_FAILED"},
    ("tailoring-requested", 1): {"letters": (), "strict": False},
    ("tailoring-requested", 2): {"strict": False},
}
"""(topic, stored schema) → how an event of that schema, read today, differs from its example."""
