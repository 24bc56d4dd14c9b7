"""`closing analysis done|reopen|checks|off|on|add|remove`: what a user decides about the transaction analysis."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from closing_host.cli import output
from closing_host.cli.entry_input import parse_labels
from closing_host.cli.opened import house
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.engagements.analysing import Analysis
    from closing_host.engagements.host import Host

    Decide = Callable[["Host", int, date, "Analysis"], int]

Period = Annotated[str, Parameter(help="The period that was looked at.")]
Series = Annotated[str | None, Parameter(name="--manual-series", help="The series that were stated then.")]


def done(
    books: str,
    /,
    *findings: str,
    comment: Annotated[str, Parameter(help="Why there is nothing to do.")] = "",
    period: Period = "",
    series: Series = None,
) -> None:
    """Mark findings as done: they stay so through every import, as long as the same vouchers and amounts show them.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    findings
        The codes that stand before the findings, such as 3f09ac12.
    """
    from closing_host.engagements.analysis_choices import mark_done

    _decide(
        books,
        period,
        series,
        lambda host, engagement, year, found: mark_done(host, engagement, year, found, findings, comment=comment),
    )


def reopen(books: str, /, *findings: str, period: Period = "", series: Series = None) -> None:
    """Open findings again.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    findings
        The codes that stand before the findings.
    """
    from closing_host.engagements import analysis_choices

    _decide(
        books,
        period,
        series,
        lambda host, engagement, year, found: analysis_choices.reopen(host, engagement, year, found, findings),
    )


def checks(engagement: str, /) -> None:
    """List the checks with their parameters: which are switched off and why, and those of your own."""
    from closing_host.closing.analysis import CHECKS
    from closing_host.closing.analysis.choices import standard_of
    from closing_host.engagements.analysis_choices import check_choices
    from closing_host.engagements.register import find_engagement

    with house() as host:
        choices = {each.id: each for each in check_choices(host, find_engagement(host, engagement).id)}
    words = session().words
    rows: list[tuple[str, str, str, str]] = []
    for each in CHECKS:
        stated = ", ".join(f"{one.name}={one.shown(one.default)}" for one in each.parameters if one.default)
        choice = choices.get(each.id)
        said = "" if choice is None else words.text("Off: {reason}", reason=choice.reason)
        rows.append((each.id, words.message(each.code, {}), stated, said))
    for own in (each for each in choices.values() if each.standard):
        known = {each.name: each for each in standard_of(own.standard).parameters}
        stated = ", ".join(f"{name}={known[name].shown(value)}" for name, value in own.values.items())
        said = words.text("A copy of {check}", check=own.standard)
        off = "" if own.enabled else " – " + words.text("Off: {reason}", reason=own.reason)
        rows.append((own.id, own.name, stated, said + off))
    data = [dict(zip(("id", "name", "parameters", "chosen"), row, strict=True)) for row in rows]
    titles = words.texts("Check", "Name", "Parameters", "Chosen")
    output.result(data, lambda: output.table("", titles, rows))


def off(engagement: str, check: str, /, *, reason: str) -> None:
    """Switch a check off, with a reason."""
    from closing_host.engagements.analysis_choices import switch_off
    from closing_host.engagements.register import find_engagement

    with house() as host:
        switch_off(host, find_engagement(host, engagement).id, check, reason)


def on(engagement: str, check: str, /) -> None:
    """Switch a check on again."""
    from closing_host.engagements.analysis_choices import switch_on
    from closing_host.engagements.register import find_engagement

    with house() as host:
        switch_on(host, find_engagement(host, engagement).id, check)


def add(
    engagement: str,
    check: str,
    /,
    *,
    name: str,
    parameter: Annotated[list[str] | None, Parameter(help="NAME=VALUE, amounts in kronor; see `checks`.")] = None,
) -> None:
    """Make a check of your own: a copy of a standard one with other parameters."""
    from closing_host.engagements.analysis_choices import add_check
    from closing_host.engagements.register import find_engagement

    values = {stated.partition("=")[0]: stated.partition("=")[2] for stated in parameter or ()}
    with house() as host:
        added = add_check(host, find_engagement(host, engagement).id, check, name, values)
    said = session().words.text("{check} is added: {name}.", check=added.id, name=added.name)
    output.result({"id": added.id}, lambda: output.line(said))


def remove(engagement: str, check: str, /) -> None:
    """Remove a check of your own."""
    from closing_host.engagements.analysis_choices import remove_check
    from closing_host.engagements.register import find_engagement

    with house() as host:
        remove_check(host, find_engagement(host, engagement).id, check)


def _decide(books: str, period: str, series: str | None, decide: "Decide") -> None:
    """Carry a decision out about the findings of the analysis that `closing analysis` shows with these options."""
    from closing_host.engagements.analysing import analyse_books
    from closing_host.engagements.books import find_books

    manual = None if series is None else parse_labels(series)
    with house() as host:
        engagement, snapshot = find_books(host, books)
        found = analyse_books(host, books, period=period, manual_series=manual)
        count = decide(host, engagement.id, snapshot.year_start, found)
    said = session().words.plural("{count} finding", "{count} findings", count)
    output.result({"findings": count}, lambda: output.line(said))
