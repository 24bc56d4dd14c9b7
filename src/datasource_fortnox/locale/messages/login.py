"""Words of settings, login and permissions."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "fortnox-access-denied": (
        "Fortnox was not allowed to connect. Connect again and approve it; "
        "for a service account a system administrator of the company must do so."
    ),
    "fortnox-account-closed": (
        "Fortnox sent you back without an answer. It does that when the company's Fortnox account is closed, for "
        "instance for unpaid invoices. Log in to Fortnox itself, settle what it asks for, then connect again."
    ),
    "fortnox-address-wrong": "Write an address with https and without a path, such as https://api.fortnox.se.",
    "fortnox-callback-not-registered": (
        "Fortnox does not know the callback address {callback}. "
        "Register exactly this address for the integration in Fortnox's developer portal, then connect again."
    ),
    "fortnox-credential-wrong": (
        "This is no id or secret from Fortnox. Copy it from the integration's page in the developer portal."
    ),
    "fortnox-integration-licence-missing": (
        "The company lacks Fortnox's licence for integrations. Its administrator orders it in Fortnox under "
        "Administrera användare; then connect again."
    ),
    "fortnox-licence-missing": (
        "The company lacks a Fortnox licence for a part that was asked for. "
        "Order that module in Fortnox, or connect without what needs it: the sub-ledger, the export."
    ),
    "fortnox-not-set-up": "Fortnox is not set up here. Fill in client id and secret with: closing source setup fortnox",
    "fortnox-other-company": (
        "The login reaches {found} (database {other}) instead of {expected} (database {number}). "
        "Nothing was fetched. Disconnect, connect again and choose the right company in Fortnox."
    ),
    "fortnox-right-missing": (
        "The one who approved the connection may not see {resource} in Fortnox. "
        "Give that user the right in Fortnox, or connect again as somebody who has it."
    ),
    "fortnox-scope-missing": "The connection was not given access to {resource}. Connect again to ask Fortnox for it.",
    "fortnox-scope-not-ticked": (
        "The integration may not ask for all of {scopes}. "
        "Tick these for the integration in Fortnox's developer portal, then connect again."
    ),
    "fortnox-service-account-not-allowed": (
        "The integration may not use service accounts. Allow only administrators to approve it in Fortnox's developer "
        "portal, or choose login by user in the settings, then connect again."
    ),
    "fortnox-token-refused": "Fortnox did not accept the login. Connect again.",
    "fortnox-without-sub-ledger": (
        "The company is connected without sub-ledger, so no invoices and payments are fetched. "
        "Change that in the engagement's settings and connect again to get the attachments."
    ),
}
