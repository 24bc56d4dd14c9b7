"""The 30 days of a connection: its state, how long it holds, when to warn (P 7.7). Pure, in UTC.

A connection holds for 30 × 24 h from the consent, or from the last successful import or export if that is later.
Nothing else prolongs it: no failed attempt, no renewed token.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from closing_host.storage.connections import LOGIN_LIFETIME

HOLDS_FOR: Final = timedelta(hours=30 * 24)
SOON: Final = timedelta(days=7)
_WARN_AT: Final = (3, 7, 14)
_DAY: Final = timedelta(days=1)


class ConnectionState(StrEnum):
    """*Ej ansluten*, *Väntar på godkännande*, *Ansluten*, *Går snart ut*, *Utgången*, *Återkallad*, *Frånkopplad*."""

    NOT_CONNECTED = "not-connected"
    AWAITING_CONSENT = "awaiting-consent"
    CONNECTED = "connected"
    EXPIRES_SOON = "expires-soon"
    EXPIRED = "expired"
    REVOKED = "revoked"
    DISCONNECTED = "disconnected"


USABLE: Final = frozenset({ConnectionState.CONNECTED, ConnectionState.EXPIRES_SOON})
"""The states in which the source may be called."""


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """What the state follows from. `used_at`: the last successful import or export. `lost`: the token is of no use.

    `asked_at`: when a login was begun that is not answered.
    """

    consented_at: datetime | None = None
    used_at: datetime | None = None
    ended_at: datetime | None = None
    lost: bool = False
    asked_at: datetime | None = None


def valid_until(life: Lifecycle) -> datetime | None:
    """The first instant at which the connection holds no more; None when there is no consent."""
    if life.consented_at is None:
        return None
    return max(life.consented_at, life.used_at or life.consented_at) + HOLDS_FOR


def state(life: Lifecycle, now: datetime) -> ConnectionState:
    """The state at `now`. A login under way shows only while there is no connection that could be used."""
    settled = _settled(life, now)
    asked = life.asked_at is not None and now - life.asked_at < LOGIN_LIFETIME
    return ConnectionState.AWAITING_CONSENT if asked and settled not in USABLE else settled


def days_left(life: Lifecycle, now: datetime) -> int:
    """Days that it still holds, a day begun counting as one; 0 when it does not hold."""
    until = valid_until(life)
    if until is None or _settled(life, now) not in USABLE:
        return 0
    return -((now - until) // _DAY)


def warning(life: Lifecycle, now: datetime) -> int | None:
    """14, 7 or 3 when so few days are left, the lowest that applies (A9); None while there is no need, or no use."""
    left = days_left(life, now)
    return next((limit for limit in _WARN_AT if 0 < left <= limit), None)


def _settled(life: Lifecycle, now: datetime) -> ConnectionState:
    until = valid_until(life)
    if until is None:
        return ConnectionState.NOT_CONNECTED
    if life.ended_at is not None:
        return ConnectionState.DISCONNECTED
    if life.lost:
        return ConnectionState.REVOKED
    if now >= until:
        return ConnectionState.EXPIRED
    return ConnectionState.EXPIRES_SOON if until - now <= SOON else ConnectionState.CONNECTED
