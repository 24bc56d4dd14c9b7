"""Words of the login flow that sources share (`closing_host.api.oauth2`)."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "oauth-account-differs": (
        "The login is for company {token}, but the source says that it is company {source}. Nothing was connected. "
        "Connect again and choose the company in the login."
    ),
    "oauth-answer-empty": (
        "The login came back without an answer. Log in to the source's own site and look for a message there: a "
        "closed account, for instance for unpaid invoices, gives this. Then connect again."
    ),
    "oauth-answer-unreadable": (
        "{host} answered the login request with something that cannot be read (status {status}). "
        "Whether the login was renewed is not known. Try again in a few minutes."
    ),
    "oauth-client-refused": "The source does not know this id and secret. Copy both anew from its developer pages.",
    "oauth-code-refused": (
        "The source did not accept the login: it took longer than ten minutes or was used before. Connect again."
    ),
    "oauth-denied": "You did not approve the connection. Connect again and approve it to fetch the books.",
    "oauth-endpoint-wrong": (
        "{address} does not answer like a login address (status {status}). "
        "Check the addresses in the source's settings."
    ),
    "oauth-failing": "{host} could not handle the login request (status {status}). Try again in a few minutes.",
    "oauth-login-refused": (
        "The source refused the login ({error}). Read what it says, settle that with the source, then connect again."
    ),
    "oauth-nothing-to-renew": "There is no login to renew. Connect again.",
    "oauth-renewal-refused": "The login has run out or was withdrawn in the source. Connect again.",
    "oauth-scope-refused": (
        "The source does not let this application ask for {scopes}. "
        "Tick these permissions for the application on the source's developer pages, then connect again."
    ),
    "oauth-state-wrong": (
        "The login that came back does not belong to the one that was started here. Start the connection again, "
        "in one window only."
    ),
    "oauth-token-absent": (
        "The source answered the login request without any login. Whether it was renewed is not known. "
        "Try again in a few minutes."
    ),
    "oauth-token-refused": (
        "The source refused the login request ({error}, status {status}). "
        "Check the source's settings, then connect again."
    ),
    "oauth-too-many": "{host} refuses more login requests for now. Try again in a minute.",
    "oauth-unreachable": (
        "{host} cannot be reached for the login ({reason}). Check the network and the address, then try again."
    ),
}
