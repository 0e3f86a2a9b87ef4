"""Which operations of people can be refused by what, for the OpenAPI document."""

from typing import Final

from api.http.problems import Problem
from commands.accounts import refusals as no
from commands.errors import KeyAlreadyReplaced, KeyNotFound

Refusals = tuple[Exception | type[Exception], ...]

ELSEWHERE: Final = Problem(403, "INVALID_CALLBACK_URL", "Invalid callbackURL")
HALF_WAY: Final = Problem(401, "INVALID_TWO_FACTOR_COOKIE", "Sign in with your password first")
NO_KEY: Final = Problem(404, "KEY_NOT_FOUND", "API key not found")
NOT_NAMED: Final = Problem(400, "ORGANIZATION_ID_REQUIRED", "organizationId is required")
BAD_NAME: Final = Problem(400, "INVALID_NAME_LENGTH", "A name has 1 to 60 characters")
TOO_SHORT_A_LIFE: Final = Problem(400, "EXPIRES_IN_IS_TOO_SMALL", "A key lasts 1 to 365 days")
TOO_LONG_A_LIFE: Final = Problem(400, "EXPIRES_IN_IS_TOO_LARGE", "A key lasts 1 to 365 days")
OURS: Final = Problem(400, "SERVER_ONLY_PROPERTY", "Only the server can set this")
OTHERS: Final = Problem(401, "UNAUTHORIZED_SESSION", "Unauthorized or invalid session")
NO_PLAN: Final = Problem(404, "NOT_FOUND", "Not found")

NEW_PASSWORD: Final = (no.PasswordTooShort, no.PasswordTooLong, no.PasswordTooCommon)
PROOF: Final = (no.WrongPassword,)
WITHIN: Final = (no.NoActiveOrganization, no.NotAMember)
ACTIVE: Final = (no.NoActiveOrganization, no.OnlyAdminsManageKeys)
INVITED: Final = (no.InvitationNotFound, no.NotTheRecipient)
KEPT_KEY: Final = (NO_KEY, no.OnlyAdminsManageKeys)

REFUSALS: Final[dict[str, Refusals]] = {
    "get_auth_ok": (),
    "post_auth_sign_up_email": (no.UserExists, no.SignUpClosed, *NEW_PASSWORD),
    "post_auth_sign_in_email": (no.WrongCredentials, ELSEWHERE),
    "post_auth_sign_out": (),
    "post_auth_sign_in_magic_link": (ELSEWHERE,),
    "get_auth_magic_link_verify": (ELSEWHERE,),
    "get_auth_get_session": (),
    "get_auth_list_sessions": (),
    "post_auth_revoke_session": (),
    "post_auth_revoke_sessions": (),
    "post_auth_revoke_other_sessions": (),
    "post_auth_update_user": (),
    "post_auth_change_password": (*PROOF, *NEW_PASSWORD),
    "post_auth_delete_user": (*PROOF, no.LastAdminStays),
    "post_auth_request_password_reset": (ELSEWHERE,),
    "get_auth_reset_password_by_token": (ELSEWHERE,),
    "post_auth_reset_password": (no.TokenInvalid, *NEW_PASSWORD),
    "post_auth_send_verification_email": (ELSEWHERE,),
    "get_auth_verify_email": (ELSEWHERE,),
    "post_auth_two_factor_enable": PROOF,
    "post_auth_two_factor_disable": PROOF,
    "post_auth_two_factor_generate_backup_codes": (*PROOF, no.TwoFactorNotEnabled),
    "post_auth_two_factor_verify_totp": (HALF_WAY, no.CodeInvalid, no.TwoFactorNotEnabled),
    "post_auth_two_factor_verify_backup_code": (HALF_WAY, no.BackupCodeInvalid, no.CodeInvalid),
    "get_auth_organization_list": (),
    "post_auth_organization_create": (no.SlugTaken,),
    "post_auth_organization_update": (*WITHIN, no.OnlyAdminsUpdate, no.SlugTaken),
    "post_auth_organization_delete": (*WITHIN, no.OnlyAdminsDelete),
    "post_auth_organization_set_active": (no.NotAMember,),
    "get_auth_organization_get_full_organization": WITHIN,
    "post_auth_organization_check_slug": (no.SlugTaken,),
    "post_auth_organization_has_permission": WITHIN,
    "get_auth_organization_get_active_member_role": (no.NoActiveOrganization,),
    "get_auth_organization_list_members": WITHIN,
    "post_auth_organization_update_member_role": (
        *(*WITHIN, no.OnlyAdminsChangeRoles),
        *(no.MemberNotFound, no.LastAdminStays),
    ),
    "post_auth_organization_remove_member": (
        *(*WITHIN, no.OnlyAdminsRemove),
        *(no.MemberNotFound, no.LastAdminStays),
    ),
    "post_auth_organization_leave": (*WITHIN, no.LastAdminStays),
    "post_auth_organization_invite_member": (
        *(*WITHIN, no.OnlyAdminsInvite),
        *(no.AlreadyMember, no.AlreadyInvited, no.TooManyInvitations),
    ),
    "post_auth_organization_accept_invitation": (
        *(*INVITED, no.EmailNotVerified),
        *(no.AlreadyMember, no.TooManyMembers),
    ),
    "post_auth_organization_reject_invitation": (*INVITED, no.EmailNotVerified),
    "post_auth_organization_cancel_invitation": (no.InvitationNotFound, no.OnlyAdminsCancel),
    "get_auth_organization_list_invitations": WITHIN,
    "get_auth_organization_list_user_invitations": (),
    "get_auth_organization_get_invitation": INVITED,
    "post_auth_api_key_create": (
        *(NOT_NAMED, BAD_NAME, TOO_SHORT_A_LIFE, TOO_LONG_A_LIFE, OURS, OTHERS),
        *(no.NotAMember, no.OnlyAdminsManageKeys),
    ),
    "get_auth_api_key_list": (no.NotAMember, no.OnlyAdminsManageKeys),
    "get_auth_api_key_get": KEPT_KEY,
    "post_auth_api_key_update": (BAD_NAME, OURS, OTHERS, *KEPT_KEY),
    "post_auth_api_key_delete": KEPT_KEY,
    "get_keys": ACTIVE,
    "post_keys": ACTIVE,
    "post_keys_by_key_id_rotate": (*ACTIVE, KeyNotFound, KeyAlreadyReplaced),
    "delete_keys_by_key_id": (*ACTIVE, KeyNotFound),
    "get_subscription_by_organization_id": (NO_PLAN,),
    "get_accept_invitation_by_invitation_id": (),
    "get_reject_invitation_by_invitation_id": (),
}
"""The refusals of each operation besides those of all, by its id."""

SETS_COOKIE: Final = {
    "post_auth_sign_up_email",
    "post_auth_sign_in_email",
    "post_auth_sign_out",
    "post_auth_delete_user",
    "post_auth_two_factor_verify_totp",
    "post_auth_two_factor_verify_backup_code",
    "get_auth_magic_link_verify",
}
"""The operations whose answers have the browser keep or forget who is signed in."""
