"""Refusals: what a rule said no to, with the code that clients branch on."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(eq=False)
class DomainError(Exception):
    """A rule said no.

    The fields of a subclass are the facts behind the refusal. `code` is part of the public API;
    `detail` is one sentence that helps the caller.
    """

    code: ClassVar[str]

    def facts(self) -> dict[str, object]:
        """Return what a caller needs to act on the refusal."""
        return asdict(self)

    @property
    def detail(self) -> str:
        """Say what to do about it."""
        return (type(self).__doc__ or "").split("\n", maxsplit=1)[0]

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


@dataclass(eq=False)
class ResumeNotFound(DomainError):
    """There is no such resume."""

    code: ClassVar[str] = "NOT_FOUND"


@dataclass(eq=False)
class SubjectNotFound(DomainError):
    """There is no such resume to write a letter about."""

    code: ClassVar[str] = "RESUME_NOT_FOUND"


@dataclass(eq=False)
class LetterNotFound(DomainError):
    """The resume has no such letter."""

    code: ClassVar[str] = "NOT_FOUND"


@dataclass(eq=False)
class VersionMismatch(DomainError):
    """It was changed since you read it; read it again."""

    code: ClassVar[str] = "CONFLICT"


@dataclass(eq=False)
class WebhookNotFound(DomainError):
    """There is no such webhook."""

    code: ClassVar[str] = "NOT_FOUND"


@dataclass(eq=False)
class TooManyWebhooks(DomainError):
    """An organization has at most 20 webhooks; remove one."""

    code: ClassVar[str] = "UNPROCESSABLE"


@dataclass(eq=False)
class WebhookAddressInvalid(DomainError):
    """url: must be an http or https address without credentials."""

    code: ClassVar[str] = "VALIDATION_ERROR"


@dataclass(eq=False)
class LetterUnderWay(DomainError):
    """The letter is being written at this moment; wait until it is done."""

    code: ClassVar[str] = "CONFLICT"


@dataclass(eq=False)
class NoJobDescription(DomainError):
    """job_description: the resume was not tailored to a posting, so say which one to write to."""

    code: ClassVar[str] = "NO_JOB_DESCRIPTION"


@dataclass(eq=False)
class NoMasterResume(DomainError):
    """The organization has no master resume; upload one or name a resume by its id."""

    code: ClassVar[str] = "NO_MASTER_RESUME"


@dataclass(eq=False)
class InsufficientCredits(DomainError):
    """No generation credit is left."""

    code: ClassVar[str] = "INSUFFICIENT_CREDITS"

    resets_at: datetime

    @property
    def detail(self) -> str:
        """Say when there are new ones."""
        return (
            "No generation credit is left this month; new ones come on"
            f" {self.resets_at:%Y-%m-%d} at 00:00 UTC, or with a larger plan."
        )


@dataclass(eq=False)
class ResumeNotParsed(DomainError):
    """The resume has no structured data; retry parsing or set structured_data first."""

    code: ClassVar[str] = "RESUME_NOT_PARSED"


@dataclass(eq=False)
class ResumeNotRendered(DomainError):
    """The resume has nothing to render yet; wait until its status is READY."""

    code: ClassVar[str] = "RESUME_NOT_RENDERED"


@dataclass(eq=False)
class ParsingNotRetryable(DomainError):
    """Only a resume whose parsing failed or is under way can be parsed again."""

    code: ClassVar[str] = "CONFLICT"

    status: str

    @property
    def detail(self) -> str:
        """Say which status stands in the way."""
        return f"The resume is {self.status}; only FAILED or PROCESSING ones can be parsed again."


@dataclass(eq=False)
class SourceTextMissing(DomainError):
    """The resume has no source text to parse; upload the document again."""

    code: ClassVar[str] = "MISSING_SOURCE_TEXT"


@dataclass(eq=False)
class VersionNotFound(DomainError):
    """The resume has no such version."""

    code: ClassVar[str] = "VALIDATION_ERROR"

    version: int

    @property
    def detail(self) -> str:
        """Name the version that is not there."""
        return f"version: the resume has no version {self.version} with content to export"


@dataclass(eq=False)
class OrganizationNotFound(DomainError):
    """There is no such organization."""

    code: ClassVar[str] = "NOT_FOUND"


@dataclass(eq=False)
class LlmSettingsInvalid(DomainError):
    """The settings of the model make no sense together."""

    code: ClassVar[str] = "VALIDATION_ERROR"

    reason: str

    @property
    def detail(self) -> str:
        """Name the setting and what it lacks."""
        return self.reason


@dataclass(eq=False)
class KeyNameInvalid(DomainError):
    """name: must have 1 to 60 characters."""

    code: ClassVar[str] = "VALIDATION_ERROR"


@dataclass(eq=False)
class KeyNotFound(DomainError):
    """API key not found."""

    code: ClassVar[str] = "NOT_FOUND"

    @property
    def detail(self) -> str:
        """Say it as clients know it."""
        return "API key not found"


@dataclass(eq=False)
class KeyAlreadyReplaced(DomainError):
    """Another key took the place of this one already; rotate that one."""

    code: ClassVar[str] = "CONFLICT"
