"""What the rules of accounts and organizations say no to, by Better Auth's codes."""

from dataclasses import dataclass
from typing import ClassVar

from commands.errors import DomainError


@dataclass(eq=False)
class AccountRefusal(DomainError):
    """A rule about accounts said no."""

    code: ClassVar[str] = "FAILED"


@dataclass(eq=False)
class UserExists(AccountRefusal):
    """There is an account with this e-mail address; use another one."""

    code: ClassVar[str] = "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"


@dataclass(eq=False)
class SignUpClosed(AccountRefusal):
    """Whoever runs this server creates the accounts."""

    code: ClassVar[str] = "EMAIL_PASSWORD_SIGN_UP_DISABLED"


@dataclass(eq=False)
class PasswordTooShort(AccountRefusal):
    """A password has at least 8 characters."""

    code: ClassVar[str] = "PASSWORD_TOO_SHORT"


@dataclass(eq=False)
class PasswordTooLong(AccountRefusal):
    """A password has at most 128 characters."""

    code: ClassVar[str] = "PASSWORD_TOO_LONG"


@dataclass(eq=False)
class PasswordTooCommon(AccountRefusal):
    """Among the passwords that anybody would try first; choose another one."""

    code: ClassVar[str] = "PASSWORD_COMPROMISED"


@dataclass(eq=False)
class WrongCredentials(AccountRefusal):
    """The e-mail address or the password is wrong."""

    code: ClassVar[str] = "INVALID_EMAIL_OR_PASSWORD"


@dataclass(eq=False)
class WrongPassword(AccountRefusal):
    """The password is wrong."""

    code: ClassVar[str] = "INVALID_PASSWORD"


@dataclass(eq=False)
class UserNotFound(AccountRefusal):
    """There is no such account."""

    code: ClassVar[str] = "USER_NOT_FOUND"


@dataclass(eq=False)
class TokenInvalid(AccountRefusal):
    """The link was used before, has expired, or was never sent."""

    code: ClassVar[str] = "INVALID_TOKEN"


@dataclass(eq=False)
class CodeInvalid(AccountRefusal):
    """The code is wrong, or was used before."""

    code: ClassVar[str] = "INVALID_CODE"


@dataclass(eq=False)
class BackupCodeInvalid(AccountRefusal):
    """The backup code is wrong, or was used before."""

    code: ClassVar[str] = "INVALID_BACKUP_CODE"


@dataclass(eq=False)
class TwoFactorNotEnabled(AccountRefusal):
    """Two-factor authentication is not switched on."""

    code: ClassVar[str] = "TWO_FACTOR_NOT_ENABLED"


@dataclass(eq=False)
class NoActiveOrganization(AccountRefusal):
    """Choose an organization first."""

    code: ClassVar[str] = "NO_ACTIVE_ORGANIZATION"


@dataclass(eq=False)
class SlugTaken(AccountRefusal):
    """There is an organization with this slug; choose another one."""

    code: ClassVar[str] = "ORGANIZATION_ALREADY_EXISTS"


@dataclass(eq=False)
class NotAMember(AccountRefusal):
    """There is no such organization among yours."""

    code: ClassVar[str] = "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION"


@dataclass(eq=False)
class OnlyAdminsUpdate(AccountRefusal):
    """Only an admin can change the organization."""

    code: ClassVar[str] = "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION"


@dataclass(eq=False)
class OnlyAdminsDelete(AccountRefusal):
    """Only an admin can delete the organization."""

    code: ClassVar[str] = "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_ORGANIZATION"


@dataclass(eq=False)
class OnlyAdminsInvite(AccountRefusal):
    """Only an admin can invite."""

    code: ClassVar[str] = "YOU_ARE_NOT_ALLOWED_TO_INVITE_USERS_TO_THIS_ORGANIZATION"


@dataclass(eq=False)
class OnlyAdminsCancel(AccountRefusal):
    """Only an admin can take an invitation back."""

    code: ClassVar[str] = "YOU_ARE_NOT_ALLOWED_TO_CANCEL_THIS_INVITATION"


@dataclass(eq=False)
class OnlyAdminsChangeRoles(AccountRefusal):
    """Only an admin can change roles."""

    code: ClassVar[str] = "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER"


@dataclass(eq=False)
class OnlyAdminsRemove(AccountRefusal):
    """Only an admin can remove members."""

    code: ClassVar[str] = "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER"


@dataclass(eq=False)
class OnlyAdminsManageKeys(AccountRefusal):
    """Only an admin of the organization can manage its keys."""

    code: ClassVar[str] = "INSUFFICIENT_API_KEY_PERMISSIONS"


@dataclass(eq=False)
class MemberNotFound(AccountRefusal):
    """The organization has no such member."""

    code: ClassVar[str] = "MEMBER_NOT_FOUND"


@dataclass(eq=False)
class LastAdminStays(AccountRefusal):
    """One admin must stay; make another member admin first."""

    code: ClassVar[str] = "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER"


@dataclass(eq=False)
class TooManyMembers(AccountRefusal):
    """The organization has as many members as it can have."""

    code: ClassVar[str] = "ORGANIZATION_MEMBERSHIP_LIMIT_REACHED"


@dataclass(eq=False)
class TooManyInvitations(AccountRefusal):
    """The organization has as many open invitations as it can have."""

    code: ClassVar[str] = "INVITATION_LIMIT_REACHED"


@dataclass(eq=False)
class AlreadyMember(AccountRefusal):
    """The person is a member already."""

    code: ClassVar[str] = "USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION"


@dataclass(eq=False)
class AlreadyInvited(AccountRefusal):
    """The person was invited already; send the invitation again instead."""

    code: ClassVar[str] = "USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION"


@dataclass(eq=False)
class InvitationNotFound(AccountRefusal):
    """There is no such open invitation."""

    code: ClassVar[str] = "INVITATION_NOT_FOUND"


@dataclass(eq=False)
class NotTheRecipient(AccountRefusal):
    """The invitation is for another e-mail address."""

    code: ClassVar[str] = "YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION"


@dataclass(eq=False)
class EmailNotVerified(AccountRefusal):
    """Verify your e-mail address first: follow the link that was sent to it."""

    code: ClassVar[str] = "EMAIL_VERIFICATION_REQUIRED_BEFORE_ACCEPTING_OR_REJECTING_INVITATION"
