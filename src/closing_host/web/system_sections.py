"""The page of system entries part by part: a rule, what is typed for it, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from closing_host.closing.system_entries import RuleId, RuleState, Standing
from closing_host.closing.tax_reserves import is_due, is_reserve
from closing_host.engagements.system_entries import SystemYear

COLOURS: Final[Mapping[RuleState, str]] = {
    "nothing": "idle",
    "proposed": "warn",
    "current": "ok",
    "outdated": "bad",
    "booked": "ok",
    "further": "warn",
    "to-come": "idle",
}

_COMPANY: Final[tuple[RuleId, ...]] = ("S-a", "S-b", "S-c", "S-d", "S-e")


@dataclass(frozen=True, slots=True)
class Reserve:
    """A line of the form about a tax allocation reserve that the year began with, in öre: the field for what is
    reversed of it, or with `due` the sentence that all of it is."""

    account: str
    name: str
    held: int
    due: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A rule of the company's form. `standing`: None for one that is not chosen and has no entry."""

    rule: RuleId
    standing: Standing | None

    @property
    def state(self) -> RuleState:
        """Where it stands."""
        return "nothing" if self.standing is None else self.standing.state

    @property
    def colour(self) -> str:
        """The colour of its state."""
        return COLOURS[self.state]


def sections_of(found: SystemYear) -> tuple[Section, ...]:
    """The rules that the company's form has, and any other that has an entry; none while the form is not known."""
    books, by_rule = found.books, {each.rule: each for each in found.standings}
    rules: list[RuleId] = list(_COMPANY if books.is_company else ("S-e",)) if books.form else []
    if books.is_sole_trader:
        rules.append("S-f")
    rules += [each for each in by_rule if each not in rules]
    return tuple(Section(each, by_rule.get(each)) for each in sorted(rules))


def reserves_of(found: SystemYear) -> tuple[Reserve, ...]:
    """The reserves that the year began with, by account: the field of each, and before it the sentence about one that
    is due while nothing else is chosen for it."""
    books, lines = found.books, list[Reserve]()
    for account, amount in sorted(books.opening.items()):
        if amount < 0 and is_reserve(account):
            name = books.names.get(account, "")
            due = account not in found.choices.reversals and is_due(account, name, books.end.year)
            lines += [Reserve(account, name, -amount, each) for each in ((True, False) if due else (False,))]
    return tuple(lines)
