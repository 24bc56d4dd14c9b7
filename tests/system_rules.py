"""Books in kronor for the rules of system entries, and what the rules compute from them."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from closing_host.closing.system_entries import Choices, Computation, YearBooks, rules

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def books(closing: Mapping[str, int], opening: Mapping[str, int] | None = None, form: str = "AB") -> YearBooks:
    """Amounts in kronor."""
    return YearBooks(
        *YEAR, form, {a: n * 100 for a, n in closing.items()}, {a: n * 100 for a, n in (opening or {}).items()}
    )


def kronor(computation: Computation) -> dict[str, float]:
    """The rows' net amount for each account."""
    sums: dict[str, float] = defaultdict(float)
    for row in computation.rows:
        sums[row.account] += row.amount / 100
    return dict(sums)


def made(given_books: YearBooks, choices: Choices) -> dict[str, Computation]:
    return {each.rule: each for each in rules(given_books, choices)}


def figure(computation: Computation, name: str) -> float:
    [found] = [each for each in computation.figures if each.name == name]
    return found.amount / 100
