"""Connections: the wire, the custody of tokens, keys, logins and their errors."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "source-busy": "The source allows no more calls before {until}: others wait too. Try again then.",
    "source-refuses-more": (
        "{host} says that it gets too many calls, and went on saying so. Try again in a few minutes."
    ),
    "source-failing": "{host} could not answer (status {status}), nor when asked again. Try again in a few minutes.",
    "source-silent": "{host} did not answer in time ({reason}). Try again in a few minutes.",
    "source-unreachable": "{host} cannot be reached ({reason}). Check the network connection, then try again.",
    "answer-broken": "{host} sent an answer that broke off or cannot be read ({reason}). Try again in a few minutes.",
    "answer-too-large": "{host} sent more data than is accepted. Import one financial year at a time.",
    "address-not-declared": (
        "The source tried to call {address}, which it has not declared. Nothing was sent. Tell the author of the "
        "source."
    ),
    "origin-wrong": (
        "The source declares {address}, which is no address that may be called. Tell the author of the source."
    ),
    "address-wrong": "This is no usable address. State it as https://host; plain http only for this machine.",
    "authorization-missing": "There is no stored login. Log in again.",
    "authorization-refused": (
        "The source refuses the login although it was just renewed. Log in again; if that does not help, check "
        "the application's rights with the source."
    ),
    "renewal-under-way": "The login is being renewed elsewhere. Try again in a minute.",
    "renewal-unanswered": "The source did not answer when the login was renewed. It is tried once more in a minute.",
    "renewal-reply-lost": (
        "The source's answer was lost when the login was renewed, and the old login no longer works. Log in "
        "again; the books are untouched."
    ),
    "renewal-incomplete": (
        "The source renewed the login without giving a new one. Try again; if it comes back, tell the author of "
        "the source."
    ),
    "renewal-for-another-account": (
        "The renewed login belongs to another company than the connected one. It was not used and has been "
        "revoked. Log in again."
    ),
    "login-not-compared": "The login was not finished. Log in again.",
    "key-missing": (
        "The key that opens stored logins is missing ({place}). Put it back, or log in again after making a new "
        "key. The books are not affected."
    ),
    "key-wrong": (
        "The key at {place} does not open the stored login. Put the right key back, or log in again. The books "
        "are not affected."
    ),
    "key-lost": "The key to the stored login was given up for lost. Log in again.",
    "key-malformed": "{place} does not hold a key. Restore it from your copy; it was not changed.",
    "key-file-unreadable": "The key file {place} cannot be read. Check who may read it.",
    "key-file-not-writable": "The key file {place} cannot be made. Check the folder, or state a key in CLOSING_KEY.",
    "secret-misplaced": (
        "A stored login does not belong to this connection. It was not used. Log in again, and have the database "
        "checked."
    ),
    "connection-not-connected": "The engagement is not connected to {source}. Connect it, then try again.",
    "connection-awaiting-consent": "The login to {source} is not finished. Finish it in the browser, or connect again.",
    "connection-expired": (
        "The connection to {source} ran out: 30 days have passed since the last import or export. Make a new "
        "import; you will be asked to log in."
    ),
    "connection-disconnected": "The engagement was disconnected from {source}. Connect it again to go on.",
    "check-incomplete": "{source} did not say which company the login reaches. Tell the author of the source.",
    "setting-missing": "This must be filled in.",
    "setting-does-not-fit": "This value does not fit. State it anew.",
    "source-without-login": "{source} needs no login. Import directly.",
    "login-unknown": "This login is not known here. Connect again from the engagement.",
    "login-other-session": (
        "This login was begun by another user or in another browser. Connect again from the engagement."
    ),
    "login-too-late": "The login took more than ten minutes. Nothing was connected. Connect again.",
    "login-under-way": (
        "This login is being finished. Wait a moment and look at the connection; if it is not made, connect again."
    ),
    "login-went-on": "This step is answered already. Go on in the newest page, or connect again.",
    "login-without-state": "The answer does not say which login it belongs to. Nothing was connected. Connect again.",
    "login-incomplete": "{source} ended the login without a company or a token. Tell the author of the source.",
    "login-declined": "You said that it was another company. Nothing was connected, and the login was revoked.",
    "company-differs": (
        "The login reached {found_name} ({found}), but the engagement is for {expected_name} ({expected}). "
        "Nothing was connected, and the login was revoked. Connect again and choose the right company."
    ),
    "account-differs": (
        "The login reached {found_name}, database {found}, but the engagement is connected to {expected_name}, "
        "database {expected}. Nothing was changed. Choose the other one in the login, or disconnect first."
    ),
    "account-connected-elsewhere": (
        "{name} is connected in engagement {engagement} already. Use that one, or disconnect it first."
    ),
    "callback-taken": (
        "The address {address} is taken by another program. Close it, or paste the address that the browser ends at."
    ),
    "callback-not-local": "The callback {address} is not on this machine. Paste the address that the browser ends at.",
    "callback-silent": "Nobody came back from the login within {minutes} minutes. Connect again.",
    "callback-unreadable": (
        "This is not the address that the login ends at. Paste the whole address from the browser's address bar."
    ),
}
