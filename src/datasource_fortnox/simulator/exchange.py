"""A request and its reply as plain data, so that every front (ASGI, in process, raw socket) speaks to one core."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

__all__ = ["Incoming", "Reply", "json_bytes"]


@dataclass(frozen=True)
class Incoming:
    """One HTTP request. ``path`` is decoded and without trailing slash (F 3.1: both forms work)."""

    method: str
    path: str
    query_string: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Lower-case names."""
    body: bytes = b""

    @classmethod
    def make(
        cls, method: str, path: str, query: str = "", headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Incoming:
        """Normalise what a front received."""
        names = {name.lower(): value for name, value in (headers or {}).items()}
        return cls(method.upper(), unquote(path).rstrip("/") or "/", query, names, body)

    @property
    def query(self) -> dict[str, str]:
        """Query parameters; the last of a repeated name wins."""
        return dict(parse_qsl(self.query_string, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        """The body as application/x-www-form-urlencoded."""
        try:
            return dict(parse_qsl(self.body.decode(), keep_blank_values=True))
        except UnicodeDecodeError:
            return {}

    @property
    def bearer(self) -> str:
        """The access token, or an empty text."""
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if kind.lower() == "bearer" else ""

    @property
    def basic(self) -> tuple[str, str]:
        """Client id and secret of HTTP Basic, or two empty texts."""
        kind, _, value = self.headers.get("authorization", "").partition(" ")
        if kind.lower() != "basic":
            return "", ""
        try:
            name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return name, secret


@dataclass
class Reply:
    """One HTTP response."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, payload: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
        """An ``application/json`` answer without charset, ASCII-escaped (F 3.1, R)."""
        return cls(status, json_bytes(payload), "application/json", headers or {})

    @classmethod
    def html(cls, text: str, status: int = 200) -> Reply:
        """A page."""
        return cls(status, text.encode(), "text/html; charset=UTF-8")


def json_bytes(payload: Any) -> bytes:
    """JSON as recorded: compact, ``/`` as ``\\/`` and non-ASCII as ``\\uXXXX`` (F 3.1, R)."""
    return json.dumps(payload, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/").encode("ascii")
