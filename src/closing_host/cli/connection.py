"""`closing connect`, `disconnect` and `connections`: engagements and their sources."""

import asyncio
import secrets
import webbrowser
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import Parameter

from closing_host.api.authorization import Account, Operation
from closing_host.cli import output
from closing_host.cli.importing import import_from_source
from closing_host.cli.opened import house
from closing_host.cli.session import session
from closing_host.transfers.callback import can_listen, listening, pasted

if TYPE_CHECKING:
    from pydantic import BaseModel

    from closing_host.engagements.host import Host
    from closing_host.transfers.connections import ConnectionView

LOGIN_SECONDS: Final = 600
"""As long as a login's one-time state holds (P 7.7)."""


def connect(
    engagement: str | None = None,
    /,
    *,
    new: Annotated[bool, Parameter(negative="", help="Open an engagement for the company that is connected.")] = False,
    source: Annotated[str | None, Parameter(help="The data source; by default the engagement's own.")] = None,
    without: Annotated[tuple[Operation, ...], Parameter(help="What to do without: attachments, export.")] = (),
    browser: Annotated[bool, Parameter(help="Open the browser; else the address is only printed.")] = True,
    paste: Annotated[bool, Parameter(negative="", help="Paste the address that the browser ends at.")] = False,
    then_import: Annotated[bool, Parameter(name="--import", help="Import when the connection is made.")] = True,
) -> None:
    """Connect an engagement to its data source: log in, consent, and come back to a running import.

    Parameters
    ----------
    engagement
        Number, organisation number or name; or --new.
    """
    from closing_host.engagements.connecting import choose_source, engagement_to_be, name_after
    from closing_host.engagements.register import find_engagement

    with house() as host:
        if new:
            client = engagement_to_be(host, source or _only_source_with_login(host))
        else:
            client = find_engagement(host, engagement or "")
            if source is not None:
                client = choose_source(host, client, source)
        if without:
            host.connections.set_without(client.id, frozenset(without), host.actor)
        view = log_in(host, client.id, browser=browser, paste=paste, trust=new)
        if new and view.account is not None:
            name_after(host, client.id, view.account)
        imported = import_from_source(host, client.id) if then_import else []
        output.result({**view_data(host, view), "imported": imported}, lambda: None)


def log_in(
    host: "Host", engagement_id: int, *, browser: bool = True, paste: bool = False, trust: bool = False
) -> "ConnectionView":
    """Lead the person at the terminal through the login. `trust`: whichever company it is, it is the right one."""
    from closing_host.engagements.connecting import callback_of
    from closing_host.engagements.connecting import connect as connect_engagement
    from closing_host.engagements.register import overview

    callback = callback_of(host, overview(host, engagement_id).engagement.source_id)
    person = Terminal(callback, browser=browser, paste=paste or not can_listen(callback), trust=trust)
    made = connect_engagement(host, engagement_id, person, callback=callback, session=secrets.token_urlsafe(16))
    view = asyncio.run(made)
    if not session().json:
        show_connected(host, view)
    return view


def disconnect(engagement: str, /) -> None:
    """Disconnect an engagement: the login is revoked and deleted; books and log stay.

    Parameters
    ----------
    engagement
        Number, organisation number or name.
    """
    from closing_host.engagements.register import find_engagement

    words = session().words
    with house() as host:
        client = find_engagement(host, engagement)
        ended = asyncio.run(host.connections.disconnect(client.id, host.actor))
        view = host.connections.view(client.id)

        def human() -> None:
            output.line(words.text("{name} is disconnected. Its books and log stay.", name=client.name))
            if ended.problem:
                output.line(words.message(ended.problem, {"source": view.source_id}), style="red")

        output.result({**view_data(host, view), "problem": ended.problem}, human)


def connections() -> None:
    """List connections: company, state, days left, last import and export."""
    words = session().words
    with house() as host:
        views = host.connections.views()
        titles = words.texts(
            "No.", "Client", "Data source", "Company", "State", "Days left", "Last import", "Last export"
        )
        rows = [
            (
                each.engagement_id,
                _client(host, each.engagement_id),
                each.source_id,
                f"{each.account.name} ({each.account.number or each.account.id})" if each.account else "",
                state_words(each),
                each.days_left if each.usable else None,
                each.imported_at,
                each.exported_at,
            )
            for each in views
        ]
        reasons = [(each, words.message(each.reason, {"source": each.source_id})) for each in views if each.reason]

        def human() -> None:
            if not rows:
                output.line(words.text("No connections yet. Connect a client: closing connect ENGAGEMENT"))
                return
            output.table("", titles, rows)
            for each, reason in reasons:
                output.line(f"{each.engagement_id}: {reason}", style="red")

        output.result([view_data(host, each) for each in views], human)


