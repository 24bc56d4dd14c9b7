"""Fortnox's refusals: code, Swedish text, status and which of the two casings carries them (F 3.6, F 3.7)."""

from __future__ import annotations

from typing import Any

__all__ = ["Refusal", "invalid", "missing", "not_allowed"]


class Refusal(Exception):
    """A request that Fortnox answers with an ``ErrorInformation`` object.

    ``upper`` chooses the casing: lower case for validation (400), upper case for look-ups and permissions (F 3.6, R).
    """

    def __init__(self, status: int, code: int, message: str, *, upper: bool = False) -> None:
        super().__init__(f"{code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.upper = upper

    def payload(self, *, code_as_text: bool = False) -> dict[str, Any]:
        """The JSON object, with the code as number or as text (F 3.6, C)."""
        code: int | str = str(self.code) if code_as_text else self.code
        keys = ("Error", "Message", "Code") if self.upper else ("error", "message", "code")
        return {"ErrorInformation": dict(zip(keys, (1, self.message, code), strict=True))}


def invalid(code: int, message: str) -> Refusal:
    """A validation error: 400 with the lower-case object (R 2000587)."""
    return Refusal(400, code, message)


NOT_FOUND = {
    "account": (2000423, "Kan inte hitta kontot."),
    "customer": (2000433, "Kan inte hitta kunden."),
    "invoice": (2000434, "Kan inte hitta fakturan."),
    "project": (2001161, "Kan inte hitta projektet."),
    "route": (2000762, "Sökvägen finns inte."),
    "predefined": (2001403, "Kan inte hitta det fördefinierade kontot."),
}
"""Look-ups whose code some source gives (F 3.7; marks R for invoice, customer, project, C for the rest)."""

UNVERIFIED_NOT_FOUND = 2009404
"""Placeholder for look-ups whose code no source gives (U)."""


def missing(what: str, text: str = "") -> Refusal:
    """An unknown entity: 404 with the upper-case object (R 2000428-2000439, 2001161)."""
    code, message = NOT_FOUND.get(what, (UNVERIFIED_NOT_FOUND, f"Kan inte hitta {text or what}."))
    return Refusal(404, code, message, upper=True)


def not_allowed(code: int, message: str, *, status: int) -> Refusal:
    """A scope, licence or right that is missing; the status is a switch (F 12 [6])."""
    return Refusal(status, code, message, upper=True)
