"""How Fortnox is logged in to: its endpoints, scopes, tokens, and what its refusals mean (F 1)."""

import base64
import json
from collections.abc import Mapping
from typing import Final

import httpx

from closing_host.api.authorization import Account, AuthorizeRequest, Operation
from closing_host.api.errors import AuthorizationError, ClosingError, Denied, PermissionMissing
from closing_host.api.oauth2 import OAuth2CodeFlow
from datasource_fortnox.client import FortnoxClient
from datasource_fortnox.errors import NotPermitted
from datasource_fortnox.settings import FortnoxInstallation

SCOPES: Final[Mapping[Operation, tuple[str, ...]]] = {
    "import": ("companyinformation", "bookkeeping"),
    "attachments": ("invoice", "supplierinvoice", "payment", "settings"),
    "export": ("bookkeeping", "settings", "costcenter", "project"),
}
"""What each operation needs and no more (F 1.9); reading and writing cannot be asked for apart."""

PROBES: Final[Mapping[Operation, tuple[str, ...]]] = {
    "import": ("financialyears",),
    "attachments": (
        "invoices",
        "supplierinvoices",
        "invoicepayments",
        "supplierinvoicepayments",
        "predefinedaccounts",
    ),
    "export": ("voucherseries", "settings/lockedperiod", "costcenters", "projects"),
}
"""Where one record is read at connecting: a licence or a right inside Fortnox shows nowhere else (F 1.9)."""


def flow(installation: FortnoxInstallation) -> OAuth2CodeFlow:
    """The login for this installation's integration."""
    service = installation.login == "service_account"

    async def whoami(http: httpx.AsyncClient, request: AuthorizeRequest) -> Account:
        return await connected_account(FortnoxClient(http, installation.api_address), request)

    return OAuth2CodeFlow(
        authorize_url=f"{installation.login_address}/oauth-v1/auth",
        token_url=f"{installation.login_address}/oauth-v1/token",
        revoke_url=f"{installation.login_address}/oauth-v1/revoke",
        client_id=installation.client_id,
        client_secret=installation.client_secret.get_secret_value(),
        scopes=SCOPES,
        identify=whoami,
        # A service account's consent outlives every token, so no long-lived refresh token is asked for beside it.
        authorize_parameters={"account_type": "service"} if service else {"access_type": "offline"},
        renewal="client_credentials" if service else "refresh_token",
        renewal_headers=lambda account: {"TenantId": account.id},
        rotates=True,
        account_of=account_of,
        explain=explained,
    )


async def connected_account(fortnox: FortnoxClient, request: AuthorizeRequest) -> Account:
    """The company behind the token, and which of the asked operations it cannot do, in Fortnox's words.

    Raises `PermissionMissing("import")` when not even the bookkeeping can be read.
    """
    company = await fortnox.company_information()
    missing: dict[Operation, str] = {}
    for operation in sorted(request.operations):
        try:
            for resource in PROBES[operation]:
                await fortnox.reaches(resource)
        except PermissionMissing as error:
            if operation == "import":
                raise
            missing[operation] = error.detail
    number = str(company.database_number)
    return Account(number, company.company_name, company.organization_number, number, missing)


def account_of(access: str) -> Account | None:
    """The company that an access token names in its claim `tenantId` (F 1.6), None when it cannot be read.

    Only decoded: Fortnox publishes no key to verify it by.
    """
    try:
        payload = access.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        tenant = int(claims["tenantId"])
    except (IndexError, KeyError, TypeError, ValueError):
        return None
    return Account(str(tenant), number=str(tenant))


def explained(error: str, description: str, request: AuthorizeRequest) -> ClosingError | None:
    """What the error codes of F 1.1 and F 1.4 mean and what to do; None for those that every OAuth server has."""
    match error:
        case "":
            return Denied("fortnox-account-closed")
        case "access_denied":
            return Denied("fortnox-access-denied", detail=description)
        case "invalid_scope":
            scopes = sorted({scope for operation in request.operations for scope in SCOPES[operation]})
            return AuthorizationError("fortnox-scope-not-ticked", detail=description, scopes=" ".join(scopes))
        case "error_missing_license":
            return AuthorizationError("fortnox-integration-licence-missing", detail=description)
        case "error_missing_app_license":
            # Fortnox does not say which module; the books' own is the one that a company most likely has.
            operation = next((each for each in ("attachments", "export") if each in request.operations), "import")
            return NotPermitted("fortnox-licence-missing", operation, detail=description)
        case "error_client_not_allow_service_account":
            return AuthorizationError("fortnox-service-account-not-allowed", detail=description)
        case "redirect_uri_mismatch":
            return AuthorizationError("fortnox-callback-not-registered", detail=description, callback=request.callback)
    return None
