"""`closing periods`: the periods in which a year is reconciled: how far each is, and start, lock, unlock, divide."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import App, Parameter

from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.period_changes import change_data, show_change
from closing_host.cli.reconcile_output import period_name, state_name
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.engagements.effective import EffectiveBooks
    from closing_host.engagements.host import Host
    from closing_host.engagements.periods import YearPeriod
    from closing_host.engagements.reconciling import Sheet

app = App(name="periods", help="Periods of reconciliation: BOOKS, start, lock, unlock, divide.")


@app.default
def periods(books: str, /) -> None:
    """List the periods of a year: where each stands, how many accounts are done, differences, what changed since.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    """
    from closing_host.engagements.changed_periods import changed_periods
    from closing_host.engagements.effective import open_effective
    from closing_host.engagements.periods import year_periods
    from closing_host.engagements.reconciling import sheet_of

    with house() as host:
        effective = open_effective(host, books)
        found = year_periods(host, effective.books.engagement.id, effective.books.snapshot)
        sheets = [sheet_of(host, effective, each.period.key) for each in found.periods]
        changes = changed_periods(host, effective, locked_only=True)
    data = {
        "division": found.division,
        "current": found.current.period.key,
        "periods": [_data(one) for one in sheets],
        "changed_since_locked": [change_data(each) for each in changes],
    }

    def human() -> None:
        _show(sheets)
        for each in changes:
            show_change(each)

    output.result(data, human)


@app.command
def start(books: str, period: str, /) -> None:
    """Start a period: attachments of the one before are copied as each says. The first entry starts it by itself.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    period
        As `periods` lists it, such as 2025-03 or year-end.
    """
    from closing_host.engagements.period_locking import start_period

    def work(host: "Host", effective: "EffectiveBooks") -> None:
        start_period(host, effective.books.engagement.id, effective.books.snapshot, period)

    _change(books, period, work)


@app.command
def lock(
    books: str,
    period: str,
    /,
    *,
    reason: Annotated[str, Parameter(help="Why it is locked with accounts that are not done.")] = "",
    through: Annotated[bool, Parameter(negative="", help="The open ones before it too, for the same reason.")] = False,
) -> None:
    """Lock a period: its figures stay as they are, and the next one starts. Accounts that are not done are told first.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    period
        As `periods` lists it, such as 2025-03 or year-end.
    """
    from closing_host.engagements.period_locking import lock_period, lock_through

    lock_them = lock_through if through else lock_period
    _change(books, period, lambda host, effective: lock_them(host, effective, period, reason=reason.strip()))


@app.command
def unlock(books: str, period: str, /, *, reason: Annotated[str, Parameter(help="Why.")]) -> None:
    """Unlock a period, and those after it, which wait until it is locked again.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    period
        As `periods` lists it, such as 2025-03 or year-end.
    """
    from closing_host.engagements.period_locking import unlock_period

    def work(host: "Host", effective: "EffectiveBooks") -> None:
        unlock_period(host, effective.books.engagement.id, effective.books.snapshot, period, reason.strip())

    _change(books, period, work)


@app.command
def divide(engagement: str, division: Literal["month", "quarter", "year"], /) -> None:
    """Choose how the year is divided. The year end comes after whatever is chosen.

    Parameters
    ----------
    engagement
        Number, organisation number or name.
    division
        Months, quarters of the calendar, or the year only.
    """
    from closing_host.engagements.register import find_engagement
    from closing_host.engagements.setup import choose_period

    with house() as host:
        found = find_engagement(host, engagement)
        choose_period(host, found.id, division)
    words = session().words
    named = dict(zip(("month", "quarter", "year"), words.texts("Month", "Quarter", "Year only"), strict=True))
    said = words.text("Reconciliation period of {name}: {division}.", name=found.name, division=named[division])
    output.result({"division": division}, lambda: output.line(said))


def _change(books: str, period: str, work: "Callable[[Host, EffectiveBooks], None]") -> None:
    """Do the work and tell where the period stands then."""
    from closing_host.engagements.effective import open_effective
    from closing_host.engagements.periods import year_periods

    with house() as host:
        effective = open_effective(host, books)
        work(host, effective)
        found = year_periods(host, effective.books.engagement.id, effective.books.snapshot).find(period)
    output.result(_standing(found), lambda: output.line(f"{period_name(found.period)}: {state_name(found.state)}"))


def _show(sheets: "list[Sheet]") -> None:
    words = session().words
    titles = words.texts("Period", "From", "To", "Status", "Accounts done")
    titles += words.texts("Differences", "Changed after sign-off", "Locked")
    rows = []
    for each in sheets:
        lock = each.period.lock
        locked = "" if lock is None else f"{words.instant(lock.locked_at)} {lock.locked_by} {lock.reason}".rstrip()
        of, counts = each.period.period, _counts(each)
        done = words.text("{done} of {total}", done=each.done, total=each.total)
        state = state_name(each.period.state)
        rows.append((period_name(of), of.start, of.end, state, done, *counts.values(), locked))
    output.table("", titles, rows)


def _counts(sheet: "Sheet") -> dict[str, int]:
    return {
        "differences": sum(bool(each.difference) for each in sheet.lines),
        "changed": sum(each.standing == "changed" for each in sheet.lines),
    }


def _data(sheet: "Sheet") -> dict[str, Any]:
    return {**_standing(sheet.period), "done": sheet.done, "total": sheet.total, **_counts(sheet)}


def _standing(of: "YearPeriod") -> dict[str, Any]:
    lock = of.lock
    return {
        "period": of.period.key,
        "start": of.period.start,
        "end": of.period.end,
        "state": of.state,
        "locked_at": None if lock is None else lock.locked_at,
        "locked_by": None if lock is None else lock.locked_by,
        "reason": None if lock is None else lock.reason,
        "fingerprint": None if lock is None else lock.fingerprint,
    }
