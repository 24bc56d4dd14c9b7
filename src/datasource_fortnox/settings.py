"""What is filled in once for the installation, and what may be chosen for each engagement."""

import re
from typing import Annotated, Final, Literal

import httpx
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr
from pydantic_core import PydanticCustomError

from datasource_fortnox.rest import FORTNOX

LOGIN: Final = "https://apps.fortnox.se"

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_SCHEMES: Final = frozenset({("https", False), ("https", True), ("http", True)})
"""Scheme, and whether the host is this machine."""
_HOST: Final = re.compile(r"[a-z0-9.:-]+")  # as httpx states it: lower case, other alphabets encoded


def _credential(text: str) -> str:
    """Without the blanks that come along when pasting. Anything but plain characters was pasted wrongly."""
    stripped = text.strip()
    if not stripped or not stripped.isascii() or not stripped.isprintable() or " " in stripped:
        raise PydanticCustomError("fortnox-credential-wrong", "not an id or secret from Fortnox")
    return stripped


def _secret(secret: SecretStr) -> SecretStr:
    return SecretStr(_credential(secret.get_secret_value()))


def _url(text: str) -> httpx.URL:
    """`text` as an address: https, or http on this machine."""
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        url = httpx.URL("")
    named = _HOST.fullmatch(url.raw_host.decode()) and not url.userinfo
    if not named or url.fragment or (url.scheme, url.host in _LOOPBACK) not in _SCHEMES:
        raise PydanticCustomError("fortnox-address-wrong", "not an https address")
    return url


def _origin(text: str) -> str:
    """Scheme, host and port."""
    url = _url(text.strip().rstrip("/"))
    if url.path not in ("", "/") or url.query:
        raise PydanticCustomError("fortnox-address-wrong", "an address without path is wanted")
    return str(url).rstrip("/")


def _callback(text: str) -> str:
    return str(_url(text.strip()))


Credential = Annotated[str, AfterValidator(_credential)]
OriginAddress = Annotated[str, AfterValidator(_origin)]


class FortnoxInstallation(BaseModel):
    """The integration as Fortnox's developer portal knows it, and where Fortnox is.

    `login`: with `service_account` a system administrator approves once and tokens are minted by client credentials
    (F 1.5); with `user` each connection lives on a refresh token that is spent at each renewal (F 1.3).
    """

    model_config = ConfigDict(frozen=True)

    client_id: Credential = Field(title="Client id")
    client_secret: Annotated[SecretStr, AfterValidator(_secret)] = Field(title="Client secret")
    callback: Annotated[str, AfterValidator(_callback)] = Field(
        "http://127.0.0.1:8710/callback",
        title="Callback address",
        description="Exactly as registered in the developer portal.",
    )
    login: Literal["service_account", "user"] = Field("service_account", title="Login by")
    api_address: OriginAddress = Field(FORTNOX, title="API address")
    login_address: OriginAddress = Field(LOGIN, title="Login address")


class FortnoxEngagement(BaseModel):
    """One client company.

    `without_sub_ledger`: connected for the bookkeeping alone; nothing more is asked for. `marker_in_text`: a closing
    entry's text begins with the first eight characters of its marker, should comments prove unreadable (P 7.6.4).
    """

    model_config = ConfigDict(frozen=True)

    without_sub_ledger: bool = Field(False, title="Without sub-ledger")
    marker_in_text: bool = Field(
        False,
        title="Marker in the text",
        description="Closing entries are found again by their text, too. Turn it on if comments cannot be read.",
    )
