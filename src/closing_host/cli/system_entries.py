"""`closing system`: a year's system entries (S) by rule: what they compute, what is chosen, making them."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from closing_host.api.errors import DataError
from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.system_output import show_system, system_data

if TYPE_CHECKING:
    from collections.abc import Callable

    from closing_host.engagements.entry_year import EntryYear
    from closing_host.engagements.host import Host
    from closing_host.engagements.system_entries import SystemYear

app = App(name="system", help="System entries (S) by rule: BOOKS, choose, make.")

NOTHING = "none"
"""What takes a choice back."""

Text = str | None


@app.default
def system(books: str, /) -> None:
    """Show each rule of the year: its figures line by line, its entry, and whether that is up to date.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    """
    from closing_host.engagements.system_entries import system_year

    _show(books, system_year)


@app.command
def choose(
    books: str,
    /,
    *,
    allocation: Annotated[Text, Parameter(help="To a new tax allocation reserve, in kronor.")] = None,
    excess: Annotated[Text, Parameter(help="Excess depreciation that account 2153 shall hold.")] = None,
    reversal: Annotated[
        list[str] | None, Parameter(negative="", help="ACCOUNT=AMOUNT to reverse of an older reserve; for each one.")
    ] = None,
    non_deductible: Annotated[Text, Parameter(help="Costs that are not deductible.")] = None,
    non_taxable: Annotated[Text, Parameter(help="Income that is not taxable.")] = None,
    losses: Annotated[Text, Parameter(help="Losses carried forward from earlier years.")] = None,
    tax: Annotated[bool | None, Parameter(help="Book the income tax of the year, or not.")] = None,
    tax_summary: Annotated[bool | None, Parameter(help="Gather the tax accounts on 2510, or not.")] = None,
    rate: Annotated[Text, Parameter(help="Another tax rate than the law's, in percent.")] = None,
    standard_rate: Annotated[Text, Parameter(help="Another rate of the standard income, in percent.")] = None,
    result_account: Annotated[Text, Parameter(help="The equity account that takes the result.")] = None,
) -> None:
    """Choose for the year; what is not stated stays as it was, and `none` takes a choice back. Then: make.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    """
    from closing_host.engagements.system_entries import choose as keep
    from closing_host.engagements.system_entries import system_year
    from closing_host.engagements.system_typed import with_typed

    stated = {
        "allocation": allocation,
        "excess_depreciation": excess,
        "non_deductible": non_deductible,
        "non_taxable": non_taxable,
        "losses": losses,
        "tax_rate": rate,
        "standard_income_rate": standard_rate,
        "result_account": result_account,
    }
    typed = {name: _text(text) for name, text in stated.items() if text is not None}
    switches = {"income_tax": tax, "tax_summary": tax_summary}
    reversals = [_reversal(each) for each in reversal or ()]

    def work(host: "Host", year: "EntryYear") -> "SystemYear":
        before = system_year(host, year).choices
        wanted = {name: on for name, on in switches.items() if on is not None}
        return keep(host, year, with_typed(before, typed, reversals, **wanted))

    _show(books, work)


@app.command
def make(books: str, /) -> None:
    """Make the entries, or bring them in step with the rules. From then on they follow every import and entry.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    """
    from closing_host.engagements.system_making import make as bring

    _show(books, bring)


def _show(books: str, work: "Callable[[Host, EntryYear], SystemYear]") -> None:
    from closing_host.engagements.entry_year import open_entry_year

    with house() as host:
        found = work(host, open_entry_year(host, books))
    output.result(system_data(found), lambda: show_system(found))


def _reversal(stated: str) -> tuple[str, str]:
    account, equals, amount = stated.partition("=")
    if not equals:
        raise DataError("system-amount-unreadable", amount=stated)
    return account, _text(amount)


def _text(stated: str) -> str:
    return "" if stated.strip().lower() == NOTHING else stated
