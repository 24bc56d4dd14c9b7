"""Connecting an engagement to its source: the dialogue with the person who logs in, and what comes of it."""

from collections.abc import Mapping
from typing import Final, Protocol

from pydantic import BaseModel

from closing_host.api.authorization import Account, Redirect
from closing_host.api.errors import DataError, WrongCompany
from closing_host.engagements.host import Host
from closing_host.engagements.register import Overview, new_engagement, overviews
from closing_host.ledgers import organisation
from closing_host.storage.database import Connection
from closing_host.storage.engagements import Engagement, EngagementRecords, Engagements
from closing_host.transfers.connections import ConnectionView
from closing_host.transfers.logins import Connected, Dialogue, Logins, Unconfirmed


class Person(Protocol):
    """Whoever logs in, as a browser, a command line or a test brings them."""

    async def log_in(self, address: str) -> Mapping[str, str]:
        """Go to the address; the query with which they come back to the callback."""
        ...

    def fill_in(self, model: type[BaseModel]) -> Mapping[str, str]:
        """The fields of the source's form."""
        ...

    def confirms(self, account: Account) -> bool:
        """Whether this is the engagement's company, when nothing else says so."""
        ...


async def connect(host: Host, engagement_id: int, person: Person, *, callback: str, session: str) -> ConnectionView:
    """Lead the person through the source's login. The connection's 30 days begin with the consent.

    An engagement without organisation number takes the connected company's. Raises what `Logins` raises, and
    `WrongCompany` `wrong-company-declined` when the person says that the login reached another company.
    """
    logins = Logins(host.connections)
    now = await logins.begin(engagement_id, callback=callback, session=session, actor=host.actor)
    while not isinstance(now, Connected):
        if isinstance(now, Dialogue):
            step = now.step
            answer = await person.log_in(step.url) if isinstance(step, Redirect) else person.fill_in(step.model)
            state = None if isinstance(step, Redirect) else now.state
            now = await logins.complete(answer, session=session, actor=host.actor, state=state)
        else:
            now = await _confirmed(host, engagement_id, logins, now, person, session)
    identify(host, engagement_id, now.view.account)
    return host.connections.view(engagement_id)


async def _confirmed(
    host: Host, engagement_id: int, logins: Logins, asked: Unconfirmed, person: Person, session: str
) -> Connected:
    if (other := other_engagement(host, engagement_id, asked.account)) is not None:
        await logins.decline(asked.state, session=session, actor=host.actor)
        number = organisation.display(asked.account.organisation_number)
        raise DataError("engagement-exists", engagement=other.id, name=other.name, number=number)
    if person.confirms(asked.account):
        return await logins.confirm(asked.state, session=session, actor=host.actor)
    await logins.decline(asked.state, session=session, actor=host.actor)
    raise WrongCompany("wrong-company-declined", found_name=asked.account.name)


def choose_source(
    host: Host, engagement: Engagement, source_id: str, settings: Mapping[str, object] | None = None
) -> Engagement:
    """Make `source_id` the engagement's data source (*Datakälla*), with its `settings` of this client. Books,
    connection and own work stay.

    Raises `CapabilityMissing` for a source that is not loaded.
    """
    host.sources.source(source_id)

    def change(connection: Connection) -> Engagement:
        records = EngagementRecords(connection, engagement.id)
        if records.engagement().source_id != source_id:
            records.set_source(host.store.trail(connection, host.actor), source_id, settings)
        elif settings is not None and dict(records.engagement().settings) != dict(settings):
            records.set_settings(host.store.trail(connection, host.actor), settings)
        return records.engagement()

    return host.store.database.transact(change)


DEFAULT_CALLBACK: Final = "http://127.0.0.1:8710/callback"
"""Where logins come back to, for a source whose settings do not say: the pages' own address as installed."""


def callback_of(host: Host, source_id: str) -> str:
    """The callback that is registered with the source: the installation setting of that name. Raises `SettingsError`
    for a source that is not set up."""
    installation = host.connections.access.installation(host.sources.source(source_id))
    return str(getattr(installation, "callback", DEFAULT_CALLBACK))


def engagement_to_be(host: Host, source_id: str, settings: Mapping[str, object] | None = None) -> Engagement:
    """An engagement that gets its name and number from the company that will be connected.

    One that an earlier attempt left behind is taken again.
    """
    for each in overviews(host):
        if each.engagement.source_id == source_id and is_to_be(host, each):
            return choose_source(host, each.engagement, source_id, settings)
    return new_engagement(host, host.sources.source(source_id).info.name, source_id=source_id, settings=settings)


def is_to_be(host: Host, client: Overview) -> bool:
    """Whether nothing says yet which company the engagement is: it waits for its first login."""
    engagement = client.engagement
    source = host.sources.sources.get(engagement.source_id)
    nameless = source is not None and engagement.name == source.info.name
    return nameless and engagement.organisation_number is None and not client.years


def name_after(host: Host, engagement_id: int, account: Account) -> None:
    """Give the engagement the connected company's name."""
    with host.store.database.write() as connection:
        records = EngagementRecords(connection, engagement_id)
        if account.name:
            records.rename(host.store.trail(connection, host.actor), account.name)


def identify(host: Host, engagement_id: int, account: Account | None) -> None:
    """Take the company's organisation number, unless the engagement has one."""
    if account is None or organisation.check(account.organisation_number) is not None:
        return
    number = organisation.normalise(account.organisation_number)
    with host.store.database.write() as connection:
        records = EngagementRecords(connection, engagement_id)
        if records.engagement().organisation_number is None:
            records.set_organisation_number(host.store.trail(connection, host.actor), number)


def other_engagement(host: Host, engagement_id: int, account: Account) -> Engagement | None:
    """Another engagement with the company's number: a company has one (design 2.7)."""
    number = organisation.normalise(account.organisation_number)
    with host.store.database.read() as connection:
        found = Engagements(connection).by_organisation_number(number) if number else ()
    return next((each for each in found if each.id != engagement_id), None)
