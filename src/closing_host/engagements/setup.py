"""What the user says in *Startguiden* beyond source and books, one function for each step (P 7.8, 3, 4 and 6).

`COMPANY`: *Stämmer det?*, with form of company and K2/K3. `PERIOD`: *Avstämningsperiod*. `ACCOUNTS`: *Kontrollkonton*
and closing series. Each can be said again later; nothing that the source knows has to be said.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Final, cast, get_args

from closing_host.api.errors import DataError
from closing_host.engagements.host import Host
from closing_host.ledgers import organisation
from closing_host.storage.audit import Trail
from closing_host.storage.database import Connection
from closing_host.storage.engagements import EngagementRecords
from closing_host.storage.periods import newest_lock
from closing_host.storage.setup import Framework, Period, Setup, SetupRecords

COMPANY: Final = "company"
PERIOD: Final = "period"
ACCOUNTS: Final = "accounts"

FORMS: Final = ("AB", "E", "HB", "KB", "EK", "BRF", "I", "S")
"""Forms of company to choose from, by SIE's #FTYP; a source may state others."""

_BY_FIRST_DIGIT: Final = {"5": "AB", "7": "EK", "8": "I", "9": "HB"}

FRAMEWORKS: Final = tuple(filter(None, get_args(Framework)))
PERIODS: Final = tuple(filter(None, get_args(Period)))

USUAL_PERIOD: Final[Period] = "month"
"""What is proposed: the months are the finest, and quarters and the year are made of them."""


def setup_of(host: Host, engagement_id: int) -> Setup:
    """What was said so far."""
    with host.store.database.read() as connection:
        return SetupRecords(connection, engagement_id).get()


def confirm_company(host: Host, engagement_id: int, *, form: str = "", framework: str | None = None) -> None:
    """*Stämmer det?*: yes. `form` "" and `framework` None leave what is known; `framework` "" is not decided yet.

    Raises `DataError` `choice-not-offered`, `ClosingError` `engagement-unknown`.
    """
    check_company(form, framework)

    def change(setup: Setup, connection: Connection, trail: Trail) -> Setup:
        records = EngagementRecords(connection, engagement_id)
        if form and form != records.engagement().form:
            records.set_form(trail, form)
        chosen = setup.framework if framework is None else cast("Framework", framework)
        return replace(setup, framework=chosen, confirmed=setup.confirmed | {COMPANY})

    _change(host, engagement_id, change)


def choose_period(host: Host, engagement_id: int, period: str) -> None:
    """*Avstämningsperiod*: month, quarter or year only, of all the engagement's years.

    Raises `DataError` `choice-not-offered`, and `division-locked` for another one while a period of any year is locked:
    what was signed was signed of that division.
    """
    check_period(period)

    def change(setup: Setup, connection: Connection, trail: Trail) -> Setup:
        if period != (setup.period or USUAL_PERIOD) and (lock := newest_lock(connection, engagement_id)) is not None:
            raise DataError("division-locked", period=lock.period, last=lock.last_day)
        return replace(setup, period=cast("Period", period), confirmed=setup.confirmed | {PERIOD})

    _change(host, engagement_id, change)


def confirm_accounts(host: Host, engagement_id: int) -> None:
    """*Kontrollkonton* and closing series are right as they are now."""
    _change(
        host, engagement_id, lambda setup, connection, trail: replace(setup, confirmed=setup.confirmed | {ACCOUNTS})
    )


def accept_proposals(host: Host, engagement_id: int, steps: Collection[str]) -> None:
    """It is right, and everything else as proposed: the guide is done. `steps`: those of its source; what another
    source would ask is still asked then."""
    taken = {COMPANY, PERIOD, ACCOUNTS} & set(steps)

    def change(setup: Setup, connection: Connection, trail: Trail) -> Setup:
        return replace(setup, period=setup.period or USUAL_PERIOD, confirmed=setup.confirmed | taken)

    _change(host, engagement_id, change)


def proposed_form(number: str) -> str:
    """The form of company that a valid organisation number tells of, "" when it tells of none that can be chosen.

    By the first digit, which says which authority registered the company (Skatteverket's brochure 709); sole traders
    have their personal number. Tenant-owner associations (BRF) are most of those that begin with 769.
    """
    if organisation.check(number) is not None:
        return ""
    if organisation.kind(number) != "legal-person":
        return "E"
    digits = organisation.normalise(number)
    return "BRF" if digits.startswith("769") else _BY_FIRST_DIGIT.get(digits[0], "")


def check_company(form: str, framework: str | None) -> None:
    """Whether these can be said of a company. Raises `DataError` `choice-not-offered`."""
    if form:
        _known(form, FORMS)
    if framework:
        _known(framework, FRAMEWORKS)


def check_period(period: str) -> None:
    """Whether it can be chosen. Raises `DataError` `choice-not-offered`."""
    _known(period, PERIODS)


def _known(choice: str, choices: Collection[str]) -> None:
    if choice not in choices:
        raise DataError("choice-not-offered", choice=choice, choices=", ".join(choices))


def _change(host: Host, engagement_id: int, change: Callable[[Setup, Connection, Trail], Setup]) -> None:
    def transaction(connection: Connection) -> None:
        EngagementRecords(connection, engagement_id).engagement()  # there must be one
        trail = host.store.trail(connection, host.actor)
        records = SetupRecords(connection, engagement_id)
        records.put(trail, change(records.get(), connection, trail))

    host.store.database.transact(transaction)
