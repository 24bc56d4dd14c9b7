"""How the rules of system entries are shown: figures as a person would write them down, entries, what to do next."""

from typing import TYPE_CHECKING, Any

from closing_host.cli import output
from closing_host.cli.output import Ore
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.closing.system_entries import Figure, Standing, YearBooks
    from closing_host.engagements.system_entries import SystemYear


def system_data(found: "SystemYear") -> dict[str, Any]:
    """The rules for JSON. `state` is the stable code, `state_text` the words."""
    words = session().words
    problem = found.problem
    return {
        "engagement": found.year.engagement.id,
        "year_start": found.books.start,
        "year_end": found.books.end,
        "chosen": found.chosen,
        "locked": found.locked,
        "in_step": found.in_step,
        "problem": None if problem is None else {"code": problem.code, "message": words.error(problem)},
        "rules": [
            {
                "rule": each.rule,
                "name": words.message(f"system-rule-{each.rule.lower()}", {}),
                "state": each.state,
                "state_text": words.message(f"system-state-{each.state}", {}),
                "date": None if each.computation is None else each.computation.date,
                "figures": [_figure_data(one) for one in (each.computation.figures if each.computation else ())],
                "rows": [
                    {"account": row.account, "amount": Ore(row.amount)}
                    for row in (each.computation.rows if each.computation else ())
                ],
                "entry": None if each.entry is None else each.entry.label,
                "booked": [one.label for one in each.booked],
            }
            for each in found.standings
        ],
    }


def show_system(found: "SystemYear") -> None:
    """Each rule with its figures, the rows that it wants, and where it stands; then what to do next."""
    words = session().words
    for each in found.standings:
        _show_rule(each, found.books)
    if found.problem is not None:
        output.line(words.error(found.problem), style="red")
    if found.locked:
        output.line(words.text("The year-end closing is locked, so nothing is changed."))
    elif found.problem is None and not found.in_step:
        output.line(words.text("Now: closing system make."), style="bold")


def _show_rule(standing: "Standing", books: "YearBooks") -> None:
    words = session().words
    labels = [each.label for each in (*standing.booked, *([standing.entry] if standing.entry else []))]
    state = words.message(f"system-state-{standing.state}", {})
    title = f"{standing.rule} {words.message(f'system-rule-{standing.rule.lower()}', {})}"
    output.line(f"{title} – {state}{': ' if labels else ''}{', '.join(labels)}", style="bold")
    computation = standing.computation
    if computation is None:
        output.line("  " + words.text("The rule is not wanted any longer."))
        return
    for each in computation.figures:
        output.line("  " + _figure_line(each))
    if computation.rows:
        day = words.date(computation.date)
        output.line("  " + words.text("To book on {date}:", date=day))
    for row in computation.rows:
        output.line(f"    {row.account} {books.name_of(row.account)}".rstrip() + f": {words.amount(row.amount)}")


def _figure_line(figure: "Figure") -> str:
    words = session().words
    label = words.message(f"system-figure-{figure.name}", {"account": figure.account})
    value = words.amount(figure.amount) if figure.percent is None else words.percent(figure.percent)
    return f"{label}: {value}" + (f" ({figure.source})" if figure.source else "")


def _figure_data(figure: "Figure") -> dict[str, Any]:
    """One line; `percent` as text, `amount` None for a rate."""
    rate = figure.percent is not None
    return {
        "name": figure.name,
        "amount": None if rate else Ore(figure.amount),
        "percent": f"{figure.percent:f}" if rate else None,
        "account": figure.account,
        "source": figure.source,
    }
