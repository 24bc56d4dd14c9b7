"""Login dialogues as the pages lead them: each step is a request of its own, so nobody waits in between.

`connecting.connect` is the same dialogue for a person who stays in one place, such as the command line.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from closing_host.api.authorization import Account
from closing_host.api.errors import AuthorizationError, DataError
from closing_host.engagements.connecting import callback_of, identify, is_to_be, name_after, other_engagement
from closing_host.engagements.host import Host
from closing_host.engagements.register import overview
from closing_host.ledgers import organisation
from closing_host.storage.connections import LoginRecords, hashed
from closing_host.transfers.logins import Connected, Dialogue, Logins, Progress, Unconfirmed


@dataclass(frozen=True, slots=True)
class LoggingIn:
    """Where a dialogue is. `progress`: the user's turn, connected, or a company that must be confirmed."""

    engagement_id: int
    progress: Progress


async def begin(host: Host, engagement_id: int, *, session: str) -> LoggingIn:
    """Begin the engagement's login. Raises what `Logins.begin` raises."""
    callback = callback_of(host, overview(host, engagement_id).engagement.source_id)
    now = await Logins(host.connections).begin(engagement_id, callback=callback, session=session, actor=host.actor)
    return await _went(host, engagement_id, now, session)


async def complete(host: Host, answer: Mapping[str, str], *, session: str, state: str | None = None) -> LoggingIn:
    """Take what came back to the callback, or a form's fields with its `state`. Raises what `Logins.complete` raises,
    and `DataError` `engagement-exists` when the company has an engagement already."""
    stated = state or answer.get("state", "")
    now = await Logins(host.connections).complete(answer, session=session, actor=host.actor, state=state)
    return await _went(host, engagement_of(host, stated), now, session)


async def confirm(host: Host, state: str, *, session: str) -> LoggingIn:
    """Yes, it is the engagement's company. Raises like `Logins.confirm`."""
    engagement_id = engagement_of(host, state)
    now = await Logins(host.connections).confirm(state, session=session, actor=host.actor)
    identify(host, engagement_id, now.view.account)
    return LoggingIn(engagement_id, now)


async def decline(host: Host, state: str, *, session: str) -> int:
    """No: the login is revoked and forgotten. The engagement that it was for. Raises like `Logins.decline`."""
    engagement_id = engagement_of(host, state)
    await Logins(host.connections).decline(state, session=session, actor=host.actor)
    return engagement_id


def engagement_of(host: Host, state: str) -> int:
    """The engagement of the dialogue with this state. Raises `AuthorizationError` `login-unknown`."""
    with host.store.database.read() as connection:
        record = LoginRecords(connection).get(hashed(state))
    if record is None:
        raise AuthorizationError("login-unknown")
    return record.engagement_id


async def _went(host: Host, engagement_id: int, now: Progress, session: str) -> LoggingIn:
    """What follows: an engagement that waits for its first login takes whichever company the user chose there."""
    if isinstance(now, Dialogue):
        return LoggingIn(engagement_id, now)
    to_be = is_to_be(host, overview(host, engagement_id))
    if isinstance(now, Unconfirmed):
        await _refuse_known(host, engagement_id, now, session)
        if not to_be:
            return LoggingIn(engagement_id, now)
        now = await Logins(host.connections).confirm(now.state, session=session, actor=host.actor)
    _settle(host, engagement_id, now, to_be=to_be)
    return LoggingIn(engagement_id, now)


def _settle(host: Host, engagement_id: int, made: Connected, *, to_be: bool) -> None:
    account: Account | None = made.view.account
    identify(host, engagement_id, account)
    if to_be and account is not None:
        name_after(host, engagement_id, account)


async def _refuse_known(host: Host, engagement_id: int, asked: Unconfirmed, session: str) -> None:
    """A company has one engagement (design 2.7)."""
    other = other_engagement(host, engagement_id, asked.account)
    if other is not None:
        await Logins(host.connections).decline(asked.state, session=session, actor=host.actor)
        number = organisation.display(asked.account.organisation_number)
        raise DataError("engagement-exists", engagement=other.id, name=other.name, number=number)