class Terminal:
    """The person at the command line: a browser and a listener, or an address that is pasted."""

    def __init__(
        self,
        callback: str,
        *,
        browser: bool,
        paste: bool,
        trust: bool,
        visit: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        self._callback = callback
        self._browser = browser
        self._paste = paste
        self._trust = trust
        self._visit = visit

    async def log_in(self, address: str) -> Mapping[str, str]:
        """Show the address, open the browser, and wait for what comes back."""
        words = session().words
        output.messages().print(words.text("Log in and consent here:"), markup=False)
        output.messages().print(address, markup=False, soft_wrap=True)
        if self._paste:
            asked = words.text("Paste the address that the browser ends at: ")
            return pasted(await asyncio.to_thread(input, asked), self._callback)
        async with listening(self._callback) as listener:
            if self._visit is not None:
                await self._visit(address)
            elif self._browser:
                await asyncio.to_thread(webbrowser.open, address)
            return await listener.answer(LOGIN_SECONDS)

    def fill_in(self, model: "type[BaseModel]") -> Mapping[str, str]:
        """Ask for the fields of the source's form."""
        from closing_host.cli.setup import asked

        return asked(model, {})

    def confirms(self, account: Account) -> bool:
        """Ask whether it is the right company; with --new it is, whichever it is."""
        if self._trust:
            return True
        words = session().words
        question = words.text(
            "The login reached {name} ({number}). Is this the engagement's company? [y/N] ",
            name=account.name,
            number=account.organisation_number or account.id,
        )
        return input(question).strip().lower() in ("y", "yes", "j", "ja")


def show_connected(host: "Host", view: "ConnectionView") -> None:
    """That a connection is made: which company, until when, what it cannot do."""
    words = session().words
    assert view.account is not None
    output.line(
        words.text(
            "Connected to {name} ({number}) until {until}.",
            name=view.account.name,
            number=view.account.number or view.account.id,
            until=words.instant(view.valid_until),
        )
    )
    for operation, reason in view.account.missing.items():
        said = words.text("Without {operation}: {reason}", operation=operation, reason=reason)
        output.line(said, style="yellow")


def state_words(view: "ConnectionView") -> str:
    """The state in the words of P 7.7."""
    states = (
        "not-connected",
        "awaiting-consent",
        "connected",
        "expires-soon",
        "expired",
        "revoked",
        "disconnected",
    )
    said = session().words.texts(
        "Not connected", "Awaiting consent", "Connected", "Expires soon", "Expired", "Revoked", "Disconnected"
    )
    return dict(zip(states, said, strict=True))[view.state]


def view_data(host: "Host", view: "ConnectionView") -> dict[str, Any]:
    """A connection for JSON."""
    account = view.account
    return {
        "engagement": view.engagement_id,
        "name": _client(host, view.engagement_id),
        "source": view.source_id,
        "state": str(view.state),
        "account": account.id if account else None,
        "company": account.name if account else None,
        "organisation_number": account.organisation_number if account else None,
        "connected_at": view.consented_at,
        "connected_by": view.consented_by,
        "valid_until": view.valid_until,
        "days_left": view.days_left,
        "warning": view.warning,
        "imported_at": view.imported_at,
        "exported_at": view.exported_at,
        "without": sorted(view.without),
        "reason": view.reason,
    }


def _client(host: "Host", engagement_id: int) -> str:
    from closing_host.engagements.register import overview

    return overview(host, engagement_id).engagement.name


def _only_source_with_login(host: "Host") -> str:
    """The source to connect to when none is named: the only one with a login, else `CapabilityMissing`."""
    from closing_host.api.errors import CapabilityMissing

    found = [each.id for each in host.sources.sources.values() if "authorize" in each.operations]
    if len(found) != 1:
        raise CapabilityMissing("source-not-named", sources=", ".join(found))
    return found[0]
