"""The computations held against the system entries that there are: where each rule stands, and what is to be done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from closing_host.closing.entries import EDITABLE, YEAR_END, ClosingEntry, EntryContent, Status, month_of
from closing_host.closing.system_entries.computation import Computation, RuleId

RuleState = Literal["nothing", "proposed", "current", "outdated", "booked", "further", "to-come"]
"""`nothing`: nothing to book. `proposed`: to be made. `current`: its entry is what the rule wants. `outdated`: it is
not any longer. `booked`: all of it is transferred. `further`: more is to be made beside what is transferred.
`to-come`: it belongs to a year that the engagement does not have yet."""

NEXT_YEARS: Final[RuleId] = "S-f"
"""The rule whose entry belongs to the year after."""

TEXTS: Final[Mapping[RuleId, str]] = {
    "S-a": "Förändring av överavskrivningar",
    "S-b": "Förändring av periodiseringsfond",
    "S-c": "Skatt på årets resultat",
    "S-d": "Sammanställning av årets skatteskuld",
    "S-e": "Årets resultat",
    "S-f": "Föregående års eget kapital",
}
"""Texts of the entries, as Swedish books have them: the source gets them, whatever language the user reads."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One rule of a year. `computation` is None for a rule that is not wanted (any longer).

    `entry`: the one that is not transferred. `extra`: more such ones, which nobody wants. `left`: the newest one
    that was deleted. `booked`: those transferred or on the way, which stay whatever the rule says now.
    """

    rule: RuleId
    computation: Computation | None
    entry: ClosingEntry | None
    extra: tuple[ClosingEntry, ...]
    left: ClosingEntry | None
    booked: tuple[ClosingEntry, ...]

    @property
    def wanted(self) -> EntryContent | None:
        """What its entry shall state; None when there shall be none."""
        computation = self.computation
        if computation is None or computation.to_come or not computation.rows:
            return None
        period = month_of(computation.date) if self.rule == NEXT_YEARS else YEAR_END
        return EntryContent(computation.date, TEXTS[self.rule], computation.rows, period)

    @property
    def in_step(self) -> bool:
        """Whether nothing is to be made, changed or deleted."""
        return not self.extra and self.wanted == (None if self.entry is None else self.entry.content)

    @property
    def state(self) -> RuleState:
        """Where it stands."""
        if self.entry is not None:
            return "current" if self.in_step else "outdated"
        if self.computation is not None and self.computation.to_come and self.computation.rows:
            return "to-come"
        if self.wanted is not None:
            return "further" if self.booked else "proposed"
        return "booked" if self.booked else "nothing"


def is_open(entry: ClosingEntry) -> bool:
    """Whether it is a system entry of a rule that is made anew: not transferred, not on the way, not deleted."""
    return _by_rule(entry) and entry.status in EDITABLE


def standings(computations: Sequence[Computation], entries: Iterable[ClosingEntry]) -> tuple[Standing, ...]:
    """Each rule that is computed or has an entry, in order. `entries`: the year's, and the S-f of the next year."""
    mine: dict[str, list[ClosingEntry]] = {}
    for entry in entries:
        if _by_rule(entry):
            mine.setdefault(entry.origin.subject, []).append(entry)
    computed = {each.rule: each for each in computations}
    rules: tuple[RuleId, ...] = get_args(RuleId)
    found = [_standing(rule, computed.get(rule), mine.get(rule, [])) for rule in rules]
    return tuple(each for each in found if each.computation or each.entry or each.booked)


def _standing(rule: RuleId, computation: Computation | None, entries: Sequence[ClosingEntry]) -> Standing:
    open_ = [each for each in entries if is_open(each)]
    deleted = [each for each in entries if each.status is Status.DELETED]
    return Standing(
        rule,
        computation,
        open_[0] if open_ else None,
        tuple(open_[1:]),
        deleted[-1] if deleted else None,
        tuple(each for each in entries if each.status not in EDITABLE and each.status is not Status.DELETED),
    )


def _by_rule(entry: ClosingEntry) -> bool:
    return entry.kind == "S" and entry.origin.kind == "rule"
