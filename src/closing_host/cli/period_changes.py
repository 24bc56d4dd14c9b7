"""What imports changed in a locked period, as a command tells it: *Låst period har ändrats*, with the list (P 7.2)."""

from typing import TYPE_CHECKING, Any, Final

from closing_host.cli import output
from closing_host.cli.compare import VALUES
from closing_host.cli.output import Ore
from closing_host.cli.reconcile_output import period_name
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.engagements.changed_periods import PeriodChange

SHOWN: Final = 20
"""Vouchers, and accounts, that are told of a period; the rest is counted."""


def show_change(change: "PeriodChange") -> None:
    """The vouchers of the period's days that are otherwise, and the accounts that would close otherwise."""
    words = session().words
    name = period_name(change.period.period)
    said = (
        words.text("{period} is locked, and has changed since in the books:", period=name)
        if change.locked
        else words.text("{period} was done, and has changed since in the books:", period=name)
    )
    output.line(said, style="yellow")
    kinds = {each: words.text(VALUES[f"change:{each}"]) for each in ("new", "removed", "changed")}
    lines = [
        f"{kinds[each['change']]}: {each['series']} {each['number']} {words.date(each['date'])} {each['text']}"
        for each in change.vouchers.vouchers.iter_rows(named=True)
    ]
    accounts = [
        f"{each['account']} {each['name']}: {words.amount(each['before'])} → {words.amount(each['after'])}"
        for each in change.figures.iter_rows(named=True)
    ]
    for several in (lines, accounts):
        for each in several[:SHOWN]:
            output.line(f"  {each}")
        if (more := len(several) - SHOWN) > 0:
            output.line("  " + words.plural("… and {count} more", "… and {count} more", more))


def change_data(change: "PeriodChange") -> dict[str, Any]:
    """The same for programs, whole."""
    names = ("change", "series", "number", "date", "text")
    return {
        "period": change.period.period.key,
        "vouchers": [{name: each[name] for name in names} for each in change.vouchers.vouchers.iter_rows(named=True)],
        "accounts": [
            {
                "account": each["account"],
                "name": each["name"],
                "before": Ore(each["before"]),
                "after": Ore(each["after"]),
            }
            for each in change.figures.iter_rows(named=True)
        ],
    }
