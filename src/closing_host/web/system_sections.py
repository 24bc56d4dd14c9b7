"""The page of system entries part by part: a rule, what is typed for it, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from closing_host.closing.system_entries import RuleId, RuleState, Standing
from closing_host.closing.tax_reserves import YEARS, is_reserve, vintage
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
    """A tax allocation reserve that the year began with, in öre. `due`: the law reverses all of it this year."""

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
    """The reserves that the year began with, by account."""
    books = found.books
    held = {each: -amount for each, amount in books.opening.items() if amount < 0 and is_reserve(each)}
    names = {each: books.names.get(each, "") for each in held}
    year = books.end.year
    return tuple(
        Reserve(each, names[each], held[each], year - vintage(each, names[each], year) >= YEARS)
        for each in sorted(held)
    )
