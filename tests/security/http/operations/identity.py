"""Accounts, sessions, keys and invitations."""

from domains.shared.ids import new_id
from domains.shared.permissions import Permission
from tests.security.http.operations.known import Known, made
from tests.support.house import House
from tests.support.people import Person, Tenant, another_session


async def _key(house: House, tenant: Tenant) -> str:
    return await made(house, tenant, "/api-keys", {"name": f"Of {tenant.slug}", "scopes": ["customers:read"]})


async def _session(house: House, person: Person) -> str:
    return str((await another_session(house, person)).session)


async def _invitation(house: House, tenant: Tenant) -> str:
    body = {"email": f"{new_id().hex}@example.com", "role": "member"}
    return await made(house, tenant, "/admin/invitations", body)


IDENTITY = Known(
    permission_of={
        "acceptInvitation": None,
        "changeEmail": Permission.ACCOUNT_WRITE,
        "changePassword": Permission.ACCOUNT_WRITE,
        "confirmEmailChange": None,
        "confirmTwoFactor": Permission.ACCOUNT_WRITE,
        "createApiKey": Permission.API_KEYS_WRITE,
        "createInvitation": Permission.INVITATIONS_WRITE,
        "disableTwoFactor": Permission.ACCOUNT_WRITE,
        "enableTwoFactor": Permission.ACCOUNT_WRITE,
        "endSession": Permission.SESSIONS_WRITE,
        "forgotPassword": None,
        "listApiKeys": Permission.API_KEYS_READ,
        "listInvitations": Permission.INVITATIONS_READ,
        "listSessions": Permission.SESSIONS_READ,
        "logOut": Permission.SESSIONS_WRITE,
        "login": None,
        "refreshSession": None,
        "register": None,
        "renewRecoveryCodes": Permission.ACCOUNT_WRITE,
        "resendInvitation": Permission.INVITATIONS_WRITE,
        "resendVerification": None,
        "resetPassword": None,
        "revokeApiKey": Permission.API_KEYS_WRITE,
        "revokeInvitation": Permission.INVITATIONS_WRITE,
        "stopEmailChange": None,
        "switchTenant": Permission.SESSIONS_WRITE,
        "verifyEmail": None,
        "whoAmI": Permission.PROFILE_READ,
    },
    asks_more={
        "changeEmail": "invalid_credentials",
        "changePassword": "invalid_credentials",
        "confirmTwoFactor": "conflict",
        "disableTwoFactor": "conflict",
        "enableTwoFactor": "invalid_credentials",
        "renewRecoveryCodes": "conflict",
    },
    makers={"apiKeyId": _key, "invitationId": _invitation},
    personal_makers={"sessionId": _session},
    shown_in={"apiKeyId": {"listApiKeys", "listAuditLog"}, "invitationId": {"listAuditLog", "listInvitations"}},
)
