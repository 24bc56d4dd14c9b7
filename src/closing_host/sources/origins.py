"""Which addresses a source may call: the origins that it declared, resolved and normalised (T H6, D7).

An origin is scheme, host and port, nothing more. A name that resolves to another machine than its owner's is stopped
by the certificate check, which cannot be switched off; plain `http` is for this machine only. So an answer's links,
an account's texts or a redirect can never send a credential anywhere else.
"""

import ipaddress
import re
from typing import Final

import httpx
from pydantic import BaseModel

from closing_host.api.errors import PluginFault, SettingsError
from closing_host.api.source import Origin, SourceInfo

_PORTS: Final = {"https": 443, "http": 80}
_HOST: Final = re.compile(r"[a-z0-9.:-]+")


def declared_origins(info: SourceInfo, installation: BaseModel | None) -> frozenset[str]:
    """The origins of `info.hosts`, each `scheme://host:port`.

    Raises `SettingsError` naming the installation field that holds no usable address, and `PluginFault` when the
    source itself declares one or names a field that its model has not.
    """
    return frozenset(_resolved(each, installation) for each in info.hosts)


def authorization_origins(info: SourceInfo, installation: BaseModel | None) -> frozenset[str]:
    """Those of them to which users are sent for login. Raises like `declared_origins`."""
    return frozenset(_resolved(each, installation) for each in info.hosts if each.authorization)


def origin_of(url: httpx.URL) -> str:
    """The origin of an address: lower case, the port always written. User names in it do not count."""
    host = f"[{url.host}]" if ":" in url.host else url.host
    return f"{url.scheme}://{host}:{url.port or _PORTS.get(url.scheme, 0)}"


def _resolved(origin: Origin, installation: BaseModel | None) -> str:
    if origin.setting:
        value = str(getattr(installation, origin.setting, "") or "")
        if not (found := _checked(value)):
            raise SettingsError({origin.setting: "address-wrong"}, address=value)
        return found
    if not (found := _checked(origin.fixed)):
        raise PluginFault("origin-wrong", address=origin.fixed)
    return found


def _checked(text: str) -> str:
    """The origin that `text` states, "" when it is none that may be called."""
    try:
        url = httpx.URL(text.rstrip("/"))
    except httpx.InvalidURL:
        return ""
    bare = not (url.userinfo or url.query or url.fragment)
    if not (bare and _HOST.fullmatch(url.raw_host.decode()) and url.scheme in _PORTS):
        return ""
    if url.scheme == "http" and not _loopback(url.host):
        return ""
    return origin_of(url)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
