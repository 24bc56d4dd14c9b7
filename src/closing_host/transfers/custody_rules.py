"""What to do with a stored token when somebody asks for it: the decisions of T 3b, without database or network."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from closing_host.storage.credentials import CredentialRow, CredentialState

MARGIN: Final = timedelta(minutes=5)
"""An access token with less than this left is renewed before it is used."""

LEASE: Final = timedelta(seconds=60)
"""How long one process may take over a renewal before others ask what became of it."""

CALL_SECONDS: Final = 20.0
"""Total deadline of the call that renews; well inside the lease."""

REPLAY_AFTER: Final = timedelta(seconds=60)
"""After an unknown outcome the old token is tried once more when this has passed."""

FORCED_APART: Final = timedelta(minutes=55)
"""A token that the source refuses before its time is renewed at most this often, so that two clocks that disagree
cannot make a loop (A10)."""

_ENDED: Final = frozenset({CredentialState.NEEDS_REAUTH, CredentialState.REVOKED, CredentialState.QUARANTINED})


@dataclass(frozen=True, slots=True)
class Use:
    """Use the stored token."""


@dataclass(frozen=True, slots=True)
class Renew:
    """Renew. `replay`: the old token's one second try. `forced`: the source refused a token that is in date."""

    replay: bool = False
    forced: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody else renews (`until` None: look again soon), or the replay must wait `until` then."""

    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refuse:
    """Nothing works before somebody logs in; `code` says why. `lost`: that is news, and to be stored."""

    code: str
    lost: bool = False


Decision = Use | Renew | Wait | Refuse


def decide(row: CredentialRow, now: datetime, *, refused: int | None) -> Decision:
    """What to do about `row`. `refused`: the generation that got a 401, if any."""
    if row.ciphertext is None or row.state in _ENDED:
        return Refuse(row.reason or "authorization-expired")
    forced = refused == row.generation
    if not forced and fresh(row, now):
        return Use()
    if forced and row.forced_at is not None and timedelta(0) <= now - row.forced_at < FORCED_APART:
        return Refuse("authorization-refused")
    if leased(row, now):
        return Wait()
    if row.inflight_since is None or not row.rotates:
        return Renew(forced=forced)
    if row.replayed:
        return Refuse("renewal-reply-lost", lost=True)
    replay_at = row.inflight_since + REPLAY_AFTER
    if not row.inflight_since <= now < replay_at:  # before it: the clock was set back, so nobody knows how long ago
        return Renew(replay=True, forced=forced)
    if not forced and row.expires_at is not None and now < row.expires_at:
        return Use()
    return Wait(replay_at)


def fresh(row: CredentialRow, now: datetime) -> bool:
    """Whether the access token has so much time left that nobody thinks of renewing it.

    A token that was never in date by its own statement is used until the source refuses it.
    """
    if row.expires_at is None or row.expires_at <= row.saved_at:
        return True
    return row.expires_at - now > min(MARGIN, (row.expires_at - row.saved_at) / 4)


def leased(row: CredentialRow, now: datetime) -> bool:
    """Whether somebody holds the lease. One that ends later than a lease can is from before the clock was set back."""
    return row.lease_until is not None and now < row.lease_until <= now + LEASE
